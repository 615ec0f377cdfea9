"""What the command-line tools share: one-line errors, whole files or none, arguments from a file."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from wasm.module import WasmError, WasmModule, parse


class ToolError(Exception):
    """What is wrong and how to fix it, in one line that begins with the target or the file at fault."""


def run(main: Callable[[Sequence[str]], None]) -> NoReturn:
    """Calls `main` with the command line's arguments and ends the process: 0, or 1 and one line on stderr."""
    try:
        main(sys.argv[1:])
    except ToolError as error:
        line = " ".join(str(error).splitlines())
        # Names of files and members of archives can have what changes a terminal or the direction of text.
        print("".join(c if c.isprintable() else ascii(c)[1:-1] for c in line), file=sys.stderr)
        sys.exit(1)
    sys.exit(0)


def argument_parser(description: str) -> argparse.ArgumentParser:
    """A parser that also takes arguments from a file: `@FILE`, one on each line."""
    return argparse.ArgumentParser(description=description, fromfile_prefix_chars="@", allow_abbrev=False)


def read_bytes(path: str) -> bytes:
    """The content of the file `path`."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise ToolError(f"{path}: cannot be read: {error.strerror}") from None


def read_module(path: str, *, blame: str = "", with_names: bool = True) -> WasmModule:
    """The WebAssembly module in the file `path`; an error begins with `blame` (default: the path)."""
    data = read_bytes(path)
    try:
        return parse(data, with_names=with_names)
    except WasmError as error:
        prefix = f"{blame}: {os.path.basename(path)} is" if blame else f"{path}:"
        if not data.startswith(b"\0asm\1"):
            raise ToolError(f"{prefix} {error}. To fix: name a file that was linked for wasm32") from None
        raise ToolError(
            f"{prefix} not a valid WebAssembly module: {error}. To fix: link it again, for wasm32"
        ) from None


def write_bytes(path: str, data: bytes) -> None:
    """Writes the file `path`: wholly, or not at all."""
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        try:
            with open(temporary, "wb") as file:
                file.write(data)
            os.replace(temporary, path)
        except BaseException:
            if os.path.exists(temporary):
                os.unlink(temporary)
            raise
    except OSError as error:
        raise ToolError(f"{path}: cannot be written: {error.strerror}") from None
