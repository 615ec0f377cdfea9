"""Reads the few facts of an ELF file that tell which libraries a program needs."""

import dataclasses
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Optional

_PT_LOAD, _PT_DYNAMIC, _PT_INTERP = 1, 2, 3
_DT_NULL, _DT_NEEDED, _DT_STRTAB = 0, 1, 5


@dataclasses.dataclass(frozen=True)
class Elf:
    """A dynamic ELF file."""

    interpreter: Optional[str]
    """The loader, for programs; None for plain libraries."""

    needed: tuple[str, ...]
    """The names of the libraries that it is linked with."""


def is_elf(path: Path) -> bool:
    """Tells whether the file begins as an ELF file does."""
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def read(path: Path) -> Optional[Elf]:
    """Reads a 64-bit little-endian ELF file; None for any other file, broken ones included."""
    data = path.read_bytes()
    if data[:6] != b"\x7fELF\x02\x01":
        return None
    try:
        return _parse(data)
    except (struct.error, ValueError):
        return None


def _parse(data: bytes) -> Elf:
    offset, entry_size, count = struct.unpack_from("<Q14xHH", data, 0x20)
    loads: list[tuple[int, int, int]] = []
    dynamic: list[tuple[int, int]] = []
    interpreter: Optional[str] = None
    for index in range(count):
        kind, _, start, address, _, size = struct.unpack_from("<IIQQQQ", data, offset + index * entry_size)
        if kind == _PT_LOAD:
            loads.append((address, start, size))
        elif kind == _PT_DYNAMIC:
            dynamic = [struct.unpack_from("<qQ", data, at) for at in range(start, start + size, 16)]
        elif kind == _PT_INTERP:
            interpreter = _string(data, start)

    values = list(_until_null(dynamic))
    needed = [value for tag, value in values if tag == _DT_NEEDED]
    if not needed:
        return Elf(interpreter, ())
    strings = _file_offset(loads, next(value for tag, value in values if tag == _DT_STRTAB))
    return Elf(interpreter, tuple(_string(data, strings + name) for name in needed))


def _until_null(dynamic: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for tag, value in dynamic:
        if tag == _DT_NULL:
            return
        yield tag, value


def _file_offset(loads: Iterable[tuple[int, int, int]], address: int) -> int:
    for start, offset, size in loads:
        if start <= address < start + size:
            return offset + address - start
    raise ValueError("an address outside of the file")


def _string(data: bytes, start: int) -> str:
    return data[start : data.index(b"\0", start)].decode()


def needed_libraries(roots: Iterable[Path], folders: Iterable[Path]) -> dict[str, Path]:
    """Finds the libraries that programs need, directly and through other libraries.

    Args:
        roots: the programs and libraries to start from; files that are not ELF are passed over
        folders: where libraries are looked for, in this order

    Returns:
        The files found, by the names under which they are needed. A library that is in none of the
        folders is left out.
    """
    places = list(folders)
    found: dict[str, Path] = {}
    pending = list(roots)
    while pending:
        elf = read(pending.pop())
        for name in elf.needed if elf else ():
            if name in found:
                continue
            file = next((place / name for place in places if (place / name).is_file()), None)
            if file:
                found[name] = file
                pending.append(file)
    return found
