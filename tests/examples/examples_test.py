"""The examples print what examples/README.md says, on every backend and with the sanitizers."""

from __future__ import annotations

import os
import pathlib
import pty
import subprocess

import pytest

_MYAPP = """\
Hello from mylib
3 + 4 = 7
echo: hello sandbox!
callback: Hi from the sandbox
"""

_WORDAPP = """\
first: 3 words: built-in, alpha, beta
second: 2 words: built-in, gamma
"""

_CASES = [
    ("myapp_wasm2c", _MYAPP),
    ("myapp_noop", _MYAPP),
    ("myapp_dbg", _MYAPP),
    ("myapp_opt", _MYAPP),
    ("myapp_asan", _MYAPP),
    ("wordapp_wasm2c", _WORDAPP),
    ("wordapp_asan", _WORDAPP),
]


def program(name: str) -> str:
    return str(pathlib.Path(os.environ["APPS"]) / name)


@pytest.mark.parametrize(("name", "expected"), _CASES)
def test_through_a_pipe(name: str, expected: str) -> None:
    done = subprocess.run([program(name)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, expected, "")


def test_noop_has_one_copy_of_the_globals() -> None:
    """The pass-through backend isolates nothing: both 'sandboxes' are the one library."""
    done = subprocess.run([program("wordapp_noop")], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0] == "first: 4 words: built-in, alpha, beta, gamma"


@pytest.mark.parametrize("name", ["myapp_wasm2c", "myapp_noop"])
def test_on_a_terminal(name: str) -> None:
    """The library's own lines appear there too, in order with the application's."""
    parent, child = pty.openpty()
    process = subprocess.Popen([program(name)], stdout=child, stderr=child, stdin=child)
    os.close(child)
    output = b""
    while True:
        try:
            block = os.read(parent, 4096)
        except OSError:  # Linux's way to say that the last writer is gone
            break
        if not block:
            break
        output += block
    os.close(parent)
    assert process.wait() == 0
    assert output.decode().replace("\r\n", "\n") == _MYAPP
