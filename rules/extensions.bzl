"""The module extension of rules_rlbox: `rlbox`.

A consumer needs no tag and no `use_extension`: rules_rlbox registers toolchains itself. A toolchain is fetched when a build
first needs it, for the platform that needs it.

Tags add other versions, and other sources of them. Every module may have tags. A build may have several versions, each under
a name that `--@rules_rlbox//rules/settings:wasi_sdk=NAME` (or `:wabt=NAME`) selects. The root module's tags say which one is
the default: the only tag, or the tag with `default = True`. Where two modules give one name to different toolchains, the
root module's tag of that name wins; if the root module has no such tag, the build stops with an error that shows both tags.

The tag `rlbox.upstream` says where the RLBox project's own framework and wasm2c plugin come from, for builds with
`--@rules_rlbox//rules/settings:rlbox=upstream`. The default is a pair of commits that rules_rlbox
pins. Builds with another value of the setting fetch neither.

**EXAMPLE**

```starlark
rlbox = use_extension("@rules_rlbox//rules:extensions.bzl", "rlbox")
rlbox.wasi_sdk(version = "33")                                    # the official release instead of zig's
rlbox.wabt(version = "1.0.42", mirrors = ["https://mirror.example.com/github"])
```
"""

load("//rules/toolchains/private:hub.bzl", "setting_text", "toolchain_text", "toolchains_repository")
load("//rules/toolchains/private:platforms.bzl", "EXEC_PLATFORMS")
load(
    "//rules/toolchains/private:sdk_repositories.bzl",
    "wabt_local_repository",
    "wabt_release_repository",
    "wasi_sdk_local_repository",
    "wasi_sdk_release_repository",
)
load("//rules/toolchains/private:selection.bzl", "select_toolchains")
load("//rules/toolchains/private:toolchains.bzl", "DEFAULT_VERSIONS", "runtime_toolchains", "setting_name", "toolchain_repositories", "toolchain_targets")
load("//rules/toolchains/private:upstream.bzl", "FIELDS", "PARTS", "select_upstream", "upstream_repository")
load("//rules/toolchains/private:upstream_repositories.bzl", "upstream_git_repository", "upstream_local_repository")
load(
    "//rules/toolchains/private:wheel_repositories.bzl",
    "wabt_wheel_repository",
    "zig_wasi_sdk_repository",
)

_REPOSITORY_RULES = {
    ("upstream", "git"): upstream_git_repository,
    ("upstream", "path"): upstream_local_repository,
    ("wabt", "path"): wabt_local_repository,
    ("wabt", "release"): wabt_release_repository,
    ("wabt", "wheel"): wabt_wheel_repository,
    ("wasi_sdk", "path"): wasi_sdk_local_repository,
    ("wasi_sdk", "release"): wasi_sdk_release_repository,
    ("wasi_sdk", "wheel"): zig_wasi_sdk_repository,
}

_TOOL_FIELDS = ["default", "distribution", "mirrors", "name", "netrc", "path", "sha256", "source", "urls", "version"]

_UPSTREAM_FIELDS = ["%s_%s" % (part, field) for part in PARTS for field in FIELDS]

def _tags(module_ctx, tag_name, fields):
    """The tags of one name of all modules, as select_toolchains() and select_upstream() want them."""
    return [
        struct(
            is_root = module.is_root,
            module = module.name,
            **{field: getattr(tag, field) for field in fields}
        )
        for module in module_ctx.modules
        for tag in getattr(module.tags, tag_name)
    ]

def _toolchains(tool, selections, default, tables):
    """Creates the repositories of one tool; returns the BUILD text of its toolchains."""
    targets = [setting_text(setting_name(tool, value), tool, value) for value in ["default"] + [selection.name for selection in selections]]
    for selection in selections:
        error, repositories = toolchain_repositories(selection, tables)
        if error:
            fail(error)
        for repository in repositories:
            _REPOSITORY_RULES[(tool, repository.rule)](name = repository.name, **repository.attrs)
        targets += [toolchain_text(target) for target in toolchain_targets(selection, repositories, selection.name == default)]
    return targets

def _upstream(module_ctx, table):
    """Creates the repositories of upstream's RLBox."""
    error, parts = select_upstream(_tags(module_ctx, "upstream", _UPSTREAM_FIELDS), table)
    if error:
        fail(error)
    for selection in parts.values():
        repository = upstream_repository(selection)
        _REPOSITORY_RULES[("upstream", repository.rule)](name = repository.name, **repository.attrs)

