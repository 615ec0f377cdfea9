"""What an application can call in a library, with types and names: for the first draft that tools/new_sandbox writes."""

load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain", "use_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load(":includes.bzl", "HeaderOrderInfo", "header_order", "include_strings")
load(":transition.bzl", "wasm_transition")
load(":wasm_actions.bzl", "read_headers")

_C_TOOLCHAIN = Label("//rules/toolchains/wasi_sdk:c_toolchain_type")

def _library_calls_impl(ctx):
    infos = [dep[CcInfo] for dep in ctx.attr.deps]
    headers = include_strings(infos, [dep[HeaderOrderInfo] for dep in ctx.attr.deps])
    if not headers:
        calls = ctx.actions.declare_file(ctx.label.name + ".headers.json")
        ctx.actions.write(calls, json.encode({"functions": [], "version": 1}))
        return [DefaultInfo(files = depset([calls]))]
    cc_toolchain = find_cc_toolchain(ctx)

    # Without C++ libraries, which may have to be built.
    found = ctx.toolchains[_C_TOOLCHAIN]
    files = found.cc.all_files if found and found.cc.compiler_executable == cc_toolchain.compiler_executable else cc_toolchain.all_files
    calls = read_headers(
        ctx,
        name = ctx.label.name,
        headers = headers,
        public_files = [file for info in infos for file in info.compilation_context.direct_public_headers],
        functions = [],
        compilation_context = cc_common.merge_cc_infos(cc_infos = infos).compilation_context,
        cc_toolchain = cc_toolchain,
        files = files,
        feature_configuration = cc_common.configure_features(ctx = ctx, cc_toolchain = cc_toolchain),
    )
    return [DefaultInfo(files = depset([calls]))]

library_calls = rule(
    implementation = _library_calls_impl,
    doc = "Reads the public headers of libraries, in the wasm configuration, into the file that tools/new_sandbox/calls.py describes.",
    attrs = {
        "deps": attr.label_list(
            doc = "The libraries.",
            aspects = [header_order],
            providers = [CcInfo],
        ),
        "drop_copts": attr.string_list(
            doc = "As of wasm_module; nothing.",
        ),
        "_read_headers": attr.label(
            default = Label("//tools/new_sandbox:read_calls"),
            cfg = "exec",
            executable = True,
        ),
    },
    cfg = wasm_transition,
    fragments = ["cpp"],
    toolchains = use_cc_toolchain(mandatory = True) + [config_common.toolchain_type(_C_TOOLCHAIN, mandatory = False)],
)
