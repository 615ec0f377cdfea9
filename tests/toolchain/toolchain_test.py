"""A plain cc_binary, built for wasm32-wasi and natively from the same targets."""

from __future__ import annotations

import os
import pathlib
import subprocess


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def tool(variable: str) -> str:
    return str(pathlib.Path(os.environ["TEST_SRCDIR"]) / os.environ[variable])


def test_native_program_runs() -> None:
    assert run(os.environ["HELLO"]) == "hello from wasm 1.5\n"


def test_wasm_program_is_valid() -> None:
    run(tool("WASM_VALIDATE"), os.environ["HELLO_WASM"])


def test_wasm_program_is_a_command() -> None:
    exports = run(tool("WASM_OBJDUMP"), "-x", "-j", "Export", os.environ["HELLO_WASM"])
    assert '-> "_start"' in exports
    assert '-> "_initialize"' not in exports


def test_no_path_of_the_build_is_in_it() -> None:
    data = pathlib.Path(os.environ["HELLO_WASM"]).read_bytes()
    assert b"execroot" not in data
    assert b"/sandbox/" not in data
