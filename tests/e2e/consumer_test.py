"""A workspace that depends on rules_rlbox builds and runs a sandbox of its own."""

from __future__ import annotations

import pathlib

import pytest
from nested_bazel import NestedBazel


@pytest.mark.parametrize("backend", ["noop", "wasm2c"])
def test_runs_a_sandbox_of_its_own(bazel: NestedBazel, consumer: pathlib.Path, backend: str) -> None:
    result = bazel.run("run", "//:app", f"--@rules_rlbox//rules/settings:backend={backend}", cwd=consumer)
    assert result.returncode == 0, result.stderr
    assert result.stdout == "dessert -> tressed\n"


def test_changed_library_changes_the_application(bazel: NestedBazel, consumer: pathlib.Path) -> None:
    source = consumer / "reverse.c"
    original = source.read_text()
    try:
        source.write_text(original.replace("char c = text[i];", "char c = text[i] == 'd' ? 'D' : text[i];"))
        result = bazel.run("run", "//:app", cwd=consumer)
        assert result.stdout == "dessert -> tresseD\n", result.stderr
    finally:
        source.write_text(original)
