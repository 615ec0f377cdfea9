"""A reader of wasm-ld's `--Map` text: which object file each function of a module came from, and how much data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from wasm.model import WasmModule

_INDENT = " " * 8  # of an input below its section; symbols are indented twice as far
_FIRST_COLUMN = 27  # after three numbers of eight digits


class Origin(NamedTuple):
    """Where a function came from: `lib.a(member.o)` or `file.o`, and its name there."""

    path: str
    function: str


def origins(module: WasmModule, text: str) -> dict[int, Origin]:
    """The origin of each function of `module` that the map `text` knows, by function index.

    Functions are matched by their distance from the first one, not by name: several static functions may have one. The
    module may have more functions after those of the map. Lines that are not understood are left out.
    """
    if not module.bodies:
        return {}
    found: dict[int, Origin] = {}
    base = None
    for section, line in _inputs(text):
        offset = _offset(line)
        if section != "CODE" or offset < 0:
            continue
        if base is None:
            base = offset - module.bodies[0].record
        path, separator, function = line[_FIRST_COLUMN:].strip().rpartition(":(")
        place = module.bodies.at(offset - base)
        if separator and function.endswith(")") and place >= 0:
            found[place + module.imported_functions] = Origin(path, function[:-1])
    return found


def data_sizes(text: str) -> dict[str, int]:
    """How many bytes of memory each file's data take, in the order of the map."""
    found: dict[str, int] = {}
    for section, line in _inputs(text):
        path, separator, name = line[_FIRST_COLUMN:].strip().rpartition(":(")
        if section.startswith(".") and separator and name.endswith(")"):
            found[path] = found.get(path, 0) + max(0, _number(line[18:26]))
    return found


def _inputs(text: str) -> Iterator[tuple[str, str]]:
    """The lines of inputs, each with the section that it is in; not those of symbols."""
    section = ""
    for line in text.splitlines():
        what = line[_FIRST_COLUMN:]
        if not what.startswith(" "):
            section = what
        elif what.startswith(_INDENT) and not what.startswith(_INDENT * 2):
            yield section, line


def _offset(line: str) -> int:
    return _number(line[9:17])


def _number(digits: str) -> int:
    try:
        return int(digits, 16)
    except ValueError:
        return -1
