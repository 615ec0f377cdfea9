"""The tutorial's programs print what the tutorial says: for another processor, or with another compiler."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

# As examples/README.md has it.
EXPECTED = {
    "MYAPP": "Hello from mylib\n3 + 4 = 7\necho: hello sandbox!\ncallback: Hi from the sandbox\n",
    "WORDAPP": "first: 3 words: built-in, alpha, beta\nsecond: 2 words: built-in, gamma\n",
}


@pytest.mark.parametrize("variable", EXPECTED)
def test_the_tutorial_prints_the_same(variable: str) -> None:
    program = str(Path(os.environ[variable]).absolute())
    done = subprocess.run([program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, EXPECTED[variable], "")
