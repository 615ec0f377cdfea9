"""Gives a test the headers of C++ libraries and the flags to compile with them."""

load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")

def _runfiles_path(ctx, path):
    """The path of a folder in a test's runfiles, whose working directory is that of the main repository."""
    path = path.removeprefix(ctx.bin_dir.path).removeprefix("/")
    return "../" + path.removeprefix("external/") if path.startswith("external/") else path or "."

def _cc_headers_impl(ctx):
    context = cc_common.merge_compilation_contexts(
        compilation_contexts = [dep[CcInfo].compilation_context for dep in ctx.attr.deps],
    )
    folders = depset(transitive = [context.includes, context.quote_includes, context.system_includes]).to_list()
    lines = ["-D" + define for define in context.defines.to_list()]
    for folder in folders:
        line = "-I" + _runfiles_path(ctx, folder)
        if line not in lines:
            lines.append(line)
    flags = ctx.actions.declare_file(ctx.label.name + ".flags")
    ctx.actions.write(flags, "\n".join(lines) + "\n")
    return [DefaultInfo(
        files = depset([flags]),
        runfiles = ctx.runfiles(files = [flags], transitive_files = context.headers),
    )]

cc_headers = rule(
    implementation = _cc_headers_impl,
    doc = "The headers of libraries as runfiles, and a file with a compiler's flags for them, one a line.",
    attrs = {
        "deps": attr.label_list(
            doc = "C++ libraries.",
            mandatory = True,
            providers = [CcInfo],
        ),
    },
)
