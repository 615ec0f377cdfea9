"""Runs wabt's tools, as an opinion on modules that does not come from this repository."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

_FACTS = os.environ.get("WABT_TOOLS", "")
there = bool(_FACTS)  # plain pytest has no wabt
_TOOLS: dict[str, str] = json.loads(Path(_FACTS).read_text()) if there else {}


class Line(NamedTuple):
    """An instruction as wasm-objdump shows it."""

    offset: int
    name: str


def run(tool: str, *arguments: str) -> tuple[int, str]:
    """The exit code and the output of one of wabt's tools."""
    done = subprocess.run([_TOOLS[tool], *arguments], capture_output=True, check=False)
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")


def is_valid(folder: Path, data: bytes) -> str:
    """'' if wasm-validate takes the module, with every feature on, else what it says."""
    path = folder / "module.wasm"
    path.write_bytes(data)
    code, output = run("wasm-validate", "--enable-all", str(path))
    return output if code else ""


def disassembly(folder: Path, data: bytes) -> list[Line]:
    """The instructions of the module's functions, in the order of the code."""
    path = folder / "module.wasm"
    path.write_bytes(data)
    code, output = run("wasm-objdump", "-d", str(path))
    assert code == 0, output
    lines = [re.match(r" ([0-9a-f]{6,}): [0-9a-f ]*\| +([a-z0-9_.]+)", line) for line in output.splitlines()]
    return [Line(int(m[1], 16), m[2]) for m in lines if m and m[2] != "local"]
