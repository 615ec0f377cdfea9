"""No action names a folder of this machine, and the application's options do not reach the sandbox.

That every output is the same bytes in another folder, for another user and on an executor is what //tests/remote shows.
"""

from __future__ import annotations

import hashlib
import os

from nested_bazel import NestedBazel

_OUTPUTS = "deps(//examples:myapp) union deps(//examples:wordapp)"


def test_no_action_has_an_absolute_path(bazel: NestedBazel) -> None:
    result = bazel.run("aquery", _OUTPUTS, "--include_param_files", cwd=bazel.rules)
    assert result.returncode == 0, result.stderr
    text = result.stdout
    assert "Wasm2c" in text and "CppCompile" in text and "WasiSysroot" in text
    # Bazel itself adds an action for an output that nothing asks for, which reports where the target is written down.
    actions = [action for action in text.split("\n\n") if "Mnemonic: Fail\n" not in action]
    for folder in (str(bazel.folder), os.path.realpath(bazel.folder), os.path.expanduser("~")):
        assert [action for action in actions if folder + "/" in action] == [], f"{folder} in an action"


def module_hash(bazel: NestedBazel, *flags: str) -> str:
    built = bazel.run("build", "//examples:mylib_wasm", *flags, cwd=bazel.rules)
    assert built.returncode == 0, built.stderr
    listed = bazel.run("cquery", "--output=files", "//examples:mylib_wasm", *flags, cwd=bazel.rules)
    (path,) = listed.stdout.split()
    assert path.endswith("mylib_wasm.wasm")
    return hashlib.sha256((bazel.rules / path).read_bytes()).hexdigest()


def test_the_module_is_the_same_whatever_the_application_is_built_with(bazel: NestedBazel) -> None:
    flags = [
        "--copt=-DAPPLICATION=1",
        "--cxxopt=-Wextra",
        "--linkopt=-Wl,--as-needed",
        "--features=asan",
        "--collect_code_coverage",
    ]
    plain = module_hash(bazel)
    for mode in ("fastbuild", "opt", "dbg"):
        assert module_hash(bazel, f"--compilation_mode={mode}", *flags) == plain
