"""Runs every tool that reads modules or objects, in this process, and watches its time, memory and errors."""

from __future__ import annotations

import resource
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Optional

import check_wasm_exports
import gen_module_header
import sandbox_report
import select_exports
import set_wasm_start
from tool_main import ToolError
from wasi_functions import SIGNATURES, WASI

SECONDS = 10.0  # for one tool and one small module, on a busy machine
SECONDS_PER_MB = 30.0
FACTOR = 20  # memory for each byte of a file
CONSTANT = 96 << 20  # and besides

CHECK = ["--memory=imported", "--table=imported", "--runtime-export=malloc", "--runtime-export=free", "--export-all"]
CHECK += [f"--allow-import={WASI}.{name}" for name in SIGNATURES]


class HangError(Exception):
    """A tool took too long."""


def _hang(number: int, frame: Optional[FrameType]) -> None:
    raise HangError


def peak() -> int:
    """The most memory that this process has had so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


class Tools:
    """The tools, on files in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.slowest = 0.0
        self.wasm = folder / "in.wasm"
        signal.signal(signal.SIGALRM, _hang)

    def path(self, name: str) -> str:
        """The path of an output."""
        return str(self.folder / name)

    def call(self, main: Callable[[Sequence[str]], None], arguments: Sequence[str], size: int) -> str:
        """Runs a tool; returns '' or its error, which is one line of text that can be shown.

        Anything else that it raises, and a hang, goes on to the caller.
        """
        before = peak()
        start = time.process_time()
        signal.setitimer(signal.ITIMER_REAL, 30 * (SECONDS + SECONDS_PER_MB * size / 1e6))
        try:
            main(arguments)
        except ToolError as error:
            message = str(error)
            assert message.isprintable() and message.isascii(), f"the message cannot be shown: {message!r}"
            assert len(message) < 2000, f"the message is long: {message}"
            return message
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            seconds = time.process_time() - start
            self.slowest = max(self.slowest, seconds)
            assert seconds < SECONDS + SECONDS_PER_MB * size / 1e6, f"{main.__module__} took {seconds} s"
            assert peak() - before < FACTOR * size + CONSTANT, f"{main.__module__} took {peak() - before} bytes"
        return ""

    def check(self, data: bytes, *arguments: str) -> str:
        """What check_wasm_exports says."""
        self.wasm.write_bytes(data)
        return self.call(
            check_wasm_exports.main,
            ["--wasm", str(self.wasm), "--output", self.path("check.json"), "--target=//x:y", *CHECK, *arguments],
            len(data),
        )

    def set_start(self, data: bytes) -> str:
        """What set_wasm_start says of a module that was checked."""
        arguments = ["--wasm", str(self.wasm), "--check", self.path("check.json"), "--output", self.path("out.wasm")]
        return self.call(set_wasm_start.main, [*arguments, "--max-table=1000"], len(data))

    def report(self, data: bytes) -> str:
        """What sandbox_report says, also of a module that was not checked."""
        self.wasm.write_bytes(data)
        outputs = ["--json", self.path("json"), "--text", self.path("text"), "--surface", self.path("surface")]
        return self.call(
            sandbox_report.main,
            ["--wasm", str(self.wasm), "--target=//x:y", "--module-name=m", *outputs],
            len(data),
        )

    def header(self, data: bytes, api: str) -> str:
        """What gen_module_header says, also of a module that was not checked."""
        self.wasm.write_bytes(data)
        arguments = ["--wasm", str(self.wasm), "--module=m", "--backend=wasm2c", f"--api={api}", "--target=//x:y"]
        return self.call(gen_module_header.main, [*arguments, "--output", self.path("header.h")], len(data))

    def objects(self, module: bytes, data: bytes) -> str:
        """What select_exports says of an object or archive, and then the check, which looks into it for its message."""
        path = self.folder / "lib.a"
        path.write_bytes(data)
        outputs = [
            "--link-output",
            self.path("link"),
            "--check-output",
            self.path("args"),
            "--output",
            self.path("sel"),
        ]
        self.call(
            select_exports.main,
            ["--target=//x:y", "--object", str(path), "--export=wanted", *outputs],
            len(data),
        )
        return self.check(module, "--export=wanted", "--object", str(path))

    def all(self, data: bytes) -> str:
        """Runs every tool on a module; returns what the check says."""
        refused = self.check(data, "--simd")
        if not refused:
            self.set_start(data)
        self.report(data)
        self.header(data, "runtime" if len(data) % 4 else "upstream")
        return refused
