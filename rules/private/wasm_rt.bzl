"""wasm2c's runtime, from the wabt toolchain, as something a cc_library can name."""

load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load(":names.bzl", "display_label")

_WABT = Label("//rules/toolchains/wabt:toolchain_type")

def older(version, minimum):
    """Says whether a version is older than another.

    Args:
        version: the version; one that does not begin with two numbers or more, such as `local`, is not known to be older.
        minimum: the other, numbers with dots between them.

    Returns:
        True if it is.
    """
    wanted = [int(number) for number in minimum.split(".")]
    numbers = version.split(".")[:len(wanted)]
    if len(numbers) < 2 or [number for number in numbers if not number.isdigit()]:
        return False
    return [int(number) for number in numbers] < wanted

def _wasm_rt_impl(ctx):
    wabt = ctx.toolchains[_WABT].wabt
    if ctx.attr.minimum and older(wabt.version, ctx.attr.minimum):
        fail("%s: wabt %s is too old for upstream's RLBox, which needs %s or newer. To fix: choose another with --@rules_rlbox//rules/settings:wabt or rlbox.wabt in MODULE.bazel" %
             (display_label(ctx.label), wabt.version, ctx.attr.minimum))
    srcs = [src for src in wabt.runtime_srcs if src.basename in ctx.attr.srcs]
    missing = [name for name in ctx.attr.srcs if name not in [src.basename for src in srcs]]
    if missing:
        fail("%s: wabt %s has no %s. To fix: choose another wabt with --@rules_rlbox//rules/settings:wabt or rlbox.wabt in MODULE.bazel" % (display_label(ctx.label), wabt.version, ", ".join(missing)))
    compilation_context = cc_common.create_compilation_context(
        headers = wabt.runtime_hdrs,
        system_includes = depset([folder for folder in [wabt.runtime_include, wabt.simde_include] if folder]),
    )
    return [
        CcInfo(compilation_context = compilation_context),
        DefaultInfo(files = depset(srcs)),
    ]

wasm_rt = rule(
    implementation = _wasm_rt_impl,
    doc = "The headers (in `deps`) and C sources (in `srcs`) that wasm2c's output needs, from the wabt toolchain.",
    attrs = {
        "minimum": attr.string(
            doc = "The oldest version of wabt that will do.",
        ),
        "srcs": attr.string_list(
            doc = "Base names of the sources that are wanted.",
            mandatory = True,
        ),
    },
    provides = [CcInfo],
    toolchains = [_WABT],
)
