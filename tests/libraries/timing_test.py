"""The comparison of the libraries runs and prints every row; the numbers of a short run mean nothing."""

from __future__ import annotations

import os
import re

import pytest
import timing

ROWS = os.environ["TIMED"].split()


def test_prints_every_row(capsys: pytest.CaptureFixture[str]) -> None:
    assert timing.main(["--quick", *ROWS]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(ROWS) == len(lines) > 1
    for row, line in zip(ROWS, lines):
        assert re.fullmatch(rf"{re.escape(row.split('=')[0])} +[0-9.]+ us +[0-9.]+ us +[0-9.]+", line), line


@pytest.mark.parametrize("text", ["", "name", "name=a:b", "=a:b:c", "name=a::c"])
def test_refuses_other_arguments(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert timing.main([text]) == 2
    assert capsys.readouterr().err == f"timing: {text!r} is not NAME=NATIVE:SANDBOXED:INPUT\n"
