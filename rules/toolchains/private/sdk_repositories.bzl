"""Repository rules for a wasi-sdk and a wabt that come as a release's archive or lie on this machine."""

load(":archive.bzl", "ARCHIVE_ENVIRONMENT", "fetch_archive")
load(":layout.bzl", "find_root", "layout_error", "wabt_layout", "wasi_sdk_layout")
load(":local_path.bzl", "local_path")
load(":metadata.bzl", "metadata")

# The folder that the archive is unpacked into, or the link to the installation.
_FOLDER = "sdk"

_WASI_SDK_BUILD = """\
# Written by @rules_rlbox//rules/toolchains/private:sdk_repositories.bzl
load("@platforms//host:constraints.bzl", "HOST_CONSTRAINTS")
load("@rules_rlbox//rules/toolchains/wasi_sdk:packed_sdk.bzl", "packed_wasi_sdk")

package(default_visibility = ["//visibility:public"])

packed_wasi_sdk(
    cxx_include = {cxx_include},
    exec_compatible_with = {constraints},
    libraries = {libraries},
    resource_dir = {resource_dir},
    root = {root},
    sysroot_include = {sysroot_include},
    target = {target},
    tools = {tools},
    version = {version},
)
"""

_WABT_BUILD = """\
# Written by @rules_rlbox//rules/toolchains/private:sdk_repositories.bzl
load("@rules_rlbox//rules/toolchains/wabt:wabt_files.bzl", "wabt_files")

package(default_visibility = ["//visibility:public"])

wabt_files(
    header_dir = {header_dir},
    root = {root},
    runtime_dir = {runtime_dir},
    simde_dir = {simde_dir},
    version = {version},
)
"""

def _format(text, **values):
    return text.format(**{name: value if name == "constraints" else json.encode(value) for name, value in values.items()})

def _folder_functions(repository_ctx, root):
    """The two functions that layout.bzl looks at a folder through."""

    def exists(path):
        return repository_ctx.path(root + path).exists

    def list_folder(path):
        folder = repository_ctx.path(root + path)
        is_folder = folder.is_dir if hasattr(folder, "is_dir") else folder.exists
        if not is_folder:
            return []
        return [entry.basename for entry in folder.readdir()]

    return exists, list_folder

def _lay_out(repository_ctx, *, kind, place, fix, constraints):
    """Finds the parts below _FOLDER and writes BUILD.bazel; fails if any is missing."""
    attr = repository_ctx.attr
    program = {"wabt": "wasm2c", "wasi-sdk": "clang"}[kind]
    exists, list_folder = _folder_functions(repository_ctx, _FOLDER + "/")
    inner = find_root(exists, list_folder, program)
    root = _FOLDER + "/" + (inner or "")
    exists, list_folder = _folder_functions(repository_ctx, root)
    missing, layout = wasi_sdk_layout(exists, list_folder) if kind == "wasi-sdk" else wabt_layout(exists)
    if missing:
        fail(layout_error(tag = attr.tag, place = place, kind = kind, missing = missing, fix = fix))
    if kind == "wabt":
        text = _format(
            _WABT_BUILD,
            header_dir = layout.header_dir,
            root = root,
            runtime_dir = layout.runtime_dir,
            simde_dir = layout.simde_dir,
            version = attr.version,
        )
    else:
        text = _format(
            _WASI_SDK_BUILD,
            constraints = constraints,
            cxx_include = layout.cxx_include,
            libraries = layout.libraries,
            resource_dir = layout.resource_dir,
            root = root,
            sysroot_include = layout.sysroot_include,
            target = layout.target,
            tools = layout.tools,
            version = attr.version,
        )
    repository_ctx.file("BUILD.bazel", text, executable = False)

def _release(repository_ctx, kind, constraints):
    fetch_archive(repository_ctx, _FOLDER)
    _lay_out(
        repository_ctx,
        kind = kind,
        place = repository_ctx.attr.urls[0],
        fix = "name an archive with the layout of an official release, or give path for an installation on disk.",
        constraints = constraints,
    )
    return metadata(repository_ctx)

def _local(repository_ctx, kind, constraints):
    attr = repository_ctx.attr
    path = local_path(repository_ctx, attr.path)
    if not repository_ctx.path(path).exists:
        fail(layout_error(
            tag = attr.tag,
            place = path + " (path = %r)" % attr.path,
            kind = kind,
            missing = [struct(what = "the folder itself", looked = [path])],
            fix = "set path to the folder that holds bin, absolute or relative to the root module's folder.",
        ))
    repository_ctx.symlink(path, _FOLDER)
    _lay_out(
        repository_ctx,
        kind = kind,
        place = path,
        fix = "set path to the folder that holds bin, lib and share of a whole installation, or leave path out for the default.",
        constraints = constraints,
    )

    # A folder on this machine can change.
    return metadata(repository_ctx, reproducible = False)

def _wasi_sdk_release_repository_impl(repository_ctx):
    return _release(repository_ctx, "wasi-sdk", json.encode(repository_ctx.attr.exec_constraints))

def _wasi_sdk_local_repository_impl(repository_ctx):
    return _local(repository_ctx, "wasi-sdk", "HOST_CONSTRAINTS")

def _wabt_release_repository_impl(repository_ctx):
    return _release(repository_ctx, "wabt", "")

def _wabt_local_repository_impl(repository_ctx):
    return _local(repository_ctx, "wabt", "")

_COMMON_ATTRS = {
    "tag": attr.string(
        doc = "The tag of the extension that wants this, for messages.",
        mandatory = True,
    ),
    "version": attr.string(
        doc = "The version, as the tag says it.",
        mandatory = True,
    ),
}

_RELEASE_ATTRS = _COMMON_ATTRS | {
    "netrc": attr.string(
        doc = "A netrc file with passwords for the addresses; \"\" for the user's own.",
    ),
    "sha256": attr.string(
        doc = "The archive's SHA-256, hexadecimal.",
        mandatory = True,
    ),
    "urls": attr.string_list(
        doc = "Where the archive may be fetched from, best first.",
        mandatory = True,
    ),
}

_LOCAL_ATTRS = _COMMON_ATTRS | {
    "path": attr.string(
        doc = "The folder that holds `bin`, absolute or relative to the root module's folder.",
        mandatory = True,
    ),
}

_EXEC_CONSTRAINTS = {
    "exec_constraints": attr.string_list(
        doc = "Constraint values of the platform that its programs run on.",
        mandatory = True,
    ),
}

wasi_sdk_release_repository = repository_rule(
    implementation = _wasi_sdk_release_repository_impl,
    doc = "A wasi-sdk from the archive of an official release for one exec platform.",
    attrs = _RELEASE_ATTRS | _EXEC_CONSTRAINTS,
    environ = ARCHIVE_ENVIRONMENT,
)

wasi_sdk_local_repository = repository_rule(
    implementation = _wasi_sdk_local_repository_impl,
    doc = "A wasi-sdk that is installed on this machine.",
    attrs = _LOCAL_ATTRS,
    local = True,
)

wabt_release_repository = repository_rule(
    implementation = _wabt_release_repository_impl,
    doc = "wabt from the archive of an official release for one exec platform.",
    attrs = _RELEASE_ATTRS,
    environ = ARCHIVE_ENVIRONMENT,
)

wabt_local_repository = repository_rule(
    implementation = _wabt_local_repository_impl,
    doc = "wabt that is installed on this machine.",
    attrs = _LOCAL_ATTRS,
    local = True,
)
