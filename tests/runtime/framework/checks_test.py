"""What a failed check does, in the order of the settings: an exception, the embedder's function, or a message and abort."""

from __future__ import annotations

import os
import signal
import subprocess

import pytest

_FOLDER = "tests/runtime/framework"


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("checks_exceptions", (2, "thrown: a reason\n", "")),
        ("checks_exceptions_and_custom", (2, "thrown: a reason\n", "")),
        ("checks_custom", (3, "custom: a reason\n", "")),
        # exceptions were asked for and the compiler has none
        ("checks_custom_bare", (3, "custom: a reason\n", "")),
        ("checks_bare", (-signal.SIGABRT, "", "a reason\n")),
        ("checks_default", (-signal.SIGABRT, "", "a reason\n")),
        # diagnoses of the compiler as checks, for test suites
        ("checks_compile", (2, "thrown: a reason\n", "")),
        ("checks_compile_bare", (-signal.SIGABRT, "", "a reason\n")),
    ],
)
def test_a_failed_check(program: str, expected: tuple[int, str, str]) -> None:
    result = subprocess.run([os.path.join(_FOLDER, program)], capture_output=True, text=True, check=False, timeout=60)
    assert (result.returncode, result.stdout, result.stderr) == expected
