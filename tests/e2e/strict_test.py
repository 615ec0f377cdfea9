"""The minimal workspace with other flags and other versions of modules than this repository uses."""

from __future__ import annotations

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import textwrap
from typing import Optional

import pytest
from nested_bazel import NestedBazel, runfiles_root

# What current rulesets need of other modules, as far as the oldest that are supported do not.
_FURTHER_DEPS = {
    "bazel_skylib": ["package_metadata"],
    "platforms": ["package_metadata"],
    "rules_cc": ["bazel_features", "rules_shell"],
    "rules_python": ["bazel_features", "rules_shell", "toml.bzl"],
}


def documented_flags(home: pathlib.Path) -> list[str]:
    """The flags that docs/compatibility.md says, for checkouts below `home`."""
    page = (runfiles_root() / "docs" / "compatibility.md").read_text()
    (recipe,) = re.findall(r"(    modules=\n(?:    .*\n)*?)    NESTED_BAZEL_FLAGS=\$modules ", page)
    script = textwrap.dedent(recipe) + 'printf "%s" "$modules"\n'
    done = subprocess.run(["sh", "-c", script], env={"HOME": str(home)}, capture_output=True, text=True, check=True)
    return shlex.split(done.stdout)


def checkout(folder: pathlib.Path, used: Optional[pathlib.Path]) -> None:
    """A module in the place of a checkout: what the build uses now, or nothing but its name, with a current one's needs."""
    folder.mkdir(parents=True)
    if used:
        shutil.copytree(used, folder, symlinks=False, dirs_exist_ok=True)
    module = folder / "MODULE.bazel"
    text = module.read_text() if module.exists() else f'module(name = "{folder.name}", version = "99")\n'
    for name in _FURTHER_DEPS.get(folder.name, []):
        if f'bazel_dep(name = "{name}"' not in text:
            text += f'bazel_dep(name = "{name}", version = "1")\n'
    if module.exists():
        module.chmod(0o644)
    module.write_text(text)
    if not used:
        (folder / "BUILD.bazel").touch()


def test_checkouts_of_other_modules(
    bazel: NestedBazel, consumer: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How docs/compatibility.md runs this suite with other versions of the rulesets: the checkouts are what is loaded."""
    said = bazel.run("info", "output_base", cwd=consumer)
    assert bazel.run("build", "--nobuild", "//:app", cwd=consumer).returncode == 0
    flags = documented_flags(tmp_path)
    external = pathlib.Path(said.stdout.strip()) / "external"
    for flag in flags:
        name, _, path = flag.removeprefix("--override_module=").partition("=")
        # One for each spelling of repositories' names.
        used = [external / f"{name}{suffix}" for suffix in ("", "~", "+")]
        checkout(pathlib.Path(path), next((folder for folder in used if folder.is_dir()), None))
    library = tmp_path / "src/rules_cc/cc/cc_library.bzl"
    library.chmod(0o644)
    library.write_text(library.read_text() + 'print("this is the checkout")\n')
    # What the whole suite is run with stays, and comes first.
    monkeypatch.setenv(
        "NESTED_BAZEL_FLAGS", shlex.join([*shlex.split(os.environ.get("NESTED_BAZEL_FLAGS", "")), *flags])
    )
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
