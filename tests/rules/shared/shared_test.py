"""A shared library with sandboxes has all that it needs, and has it once."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

_FOLDER = Path("tests/rules/shared")
_BOTH = _FOLDER / "libboth.so"
_NOOP = _FOLDER / "both_noop.so"
_RUNTIME = _FOLDER / "libruntime.so"

# A function of the runtime that every module calls when it is created.
_OF_THE_RUNTIME = "wasm_rt_allocate_funcref_table"


def symbols(library: Path, *options: str) -> list[str]:
    """The dynamic symbols of a library, without versions."""
    nm = shutil.which("nm")
    assert nm, "nm comes with the C++ compiler"
    text = subprocess.run([nm, "-D", *options, str(library)], capture_output=True, text=True, check=True).stdout
    return [line.split()[-1].partition("@")[0] for line in text.splitlines()]


def opened(*libraries: Path) -> list[ctypes.CDLL]:
    """The libraries, opened as a program opens a plugin: a symbol that is missing is an error at once."""
    return [ctypes.CDLL(str(library.resolve()), mode=os.RTLD_NOW | os.RTLD_LOCAL) for library in libraries]


@pytest.mark.parametrize("library", [_BOTH, _NOOP], ids=str)
def test_it_opens_and_its_sandboxes_work(library: Path) -> None:
    (found,) = opened(library)
    assert (found.ask_one(41), found.ask_two(40)) == (42, 42)


def test_the_runtime_is_in_it_once() -> None:
    assert symbols(_BOTH, "--defined-only").count(_OF_THE_RUNTIME) == 1
    assert [name for name in symbols(_BOTH, "--undefined-only") if name.startswith(("wasm_rt", "w2c", "rlbox"))] == []


def test_two_libraries_share_a_runtime_of_its_own() -> None:
    parts = [_FOLDER / "libonly_one.so", _FOLDER / "libonly_two.so"]
    assert symbols(_RUNTIME, "--defined-only").count(_OF_THE_RUNTIME) == 1
    for part in parts:
        assert _OF_THE_RUNTIME in symbols(part, "--undefined-only")
    one, two = opened(*parts)
    assert (one.ask_one(41), two.ask_two(40)) == (42, 42)


def test_a_trap_in_it_ends_the_program_with_its_name() -> None:
    code = f"import ctypes; ctypes.CDLL({str(_BOTH.resolve())!r}).ask_two(-1)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGABRT, done
    assert "(module two, in a call of two)" in done.stderr
