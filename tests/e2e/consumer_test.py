"""A workspace that depends on rules_rlbox builds and runs a sandbox of its own."""

from __future__ import annotations

import pathlib

import pytest
from nested_bazel import NestedBazel


@pytest.fixture(scope="module")
def workspace(bazel: NestedBazel) -> pathlib.Path:
    return bazel.add("consumer")


@pytest.mark.parametrize("backend", ["wasm2c", "noop"])
def test_runs_a_sandbox_of_its_own(bazel: NestedBazel, workspace: pathlib.Path, backend: str) -> None:
    result = bazel.run("run", "//:app", f"--@rules_rlbox//rules/settings:backend={backend}", cwd=workspace)
    assert result.returncode == 0, result.stderr
    assert result.stdout == "dessert -> tressed\n"


def test_changed_library_changes_the_application(bazel: NestedBazel, workspace: pathlib.Path) -> None:
    source = workspace / "reverse.c"
    original = source.read_text()
    try:
        source.write_text(original.replace("char c = text[i];", "char c = text[i] == 'd' ? 'D' : text[i];"))
        result = bazel.run("run", "//:app", cwd=workspace)
        assert result.stdout == "dessert -> tresseD\n", result.stderr
    finally:
        source.write_text(original)
