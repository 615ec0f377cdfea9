"""A reader of what a linker takes: WebAssembly object files and `ar` archives of them.

For diagnosis: which object defines, uses or hides a function. Files of other kinds (bitcode, native objects) and
members of archives that are no objects are left out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

from wasm.model import WasmModule
from wasm.module import MAGIC, parse
from wasm.reader import Reader, WasmError, printable

_ARCHIVE = b"!<arch>\n"
_THIN = b"!<thin>\n"
_HEADER = 60
_SYMBOL_TABLE = 8  # subsection of the linking section
_KINDS = ("function", "data", "global", "section", "tag", "table")
_DATA, _SECTION = 1, 3
_SPACES = {0: "function", 2: "global", 4: "tag", 5: "table"}
_MAX_SYMBOLS = 1_000_000
_WEAK, _LOCAL, _HIDDEN, _UNDEFINED, _EXPLICIT_NAME = 1, 2, 4, 0x10, 0x40


class Symbol:
    """An entry of an object's symbol table: there may be very many of them.

    `kind` is "function", "data", "global", "tag" or "table"; a `local` symbol is static, so invisible to other objects.
    """

    __slots__ = ("_bits", "name")

    def __init__(self, name: str, kind: str, flags: int) -> None:
        self.name = name
        self._bits = _KINDS.index(kind) << 5 | flags & (_WEAK | _LOCAL | _HIDDEN | _UNDEFINED)

    @property
    def kind(self) -> str:
        """What the symbol names."""
        return _KINDS[self._bits >> 5]

    @property
    def defined(self) -> bool:
        """Whether it is defined in the object, not only used."""
        return not self._bits & _UNDEFINED

    @property
    def local(self) -> bool:
        """Whether other objects cannot see it."""
        return bool(self._bits & _LOCAL)

    @property
    def weak(self) -> bool:
        """Whether another definition comes first."""
        return bool(self._bits & _WEAK)

    @property
    def hidden(self) -> bool:
        """Whether it is for this program only."""
        return bool(self._bits & _HIDDEN)


class WasmObject(NamedTuple):
    """An object file: where it came from (`lib.a(member.o)` for a member) and its symbols."""

    path: str
    symbols: list[Symbol]

    @property
    def shown_name(self) -> str:
        """The file's or the member's name without folders, for a message."""
        return printable(short_name(self.path))[1:-1]


def short_name(path: str) -> str:
    """`path` without folders; of `lib.a(folder/member.o)`, the member's name."""
    return os.path.basename(path[:-1].partition("(")[2]) if path.endswith(")") else os.path.basename(path)


def read_objects(path: str, data: bytes) -> Iterator[WasmObject]:
    """The objects in the file `path` with the content `data`: itself, the members of an archive, or none."""
    if data.startswith((_ARCHIVE, _THIN)):
        for name, member in archive_members(data):
            if member.startswith(MAGIC):
                yield WasmObject(f"{path}({name})", symbols(member))
    elif data.startswith(MAGIC):
        yield WasmObject(path, symbols(data))


def archive_members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The members of an `ar` archive with GNU's or BSD's long names, without its own tables."""
    if data.startswith(_THIN):
        raise WasmError("a thin archive only names its members; make one that holds them (ar without T)")
    if not data.startswith(_ARCHIVE):
        raise WasmError("not an archive")
    long_names = b""
    pos = len(_ARCHIVE)
    while pos < len(data):
        header = data[pos : pos + _HEADER]
        if len(header) < _HEADER or header[58:] != b"`\n":
            raise WasmError("an archive member's header is damaged", pos)
        size = _decimal(header[48:58], pos)
        start, end = pos + _HEADER, pos + _HEADER + size
        if end > len(data):
            raise WasmError(f"an archive member has {size} bytes but only {len(data) - start} are left", pos)
        raw = header[:16].rstrip(b" ")
        if raw == b"//":
            long_names = data[start:end]
        elif raw not in (b"/", b"/SYM64/"):
            if raw.startswith(b"#1/"):
                length = _decimal(raw[3:], pos)
                if length > size:
                    raise WasmError("an archive member's name is longer than the member", pos)
                name, start = data[start : start + length].rstrip(b"\0"), start + length
            elif raw.startswith(b"/"):
                offset = _decimal(raw[1:], pos)
                if offset >= len(long_names):
                    raise WasmError("an archive member's name is outside of the table of names", pos)
                name = long_names[offset:].partition(b"\n")[0].rstrip(b"/")
            else:
                name = raw.rstrip(b"/")
            if not name.startswith(b"__.SYMDEF"):
                yield name.decode("utf-8", "replace"), data[start:end]
        pos = end + end % 2


def _decimal(field: bytes, pos: int) -> int:
    digits = field.strip(b" ")
    if not digits.isdigit() or len(digits) > 10:
        raise WasmError("an archive member's header is damaged", pos)
    return int(digits)


def symbols(data: bytes) -> list[Symbol]:
    """The symbol table of the object file `data`; empty for a module that is no object."""
    module = parse(data, with_names=False)
    found: list[Symbol] = []
    for section in module.custom("linking")[:1]:
        reader = Reader(data, section.payload, section.end)
        start = reader.pos
        version = reader.u32()
        if version != 2:
            raise WasmError(f"the object's linking section has version {version}, not 2", start)
        while reader.left():
            kind = reader.byte()
            part = reader.part(reader.u32())
            if kind == _SYMBOL_TABLE:
                found += _symbol_table(module, part)
    return found


def _symbol_table(module: WasmModule, reader: Reader) -> Iterator[Symbol]:
    imported = {(item.kind, item.number): item.name for item in module.imports}
    count = reader.count("symbols", 3)
    if count > _MAX_SYMBOLS:
        raise WasmError(f"there are {count} symbols, more than the {_MAX_SYMBOLS} allowed", reader.pos)
    for _ in range(count):
        start = reader.pos
        kind, flags = reader.byte(), reader.u32()
        if kind >= len(_KINDS):
            raise WasmError(f"there is no kind of symbol {kind}", start)
        defined = not flags & _UNDEFINED
        name = ""
        if kind == _SECTION:
            reader.u32()
            continue
        if kind == _DATA:
            name = reader.name()
            if defined:
                for bits in (32, 64, 64):
                    reader.unsigned(bits)
        else:
            index = reader.u32()
            named = defined or flags & _EXPLICIT_NAME
            name = reader.name() if named else imported.get((_SPACES[kind], index), "")
        if name:
            yield Symbol(name, _KINDS[kind], flags)
