"""wasm2c's runtime, compiled for the target platform from the sources that the wabt toolchain carries."""

load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain", "use_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")

_WABT = "//rules/toolchains/wabt:toolchain_type"

def _wasm_rt_library_impl(ctx):
    wabt = ctx.toolchains[_WABT].wabt
    cc_toolchain = find_cc_toolchain(ctx)
    feature_configuration = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = cc_toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    own = cc_common.create_compilation_context(
        headers = wabt.runtime_hdrs,
        system_includes = depset([wabt.runtime_include, wabt.simde_include]),
        defines = depset(ctx.attr.defines),
    )
    infos = [dep[CcInfo] for dep in ctx.attr.deps]
    compilation_context, outputs = cc_common.compile(
        actions = ctx.actions,
        name = ctx.label.name,
        feature_configuration = feature_configuration,
        cc_toolchain = cc_toolchain,
        srcs = wabt.runtime_srcs,
        user_compile_flags = ctx.attr.copts,
        compilation_contexts = [own] + [info.compilation_context for info in infos],
    )
    linking_context, _ = cc_common.create_linking_context_from_compilation_outputs(
        actions = ctx.actions,
        name = ctx.label.name,
        feature_configuration = feature_configuration,
        cc_toolchain = cc_toolchain,
        compilation_outputs = outputs,
        linking_contexts = [info.linking_context for info in infos],
        disallow_dynamic_library = True,
    )
    return [CcInfo(compilation_context = compilation_context, linking_context = linking_context)]

wasm_rt_library = rule(
    implementation = _wasm_rt_library_impl,
    doc = "The C library that wasm2c's output is linked with, from the wabt toolchain.",
    attrs = {
        "copts": attr.string_list(
            doc = "Compiler options.",
        ),
        "defines": attr.string_list(
            doc = "Definitions for the runtime and for everything that includes wasm-rt.h: they change its types.",
        ),
        "deps": attr.label_list(
            doc = "Libraries that the definitions refer to, e.g. a trap handler's header.",
            providers = [CcInfo],
        ),
    },
    fragments = ["cpp"],
    provides = [CcInfo],
    toolchains = use_cc_toolchain(mandatory = True) + [_WABT],
)
