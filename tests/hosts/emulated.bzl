"""Programs and tests that are built for arm64 and run by qemu on the machine that builds."""

_PLATFORMS = "//command_line_option:platforms"
_SETTINGS = [
    "//command_line_option:compilation_mode",
    "//command_line_option:copt",
]

# Nothing else changes: modules, tools and what these need are those of every other test.
def _transition_impl(settings, attr):
    return {
        "//command_line_option:compilation_mode": attr.compilation_mode or settings["//command_line_option:compilation_mode"],
        "//command_line_option:copt": settings["//command_line_option:copt"] + attr.copts,
        _PLATFORMS: [str(Label("//tests/hosts:linux_arm64"))],
    }

_for_arm64 = transition(
    implementation = _transition_impl,
    inputs = _SETTINGS,
    outputs = _SETTINGS + [_PLATFORMS],
)

_SCRIPT = """\
#!/bin/sh
runfiles=${{RUNFILES_DIR:-${{TEST_SRCDIR:?this script is for tests}}}}
exec "$runfiles/{qemu}" -L "$runfiles/{root}" "$runfiles/{program}" "$@"
"""

def _in_runfiles(ctx, file):
    return file.short_path[3:] if file.short_path.startswith("../") else ctx.workspace_name + "/" + file.short_path

def _emulated_impl(ctx):
    # A transition makes a list of the attribute.
    program = ctx.attr.program[0] if type(ctx.attr.program) == "list" else ctx.attr.program
    loader = [file for file in ctx.files._libraries if file.basename.startswith("ld-linux-")][0]

    # A name of its own: the program for this machine may be in the same test.
    link = ctx.actions.declare_file(ctx.label.name + ".arm64")
    ctx.actions.symlink(output = link, target_file = ctx.executable.program, is_executable = True)
    script = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(script, _SCRIPT.format(
        program = _in_runfiles(ctx, link),
        qemu = _in_runfiles(ctx, ctx.file._qemu),
        root = _in_runfiles(ctx, loader).removesuffix("/lib/" + loader.basename),
    ), is_executable = True)
    files = [link, ctx.executable.program, ctx.file._qemu] + ctx.files._libraries
    return [
        DefaultInfo(
            executable = script,
            files = depset([script]),
            runfiles = ctx.runfiles(files = files).merge(program[DefaultInfo].default_runfiles),
        ),
    ] + ([testing.TestEnvironment(ctx.attr.env)] if hasattr(ctx.attr, "env") else [])

_ATTRS = {
    "compilation_mode": attr.string(
        doc = "Instead of the build's own.",
    ),
    "copts": attr.string_list(
        doc = "Compiler options for everything native.",
    ),
    "program": attr.label(
        cfg = _for_arm64,
        doc = "The program.",
        executable = True,
        mandatory = True,
    ),
    "_libraries": attr.label(
        default = "@rlbox_dev_arm64//:libraries",
    ),
    "_qemu": attr.label(
        allow_single_file = True,
        default = "@rlbox_dev_arm64//:qemu",
    ),
}

emulated_program = rule(
    implementation = _emulated_impl,
    doc = "A program for arm64 that a test may run.",
    attrs = _ATTRS,
    executable = True,
)

emulated_test = rule(
    implementation = _emulated_impl,
    doc = "A C++ test, built for arm64.",
    attrs = dict(
        _ATTRS,
        env = attr.string_dict(
            doc = "The test's environment.",
        ),
    ),
    test = True,
)
