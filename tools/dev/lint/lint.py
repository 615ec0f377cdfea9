"""Checks the style of this repository's files.

Every linter is of a pinned version, fetched once into the user's cache. Files that git ignores are
not looked at.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from linters import HERE, LinterError, buildifier, cache_folder, python_linters
from text_rules import problems_of, problems_of_link, problems_of_page

ROOT = HERE.parents[2]

# Tests are checked, but need not say the types of their fixtures.
_TYPES_IN_TESTS = ("--allow-untyped-defs", "--allow-incomplete-defs", "--allow-untyped-calls", "--implicit-reexport")

_CXX = (".c", ".cc", ".cpp", ".h", ".hpp")


class Result(NamedTuple):
    """What a check found."""

    passed: bool
    """Whether all is well."""

    output: str
    """What to tell the user."""


class Files(NamedTuple):
    """The files of the repository, by the kinds that linters know; paths relative to its root."""

    every: list[str]
    """All files."""

    starlark: list[str]
    """BUILD, MODULE and .bzl files."""

    python: list[str]
    """Python files."""

    cxx: list[str]
    """C and C++ files."""

    shell: list[str]
    """Bash scripts."""

    links: list[str]
    """Links, which are in no other list."""


def sort_files(paths: Iterable[str], root: Path) -> Files:
    """Sorts files into the kinds that linters know."""
    links = sorted({path for path in paths if (root / path).is_symlink()})
    every = sorted({path for path in paths if path not in links and (root / path).is_file()})
    names = ("BUILD", "BUILD.bazel", "MODULE.bazel", "REPO.bazel")
    return Files(
        every=every,
        starlark=[path for path in every if Path(path).name in names or path.endswith((".bzl", ".MODULE.bazel"))],
        python=[path for path in every if path.endswith(".py")],
        cxx=[path for path in every if path.endswith(_CXX)],
        shell=[path for path in every if path.endswith(".sh") or _is_bash(root / path)],
        links=links,
    )


def _is_bash(path: Path) -> bool:
    if path.suffix:
        return False
    with path.open("rb") as file:
        return file.readline().strip() in (b"#!/usr/bin/env bash", b"#!/bin/bash")


def repository_files() -> Files:
    """Returns the files that are under version control or could be."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=ROOT, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise LinterError(f"git cannot list the files of {ROOT}; run this in a clone, with git installed") from error
    return sort_files(result.stdout.split("\0"), ROOT)


def _run(command: Sequence[object], paths: Sequence[str], environment: dict[str, str] | None = None) -> Result:
    if not paths:
        return Result(True, "")
    result = subprocess.run(
        [*map(str, command), *paths],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        check=False,
    )
    return Result(result.returncode == 0, result.stdout)


def check_starlark(files: Files, fix: bool) -> Result:
    """Runs buildifier: format and style of Starlark files."""
    mode = ["--mode=fix", "--lint=fix"] if fix else ["--mode=check", "--lint=warn"]
    # Tests load private files on purpose; macros that are not rules need no name.
    return _run([buildifier(), *mode, "--warnings=-bzl-visibility,-unnamed-macro"], files.starlark)


def check_python(files: Files, fix: bool) -> Result:
    """Runs ruff check: style of Python files."""
    options = ["--config", HERE / "ruff.toml", "--cache-dir", cache_folder() / "ruff", "--output-format=concise"]
    return _run([python_linters() / "bin/ruff", "check", "--quiet", *options, *["--fix"][: int(fix)]], files.python)


def check_python_format(files: Files, fix: bool) -> Result:
    """Runs ruff format: format of Python files."""
    options = ["--config", HERE / "ruff.toml", "--cache-dir", cache_folder() / "ruff"]
    command = [python_linters() / "bin/ruff", "format", *options, *["--check"][int(fix) :]]
    return _run([*command, "--quiet"] if fix else command, files.python)


