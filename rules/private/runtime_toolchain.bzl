"""The RLBox that a build's programs are made with, as a toolchain: only the one that is chosen is ever looked at."""

load("@bazel_skylib//rules:common_settings.bzl", "BuildSettingInfo")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
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

def _owned(linker_input, label):
    """The same code and options, as a part of the target `label`."""
    return cc_common.create_linker_input(
        owner = label,
        libraries = depset(linker_input.libraries),
        user_link_flags = linker_input.user_link_flags,
        additional_inputs = depset(linker_input.additional_inputs),
    )

def _linked_runtime_impl(ctx):
    runtime = ctx.toolchains[_TYPE].runtime
    owners = {
        linker_input.owner: True
        for dep in ctx.attr.deps
        for linker_input in dep[CcInfo].linking_context.linker_inputs.to_list()
    }
    return [CcInfo(
        compilation_context = runtime.compilation_context,
        linking_context = cc_common.create_linking_context(linker_inputs = depset(
            [
                linker_input if linker_input.owner in owners else _owned(linker_input, ctx.label)
                for linker_input in runtime.linking_context.linker_inputs.to_list()
            ],
            order = "topological",
        )),
    )]

linked_runtime = rule(
    implementation = _linked_runtime_impl,
    doc = """The runtime of the toolchain, as a dependency.

A `cc_shared_library` links what belongs to targets that it finds behind dependencies, and it finds none behind toolchains.""",
    attrs = {
        "deps": attr.label_list(
            doc = "The targets that the toolchain's runtime is made of, as far as they may be named. The others' code becomes this target's.",
            providers = [CcInfo],
        ),
    },
    provides = [CcInfo],
    toolchains = [_TYPE],
)

def _upstream_runtime_impl(ctx):
    toolchain = ctx.toolchains[_TYPE]
    if toolchain.api != "upstream" or (ctx.attr.needs_wasm2c and ctx.attr._backend[BuildSettingInfo].value != "wasm2c"):
        fail("%s: upstream's wasm2c plugin is a dependency with --@rules_rlbox//rules/settings:rlbox=upstream and backend=wasm2c only. To fix: depend on @rules_rlbox//runtime:rlbox, which follows both settings" %
             ctx.attr.alias)
    return [ctx.attr._linked[CcInfo]]

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
        "_linked": attr.label(default = Label("//runtime:linked")),
    },
    provides = [CcInfo],
    toolchains = [_TYPE],
)
