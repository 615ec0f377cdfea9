"""A library that goes wrong is stopped: the report names the sandbox and the reason, and the host's memory is intact."""

from __future__ import annotations

import signal
import subprocess

import pytest

_PROGRAM = "tests/examples/hostile_app"


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("write_far_away", "out of bounds"),
        ("write_before_a_buffer", "out of bounds"),
        ("recurse", "stack"),
        ("call_a_wrong_function", "function pointer"),
        ("divide", "division by zero"),
        ("give_up", "unreachable"),
        ("leave", "exit"),
    ],
)
def test_is_stopped(case: str, reason: str) -> None:
    done = subprocess.run([_PROGRAM, case], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGABRT
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "hostile" in line
    assert reason in line.replace("-", " ")
    assert "Segmentation" not in done.stderr
