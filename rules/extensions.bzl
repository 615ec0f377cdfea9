"""The module extension of rules_rlbox: `rlbox`.

A consumer needs no tag and no `use_extension`: the toolchains that rules_rlbox registers are enough. They are
fetched when a build first needs them, for the platform that needs them, and never otherwise.

Tags add other distributions and versions. Every module may have tags; several versions may be in one build, each under a
name that `--@rules_rlbox//rules/settings:wasi_sdk=NAME` (or `:wabt=NAME`) chooses. The root module's tags say what the
default is: its only tag, or the one with `default = True`. Where two modules give one name to different things, the
root's tag wins; without one it is an error that shows both.

The tag `rlbox.upstream` says where the RLBox project's own framework and wasm2c plugin come from, for builds with
`--@rules_rlbox//rules/settings:rlbox=upstream`. Without the tag these are the two commits that rules_rlbox names; without the
flag nothing is fetched.

**EXAMPLE**

```starlark
rlbox = use_extension("@rules_rlbox//rules:extensions.bzl", "rlbox")
rlbox.wasi_sdk(version = "33")                                    # the official release instead of zig's
rlbox.wabt(version = "1.0.42", mirrors = ["https://mirror.example.com/github"])
```
"""

load("//rules/toolchains/private:selection.bzl", "choose")
load("//rules/toolchains/private:hub.bzl", "setting_text", "toolchain_text", "toolchains_repository")
load("//rules/toolchains/private:toolchains.bzl", "DEFAULT_VERSIONS", "repositories", "runtime_rows", "setting_name", "toolchain_rows")
load("//rules/toolchains/private:platforms.bzl", "EXEC_PLATFORMS")
load(
    "//rules/toolchains/private:wheel_repositories.bzl",
    "wabt_wheel_repository",
    "zig_wasi_sdk_repository",
)
load(
    "//rules/toolchains/private:sdk_repositories.bzl",
    "wabt_local_repository",
    "wabt_release_repository",
    "wasi_sdk_local_repository",
    "wasi_sdk_release_repository",
)
load("//rules/toolchains/private:upstream.bzl", "FIELDS", "PARTS", "choose_upstream", "upstream_repository")
load("//rules/toolchains/private:upstream_repositories.bzl", "upstream_git_repository", "upstream_local_repository")

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

_TOOL_FIELDS = ["default", "distribution", "mirrors", "name", "netrc", "path", "sha256", "urls", "version"]

_UPSTREAM_FIELDS = ["%s_%s" % (part, field) for part in PARTS for field in FIELDS]

def _tags(module_ctx, tag_name, fields):
    """The tags of one name of all modules, as choose() and choose_upstream() want them."""
    return [
        struct(
            is_root = module.is_root,
            module = module.name,
            **{field: getattr(tag, field) for field in fields}
        )
        for module in module_ctx.modules
        for tag in getattr(module.tags, tag_name)
    ]

def _toolchains(tool, choices, default, tables):
    """Creates the repositories of one tool; returns the BUILD text of its toolchains."""
    targets = [setting_text(setting_name(tool, value), tool, value) for value in ["default"] + [choice.name for choice in choices]]
    for choice in choices:
        error, plan = repositories(choice, tables)
        if error:
            fail(error)
        for repository in plan:
            _REPOSITORY_RULES[(tool, repository.rule)](name = repository.name, **repository.attrs)
        targets += [toolchain_text(row) for row in toolchain_rows(choice, plan, choice.name == default)]
    return targets

def _upstream(module_ctx, table):
    """Creates the repositories of upstream's RLBox."""
    error, parts = choose_upstream(_tags(module_ctx, "upstream", _UPSTREAM_FIELDS), table)
    if error:
        fail(error)
    for choice in parts.values():
        repository = upstream_repository(choice)
        _REPOSITORY_RULES[("upstream", repository.rule)](name = repository.name, **repository.attrs)

def _rlbox_impl(module_ctx):
    tables = {
        "release": json.decode(module_ctx.read(Label("//rules/toolchains:releases.json"))),
        "wheel": json.decode(module_ctx.read(Label("//rules/toolchains:wheels.json"))),
    }
    names = {}
    targets = []
    for tool, default_version in DEFAULT_VERSIONS.items():
        error, choices, default = choose(tool, _tags(module_ctx, tool, _TOOL_FIELDS), tables, EXEC_PLATFORMS.keys(), default_version)
        if error:
            fail(error)
        names[tool] = [choice.name for choice in choices]
        targets += _toolchains(tool, choices, default, tables)
    upstream = json.decode(module_ctx.read(Label("//rules/toolchains:upstream.json")))
    _upstream(module_ctx, upstream)
    toolchains_repository(
        name = "rlbox_toolchains",
        names = names,
        targets = targets + [toolchain_text(row) for row in runtime_rows()],
        upstream_wabt_minimum = upstream["wabt_minimum"],
    )
    if hasattr(module_ctx, "extension_metadata"):
        return module_ctx.extension_metadata(reproducible = True)
    return None

def _tag(tool, distributions, default_version):
    """A tag class; the two differ in words only."""
    return tag_class(
        doc = "Adds a %s to the build, under a name." % tool,
        attrs = {
            "default": attr.bool(
                doc = "Whether builds that set no flag use it. Counts in the root module only; its only tag need not say so.",
            ),
            "distribution": attr.string(
                doc = "Where it comes from: %s. Default: `path` if path is set, else the first that knows the version." % distributions,
            ),
            "mirrors": attr.string_list(
                doc = "For releases: prefixes that take the place of the release's site, tried before it; or addresses with `{path}` or `{file}` in them.",
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
                doc = "SHA-256 of the archive for each exec platform (`linux_x86_64`, `linux_arm64`, `macos_x86_64`, `macos_arm64`), for urls or instead of the version table's.",
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
    "commit": "The commit of %s, its full id of 40 digits: a branch or a tag could change.",
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

It makes one repository per choice and exec platform, each fetched only when a build needs it, and the repository
`rlbox_toolchains`, which rules_rlbox itself registers.""",
    tag_classes = {
        "upstream": tag_class(
            doc = """\
Says where the RLBox project's own framework and plugin come from, for `--@rules_rlbox//rules/settings:rlbox=upstream`.

What the root module says about one of the two wins over what other modules say; what nobody says is in
`rules/toolchains/upstream.json`.""",
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
