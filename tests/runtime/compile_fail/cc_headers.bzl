"""Gives a test the headers of C++ libraries, the flags to compile with them, and the libraries to link with."""

load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")

def _runfiles_path(ctx, path):
    """The path of a folder in a test's runfiles, whose working directory is that of the main repository."""
    path = path.removeprefix(ctx.bin_dir.path).removeprefix("/")
    return "../" + path.removeprefix("external/") if path.startswith("external/") else path or "."

def _archives(linking_context):
    """The static libraries of a linking context, in the linker's order."""
    return [
        library.pic_static_library or library.static_library
        for linker_input in linking_context.linker_inputs.to_list()
        for library in linker_input.libraries
        if library.pic_static_library or library.static_library
    ]

def _cc_headers_impl(ctx):
    info = cc_common.merge_cc_infos(cc_infos = [dep[CcInfo] for dep in ctx.attr.deps])
    context = info.compilation_context
    folders = depset(transitive = [context.includes, context.quote_includes, context.system_includes]).to_list()
    lines = ["-D" + define for define in context.defines.to_list()]
    for folder in folders:
        line = "-I" + _runfiles_path(ctx, folder)
        if line not in lines:
            lines.append(line)
    flags = ctx.actions.declare_file(ctx.label.name + ".flags")
    ctx.actions.write(flags, "\n".join(lines) + "\n")
    archives = _archives(info.linking_context)
    return [
        DefaultInfo(
            files = depset([flags]),
            runfiles = ctx.runfiles(files = [flags], transitive_files = context.headers),
        ),
        OutputGroupInfo(archives = depset(archives)),
    ]

cc_headers = rule(
    implementation = _cc_headers_impl,
    doc = """The headers of libraries as runfiles, and a file with a compiler's flags for them, one a line.

The output group `archives` has the libraries themselves.""",
    attrs = {
        "deps": attr.label_list(
            doc = "C++ libraries.",
            mandatory = True,
            providers = [CcInfo],
        ),
    },
)
