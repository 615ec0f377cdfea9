"""The tutorial runs with an older wheel, too."""

from __future__ import annotations

import os
import subprocess


def run(variable: str) -> str:
    return subprocess.run([os.environ[variable]], check=True, capture_output=True, text=True).stdout


def test_c() -> None:
    assert run("MYAPP") == "Hello from mylib\n3 + 4 = 7\necho: hello sandbox!\ncallback: Hi from the sandbox\n"


def test_cxx() -> None:
    assert run("WORDAPP").startswith("first: 3 words: built-in, alpha, beta\n")
