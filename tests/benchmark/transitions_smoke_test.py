"""The benchmark runs in all its builds and prints every row; the times of a short run mean nothing."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

BINARY = Path("tests/benchmark/transitions")

BUILDS = ["-O2", "-O2 single-threaded", "-O0"]

ROWS = [
    "empty loop",
    "native call",
    "invoke",
    "call by name",
    "invoke and verify",
    "native call through a pointer",
    "callback",
    "register and unregister a callback",
    "malloc and free in the sandbox",
    "malloc and free in the application",
    *(
        f"{size}, {what}"
        for size in ("64 B", "4 KiB", "1 MiB")
        for what in ("memcpy", "new[] and memcpy", "copy_and_verify_range")
    ),
    "create and destroy a sandbox",
    "sandboxes alive at a time",
    "resident memory of each",
]


def test_prints_every_row_of_every_build() -> None:
    run = subprocess.run([BINARY, "--quick"], check=True, stdout=subprocess.PIPE, text=True)
    rows = [re.split(r"\s{2,}", line.strip()) for line in run.stdout.splitlines()]
    assert [row[:2] for row in rows] == [[build, what] for build in BUILDS for what in ROWS]
    for row in rows:
        number, _, unit = row[2].partition(" ")
        assert float(number) > 0
        assert unit in ("ns", "us", "KiB", "")
        if unit == "KiB":  # a page is the library's data
            assert 4 <= float(number) <= 6


@pytest.mark.parametrize("arguments", [["--slow"], ["--quick", "--quick"]])
def test_refuses_other_arguments(arguments: list[str]) -> None:
    run = subprocess.run([BINARY, *arguments], check=False, capture_output=True, text=True)
    assert run.returncode == 2
    assert run.stderr == "usage: transitions [--quick]\n"
