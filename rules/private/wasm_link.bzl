"""Links a module: the linker's options, and what is linked."""

load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load(":wasm_check.bzl", "RUNTIME_EXPORTS")

def _link_flags(attr, map_file):
    """The tutorial's flags, or what the attributes say instead."""
    flags = [
        "--stack-first",
        "-z",
        "stack-size=%d" % attr.stack_size,
        "--growable-table",
        "--import-memory" if attr.import_memory else None,
        "--import-table" if attr.import_table else "--export-table",
        "--initial-memory=" + attr.initial_memory if attr.initial_memory else None,
        "--max-memory=" + attr.max_memory if attr.max_memory else None,
        # An undefined function becomes an import, which the check refuses with its caller's name and object file.
        "--import-undefined",
        "--export-all" if attr.export_all else None,
        "-Map=" + map_file.path,
    ]
    flags += ["--export=" + name for name in RUNTIME_EXPORTS + ["__wasm_call_dtors"]]
    flags.append("--export-if-defined=__stack_pointer")

    # -Wl would split a path at its commas.
    return [word for flag in flags if flag for word in ["-Xlinker", flag]]

def library_files(linker_inputs):
    """Lists the objects and archives of a library.

    Args:
        linker_inputs: a list of LinkerInput.

    Returns:
        A list of File.
    """
    files = []
    for linker_input in linker_inputs:
        for library in linker_input.libraries:
            archive = library.static_library or library.pic_static_library
            if archive:
                files.append(archive)
            else:
                files += library.objects or library.pic_objects
    return files

def _whole_archives(ctx, feature_configuration, cc_toolchain, linker_inputs):
    """The same libraries with every object linked: what export_all means."""
    return cc_common.create_linking_context(linker_inputs = depset([
        cc_common.create_linker_input(
            owner = ctx.label,
            libraries = depset([
                cc_common.create_library_to_link(
                    actions = ctx.actions,
                    feature_configuration = feature_configuration,
                    cc_toolchain = cc_toolchain,
                    static_library = library.static_library or library.pic_static_library,
                    alwayslink = True,
                )
                for library in linker_input.libraries
            ]),
            user_link_flags = linker_input.user_link_flags,
            additional_inputs = depset(linker_input.additional_inputs),
        )
        for linker_input in linker_inputs
    ]))

def link(ctx, *, name, linking_context, linker_inputs, exports, cc_toolchain, feature_configuration):
    """Declares the link action of a module.

    Args:
        ctx: the rule's context, with the attributes of wasm_module.
        name: the module's file name, without an extension.
        linking_context: of the library.
        linker_inputs: the linking context's inputs, as a list.
        exports: File, a response file with the linker's options for the exports; None with export_all.
        cc_toolchain: the wasm toolchain.
        feature_configuration: of that toolchain.

    Returns:
        (File, File): the module, unchecked, and the linker's map.
    """
    if ctx.attr.export_all:
        linking_context = _whole_archives(ctx, feature_configuration, cc_toolchain, linker_inputs)
    map_file = ctx.actions.declare_file(name + ".map")
    if "%" in map_file.dirname:
        # It takes each % of the whole path for a random digit of its temporary file.
        fail("%s: the linker cannot write into a folder with %% in its name; rename the package, or the target's part before the slash" % ctx.attr.public_label)
    linked = cc_common.link(
        actions = ctx.actions,
        name = name + ".linked",
        feature_configuration = feature_configuration,
        cc_toolchain = cc_toolchain,
        linking_contexts = [linking_context],
        user_link_flags = _link_flags(ctx.attr, map_file) + (["@" + exports.path] if exports else []) + ctx.attr.linkopts,
        additional_inputs = [exports] if exports else [],
        additional_outputs = [map_file],
        output_type = "executable",
    )
    return linked.executable, map_file
