"""Writes the header through which an application uses a sandbox."""

load(":names.bzl", "display_label")
load(":path_mapping.bzl", "PATH_MAPPING")

def declare_header(ctx, *, folder, backend, api, module):
    """Declares the action that writes `<module_name>.rlbox.h`.

    Args:
        ctx: the rule's context, with the attribute `module_name` and the executable `_gen_header`.
        folder: where the header goes, relative to the package, as a string.
        backend: "wasm2c" or "noop".
        api: whose RLBox the header is for, as in the runtime's toolchain.
        module: WasmModuleInfo.

    Returns:
        File, the header.
    """
    header = ctx.actions.declare_file("%s/%s.rlbox.h" % (folder, ctx.attr.module_name))
    inputs = []
    args = ctx.actions.args()
    args.add(display_label(ctx.label), format = "--target=%s")
    args.add("--module", ctx.attr.module_name)
    args.add("--backend", backend)
    args.add("--api", api)
    if backend == "wasm2c":
        args.add("--wasm", module.wasm)
        inputs.append(module.wasm)
        if module.exports:
            args.add("--exports", module.exports)
            inputs.append(module.exports)
    if module.header_description:
        args.add("--headers", module.header_description)
        inputs.append(module.header_description)
    args.add_all(module.opaque_structs, format_each = "--opaque-struct=%s")
    args.add_all(module.headers, format_each = "--header=%s")
    args.add("--output", header)
    ctx.actions.run(
        executable = ctx.executable._gen_header,
        arguments = [args],
        inputs = inputs,
        outputs = [header],
        execution_requirements = PATH_MAPPING,
        mnemonic = "RlboxModuleHeader",
        progress_message = "Generating %{output}",
        toolchain = None,
    )
    return header
