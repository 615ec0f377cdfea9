"""Runs every tool that reads modules or objects, in this process and without files, and watches what it does."""

from __future__ import annotations

import resource
import signal
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Optional

import pytest
import tool_main
from codegen import gen_module_header
from link import check_module, select_exports
from report import report_page, sandbox_report
from tool_main import ToolError

SECONDS = 10.0  # for one tool and one small module, on a busy machine
SECONDS_PER_MB = 30.0
FACTOR = 20  # memory for each byte of a file
CONSTANT = 96 << 20  # and besides

CHECK = ["--memory=imported", "--table=imported", "--export-all"]
ALLOWED = ("args_get", "fd_seek", "fd_write", "path_open", "proc_exit", "sched_yield")
CHECK += [f"--allow-import={name}" for name in ALLOWED]


def some(data: bytes) -> bool:
    """True for one in so many modules: a page takes as long as two of the other tools."""
    return len(data) % 16 == 0


class HangError(Exception):
    """A tool took too long."""


def _hang(number: int, frame: Optional[FrameType]) -> None:
    raise HangError


def peak() -> int:
    """The most memory that this process has had so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


class Tools:
    """The tools, on `files` instead of the file system's: names and contents."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.files: dict[str, bytes] = {}
        monkeypatch.setattr(tool_main, "read_bytes", lambda path: self.files[path])
        monkeypatch.setattr(tool_main, "write_bytes", self.files.__setitem__)
        signal.signal(signal.SIGALRM, _hang)

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
            assert seconds < SECONDS + SECONDS_PER_MB * size / 1e6, f"{main.__module__} took {seconds} s"
            assert peak() - before < FACTOR * size + CONSTANT, f"{main.__module__} took {peak() - before} bytes"
        return ""

    def check(self, data: bytes, *arguments: str) -> str:
        """What check_module says."""
        self.files.pop("out.wasm", None)
        self.files["in.wasm"] = data
        refused = self.call(
            check_module.main,
            ["--wasm", "in.wasm", "--output", "out.wasm", "--target=//x:y", *CHECK, *arguments],
            len(data),
        )
        assert ("out.wasm" in self.files) != bool(refused), "a module is written if and only if it passes"
        return refused

    def report(self, data: bytes, *, page: bool = True) -> str:
        """What sandbox_report says, also of a module that was not checked; with `page`, the page of what it wrote, too."""
        self.files["in.wasm"] = data
        self.files.pop("json", None)
        outputs = ["--json", "json", "--text", "text", "--surface", "surface"]
        refused = self.call(
            sandbox_report.main,
            ["--wasm", "in.wasm", "--target=//x:y", "--module-name=m", *outputs],
            len(data),
        )
        if page and not refused:
            arguments = ["--report", "json", "--wasm", "in.wasm", "--output", "html"]
            assert self.call(report_page.main, arguments, len(data)) == "", "a module with a report has a page"
        return refused

    def header(self, data: bytes, api: str) -> str:
        """What gen_module_header says, also of a module that was not checked."""
        self.files["in.wasm"] = data
        arguments = ["--wasm", "in.wasm", "--module=m", "--backend=wasm2c", f"--api={api}", "--target=//x:y"]
        return self.call(gen_module_header.main, [*arguments, "--output", "header.h"], len(data))

    def objects(self, module: bytes, data: bytes) -> str:
        """What select_exports says of an object or archive, and then the check, which looks into it for its message."""
        self.files["lib.a"] = data
        outputs = ["--link-output", "link", "--output", "sel"]
        self.call(
            select_exports.main,
            ["--target=//x:y", "--object", "lib.a", "--export=wanted", *outputs],
            len(data),
        )
        return self.check(module, "--export=wanted", "--object", "lib.a")

    def all(self, data: bytes) -> str:
        """Runs every tool on a module; returns what the check says."""
        refused = self.check(data, "--simd", "--max-table=1000")
        self.report(data, page=some(data))
        self.header(data, "bundled" if len(data) % 4 else "upstream")
        return refused
