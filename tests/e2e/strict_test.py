"""The minimal workspace with other flags and other versions of modules than this repository uses."""

from __future__ import annotations

import pathlib
import shutil

import pytest
from nested_bazel import NestedBazel


def test_checkouts_of_other_modules(
    bazel: NestedBazel, consumer: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How docs/compatibility.md runs this suite with other versions of the rulesets: the checkout is what is loaded."""
    said = bazel.run("info", "output_base", cwd=consumer)
    assert bazel.run("build", "--nobuild", "//:app", cwd=consumer).returncode == 0
    # One for each spelling of repositories' names.
    used = next((pathlib.Path(said.stdout.strip()) / "external").glob("rules_cc?"))
    checkout = tmp_path / "rules_cc"
    shutil.copytree(used, checkout, symlinks=False)
    library = checkout / "cc" / "cc_library.bzl"
    library.chmod(0o644)
    library.write_text(library.read_text() + 'print("this is the checkout")\n')
    monkeypatch.setenv("NESTED_BAZEL_FLAGS", f"--override_module=rules_cc={checkout}")
    result = bazel.run("build", "--nobuild", "//:app", cwd=consumer)
    assert result.returncode == 0, result.stderr
    assert "cc_library.bzl" in result.stderr and ": this is the checkout\n" in result.stderr


def test_strict_flags(bazel: NestedBazel, consumer: pathlib.Path) -> None:
    """What Bazel 8 and 9 do by default: autoloads off, no WORKSPACE, no native repository rules, other repository names."""
    assert "common:strict --incompatible_autoload_externally=\n" in (bazel.rules / ".bazelrc").read_text()
    strict = f"--bazelrc={bazel.rules / '.bazelrc'}"
    result = bazel.run("build", "--nobuild", "//:app", "--config=strict", cwd=consumer, startup=(strict,))
    assert result.returncode == 0, result.stderr
    # With other repository names nothing of what is in the disk cache fits.
    names = "--noincompatible_use_plus_in_repo_names"
    result = bazel.run("run", "//:app", "--config=strict", names, cwd=consumer, startup=(strict,))
    assert result.returncode == 0, result.stderr
    assert result.stdout == "dessert -> tressed\n"
