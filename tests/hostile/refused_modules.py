"""Behaviours that end before any of them runs: modules that the check refuses, and the sentence that it gives."""

from __future__ import annotations

import contextlib
import io
import pathlib
import tempfile
from collections.abc import Callable
from typing import NamedTuple

import wasm_builder as wb
from link import check_module
from tool_main import ToolError

WASI = "wasi_snapshot_preview1"
_FOLDER = pathlib.Path("tests/hostile")


class Refused(NamedTuple):
    """A behaviour that needs a module which no build accepts."""

    id: str
    title: str
    sentence: str
    module: Callable[[], bytes]


def _compiled(name: str) -> Callable[[], bytes]:
    """What clang and wasm-ld make of a library in this folder."""
    return (_FOLDER / f"{name}_module.wasm").read_bytes


def _code(code: bytes) -> Callable[[], bytes]:
    """A library with a function of this code, after the type of that function."""

    def make() -> bytes:
        made = wb.library()
        wb.add_allocator(made)
        made.add_function((("i32",), ("i32",)), code + b"\x41\0", name="evil", export="evil")
        return made.build()

    return make


def _imports(module: str, name: str, kind: str, description: bytes | wb.Signature) -> Callable[[], bytes]:
    """A library with one more import."""

    def make() -> bytes:
        made = wb.library()
        made.add_import(module, name, kind, description)
        wb.add_allocator(made)
        return made.build()

    return make


def _with(change: Callable[[wb.ModuleBuilder], object]) -> Callable[[], bytes]:
    """A library that is changed after its functions."""

    def make() -> bytes:
        made = wb.library()
        wb.add_allocator(made)
        change(made)
        return made.build()

    return make


def _element(content: bytes) -> Callable[[], bytes]:
    return _with(lambda made: made.elements.append(content))


EIGHT = ("i64",) * 8

REFUSED = (
    Refused("B1", "copies entries of the table (compiled)", "no sandbox allows", _compiled("outlaw")),
    Refused("B1-r1", "reads an entry of the table", "table.get", _code(b"\x41\0\x25\0\x1a")),
    Refused("B1-r2", "writes an entry of the table", "ref.null", _code(b"\x41\0\xd0\x70\x26\0")),
    Refused("B1-r3", "writes a function of its own into the table", "ref.func", _code(b"\x41\0\xd2\0\x26\0")),
    Refused("B1-r4", "copies entries of the table", "table.copy", _code(b"\x41\0\x41\0\x41\0\xfc\x0e\0\0")),
    Refused("B1-r5", "fills the table", "ref.null", _code(b"\x41\0\xd0\x70\x41\0\xfc\x11\0")),
    Refused("B1-r6", "initialises the table again", "table.init", _code(b"\x41\0\x41\0\x41\0\xfc\x0c\0\0")),
    Refused("B2", "imports WASI functions with eight results (compiled)", "sched_yield", _compiled("thief")),
    Refused(
        "B2-r1",
        "imports sched_yield with eight results",
        "sched_yield",
        _imports(WASI, "sched_yield", "function", ((), EIGHT)),
    ),
    Refused(
        "B2-r2",
        "imports fd_write with a parameter less",
        "fd_write",
        _imports(WASI, "fd_write", "function", (("i32",) * 3, ("i32",))),
    ),
    Refused(
        "B2-r3",
        "imports proc_exit with a result",
        "proc_exit",
        _imports(WASI, "proc_exit", "function", (("i32",), ("i32",))),
    ),
    Refused("B2-r4", "imports a function of env", "evil", _imports("env", "evil", "function", ((), ()))),
    Refused("B2-r5", "imports a function of another module", "evil", _imports("rlbox", "evil", "function", ((), ()))),
    Refused("B2-r6", "imports a global", "evil", _imports("env", "evil", "global", b"\x7f\0")),
    Refused("B3-r", "makes an indirect tail call", "return_call_indirect", _code(b"\x41\0\x13\0\0")),
    Refused("B5", "makes a direct tail call", "return_call", _code(b"\x41\0\x12\2")),
    Refused("B6-r", "grows the table", "ref.null", _code(b"\xd0\x70\x41\1\xfc\x0f\0\x1a")),
    Refused(
        "S3-r", "adds a constant offset of 4 GiB - 1", "far-offsets", _code(b"\x41\0\x2d\0\xff\xff\xff\xff\x0f\x1a")
    ),
    Refused("S14-a", "uses atomic instructions", "atomic", _code(b"\xfe\3\0")),
    Refused("S14-b", "catches everything", "catch_all", _code(b"\x06\x40\x19\x0b")),
    Refused("S14-k", "throws on what it caught", "rethrow", _code(b"\x06\x40\x07\0\x1a\x09\0\x0b")),
    Refused(
        "S14-l", "catches twice in a try block", "a second catch", _code(b"\x06\x40" + b"\x07\0\x1a" * 2 + b"\x0b")
    ),
    Refused("S14-q", "catches everything after a catch", "a second catch", _code(b"\x06\x40\x07\0\x1a\x19\x0b")),
    Refused("S14-m", "catches a reference to an exception", "try_table", _code(b"\x1f\x40\0\x0b")),
    Refused(
        "S14-n", "has exceptions of another size", "tag-types", _with(lambda made: made.add_tag((("i32",) * 2, ())))
    ),
    Refused("S14-o", "has exceptions of 64 values", "tag-types", _with(lambda made: made.add_tag((("i64",) * 64, ())))),
    Refused("S14-p", "imports a tag", "evil", _imports("env", "evil", "tag", b"\0\0")),
    Refused("S14-c", "uses vector instructions without asking", "simd", _code(b"\xfd\x0c" + bytes(16) + b"\x1a")),
    Refused("S14-d", "has a second memory", "memor", _with(lambda made: made.add_memory(1))),
    Refused("S14-e", "has a second table", "table", _with(lambda made: made.add_table(1))),
    Refused("S14-f", "has an instruction that nobody knows", "is not known", _code(b"\xff\xff\xff")),
    Refused("S14-g", "has a passive element segment", "passive-segments", _element(b"\x01\0\x01\0")),
    Refused("S14-h", "has a declarative element segment", "passive-segments", _element(b"\x03\0\x01\0")),
    Refused(
        "S14-i", "has an element segment for another table", "reference-types", _element(b"\x02\1\x41\1\x0b\0\x01\0")
    ),
    Refused("S14-j", "has a table of ten million entries and one", "entries at first", lambda: _large_table()),
)


def _large_table() -> bytes:
    made = wb.ModuleBuilder()
    made.add_import("env", "memory", "memory", wb.limits(2))
    made.add_import("env", "__indirect_function_table", "table", b"\x70" + wb.limits(10_000_001))
    wb.add_allocator(made)
    return made.build()


def refusal(module: bytes) -> str:
    """What the check says about a module; '' if it accepts it."""
    with tempfile.TemporaryDirectory() as folder:
        wasm = pathlib.Path(folder) / "evil.wasm"
        wasm.write_bytes(module)
        output = pathlib.Path(folder) / "checked.wasm"
        arguments = ["--wasm", str(wasm), "--output", str(output), "--target", "//hostile:evil"]
        arguments += ["--memory", "imported", "--table", "imported", "--export-all"]
        for name in ("args_sizes_get", "fd_write", "proc_exit", "sched_yield"):
            arguments += ["--allow-import", name]
        try:
            with contextlib.redirect_stderr(io.StringIO()):
                check_module.main(arguments)
        except ToolError as error:
            assert not output.exists()
            return str(error)
        return ""
