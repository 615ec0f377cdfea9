"""A sandbox of a module that nobody has checked: what would run if the policy for modules were not there.

For tests only. The module is linked as `wasm_library` links one, and goes to wasm2c as it is.
"""

load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain", "use_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("//rules/private:transition.bzl", "wasm_transition")
load("//rules/private:wasm2c_compile.bzl", "compile_generated")

_WABT = "//rules/toolchains/wabt:toolchain_type"
_RUNTIME = "//runtime:toolchain_type"

def _unchecked_module_impl(ctx):
    infos = [dep[CcInfo] for dep in ctx.attr.deps]
    cc_toolchain = find_cc_toolchain(ctx)
    flags = [
        "--stack-first",
        "--import-memory",
        "--import-table",
        "--growable-table",
        "--import-undefined",
        "--export-if-defined=__stack_pointer",
    ] + ["--export=" + name for name in ["malloc", "free", "__wasm_call_dtors"] + ctx.attr.exports]
    linked = cc_common.link(
        actions = ctx.actions,
        name = ctx.label.name,
        feature_configuration = cc_common.configure_features(
            ctx = ctx,
            cc_toolchain = cc_toolchain,
            requested_features = ctx.features + ["wasi_reactor"],
            unsupported_features = ctx.disabled_features,
        ),
        cc_toolchain = cc_toolchain,
        linking_contexts = [info.linking_context for info in infos],
        user_link_flags = ["-Wl," + flag for flag in flags],
        output_type = "executable",
    )
    return [DefaultInfo(files = depset([linked.executable]))]

unchecked_module = rule(
    implementation = _unchecked_module_impl,
    doc = "Links a C library as a module.",
    attrs = {
        "deps": attr.label_list(
            doc = "The library.",
            providers = [CcInfo],
        ),
        "exports": attr.string_list(
            doc = "The functions that the application calls.",
        ),
    },
    cfg = wasm_transition,
    fragments = ["cpp"],
    toolchains = use_cc_toolchain(mandatory = True),
)

def _c_name(header):
    """The name that wasm2c takes for a header's C file."""
    return header.path.removesuffix(".h") + ".c"

def _unchecked_sandbox_impl(ctx):
    name = ctx.attr.module_name
    folder = "_unchecked/" + ctx.label.name
    wasm = ctx.file.wasm
    wasm_header = ctx.actions.declare_file("%s/%s.wasm.h" % (folder, name))
    source = ctx.actions.declare_file("%s/%s.wasm.c" % (folder, name))
    args = ctx.actions.args()
    args.add(wasm)
    args.add("-n", "$%s.wasm" % name)
    args.add_all(ctx.attr.options)
    args.add_all("-o", [wasm_header], map_each = _c_name)
    ctx.actions.run(
        executable = ctx.toolchains[_WABT].wabt.wasm2c,
        arguments = [args],
        inputs = [wasm],
        outputs = [wasm_header, source],
        mnemonic = "UncheckedWasm2c",
        toolchain = _WABT,
    )
    header = ctx.actions.declare_file("%s/%s.rlbox.h" % (folder, name))
    args = ctx.actions.args()
    args.add(str(ctx.label), format = "--target=%s")
    args.add("--module", name)
    args.add("--backend", "wasm2c")
    args.add("--wasm", wasm)
    args.add("--header", ctx.attr.header)
    args.add("--output", header)
    ctx.actions.run(
        executable = ctx.executable._gen_header,
        arguments = [args],
        inputs = [wasm],
        outputs = [header],
        mnemonic = "UncheckedHeader",
        toolchain = None,
    )
    return [
        DefaultInfo(files = depset([wasm_header, source, header])),
        cc_common.merge_cc_infos(cc_infos = [compile_generated(
            ctx,
            sources = [source],
            private_headers = [],
            public_headers = [header, wasm_header],
            folder_path = header.dirname,
            defines = [],
            dependencies = [ctx.toolchains[_RUNTIME].runtime],
        )] + [CcInfo(compilation_context = dep[CcInfo].compilation_context) for dep in ctx.attr.deps]),
    ]

unchecked_sandbox = rule(
    implementation = _unchecked_sandbox_impl,
    doc = "Translates a module and compiles it, with the header that an application includes.",
    attrs = {
        "bounds": attr.string(default = "default"),
        "copts": attr.string_list(),
        "deps": attr.label_list(
            doc = "The library, for its header.",
            providers = [CcInfo],
        ),
        "header": attr.string(
            doc = "The library's header, as in #include.",
            mandatory = True,
        ),
        "module_name": attr.string(
            doc = "As in wasm2c_library.",
            mandatory = True,
        ),
        "options": attr.string_list(
            doc = "Options of wasm2c, for features that it has to be told of.",
        ),
        "wasm": attr.label(
            allow_single_file = [".wasm"],
            doc = "The module.",
            mandatory = True,
        ),
        "_bounds": attr.label(default = "//rules/settings:bounds"),
        "_imports": attr.label(
            default = "//runtime:include/wasm2c_rt_imports.h",
            allow_single_file = True,
        ),
        "_gen_header": attr.label(
            default = "//tools/codegen:gen_module_header",
            cfg = "exec",
            executable = True,
        ),
    },
    fragments = ["cpp"],
    provides = [CcInfo],
    toolchains = use_cc_toolchain(mandatory = True) + [_RUNTIME, _WABT],
)
