"""Checks a module's code, exports, imports, memory and table against what its target asks for."""

# Guest functions that the runtime calls.
RUNTIME_EXPORTS = ["free", "malloc"]

# What else may be exported: the runtime uses it where it is there.
_OPTIONAL_EXPORTS = ["__stack_pointer", "__wasm_call_dtors", "_initialize"]

# WASI functions that the runtime implements without giving the library anything of the host: standard output,
# clocks, random numbers, arguments and environment (empty unless the application sets them).
DEFAULT_ALLOWED_IMPORTS = [
    "args_get",
    "args_sizes_get",
    "clock_res_get",
    "clock_time_get",
    "environ_get",
    "environ_sizes_get",
    "fd_close",
    "fd_fdstat_get",
    "fd_prestat_dir_name",
    "fd_prestat_get",
    "fd_read",
    "fd_seek",
    "fd_write",
    "proc_exit",
    "random_get",
    "sched_yield",
]

# What a sandbox's module never has, for wasm2c to refuse as well: tools/link/policy.py has the whole list. Versions
# before 1.0.42 have these features off unless they are asked for, and know no such options.
_OFF_SINCE_1_0_42 = [
    "--disable-exceptions",
    "--disable-extended-const",
    "--disable-memory64",
    "--disable-multi-memory",
    "--disable-relaxed-simd",
    "--disable-tail-call",
]

def add_check_arguments(args, *, label, import_memory, import_table, allowed_imports, simd):
    """Adds the arguments of check_wasm_exports that do not depend on how a module came to be.

    Args:
        args: the Args object.
        label: the target, for messages, as a string.
        import_memory: whether the module imports its memory (else it exports it).
        import_table: whether it imports its table.
        allowed_imports: WASI functions it may import, besides the default ones.
        simd: whether it may use vector instructions. Everything else that it may use is in tools/link/policy.py.
    """

    # One argument: a word that starts with @ would be read as the name of a file with arguments.
    args.add(label, format = "--target=%s")
    args.add_all(RUNTIME_EXPORTS, before_each = "--runtime-export")
    args.add_all(_OPTIONAL_EXPORTS, before_each = "--optional-export")
    args.add_all(
        ["wasi_snapshot_preview1." + name for name in DEFAULT_ALLOWED_IMPORTS + allowed_imports],
        before_each = "--allow-import",
    )
    if simd:
        args.add("--simd")
    args.add("--memory", "imported" if import_memory else "exported")
    args.add("--table", "imported" if import_table else "exported")

def features_off(version):
    """The options that have wasm2c refuse the features that no sandbox's module has.

    Args:
        version: wabt's version, as a string.

    Returns:
        A list of strings; empty if wasm2c has these features off by itself, or is of an unknown version.
    """
    numbers = version.split(".")
    if len(numbers) < 3 or [number for number in numbers if not number.isdigit()]:
        return []
    return _OFF_SINCE_1_0_42 if [int(number) for number in numbers[:3]] >= [1, 0, 42] else []

def check(ctx, *, name, linked, map_file, objects, exports):
    """Declares the action that checks a module.

    Args:
        ctx: the rule's context, with the attributes of wasm_module.
        name: the module's file name, without an extension.
        linked: File, the module.
        map_file: File, the linker's map.
        objects: list of File, what was linked, to name the object that needs a refused import.
        exports: File with an argument for each function that must be exported; None with export_all.

    Returns:
        File, JSON: what the check found. It exists only if the check passed.
    """
    output = ctx.actions.declare_file(name + ".check.json")
    args = ctx.actions.args()
    args.add("--wasm", linked)
    args.add("--output", output)
    add_check_arguments(
        args,
        label = ctx.attr.public_label,
        import_memory = ctx.attr.import_memory,
        import_table = ctx.attr.import_table,
        allowed_imports = ctx.attr.allowed_imports,
        simd = ctx.attr.simd,
    )
    if exports:
        args.add(exports, format = "@%s")
    else:
        args.add_all(ctx.attr.exports, before_each = "--export")
        args.add("--export-all")
    args.add("--map", map_file)
    args.add_all(objects, before_each = "--object")
    args.use_param_file("@%s", use_always = False)
    args.set_param_file_format("multiline")
    ctx.actions.run(
        executable = ctx.executable._check,
        arguments = [args],
        inputs = [linked, map_file] + objects + ([exports] if exports else []),
        outputs = [output],
        mnemonic = "RlboxCheckExports",
        progress_message = "Checking code, exports and imports of %{label}",
        toolchain = None,
    )
    return output
