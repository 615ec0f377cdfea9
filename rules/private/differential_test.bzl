"""rlbox_differential_test: a program behaves the same with and without isolation."""

load("@rules_cc//cc:cc_binary.bzl", "cc_binary")
load("@rules_python//python:py_test.bzl", "py_test")
load(":names.bzl", "check_test_argument", "display_label")
load(":rlbox_cc.bzl", "rlbox_cc_binary")

_MAIN = Label("//tools/testing:differential.py")
_BACKEND = str(Label("//rules/settings:backend"))

def _backend_impl(_settings, attr):
    return {_BACKEND: attr.backend}

_backend = transition(
    implementation = _backend_impl,
    inputs = [],
    outputs = [_BACKEND],
)

def _variant_impl(ctx):
    # A transition makes a list of the attribute.
    program = ctx.attr.program[0] if type(ctx.attr.program) == "list" else ctx.attr.program

    # A name of its own: the variants stand side by side in the test's runfiles.
    link = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = link, target_file = ctx.executable.program, is_executable = True)
    return [DefaultInfo(
        executable = link,
        files = depset([link]),
        runfiles = ctx.runfiles([link, ctx.executable.program]).merge(program[DefaultInfo].default_runfiles),
    )]

_variant = rule(
    implementation = _variant_impl,
    doc = "A program, built with a backend.",
    attrs = {
        "backend": attr.string(
            doc = "The value of //rules/settings:backend.",
            mandatory = True,
        ),
        "program": attr.label(
            cfg = _backend,
            doc = "The program.",
            executable = True,
            mandatory = True,
        ),
    },
    executable = True,
)

def rlbox_differential_test(
        name,
        srcs,
        sandboxes,
        deps = [],
        native_srcs = [],
        native_deps = [],
        expected_stdout = None,
        inputs = [],
        args = [],
        exit_code = 0,
        compare_stderr = False,
        ignore = [],
        copts = [],
        linkopts = [],
        local_defines = [],
        data = [],
        size = "medium",
        **kwargs):
    """Tests that a program does the same with the library in a sandbox and without.

    One program is built several times and run on the same input; what the builds print to stdout, and how they end, must
    agree:

    * `noop`: `srcs` with the library linked as it is, through the RLBox API.
    * `wasm2c`: `srcs`, the very same files, with the library in its sandbox.
    * `native`, with `native_srcs`: a program that calls the library directly, without RLBox. A program on the RLBox API
      cannot be compiled without RLBox, so this one is written apart (or is the same file with
      `#ifdef RLBOX_DIFFERENTIAL_NATIVE` where it differs). It is the reference that the others are compared with.

    A library that depends on the size of `long` or of a pointer, on undefined behaviour or on uninitialised memory shows here.
    The results of the library are equal or the test fails; that an application checks them is another test's business.

    Each build and input is a test case of its own in the test's XML. The test builds every variant itself, whatever
    `//rules/settings:backend` says.

    **EXAMPLE**

    ```starlark
    load("@rules_rlbox//rules:defs.bzl", "rlbox_differential_test")

    rlbox_differential_test(
        name = "parser_differential_test",
        srcs = ["parse_sandboxed.cpp"],     # reads stdin, parses it in the sandbox, prints the result
        inputs = glob(["corpus/**"]),
        native_deps = [":parser"],
        native_srcs = ["parse_native.cpp"],  # the same with the library itself
        sandboxes = [":parser_sandbox"],
    )
    ```

    Args:
        name: the test's name; `<name>.noop`, `<name>.wasm2c` and `<name>.native` are the programs, for debuggers.
        srcs: the program's sources, with a `main` (here or in `deps`), on the RLBox API.
        sandboxes: the sandboxes it uses.
        deps: its other dependencies.
        native_srcs: the sources of the reference program; none: there is no reference program. They are compiled
            with `RLBOX_DIFFERENTIAL_NATIVE=1`.
        native_deps: the reference program's dependencies: the library itself.
        expected_stdout: a file with what every build must print; only without `inputs`, which would all print the same.
        inputs: files; every build runs once for each, which is its stdin. Default: one run with empty stdin.
        args: arguments for every build; `$(rootpath ...)` works for `data`.
        exit_code: the exit code that every build must end with.
        compare_stderr: compare what is printed to stderr, too.
        ignore: regular expressions (Python's, `^` and `$` at each line); what matches is left out of the comparison, e.g.
            `["\\\\([0-9]+ ms[^)]*\\\\)"]` for the times that a test framework prints.
        copts: compiler options for `srcs` and `native_srcs`.
        linkopts: linker options for the programs.
        local_defines: preprocessor definitions for `srcs` and `native_srcs`.
        data: files that the programs read.
        size: the test's size; its timeout is divided among the runs.
        **kwargs: attributes that all tests have: `tags`, `visibility`, `timeout`, ...
    """
    label = display_label(native.package_relative_label(":" + name))
    check_test_argument(label, "name", label)
    for path in inputs + ([expected_stdout] if expected_stdout else []):
        check_test_argument(label, "inputs" if path in inputs else "expected_stdout", str(path))
    if not sandboxes:
        fail("%s: sandboxes is empty. To fix: name the sandbox that the program uses" % label)
    if native_deps and not native_srcs:
        fail("%s: native_deps is for native_srcs, and there are none. To fix: name the reference program's sources, or remove native_deps" % label)
    if expected_stdout and inputs:
        fail("%s: expected_stdout is what every run prints, and each of inputs is a run of its own. To fix: use one of them" % label)
    for pattern in ignore:
        if "'" in pattern or "\n" in pattern:
            fail("%s: ignore: %r has a quote or a line end in it. To fix: write \\x27 for a quote and \\n for a line end" % (label, pattern))
    common = {key: kwargs[key] for key in ["compatible_with", "restricted_to", "target_compatible_with"] if key in kwargs}
    hidden = dict(
        common,
        tags = kwargs.get("tags", []) + ["manual"],
        testonly = True,
        visibility = ["//visibility:private"],
    )
    compiled = dict(hidden, copts = copts, data = data, linkopts = linkopts)
    variants = []
    if native_srcs:
        cc_binary(
            name = name + ".native",
            srcs = native_srcs,
            local_defines = local_defines + ["RLBOX_DIFFERENTIAL_NATIVE=1"],
            deps = native_deps,
            **compiled
        )
        variants.append("native")
    rlbox_cc_binary(
        name = name + ".program",
        srcs = srcs,
        local_defines = local_defines,
        sandboxes = sandboxes,
        deps = deps,
        **compiled
    )
    for backend in ["noop", "wasm2c"]:
        _variant(
            name = "%s.%s" % (name, backend),
            backend = backend,
            program = ":%s.program" % name,
            **hidden
        )
        variants.append(backend)

    files = inputs + ([expected_stdout] if expected_stdout else [])
    py_test(
        name = name,
        size = size,
        srcs = [_MAIN],
        main = _MAIN,
        args = ["--suite='%s'" % label, "--exit-code=%d" % exit_code] +
               ["--variant=%s=$(rootpath :%s.%s)" % (variant, name, variant) for variant in variants] +
               (["--expected=$(rootpath %s)" % expected_stdout] if expected_stdout else []) +
               ["--input=$(rootpath %s)" % path for path in inputs] +
               (["--compare-stderr"] if compare_stderr else []) +
               # In quotes for Bazel's own splitting into words, and with its way to write a dollar sign.
               ["--ignore='%s'" % pattern.replace("$", "$$") for pattern in ignore] +
               ["--"] + args,
        data = data + files + [":%s.%s" % (name, variant) for variant in variants],
        **kwargs
    )
