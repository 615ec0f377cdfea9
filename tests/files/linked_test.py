"""Files in memory cost programs without files nothing: they are not linked."""

from __future__ import annotations

import os
import subprocess

import pytest

# One function of each object file.
FILES = {"rlbox_wasm2c_make_files", "rlbox_wasm2c_make_tree"}


def defined(program: str) -> set[str]:
    """The functions that a program has."""
    compiler = os.environ["COMPILER"]
    nm = subprocess.run([compiler, "-print-prog-name=nm"], capture_output=True, text=True, check=True).stdout.strip()
    listing = subprocess.run([nm, "-P", program], capture_output=True, text=True, check=True).stdout
    return {line.split()[0] for line in listing.splitlines() if line.split()[1] in "Tt"}


@pytest.mark.parametrize(("variable", "expected"), [("WITH_FILES", FILES), ("WITHOUT_FILES", set())])
def test_files_are_linked_where_they_are_used(variable: str, expected: set[str]) -> None:
    functions = defined(os.environ[variable])
    assert "main" in functions
    assert functions & FILES == expected
