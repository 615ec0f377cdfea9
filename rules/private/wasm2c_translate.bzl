"""Translates a checked module to C."""

load(":path_mapping.bzl", "PATH_MAPPING")

_WABT = Label("//rules/toolchains/wabt:toolchain_type")

_RUNTIME = Label("//runtime:toolchain_type")

# What a sandbox's module never has, for wasm2c to refuse as well: tools/link/policy.py has the whole list. Versions
# before 1.0.42 have these features off unless they are asked for, and know no such options.
_OFF_SINCE_1_0_42 = [
    "--disable-extended-const",
    "--disable-memory64",
    "--disable-multi-memory",
    "--disable-relaxed-simd",
    "--disable-tail-call",
]

# What setjmp is made of. The bundled runtime keeps exceptions in the sandbox (S18); another runtime does not.
_EXCEPTIONS_OFF = ["--disable-exceptions"]
_EXCEPTIONS_ON_BEFORE_1_0_42 = ["--enable-exceptions"]

def features(version, exceptions):
    """The options that have wasm2c refuse the features that no sandbox's module has.

    Args:
        version: wabt's version, as a string.
        exceptions: whether a module may have exceptions, that is whether the runtime is ours.

    Returns:
        A list of strings; empty if wasm2c has the right features by itself, or is of an unknown version.
    """
    numbers = version.split(".")
    if len(numbers) < 3 or [number for number in numbers if not number.isdigit()]:
        return []
    if [int(number) for number in numbers[:3]] >= [1, 0, 42]:
        return ([] if exceptions else _EXCEPTIONS_OFF) + _OFF_SINCE_1_0_42
    return _EXCEPTIONS_ON_BEFORE_1_0_42 if exceptions else []

def _num_outputs(ctx):
    """Many small files where an edit must be compiled soon, fewer where functions may be inlined into each other."""
    return ctx.attr.num_outputs or (4 if ctx.var["COMPILATION_MODE"] == "opt" else 8)

def _c_name(header):
    """The name that wasm2c takes for a header's C file."""
    return header.path.removesuffix(".h") + ".c"

def translate(ctx, *, folder, wasm, prebuilt):
    """Declares the action that runs wasm2c.

    Args:
        ctx: the rule's context, with the attributes `module_name` and `num_outputs`.
        folder: where the C goes, relative to the package, as a string.
        wasm: File, the checked module.
        prebuilt: whether somebody else has linked it.

    Returns:
        (File, list of File, list of File): the header, headers that only the sources include, the sources.
    """
    num_outputs = _num_outputs(ctx)
    wabt = ctx.toolchains[_WABT].wabt
    stem = "%s/%s.wasm" % (folder, ctx.attr.module_name)
    header = ctx.actions.declare_file(stem + ".h")

    # One file needs no header to share, and has no number.
    several = num_outputs > 1
    private_headers = [ctx.actions.declare_file(stem + "-impl.h")] if several else []
    sources = [ctx.actions.declare_file("%s_%d.c" % (stem, i) if several else stem + ".c") for i in range(num_outputs)]
    args = ctx.actions.args()
    args.add(wasm)

    # The name is part of every symbol; wasm2c would take it from the linker's output file.
    args.add("-n", "$%s.wasm" % ctx.attr.module_name)
    args.add("--num-outputs", str(num_outputs))

    # The names of a prebuilt module's functions and variables are whatever its maker likes: wasm2c writes a long one at
    # each use, and takes a function that is called like an import for one.
    if prebuilt:
        args.add("--no-debug-names")
    args.add_all(features(wabt.version, exceptions = ctx.toolchains[_RUNTIME].api == "bundled"))

    # Its outputs are this name with other endings.
    args.add_all("-o", [header], map_each = _c_name)
    ctx.actions.run(
        executable = wabt.wasm2c,
        arguments = [args],
        inputs = [wasm],
        outputs = [header] + private_headers + sources,
        execution_requirements = PATH_MAPPING,
        mnemonic = "Wasm2c",
        progress_message = "Translating %{input} to C",
        toolchain = _WABT,
    )
    return header, private_headers, sources