def check_types(files: Files, _fix: bool) -> Result:
    """Runs mypy, folder by folder, because tests of two folders may have the same names."""
    folders: dict[Path, list[str]] = {}
    for path in files.python:
        folders.setdefault(Path(path).parent, []).append(path)
    passed, output = True, ""
    for folder, paths in folders.items():
        # What `import` finds: neighbours, or the package itself; in tests, also the tools that they test and what
        # runs Bazel in them or makes modules for them.
        bases = [folder.parent if (ROOT / folder / "__init__.py").exists() else folder]
        if "tests" in folder.parts:
            bases += [
                Path("tools", "dev", folder.name),
                Path("tools", "dev"),
                Path("tests"),
                Path("tests", "e2e"),
                Path("tests", "tools"),
                Path("tools"),
                Path("tools", "dev", folder.name),
            ]
        options = ["--config-file", HERE / "mypy.ini", "--cache-dir", cache_folder() / "mypy" / str(folder)]
        options += _TYPES_IN_TESTS if "tests" in folder.parts else ()
        command = [python_linters() / "bin/python", "-m", "mypy", "--no-error-summary", *options]
        result = _run(command, paths, {"MYPYPATH": os.pathsep.join(str(ROOT / base) for base in bases)})
        passed, output = passed and result.passed, output + result.output
    return Result(passed, output)


def check_cxx(files: Files, fix: bool) -> Result:
    """Runs clang-format: format of C and C++ files."""
    programs = list(python_linters().glob("lib/python*/site-packages/clang_format/data/bin/clang-format"))
    mode = ["-i"] if fix else ["--dry-run", "--Werror"]
    result = _run([programs[0], f"--style=file:{HERE / 'clang-format'}", *mode], files.cxx)
    # It shows every place; which files is enough, since --fix puts all of them right.
    places = dict.fromkeys(
        re.findall(r"^(.+?):\d+:\d+: error: code should be clang-formatted", result.output, re.MULTILINE)
    )
    return Result(result.passed, "".join(f"{path}: not formatted; --fix does it\n" for path in places) or result.output)


def check_shell(files: Files, _fix: bool) -> Result:
    """Lets bash read shell scripts without running them."""
    results = [_run(["bash", "-n"], [path]) for path in files.shell]
    return Result(all(result.passed for result in results), "".join(result.output for result in results))


def check_text(files: Files, _fix: bool) -> Result:
    """Checks the rules for all text files."""
    found = [f"{path}: {problem}\n" for path in files.every for problem in problems_of(ROOT / path)]
    found += [f"{path}: {problem}\n" for path in files.every for problem in problems_of_page(ROOT / path)]
    found += [f"{path}: {problem}\n" for path in files.links for problem in problems_of_link(ROOT / path)]
    return Result(not found, "".join(found))


CHECKS: Mapping[str, Callable[[Files, bool], Result]] = {
    "text": check_text,
    "shell": check_shell,
    "buildifier": check_starlark,
    "ruff-format": check_python_format,
    "ruff": check_python,
    "mypy": check_types,
    "clang-format": check_cxx,
}
"""The checks, by the names that users know; each takes the files and whether to put them right."""


def run_check(check: Callable[[Files, bool], Result], fix: bool) -> Result:
    """Runs a check, if asked after putting right what its linter can; no linter counts as a failure."""
    try:
        files = repository_files()
        if fix:
            check(files, True)
        return check(files, False)
    except LinterError as error:
        return Result(False, f"{error}\n")


def main(arguments: Sequence[str]) -> int:
    """Runs the checks; returns the exit code, 1 if one failed."""
    parser = argparse.ArgumentParser(prog="tools/dev/lint/run", description=__doc__)
    parser.add_argument("--fix", action="store_true", help="put right what the linters can, then check")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the results to a JSON file, too")
    parser.add_argument("checks", nargs="*", metavar="CHECK", help=f"one of {', '.join(CHECKS)}; default: all")
    options = parser.parse_args(arguments)
    for name in options.checks:
        if name not in CHECKS:
            parser.error(f"there is no check {name}; the checks are {', '.join(CHECKS)}")

    results: dict[str, bool] = {}
    for name in options.checks or CHECKS:
        start = time.monotonic()
        result = run_check(CHECKS[name], options.fix)
        results[name] = result.passed
        verdict = "passed" if result.passed else "FAILED"
        sys.stdout.write("" if result.passed else result.output)
        print(f"lint: {name}: {verdict} ({time.monotonic() - start:.1f} s)", flush=True)
    if options.report:
        options.report.write_text(json.dumps(results, indent=2) + "\n")
    return 0 if all(results.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
