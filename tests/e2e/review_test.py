"""The tests that rules_rlbox gives to its users, in a workspace of their own: what they say, and how they are put right."""

from __future__ import annotations

import pathlib

import pytest
from nested_bazel import NestedBazel, Result

_LOADS = 'load("@rules_rlbox//rules:defs.bzl", "rlbox_differential_test", "sandbox_report_test", "wasm_exports_test")\n'

# What is wrong by itself, without any target: the text of a package, and what Bazel says about it.
_MISUSE = {
    "absolute_golden": (
        'sandbox_report_test(name = "t", golden = "//:golden.txt", sandbox = "//:reverse_sandbox")',
        '//absolute_golden:t: golden must be the path of a source file of this package, such as "t.golden.txt",'
        ' got "//:golden.txt"',
    ),
    "golden_above": (
        'sandbox_report_test(name = "t", golden = "../golden.txt", sandbox = "//:reverse_sandbox")',
        '//golden_above:t: golden must be the path of a source file of this package, such as "t.golden.txt",'
        ' got "../golden.txt"',
    ),
    "listed_twice": (
        'wasm_exports_test(name = "t", wasm = "//:reverse_wasm", exports = ["f", "g", "f"])',
        "//listed_twice:t: exports: f is listed twice. To fix: remove one of them",
    ),
    "no_name": (
        'wasm_exports_test(name = "t", wasm = "//:reverse_wasm", exports = [], imports = [""])',
        '//no_name:t: imports: "" is no name of an export or import. To fix: write a name, or remove the entry',
    ),
    "no_sandbox": (
        'rlbox_differential_test(name = "t", srcs = ["t.cc"], sandboxes = [])',
        "//no_sandbox:t: sandboxes is empty. To fix: name the sandbox that the program uses",
    ),
    "native_deps_only": (
        'rlbox_differential_test(name = "t", srcs = ["t.cc"], sandboxes = ["//:x"], native_deps = ["//:reverse"])',
        "//native_deps_only:t: native_deps is for native_srcs, and there are none. To fix: name the reference program's sources,"
        " or remove native_deps",
    ),
    "quote_in_a_pattern": (
        'rlbox_differential_test(name = "t", srcs = ["t.cc"], sandboxes = ["//:x"], ignore = ["it\'s"])',
        '//quote_in_a_pattern:t: ignore: "it\'s" has a quote or a line end in it. To fix: write \\x27 for a quote and \\n for a line end',
    ),
    "expected_of_inputs": (
        'rlbox_differential_test(name = "t", srcs = ["t.cc"], sandboxes = ["//:x"], inputs = ["i"],'
        ' expected_stdout = "e")',
        "//expected_of_inputs:t: expected_stdout is what every run prints, and each of inputs is a run of its own. To fix:"
        " use one of them",
    ),
}


@pytest.fixture(scope="module")
def misuse(bazel: NestedBazel, consumer: pathlib.Path) -> Result:
    """One look at all the bad packages."""
    for package, (text, _) in _MISUSE.items():
        folder = consumer / package
        folder.mkdir()
        (folder / "BUILD.bazel").write_text(_LOADS + text + "\n")
    return bazel.run("query", "--keep_going", " + ".join(f"//{package}:all" for package in _MISUSE), cwd=consumer)


@pytest.mark.parametrize("package", _MISUSE)
def test_misuse(misuse: Result, package: str) -> None:
    expected = f"Error in fail: {_MISUSE[package][1]}"
    assert [line for line in misuse.stderr.splitlines() if line == expected], misuse.stderr


def test_a_change_of_the_surface_is_seen_and_accepted(bazel: NestedBazel, consumer: pathlib.Path) -> None:
    folder = consumer / "review"
    folder.mkdir()
    build = folder / "BUILD.bazel"
    text = (
        'load("@rules_cc//cc:cc_library.bzl", "cc_library")\n'
        'load("@rules_rlbox//rules:defs.bzl", "sandbox_report_test", "wasm2c_library", "wasm_exports_test",'
        ' "wasm_library")\n'
        'cc_library(name = "twice", srcs = ["twice.c"], hdrs = ["twice.h"])\n'
        'wasm_library(name = "twice_wasm", exports = [EXPORTS], deps = [":twice"])\n'
        'wasm2c_library(name = "twice_sandbox", module_name = "twice", wasm = ":twice_wasm")\n'
        'sandbox_report_test(name = "surface_test", golden = "golden/twice.txt", sandbox = ":twice_sandbox")\n'
        'wasm_exports_test(name = "exports_test", exports = ["twice"], wasm = ":twice_wasm")\n'
    )
    build.write_text(text.replace("EXPORTS", '"twice"'))
    (folder / "twice.h").write_text("int twice(int x);\n")
    (folder / "twice.c").write_text('#include "twice.h"\nint twice(int x) { return 2 * x; }\n')

    def test(*targets: str) -> Result:
        return bazel.run("test", *targets, "--test_output=errors", cwd=consumer)

    first = test("//review:surface_test")
    assert first.returncode == 3, first.stderr
    assert "There is no golden file review/golden/twice.txt yet." in first.stdout + first.stderr
    update = bazel.run("run", "//review:surface_test.update", cwd=consumer)
    assert update.stdout == "wrote review/golden/twice.txt\n", update.stderr
    golden = (folder / "golden/twice.txt").read_text()
    assert "exports to the application:\n  twice(i32) -> i32\n" in golden
    both = test("//review:surface_test", "//review:exports_test")
    assert both.returncode == 0, both.stdout + both.stderr

    # The inside of a function is nobody's surface; one more exported function is.
    with (folder / "twice.c").open("a") as file:
        file.write("static int calls;\nint again(int x, int y) { return twice(x) + y + ++calls; }\n")
    assert test("//review:surface_test", "//review:exports_test").returncode == 0
    with (folder / "twice.h").open("a") as file:
        file.write("int again(int x, int y);\n")
    build.write_text(text.replace("EXPORTS", '"twice", "again"'))
    result = test("//review:surface_test", "//review:exports_test", "--keep_going")
    assert result.returncode == 3, result.stderr
    output = result.stdout + result.stderr
    assert "the attack surface of //review:twice_sandbox is not what review/golden/twice.txt says" in output
    assert "\n+  again(i32, i32) -> i32\n" in output
    assert "\n  bazel run //review:surface_test.update\n" in output
    assert "\n  additional export: again(i32, i32) -> i32\n" in output
    assert (folder / "golden/twice.txt").read_text() == golden
    assert bazel.run("run", "//review:surface_test.update", cwd=consumer).returncode == 0
    assert "  again(i32, i32) -> i32\n" in (folder / "golden/twice.txt").read_text()
    assert test("//review:surface_test").returncode == 0
