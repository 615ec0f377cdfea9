"""docs/first_library.md, from its own text: the files are written and the commands are run, in the order of the page."""

from __future__ import annotations

import os
import pathlib
import re
import shlex
import subprocess
from typing import NamedTuple

from nested_bazel import NestedBazel, runfiles_root

_BLOCK = re.compile(r"(?P<before>[^\n]*)\n\n```(?P<kind>[^\n]*)\n(?P<text>.*?)```", re.DOTALL)
_LAUNCHER = "../rules_rlbox/tools/bazel "


class Step(NamedTuple):
    """A block: a file to write, commands to run, or what the commands before it print."""

    kind: str
    name: str
    text: str


def steps(page: str) -> list[Step]:
    """The blocks of a page; a file's name stands before its block, with a colon after it."""
    found = []
    for block in _BLOCK.finditer(page):
        name = re.search(r"`(\w+\.\w+)`:$", block["before"])
        found.append(Step(block["kind"], name[1] if name else "", block["text"]))
    return found


def _run(bazel: NestedBazel, folder: pathlib.Path, line: str) -> tuple[int, str, str]:
    """A line of a block: Bazel in the way of the tests, anything else by a shell."""
    if line.startswith(_LAUNCHER):
        command, *arguments = shlex.split(line.removeprefix(_LAUNCHER).replace("$PWD", str(folder)))
        result = bazel.run(command, *arguments, cwd=folder)
        return result.returncode, result.stdout, result.stderr
    done = subprocess.run(["bash", "-euc", line], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_the_page(bazel: NestedBazel) -> None:
    page = steps((runfiles_root() / "docs/first_library.md").read_text(encoding="utf-8"))
    folder = bazel.folder
    printed, stderr = "", ""
    for step in page:
        if step.name:
            assert not (folder / step.name).exists()
            (folder / step.name).write_text(step.text, encoding="utf-8")
        elif step.kind == "text":
            assert printed == step.text, stderr
        elif step.text.startswith("mkdir "):
            made = re.fullmatch(r"mkdir (\w+) && cd \1\n", step.text)
            assert made
            folder = bazel.folder / made[1]
            folder.mkdir()
        else:
            assert step.kind in ("sh", "sh fails")
            printed = ""
            for line in step.text.splitlines():
                code, output, stderr = _run(bazel, folder, line)
                printed += output
                assert (code != 0) == (step.kind == "sh fails"), f"{line}: {stderr}"
    assert len([step for step in page if step.kind == "text"]) == 2
    assert len([step for step in page if step.kind == "sh fails"]) == 1
    report = folder / "bazel-bin/_rlbox/ini_sandbox"
    pages = [
        pathlib.Path(top) / file for top, _, files in os.walk(folder / "bazel-bin", followlinks=False) for file in files
    ]
    found = [path for path in pages if path.name == "ini.report.html"]
    assert len(found) == 1, report
    text = found[0].read_text(encoding="ascii")
    # "This library can call none."
    assert "fd_write" not in text and "proc_exit" not in text
