"""The RLBox that a build's programs are made with, as a toolchain: only the one that is chosen is ever looked at."""

load("@bazel_skylib//rules:common_settings.bzl", "BuildSettingInfo")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")

# How everything that sees wasm-rt.h must be compiled: these change its types and its checks.
#   USE_MMAP                  memory is reserved once and never moves; guard pages check every access
#   SKIP_SIGNAL_RECOVERY      wasm2c's own fault handler is not installed
#   UNCHECKED_STACK_...       native stack exhaustion is caught by the thread's guard page, not by a counter
WASM_RT_SETTINGS = [
    "WASM_RT_USE_MMAP=1",
    "WASM_RT_SKIP_SIGNAL_RECOVERY=1",
    "WASM_RT_NONCONFORMING_UNCHECKED_STACK_EXHAUSTION=1",
]

# For the framework's locks and its dylib backend.
HOST_LINKOPTS = select({
    Label("@platforms//os:macos"): [],
    "//conditions:default": [
        "-ldl",
        "-pthread",
    ],
})

def _runtime_toolchain_impl(ctx):
    return [platform_common.ToolchainInfo(
        api = ctx.attr.api,
        runtime = ctx.attr.runtime[CcInfo],
    )]

runtime_toolchain = rule(
    implementation = _runtime_toolchain_impl,
    doc = "A toolchain of the type `//runtime:toolchain_type`: the RLBox headers and libraries for one backend.",
    attrs = {
        "api": attr.string(
            doc = "What `<module>.rlbox.h` is to be written for.",
            default = "bundled",
            values = ["bundled", "upstream"],
        ),
        "runtime": attr.label(
            doc = "The library that sandboxes are linked with.",
            mandatory = True,
            providers = [CcInfo],
        ),
    },
    provides = [platform_common.ToolchainInfo],
)

_TYPE = Label("//runtime:toolchain_type")

def _upstream_runtime_impl(ctx):
    toolchain = ctx.toolchains[_TYPE]
    if toolchain.api != "upstream" or (ctx.attr.needs_wasm2c and ctx.attr._backend[BuildSettingInfo].value != "wasm2c"):
        fail("%s: upstream's wasm2c plugin is a dependency with --@rules_rlbox//rules/settings:rlbox=upstream and backend=wasm2c only. To fix: depend on @rules_rlbox//runtime:rlbox, which follows both settings" %
             ctx.attr.alias)
    return [toolchain.runtime]

upstream_runtime = rule(
    implementation = _upstream_runtime_impl,
    doc = """Upstream's RLBox as a C++ dependency: what `//runtime:rlbox` and `//runtime:wasm2c` stand for with `rlbox=upstream`.

The toolchain leads to upstream's repositories, so that nothing of upstream's is fetched, or found by a query, before it is used.""",
    attrs = {
        "alias": attr.string(
            doc = "The label that users depend on, for messages.",
            mandatory = True,
        ),
        "needs_wasm2c": attr.bool(
            doc = "Whether the wasm2c plugin must be part of it.",
            default = False,
        ),
        "_backend": attr.label(default = Label("//rules/settings:backend")),
    },
    provides = [CcInfo],
    toolchains = [_TYPE],
)
