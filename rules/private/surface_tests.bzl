"""Tests of a sandbox's attack surface: sandbox_report_test and wasm_exports_test."""

load("@rules_python//python:py_test.bzl", "py_test")
load(":golden_test.bzl", "golden_test")
load(":names.bzl", "check_test_argument", "display_label")
load(":sandbox_report.bzl", "REPORT_ATTRS", "SandboxReportInfo", "declare_report")

_EXPORTS_MAIN = Label("//tools/testing:exact_exports.py")

_BACKEND = str(Label("//rules/settings:backend"))

# With the noop backend there is no sandbox to report about; the test is about the real one, whatever the build says.
def _isolated_impl(_settings, _attr):
    return {_BACKEND: "wasm2c"}

_isolated = transition(
    implementation = _isolated_impl,
    inputs = [],
    outputs = [_BACKEND],
)

def _report_file_impl(ctx):
    # A transition makes a list of the attribute.
    target = ctx.attr.sandbox[0] if type(ctx.attr.sandbox) == "list" else ctx.attr.sandbox
    if SandboxReportInfo in target:
        report = target[SandboxReportInfo]
    else:
        files = target[DefaultInfo].files.to_list()
        if len(files) != 1 or files[0].extension != "wasm":
            fail("%s: %s: %s has no WebAssembly module. To fix: name a wasm_library, a wasm2c_library or a .wasm file" %
                 (display_label(ctx.label).removesuffix("." + ctx.attr.kind), ctx.attr.attribute, display_label(target.label)))
        report = declare_report(ctx, stem = ctx.label.name, wasm = files[0])
    return [DefaultInfo(files = depset([getattr(report, ctx.attr.kind)]))]

_report_file = rule(
    implementation = _report_file_impl,
    doc = "The file of a report that a test looks at; named `<test>.<kind>`.",
    attrs = REPORT_ATTRS | {
        "attribute": attr.string(
            doc = "The test's attribute that `sandbox` comes from, for messages.",
            mandatory = True,
        ),
        "kind": attr.string(
            doc = "Which file: a field of SandboxReportInfo.",
            mandatory = True,
        ),
        "sandbox": attr.label(
            allow_files = True,
            cfg = _isolated,
            doc = "The sandbox, or the module.",
            mandatory = True,
        ),
    },
)

def _declare_report_file(name, attribute, sandbox, kind):
    """Declares the target with the file; returns its label."""
    target = "%s.%s" % (name, kind)
    _report_file(
        name = target,
        testonly = True,
        attribute = attribute,
        kind = kind,
        sandbox = sandbox,
        tags = ["manual"],
        visibility = ["//visibility:private"],
    )
    return ":" + target

def sandbox_report_test(name, sandbox, golden, **kwargs):
    """Tests that a sandbox's attack surface is the one that a golden file tells.

    The surface is what an attacker can reach and be given: the exports and imports with their signatures, the limits of
    memory, table and stack, and the WebAssembly features. Sizes, hashes and tool versions are left out, so the file
    changes only when the surface does, and the change is part of the same review. The failed test prints the difference
    and the command that accepts it:

    ```sh
    bazel run //mypackage:mylib_surface_test.update
    ```

    The command also makes the file where there is none yet. The whole report, with sizes, hashes and versions, is the
    output group `sandbox_report` of the sandbox: `bazel build --output_groups=sandbox_report //mypackage:mylib_sandbox`.

    **EXAMPLE**

    ```starlark
    load("@rules_rlbox//rules:defs.bzl", "sandbox_report_test")

    sandbox_report_test(
        name = "mylib_surface_test",
        golden = "mylib.surface.txt",
        sandbox = ":mylib_sandbox",
    )
    ```

    Args:
        name: the test's name; the target that updates the golden file is `<name>.update`.
        sandbox: an `rlbox_sandbox`, a `wasm2c_library`, a `wasm_library` or a `.wasm` file. It is looked at with the wasm2c backend, whatever
            `//rules/settings:backend` says.
        golden: the golden file, a source file of this package, by its path in it.
        **kwargs: attributes that all tests have: `tags`, `visibility`, `size`, ...
    """
    what = display_label(native.package_relative_label(sandbox))
    check_test_argument(display_label(native.package_relative_label(":" + name)), "sandbox", what, quoted = True)
    golden_test(
        name = name,
        actual = _declare_report_file(name, "sandbox", sandbox, "surface"),
        golden = golden,
        what = "the attack surface of " + what,
        **kwargs
    )

def wasm_exports_test(name, wasm, exports, imports = [], size = "small", **kwargs):
    """Tests that a module exports and imports exactly what the lists say.

    A build fails anyway if a module has an export or import that its rule does not allow; this test pins what a
    derived or long list comes to, and says what is additional and what is missing, with signatures.

    What every module has for the runtime need not be listed: `malloc`, `free`, `_initialize`, `__wasm_call_ctors`,
    `__wasm_call_dtors`, `__stack_pointer`, and the memory and the table, exported or imported.

    **EXAMPLE**

    ```starlark
    load("@rules_rlbox//rules:defs.bzl", "wasm_exports_test")

    wasm_exports_test(
        name = "mylib_exports_test",
        exports = ["add", "hello"],
        imports = ["fd_write"],
        wasm = ":mylib_wasm",
    )
    ```

    Args:
        name: the test's name.
        wasm: a `wasm_library`, an `rlbox_sandbox`, a `wasm2c_library` or a `.wasm` file.
        exports: what the module exports, by name.
        imports: what it imports: a WASI function by its name, anything else as `module.name`.
        size: the test's size.
        **kwargs: attributes that all tests have: `tags`, `visibility`, ...
    """
    label = display_label(native.package_relative_label(":" + name))
    check_test_argument(label, "name", label)
    for attribute, names in [("exports", exports), ("imports", imports)]:
        for item in names:
            if len([other for other in names if other == item]) > 1:
                fail("%s: %s: %s is listed twice. To fix: remove one of them" % (label, attribute, item))
            if not item:
                fail("%s: %s: \"\" is no name of an export or import. To fix: write a name, or remove the entry" % (label, attribute))
            check_test_argument(label, attribute, item, quoted = True)
    report = _declare_report_file(name, "wasm", wasm, "json")
    py_test(
        name = name,
        size = size,
        srcs = [_EXPORTS_MAIN],
        main = _EXPORTS_MAIN,
        args = [
            "--report=$(rootpath %s)" % report,
            "--test='%s'" % label,
        ] + ["--export='%s'" % item for item in exports] + ["--import='%s'" % item for item in imports],
        data = [report],
        **kwargs
    )
