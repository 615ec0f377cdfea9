"""wabt's tools for tests that run them: `wabt_tools`."""

_WABT = Label("//rules/toolchains/wabt:toolchain_type")

def _wabt_tools_impl(ctx):
    wabt = ctx.toolchains[_WABT].wabt
    tools = {"wasm-objdump": wabt.wasm_objdump, "wasm-validate": wabt.wasm_validate, "wasm2c": wabt.wasm2c}
    facts = ctx.actions.declare_file(ctx.label.name + ".json")
    paths = {name: "../" + tool.path.removeprefix("external/") for name, tool in tools.items()}
    ctx.actions.write(facts, json.encode_indent(paths | {"version": wabt.version}))
    return [DefaultInfo(files = depset([facts]), runfiles = ctx.runfiles([facts] + tools.values()))]

wabt_tools = rule(
    implementation = _wabt_tools_impl,
    doc = "Writes `<name>.json` with the paths of wabt's tools, relative to where a test starts; they are in its runfiles.",
    toolchains = [_WABT],
)
