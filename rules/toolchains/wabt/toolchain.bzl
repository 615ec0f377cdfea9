"""The provider of wabt and the rule that makes a toolchain of it."""

def _wabt_info_init(*, version, wasm2c, wasm_objdump, wasm_validate, runtime_srcs, runtime_hdrs, runtime_include, simde_include):
    return {
        "runtime_hdrs": runtime_hdrs,
        "runtime_include": runtime_include,
        "runtime_srcs": runtime_srcs,
        "simde_include": simde_include,
        "version": version,
        "wasm2c": wasm2c,
        "wasm_objdump": wasm_objdump,
        "wasm_validate": wasm_validate,
    }

WabtInfo, _new_wabt_info = provider(
    doc = """\
wabt for one exec platform: its tools, and the C sources that wasm2c's output is linked with.

From `ctx.toolchains["@rules_rlbox//rules/toolchains/wabt:toolchain_type"].wabt`.""",
    fields = {
        "runtime_hdrs": "depset of File, the headers that generated C includes: wasm-rt.h and simde.",
        "runtime_include": "string, exec path of the folder that wasm-rt.h is in.",
        "runtime_srcs": "list of File, the C files of the runtime, to be compiled for the target platform.",
        "simde_include": "string, exec path of the folder to include simde from; \"\" if this wabt has none.",
        "version": "string, wabt's version, as the version table or the tag says it.",
        "wasm2c": "File, the translator from WebAssembly to C.",
        "wasm_objdump": "File, prints a module.",
        "wasm_validate": "File, checks a module.",
    },
    init = _wabt_info_init,
)

def _wabt_toolchain_impl(ctx):
    info = WabtInfo(
        version = ctx.attr.version,
        wasm2c = ctx.executable.wasm2c,
        wasm_objdump = ctx.executable.wasm_objdump,
        wasm_validate = ctx.executable.wasm_validate,
        runtime_srcs = ctx.files.runtime_srcs,
        runtime_hdrs = depset(ctx.files.runtime_hdrs),
        runtime_include = ctx.file.runtime_marker.dirname,
        simde_include = ctx.file.simde_marker.dirname.removesuffix("/simde") if ctx.file.simde_marker else "",
    )
    return [
        platform_common.ToolchainInfo(wabt = info),
        info,
        DefaultInfo(files = depset([info.wasm2c, info.wasm_objdump, info.wasm_validate])),
    ]

def _tool(doc):
    return attr.label(
        doc = doc,
        allow_single_file = True,
        cfg = "exec",
        executable = True,
        mandatory = True,
    )

wabt_toolchain = rule(
    implementation = _wabt_toolchain_impl,
    doc = "A toolchain of the type `//rules/toolchains/wabt:toolchain_type`.",
    attrs = {
        "runtime_hdrs": attr.label_list(
            doc = "Headers of wasm2c's runtime and of simde.",
            allow_files = True,
            mandatory = True,
        ),
        "runtime_marker": attr.label(
            doc = "wasm-rt.h.",
            allow_single_file = True,
            mandatory = True,
        ),
        "runtime_srcs": attr.label_list(
            doc = "C sources of wasm2c's runtime.",
            allow_files = True,
            mandatory = True,
        ),
        "simde_marker": attr.label(
            doc = "A file that lies directly in simde's folder; none if there is no simde.",
            allow_single_file = True,
        ),
        "version": attr.string(
            doc = "wabt's version.",
            mandatory = True,
        ),
        "wasm2c": _tool("The translator from WebAssembly to C."),
        "wasm_objdump": _tool("Prints a module."),
        "wasm_validate": _tool("Checks a module."),
    },
    provides = [platform_common.ToolchainInfo, WabtInfo],
)
