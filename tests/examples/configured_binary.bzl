"""A program, built in another way than the rest of the build."""

_SETTINGS = [
    "//command_line_option:compilation_mode",
    "//command_line_option:copt",
    "//command_line_option:linkopt",
    "//rules/settings:backend",
]

def _transition_impl(settings, attr):
    return {
        "//command_line_option:compilation_mode": attr.compilation_mode or settings["//command_line_option:compilation_mode"],
        "//command_line_option:copt": settings["//command_line_option:copt"] + attr.copts,
        "//command_line_option:linkopt": settings["//command_line_option:linkopt"] + attr.linkopts,
        "//rules/settings:backend": attr.backend,
    }

_configured = transition(
    implementation = _transition_impl,
    inputs = _SETTINGS,
    outputs = _SETTINGS,
)

def _configured_binary_impl(ctx):
    # A transition makes a list of the attribute.
    binary = ctx.attr.binary[0] if type(ctx.attr.binary) == "list" else ctx.attr.binary

    # A file of its own: several configurations of one program stand side by side in a test's runfiles.
    link = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = link, target_file = ctx.executable.binary, is_executable = True)
    return [DefaultInfo(
        executable = link,
        files = depset([link]),
        runfiles = ctx.runfiles(files = [ctx.executable.binary]).merge(binary[DefaultInfo].default_runfiles),
    )]

configured_binary = rule(
    implementation = _configured_binary_impl,
    doc = "Builds an executable with a backend and compiler options.",
    attrs = {
        "backend": attr.string(
            default = "wasm2c",
            doc = "The value of //rules/settings:backend.",
        ),
        "binary": attr.label(
            cfg = _configured,
            doc = "The program.",
            executable = True,
            mandatory = True,
        ),
        "compilation_mode": attr.string(
            doc = "Instead of the build's own.",
        ),
        "copts": attr.string_list(
            doc = "Compiler options for everything native.",
        ),
        "linkopts": attr.string_list(
            doc = "Linker options.",
        ),
    },
    executable = True,
)
