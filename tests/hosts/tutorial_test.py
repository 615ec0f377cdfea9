"""The tutorial's programs for another processor print what those for this machine print."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest


@pytest.mark.parametrize("variable", ["MYAPP", "WORDAPP"])
def test_the_tutorial_prints_the_same(variable: str) -> None:
    emulated, native = (
        subprocess.run([str(Path(program).absolute())], capture_output=True, text=True, check=False)
        for program in os.environ[variable].split()
    )
    assert native.returncode == 0
    assert native.stdout
    assert (emulated.returncode, emulated.stdout, emulated.stderr) == (0, native.stdout, native.stderr)
