"""A test again, with everything native instrumented: the test, the runtime and the code that wasm2c generates."""

_SETTINGS = [
    "//command_line_option:copt",
    "//command_line_option:linkopt",
]

_FEATURES = "//command_line_option:features"

def _transition_impl(settings, attr):
    changed = {setting: settings[setting] + attr.flags for setting in _SETTINGS}
    return changed | {_FEATURES: settings[_FEATURES] + attr.test_features}

_sanitized = transition(
    implementation = _transition_impl,
    inputs = _SETTINGS + [_FEATURES],
    outputs = _SETTINGS + [_FEATURES],
)

def _sanitized_test_impl(ctx):
    link = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = link, target_file = ctx.executable.test, is_executable = True)
    return [
        DefaultInfo(
            executable = link,
            files = depset([link]),
            runfiles = ctx.runfiles(files = [ctx.executable.test]),
        ),
        testing.TestEnvironment(ctx.attr.env),
    ]

sanitized_test = rule(
    implementation = _sanitized_test_impl,
    doc = "Runs a C++ test that is built with further flags for the host's compiler and linker.",
    attrs = {
        "env": attr.string_dict(
            doc = "The test's environment.",
        ),
        "flags": attr.string_list(
            doc = "Flags for the compiler and the linker.",
            mandatory = True,
        ),
        "test_features": attr.string_list(
            doc = "Features of the toolchain, as --features has them.",
        ),
        "test": attr.label(
            cfg = _sanitized,
            doc = "The test.",
            executable = True,
            mandatory = True,
        ),
    },
    test = True,
)
