"""What the objects of a library define, and why a function that was asked for is not among it."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence
from typing import Optional

from wasm.objects import Symbol, WasmObject, archive_members, read_objects, short_name
from wasm.reader import WasmError, printable

_BITCODE = (b"BC\xc0\xde", b"\xde\xc0\x17\x0b")
_ARCHIVE = b"!<arch>\n"

# How objects for a processor begin, and what they are called.
_NATIVE = (
    (b"\x7fELF", "an ELF object"),
    (b"\xcf\xfa\xed\xfe", "a Mach-O object"),
    (b"\xca\xfe\xba\xbe", "a Mach-O object"),
    (b"\x64\x86", "a COFF object"),
    (b"\x64\xaa", "a COFF object"),
)


class LibrarySymbols:
    """The symbol tables of objects and archives, given as (path, content). Unreadable ones are left out.

    `objects` are the readable objects. `native` is the name of the first one that is for a processor, and what it is; None
    if all are for WebAssembly. `complete` tells whether there were no others: the symbols of objects for
    link-time optimisation cannot be read.
    """

    def __init__(self, files: Sequence[tuple[str, bytes]]) -> None:
        self.objects: list[WasmObject] = []
        self.complete = True
        self.native: Optional[tuple[str, str]] = None
        for path, data in files:
            self.native = self.native or _native(path, data)
            try:
                self.objects += read_objects(path, data)
                self.complete = self.complete and not _has_bitcode(data)
            except WasmError:
                self.complete = False
        self._by_name: dict[str, list[tuple[WasmObject, Symbol]]] = {}
        for item in self.objects:
            for symbol in item.symbols:
                self._by_name.setdefault(symbol.name, []).append((item, symbol))

    def named(self, name: str) -> list[tuple[WasmObject, Symbol]]:
        """The symbols called `name`."""
        return self._by_name.get(name, [])

    def names(self) -> Collection[str]:
        """The names of all symbols."""
        return self._by_name.keys()

    def defines(self, name: str) -> bool:
        """Whether a function `name` is defined that other objects can use: hidden or not, weak or not."""
        return any(s.kind == "function" and s.defined and not s.local for _, s in self.named(name))

    def functions(self) -> set[str]:
        """The names of those functions."""
        return {name for name in self._by_name if self.defines(name)}

    def obstacle(self, name: str) -> str:
        """Why `name`, which is defined nowhere as a function for others, is not, and how to fix that; '' if nothing shows.

        The sentence begins with the name.
        """
        shown = printable(name)
        for item, symbol in self.named(name):
            if symbol.kind == "data":
                return f"{shown} is a variable in {item.shown_name}, and only functions can be exported. To fix: export a function that returns it"
            if symbol.defined and symbol.local:
                return f"{shown} is static in {item.shown_name}. To fix: remove 'static' there, or {shown} from exports"
        for mangled in self._by_name:
            if mangled.startswith(f"_Z{len(name)}{name}") and any(s.defined for _, s in self.named(mangled)):
                return f'{shown} is a C++ function here ({printable(mangled)[1:-1]}). To fix: declare it extern "C"'
        for item, symbol in self.named(name):
            if not symbol.defined:
                return f"{shown} is declared and used by {item.shown_name} but defined nowhere. To fix: add the library that defines it to deps"
        return ""


def not_defined(name: str, candidates: Collection[str]) -> str:
    """What to say about a `name` of which nothing is known, with the nearest of `candidates`."""
    near = difflib.get_close_matches(name, sorted(candidates), 1, 0.6)
    if near:
        return f"{printable(name)} is not defined by the library; did you mean {printable(near[0])}?"
    return (
        f"{printable(name)} is not defined by the library. To fix: remove it from exports, or add the library that defines it"
        " to deps"
    )


def _has_bitcode(data: bytes) -> bool:
    if data.startswith(_ARCHIVE):
        return any(member.startswith(_BITCODE) for _, member in archive_members(data))
    return data.startswith(_BITCODE)


def _native(path: str, data: bytes) -> Optional[tuple[str, str]]:
    """The first object in a file that is for a processor: its name, and what it is; None if there is none."""
    try:
        members = list(archive_members(data)) if data.startswith(_ARCHIVE) else [("", data)]
    except WasmError:
        return None
    for name, member in members:
        for magic, kind in _NATIVE:
            if member.startswith(magic):
                file = printable(short_name(path))[1:-1]
                return (f"{file}({printable(name)[1:-1]})" if name else file), kind
    return None
