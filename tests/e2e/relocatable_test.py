"""Every output is the same bytes in another folder, and no action names a folder of this machine."""

from __future__ import annotations

import hashlib
import os
import pathlib
import re

from nested_bazel import NestedBazel

_TARGETS = ("//examples:myapp", "//examples:wordapp")
_OUTPUTS = "deps(//examples:myapp) union deps(//examples:wordapp)"


def hashes(bazel: NestedBazel, cwd: pathlib.Path) -> dict[str, str]:
    """SHA-256 of each output below bazel-out that says what the build made."""
    found = {}
    root = (cwd / "bazel-out").resolve()
    wanted = re.compile(r"(\.wasm|\.rlbox\.h|\.wasm(-impl)?\.h|\.wasm_\d+\.c|\.a|\.o|\.check\.json|/myapp|/wordapp)$")
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        if path.is_file() and wanted.search(name):
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def build(bazel: NestedBazel, cwd: pathlib.Path, output: pathlib.Path) -> dict[str, str]:
    # No disk cache: every action runs in both builds, that of the sysroot too.
    result = bazel.run("build", *_TARGETS, "--disk_cache=", cwd=cwd, output_user_root=output)
    assert result.returncode == 0, result.stderr
    return hashes(bazel, cwd)


def test_two_folders_give_the_same_bytes(tmp_path: pathlib.Path) -> None:
    builds: list[dict[str, str]] = []
    for name in ("here", "some/where/else"):
        nested = NestedBazel(tmp_path / name)
        try:
            builds.append(build(nested, nested.rules, tmp_path / f"output-{len(builds)}"))
        finally:
            nested.shutdown()
    first, second = builds
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []
    kinds = {pathlib.Path(name).name for name in first}
    assert {"mylib_wasm.wasm", "mylib.wasm_0.c", "mylib.rlbox.h", "libc.a", "libc++.a", "myapp"} <= kinds


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