def _rlbox_impl(module_ctx):
    tables = {
        "release": json.decode(module_ctx.read(Label("//rules/toolchains:releases.json"))),
        "wheel": json.decode(module_ctx.read(Label("//rules/toolchains:wheels.json"))),
    }
    names = {}
    targets = []
    for tool, default_version in DEFAULT_VERSIONS.items():
        error, selections, default = select_toolchains(tool, _tags(module_ctx, tool, _TOOL_FIELDS), tables, EXEC_PLATFORMS.keys(), default_version)
        if error:
            fail(error)
        names[tool] = [selection.name for selection in selections]
        targets += _toolchains(tool, selections, default, tables)
    upstream = json.decode(module_ctx.read(Label("//rules/toolchains:upstream.json")))
    _upstream(module_ctx, upstream)
    toolchains_repository(
        name = "rlbox_toolchains",
        names = names,
        targets = targets + [toolchain_text(target) for target in runtime_toolchains()],
        upstream_wabt_minimum = upstream["wabt_minimum"],
    )
    if hasattr(module_ctx, "extension_metadata"):
        return module_ctx.extension_metadata(reproducible = True)
    return None

def _tag(tool, sources, default_version):
    """A tag class; the two differ in words only."""
    return tag_class(
        doc = "Adds a %s to the build, under a name." % tool,
        attrs = {
            "default": attr.bool(
                doc = "Whether builds that set no flag use it. Only the root module's tags count; a root module with one tag may leave it out.",
            ),
            "distribution": attr.string(
                doc = "Refused: the former name of `source`.",
            ),
            "mirrors": attr.string_list(
                doc = "For releases: addresses that are tried before the release's site. An address takes the place of the site, or has `{path}` or `{file}` in it.",
            ),
            "name": attr.string(
                doc = "The name, for the build setting. Default: the version, or `local` for a path.",
            ),
            "netrc": attr.string(
                doc = "A netrc file (absolute path) with passwords for urls and mirrors. Default: the file that NETRC names, or the user's own.",
            ),
            "path": attr.string(
                doc = "The folder of an installation on this machine (it holds `bin`), absolute or relative to the root module's folder.",
            ),
            "sha256": attr.string_dict(
                doc = "SHA-256 of the archive for each exec platform (`linux_x86_64`, `linux_arm64`, `macos_x86_64`, `macos_arm64`): of the archives in urls, or instead of the version table's.",
            ),
            "source": attr.string(
                doc = "Where it comes from: %s. Default: `path` if path is set, else the first source whose version table has the version." % sources,
            ),
            "urls": attr.string_list_dict(
                doc = "Addresses of the archive for each exec platform, instead of the version table's.",
            ),
            "version": attr.string(
                doc = "The version: one in the version tables, or any with urls and sha256. Default: %s." % default_version,
            ),
        },
    )

_UPSTREAM_DOCS = {
    "commit": "The commit of %s, its full id of 40 digits. Branches and tags are refused, because they can change.",
    "path": "The folder of a checkout of %s, absolute or relative to the root module's folder, instead of a commit.",
    "remote": "The address of a git repository to fetch %s from, as git understands it.",
}

_UPSTREAM_NAMES = {
    "framework": "the framework (`code/include/rlbox.hpp`)",
    "plugin": "the wasm2c plugin (`include/rlbox_wasm2c_sandbox.hpp`)",
}

rlbox = module_extension(
    implementation = _rlbox_impl,
    doc = """\
Creates the repositories of the toolchains.

Each tag makes one repository per exec platform, which is fetched when a build needs it. The repository
`rlbox_toolchains` has the toolchain() targets; rules_rlbox itself registers them.""",
    tag_classes = {
        "upstream": tag_class(
            doc = """\
Says where the RLBox project's own framework and plugin come from, for `--@rules_rlbox//rules/settings:rlbox=upstream`.

The root module's tags win over the tags of other modules, for the framework and for the plugin separately.
`rules/toolchains/upstream.json` has the defaults.""",
            attrs = {
                "%s_%s" % (part, field): attr.string(doc = _UPSTREAM_DOCS[field] % _UPSTREAM_NAMES[part])
                for part in PARTS
                for field in FIELDS
            },
        ),
        "wabt": _tag("wabt", "`wheel` (from pip's index), `release` (the official archives) or `path`", DEFAULT_VERSIONS["wabt"]),
        "wasi_sdk": _tag("wasi-sdk", "`zig` (a wheel from pip's index), `release` (the official archives) or `path`", DEFAULT_VERSIONS["wasi_sdk"]),
    },
)
