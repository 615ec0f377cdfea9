"""With the noop backend the libraries of several sandboxes are linked into one program: their symbols must differ."""

load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain")
load(":names.bzl", "display_label")

def _files(linker_input):
    """The files of a linker input in which symbols are defined: one form of each library."""
    files = []
    for library in linker_input.libraries:
        archive = library.static_library or library.pic_static_library
        if archive:
            files.append(archive)
        elif library.objects or library.pic_objects:
            files += library.objects or library.pic_objects
        elif library.dynamic_library:
            files.append(library.dynamic_library)
    return files

def check_one_program(ctx, label, sandboxes):
    """Declares the action that compares the symbols of the libraries of a program's sandboxes.

    Args:
        ctx: the rule's context, with the executable `_one_program` and a C++ toolchain.
        label: the program, for messages, as a string.
        sandboxes: list of struct with label and linker_inputs, the library itself with the noop backend.

    Returns:
        File, which exists only if no two of them define the same symbol; None if there is nothing to compare.
    """
    found = [
        (display_label(sandbox.label), display_label(linker_input.owner), file)
        for sandbox in sandboxes
        for linker_input in sandbox.linker_inputs.to_list()
        for file in _files(linker_input)
    ]
    if len({sandbox: True for sandbox, _, _ in found}) < 2:
        return None
    cc_toolchain = find_cc_toolchain(ctx)
    if not cc_toolchain.nm_executable:
        fail("%s: the cc_toolchain names no nm, which the noop backend needs for a program with several sandboxes. To fix: add nm to the toolchain's tool_paths, or build with the wasm2c backend" % label)
    proof = ctx.actions.declare_file(ctx.label.name + ".one_program")
    args = ctx.actions.args()
    args.add(label, format = "--target=%s")
    args.add(cc_toolchain.nm_executable, format = "--nm=%s")
    for sandbox, owner, file in found:
        args.add(sandbox, format = "--sandbox=%s")
        args.add(owner, format = "--owner=%s")
        args.add(file, format = "--file=%s")
    args.add("--output", proof)
    args.use_param_file("@%s", use_always = False)
    args.set_param_file_format("multiline")
    ctx.actions.run(
        executable = ctx.executable._one_program,
        arguments = [args],
        inputs = depset([file for _, _, file in found], transitive = [cc_toolchain.all_files]),
        outputs = [proof],
        mnemonic = "RlboxOneProgram",
        progress_message = "Comparing the symbols of the libraries of %{label}",
        toolchain = None,
    )
    return proof
