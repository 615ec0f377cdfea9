"""A C++ target, compiled for the sandbox's platform: what a user of the cc_toolchain alone gets with --platforms."""

load("//rules/private:transition.bzl", "wasm_transition")

def _wasm_binary_impl(ctx):
    return [DefaultInfo(files = depset(ctx.files.binary), runfiles = ctx.runfiles(files = ctx.files.binary))]

wasm_binary = rule(
    implementation = _wasm_binary_impl,
    doc = "Builds a cc_binary for wasm32-wasi.",
    attrs = {
        "binary": attr.label(
            doc = "The cc_binary.",
            cfg = wasm_transition,
            mandatory = True,
        ),
    },
)

def _wabt_tool_impl(ctx):
    wabt = ctx.toolchains["//rules/toolchains/wabt:toolchain_type"].wabt
    tool = {"wasm-objdump": wabt.wasm_objdump, "wasm-validate": wabt.wasm_validate, "wasm2c": wabt.wasm2c}[ctx.attr.tool]
    return [DefaultInfo(files = depset([tool]), runfiles = ctx.runfiles(files = [tool]))]

wabt_tool = rule(
    implementation = _wabt_tool_impl,
    doc = "One of wabt's tools, for a test that runs it.",
    attrs = {
        "tool": attr.string(
            doc = "Its name.",
            values = ["wasm-objdump", "wasm-validate", "wasm2c"],
        ),
    },
    toolchains = ["//rules/toolchains/wabt:toolchain_type"],
)
