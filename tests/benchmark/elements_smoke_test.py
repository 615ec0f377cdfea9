"""The benchmark of a library that calls back with strings runs and prints every row; the numbers of a short run mean nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

BINARY = Path("tests/benchmark/elements")

ROWS = ["native_alone", "sandbox_alone", "native", "unverified", "copies", "in_place"]


def test_prints_every_row() -> None:
    run = subprocess.run([BINARY, "--quick"], check=True, stdout=subprocess.PIPE, text=True)
    rows = [line.split() for line in run.stdout.splitlines()]
    assert [row[0] for row in rows] == ROWS
    for _, number, unit, ratio in rows:
        assert float(number) > 0
        assert unit == "ns"
        assert float(ratio) > 0


@pytest.mark.parametrize("row", ROWS)
def test_runs_one_row(row: str) -> None:
    run = subprocess.run([BINARY, row, "2"], check=True, capture_output=True, text=True)
    assert run.stdout == run.stderr == ""


@pytest.mark.parametrize("arguments", [["--slow"], ["in_place", "0"], ["nothing", "2"], ["in_place", "2", "3"]])
def test_refuses_other_arguments(arguments: list[str]) -> None:
    run = subprocess.run([BINARY, *arguments], check=False, capture_output=True, text=True)
    assert run.returncode == 2
    assert run.stderr == "usage: elements [--quick], or elements ROW ROUNDS\n"
