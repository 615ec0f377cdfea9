"""A shared library with the noop backend, beside the one with the default backend."""

_BACKEND = "//rules/settings:backend"

def _noop_impl(_settings, _attr):
    return {_BACKEND: "noop"}

_noop = transition(
    implementation = _noop_impl,
    inputs = [],
    outputs = [_BACKEND],
)

def _noop_shared_library_impl(ctx):
    # A copy: in a test's runfiles the library itself has the place of the one with the default backend.
    output = ctx.actions.declare_file(ctx.label.name + ".so")
    ctx.actions.run_shell(
        arguments = [ctx.file.library.path, output.path],
        command = "cp \"$1\" \"$2\"",
        inputs = [ctx.file.library],
        outputs = [output],
        toolchain = None,
    )
    return [DefaultInfo(files = depset([output]), runfiles = ctx.runfiles([output]))]

noop_shared_library = rule(
    implementation = _noop_shared_library_impl,
    doc = "A cc_shared_library, built with the noop backend.",
    attrs = {
        "library": attr.label(
            doc = "The cc_shared_library.",
            allow_single_file = True,
            mandatory = True,
        ),
    },
    cfg = _noop,
)
