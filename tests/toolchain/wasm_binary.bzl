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

_WASI_SDK = str(Label("//rules/settings:wasi_sdk"))

def _version_impl(_settings, attr):
    return {_WASI_SDK: attr.wasi_sdk}

_version = transition(
    implementation = _version_impl,
    inputs = [],
    outputs = [_WASI_SDK],
)

def _with_wasi_sdk_impl(ctx):
    program = ctx.attr.program[0] if type(ctx.attr.program) == "list" else ctx.attr.program
    link = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = link, target_file = ctx.executable.program, is_executable = True)
    return [DefaultInfo(
        executable = link,
        runfiles = ctx.runfiles([link, ctx.executable.program]).merge(program[DefaultInfo].default_runfiles),
    )]

with_wasi_sdk = rule(
    implementation = _with_wasi_sdk_impl,
    doc = "A program whose sandboxes are compiled with another wasi-sdk than the default one.",
    attrs = {
        "program": attr.label(
            cfg = _version,
            doc = "The program.",
            executable = True,
            mandatory = True,
        ),
        "wasi_sdk": attr.string(
            doc = "The value of //rules/settings:wasi_sdk.",
            mandatory = True,
        ),
    },
    executable = True,
)
