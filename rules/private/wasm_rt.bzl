"""wasm2c's runtime, from the wabt toolchain, as something a cc_library can name."""

load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")

_WABT = "//rules/toolchains/wabt:toolchain_type"

def _wasm_rt_impl(ctx):
    wabt = ctx.toolchains[_WABT].wabt
    srcs = [src for src in wabt.runtime_srcs if src.basename in ctx.attr.srcs]
    missing = [name for name in ctx.attr.srcs if name not in [src.basename for src in srcs]]
    if missing:
        fail("%s: wabt %s has no %s" % (ctx.label, wabt.version, ", ".join(missing)))
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
        "srcs": attr.string_list(
            doc = "Base names of the sources that are wanted.",
            mandatory = True,
        ),
    },
    provides = [CcInfo],
    toolchains = [_WABT],
)
