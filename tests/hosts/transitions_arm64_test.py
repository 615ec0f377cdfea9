"""The program that measures transitions runs for another processor: every row, whatever the numbers."""

from __future__ import annotations

import subprocess


def test_the_benchmark_runs() -> None:
    done = subprocess.run(
        ["tests/hosts/transitions_single_threaded", "--quick"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    for row in ("invoke", "invoke and verify", "sandboxes alive at a time"):
        assert f" {row} " in done.stdout
