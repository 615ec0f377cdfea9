"""What each function and each piece of data of an object refers to: the relocations, which the linker goes by, too.

The linker keeps or drops an object's functions and data segments one by one: those are the pieces here. A piece has a
number: a function its index, which is that of an import where it has no code, and a data segment -1 minus its index.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple, Optional

from wasm.model import WasmModule
from wasm.module import parse
from wasm.objects import Entry, linking_parts, symbol_entries
from wasm.reader import Reader, WasmError

_CODE, _DATA = 10, 11  # sections
_INIT_FUNCTIONS = 6  # subsection of the linking section
_DATA_SYMBOL = 1  # kind of a symbol; 0 is a function
_TYPE_INDEX = 6  # the one kind of relocation that names no symbol
# By kind of relocation: whether an addend follows the symbol.
_ADDEND = {kind: kind in (3, 4, 5, 8, 9, 11, 14, 15, 16, 17, 21, 22, 23, 25) for kind in range(27)}


class References(NamedTuple):
    """An object's symbols, and the numbers of those that each piece refers to."""

    symbols: list[Entry]
    pieces: dict[int, set[int]]
    init_functions: list[int]  # symbols: the constructors
    imports: dict[int, tuple[str, str]]  # of functions, by index: module and name


def piece_of(symbol: Entry) -> Optional[int]:
    """The piece that a symbol is in; None for symbols that are undefined, and for those of other kinds."""
    if not symbol.defined or symbol.kind > _DATA_SYMBOL:
        return None
    return -1 - symbol.place if symbol.kind == _DATA_SYMBOL else symbol.place


def read_references(data: bytes) -> References:
    """Reads the object file `data`; a module that is no object has no symbols.

    Raises:
        WasmError: it is damaged, or has relocations of an unknown kind.
    """
    module = parse(data, with_names=False)
    symbols = symbol_entries(module)
    pieces: dict[int, set[int]] = {}
    bodies = [body.record for body in module.bodies]
    for name, identifier, starts in (("reloc.CODE", _CODE, bodies), ("reloc.DATA", _DATA, list(module.segments))):
        for section in module.custom(name)[:1]:
            reader = Reader(data, section.payload, section.end)
            for place, found in _by_place(module, reader, identifier, starts, len(symbols)).items():
                pieces[module.imported_functions + place if identifier == _CODE else -1 - place] = found
    return References(
        symbols,
        pieces,
        [symbol for part in linking_parts(module, _INIT_FUNCTIONS) for symbol in _init_functions(part, len(symbols))],
        {item.number: (item.module, item.name) for item in module.imports if item.kind == "function"},
    )


def _by_place(
    module: WasmModule, reader: Reader, identifier: int, starts: list[int], symbols: int
) -> dict[int, set[int]]:
    """The symbols in the relocations of one section, by the number of the function or segment; those begin at `starts`."""
    section = next((section for section in module.sections if section.id == identifier), None)
    if section is None or module.sections.index(section) != reader.u32():
        raise WasmError("relocations are of a section that is not there", reader.pos)
    found: dict[int, set[int]] = {}
    first = end = 0
    current: set[int] = set()
    for _ in range(reader.count("relocations", 3)):
        start = reader.pos
        kind, offset, symbol = reader.byte(), reader.u32() + section.payload, reader.u32()
        if kind not in _ADDEND:
            raise WasmError(f"there is no kind of relocation {kind}", start)
        if _ADDEND[kind]:
            reader.signed(64)
        if kind == _TYPE_INDEX:
            continue
        if symbol >= symbols:
            raise WasmError(f"there is no symbol {symbol}", start)
        if not first <= offset < end:
            place = bisect_right(starts, offset) - 1
            if place < 0 or offset >= section.end:
                raise WasmError("a relocation is outside of functions and data", start)
            first, end = starts[place], starts[place + 1] if place + 1 < len(starts) else section.end
            current = found.setdefault(place, set())
        current.add(symbol)
    return found


def _init_functions(reader: Reader, symbols: int) -> Iterator[int]:
    for _ in range(reader.count("constructors", 2)):
        reader.u32()  # the priority
        start, symbol = reader.pos, reader.u32()
        if symbol >= symbols:
            raise WasmError(f"there is no symbol {symbol}", start)
        yield symbol
