"""A reader of wasm-ld's `--Map` text: which object file each function of a module came from."""

from __future__ import annotations

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

    Functions are matched by their place in the code section, not by name: several static functions may have one.
    Lines that are not understood are left out.
    """
    code = next((section for section in module.sections if section.id == 10), None)
    if code is None:
        return {}
    found: dict[int, Origin] = {}
    base = None
    for line in text.splitlines():
        what = line[_FIRST_COLUMN:]
        if not what.startswith(" "):
            base = _offset(line) if what == "CODE" else None
        elif base is not None and what.startswith(_INDENT) and not what.startswith(_INDENT * 2):
            path, separator, function = what.strip().rpartition(":(")
            place = module.bodies.at(_offset(line) - base + code.payload)
            if separator and function.endswith(")") and place >= 0:
                found[place + module.imported_functions] = Origin(path, function[:-1])
    return found


def _offset(line: str) -> int:
    try:
        return int(line[9:17], 16)
    except ValueError:
        return -1
