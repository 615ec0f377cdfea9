"""A program, built with a certain wasi-sdk whatever the rest of the build uses."""

_SETTING = "@rules_rlbox//rules/settings:wasi_sdk"

def _sdk_transition_impl(_settings, attr):
    return {_SETTING: attr.wasi_sdk}

_sdk_transition = transition(
    implementation = _sdk_transition_impl,
    inputs = [],
    outputs = [_SETTING],
)

def _with_sdk_impl(ctx):
    link = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = link, target_file = ctx.executable.program, is_executable = True)
    return [DefaultInfo(executable = link, files = depset([link]))]

with_sdk = rule(
    implementation = _with_sdk_impl,
    doc = "A link to a program that is built with a certain wasi-sdk.",
    attrs = {
        "program": attr.label(
            doc = "The program.",
            cfg = "target",
            executable = True,
            mandatory = True,
        ),
        "wasi_sdk": attr.string(
            doc = "The name of a tag rlbox.wasi_sdk, or `default`.",
            mandatory = True,
        ),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
    cfg = _sdk_transition,
    executable = True,
)
