"""A program with a sandbox resolves its symbols when it starts, and nothing can write to the table of them afterwards."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest

DT_NULL, DT_BIND_NOW, DT_FLAGS, DT_FLAGS_1 = 0, 24, 30, 0x6FFFFFFB
DF_BIND_NOW, DF_1_NOW = 8, 1
PT_DYNAMIC, PT_GNU_RELRO = 2, 0x6474E552


def segments(data: bytes) -> dict[int, tuple[int, int]]:
    """Type -> (offset, size) of each kind of segment of a 64-bit little-endian ELF file."""
    assert data[:6] == b"\x7fELF\2\1"
    (at,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    found = {}
    for i in range(count):
        kind, _, offset, _, _, length = struct.unpack_from("<IIQQQQ", data, at + i * size)
        found[kind] = (offset, length)
    return found


def flags(data: bytes) -> dict[int, int]:
    """The entries of the dynamic section, by their tags."""
    offset, size = segments(data)[PT_DYNAMIC]
    entries = {}
    for tag, value in struct.iter_unpack("<qQ", data[offset : offset + size]):
        if tag == DT_NULL:
            break
        entries[tag] = value
    return entries


@pytest.mark.parametrize("program", os.environ["PROGRAMS"].split())
def test_symbols_are_bound_at_the_start(program: str) -> None:
    data = Path(program).read_bytes()
    found = flags(data)
    bound = DT_BIND_NOW in found or found.get(DT_FLAGS, 0) & DF_BIND_NOW or found.get(DT_FLAGS_1, 0) & DF_1_NOW
    assert bound, f"{program}: symbols are resolved at the first call, on whatever stack runs"
    assert PT_GNU_RELRO in segments(data)
