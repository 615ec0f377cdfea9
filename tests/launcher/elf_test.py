"""The reader of ELF files."""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

import pytest
from bootstrap import elf


def make_elf(needed: list[str], interpreter: str = "") -> bytes:
    """Returns a small 64-bit ELF file: one segment with strings and a dynamic section."""
    strings = b"\0" + b"".join(name.encode() + b"\0" for name in needed)
    header, segments, base = 64, 3 if interpreter else 2, 0x400000
    at = header + 56 * segments
    dynamic_at = at + len(strings) + len(interpreter) + 1
    entries = [(5, base + at)]
    position = 1
    for name in needed:
        entries.append((1, position))
        position += len(name) + 1
    entries += [(0, 0), (1, 99)]  # what follows the end does not count
    dynamic = b"".join(struct.pack("<qQ", *entry) for entry in entries)
    size = dynamic_at + len(dynamic)
    data = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    data += struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, header, 0, 0, header, 56, segments, 0, 0, 0)
    data += struct.pack("<IIQQQQQQ", 1, 5, 0, base, base, size, size, 4096)
    data += struct.pack("<IIQQQQQQ", 2, 6, dynamic_at, base, base, len(dynamic), len(dynamic), 8)
    if interpreter:
        place = at + len(strings)
        data += struct.pack("<IIQQQQQQ", 3, 4, place, base, base, len(interpreter) + 1, len(interpreter) + 1, 1)
    return data + strings + interpreter.encode() + b"\0" + dynamic


def test_a_library_and_a_program(tmp_path: Path) -> None:
    library, program = tmp_path / "lib.so", tmp_path / "program"
    library.write_bytes(make_elf(["libc.so.6"]))
    program.write_bytes(make_elf(["liba.so", "libc.so.6"], "/lib/ld.so"))
    assert elf.read(library) == elf.Elf(None, ("libc.so.6",))
    assert elf.read(program) == elf.Elf("/lib/ld.so", ("liba.so", "libc.so.6"))


def test_a_static_program(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_bytes(make_elf([]))
    assert elf.read(program) == elf.Elf(None, ())


@pytest.mark.skipif(sys.platform != "linux", reason="needs an ELF program")
def test_the_python_that_runs_this_test() -> None:
    found = elf.read(Path(os.path.realpath(sys.executable)))
    assert found
    assert found.interpreter and Path(found.interpreter).exists()
    assert any(name.startswith("libc.so") for name in found.needed)


@pytest.mark.parametrize("length", [0, 3, 4, 40, 63, 64, 100, 180, 230])
def test_a_file_that_is_cut_off(tmp_path: Path, length: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(make_elf(["liba.so", "libb.so"], "/lib/ld.so")[:length])
    assert elf.read(path) is None
    assert elf.is_elf(path) == (length >= 4)


def test_other_files(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("#!/bin/sh\n")
    assert elf.read(path) is None
    path.write_bytes(b"\x7fELF\x01\x01" + bytes(100))  # 32 bits
    assert elf.read(path) is None


def test_needed_libraries(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    (tmp_path / "program").write_bytes(make_elf(["liba.so", "libmissing.so"], "/lib/ld.so"))
    (tmp_path / "script").write_text("#!/bin/sh\n")
    (first / "liba.so").write_bytes(make_elf(["libb.so", "libc.so"]))
    (second / "liba.so").write_bytes(make_elf(["libother.so"]))
    (second / "libb.so").write_bytes(make_elf(["liba.so"]))  # a circle
    (second / "libc.so").write_text("no library, but there")
    (second / "libother.so").write_bytes(make_elf([]))
    assert elf.needed_libraries([tmp_path / "program", tmp_path / "script"], [first, second]) == {
        "liba.so": first / "liba.so",
        "libb.so": second / "libb.so",
        "libc.so": second / "libc.so",
    }
