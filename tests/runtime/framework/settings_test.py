"""U13: a program whose translation units have different settings does not start."""

import os
import signal
import subprocess

import pytest

_FOLDER = "tests/runtime/framework"


def _run(name: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([os.path.join(_FOLDER, name)], capture_output=True, text=True, check=False, timeout=60)


def test_the_same_settings() -> None:
    result = _run("settings_same")
    assert (result.returncode, result.stdout, result.stderr) == (0, "main runs\n", "")


@pytest.mark.parametrize(
    ("program", "macro"),
    [
        ("settings_threads", "RLBOX_SINGLE_THREADED_INVOCATIONS"),
        ("settings_asserts", "RLBOX_ENABLE_DEBUG_ASSERTIONS"),
        ("settings_helpers", "RLBOX_ENABLE_DEBUG_ASSERTIONS"),
        ("settings_failures", "RLBOX_USE_EXCEPTIONS"),
    ],
)
def test_different_settings(program: str, macro: str) -> None:
    result = _run(program)
    assert (result.returncode, result.stdout) == (-signal.SIGABRT, "")
    ways = [(" none", f" {macro}"), (f" {macro}", " none")]
    sentence = "RLBox: parts of this program were compiled with different settings:{}; and:{}. Define the same RLBOX_ macros for all of them.\n"
    assert result.stderr in [sentence.format(*way) for way in ways]
