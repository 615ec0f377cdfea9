"""A reader of what a linker takes: WebAssembly object files and `ar` archives of them.

It tells which object defines, uses or hides a function; relocations.py tells what each function refers to. Files of
other kinds (bitcode, native objects) and members of archives that are no objects are left out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import NamedTuple, Optional

from wasm.model import FuncType, WasmModule
from wasm.module import MAGIC, parse
from wasm.reader import Reader, WasmError, printable

_ARCHIVE = b"!<arch>\n"
_THIN = b"!<thin>\n"
_HEADER = 60
_SYMBOL_TABLE = 8  # subsection of the linking section
_KINDS = ("function", "data", "global", "section", "tag", "table")
_FUNCTION, _DATA, _SECTION = 0, 1, 3
_SPACES = {0: "function", 2: "global", 4: "tag", 5: "table"}
_MAX_SYMBOLS = 1_000_000
_WEAK, _LOCAL, _HIDDEN, _UNDEFINED, _EXPORTED, _EXPLICIT_NAME, _NO_STRIP = 1, 2, 4, 0x10, 0x20, 0x40, 0x80


class Symbol:
    """An entry of an object's symbol table: there may be very many of them.

    `kind` is "function", "data", "global", "tag" or "table"; a `local` symbol is static, so invisible to other objects.
    `type` is that of a function as this object defines or calls it; None for other kinds.
    """

    __slots__ = ("_bits", "name", "type")

    def __init__(self, name: str, kind: str, flags: int, signature: Optional[FuncType] = None) -> None:
        self.name = name
        self.type = signature
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


def archive_index(data: bytes) -> dict[str, int]:
    """Where in the archive `data` the header of the first member is that defines a symbol, by the archive's own table.

    Without a table in GNU's form, or with an empty one, the members are read.
    """
    index: dict[str, int] = {}
    if data[len(_ARCHIVE) :].startswith(b"/ "):
        _, start, end = _member(data, len(_ARCHIVE))
        reader = Reader(data, start, end)
        count = int.from_bytes(reader.take(4), "big")
        if count > reader.left() // 4:
            raise WasmError(f"an archive's table has {reader.left()} bytes for {count} symbols", start)
        offsets = [int.from_bytes(reader.take(4), "big") for _ in range(count)]
        names = reader.take(reader.left()).split(b"\0")
        for name, offset in zip(names, offsets):
            index.setdefault(name.decode("utf-8", "replace"), offset)
    if index:
        return index
    for offset, _, member in _located_members(data):
        if member.startswith(MAGIC):
            for symbol in symbols(member):
                if symbol.defined and not symbol.local:
                    index.setdefault(symbol.name, offset)
    return index


def member_at(data: bytes, offset: int) -> bytes:
    """The content of the archive's member whose header is at `offset`, whatever its name."""
    raw, start, end = _member(data, offset)
    if raw.startswith(b"#1/"):
        start += _decimal(raw[3:], offset)
    return data[start:end]


def archive_members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The members of an `ar` archive with GNU's or BSD's long names, without its own tables."""
    for _, name, member in _located_members(data):
        yield name, member


def _located_members(data: bytes) -> Iterator[tuple[int, str, bytes]]:
    """The same, with where each member's header is."""
    if data.startswith(_THIN):
        raise WasmError("a thin archive only names its members; make one that holds them (ar without T)")
    if not data.startswith(_ARCHIVE):
        raise WasmError("not an archive")
    long_names = b""
    pos = len(_ARCHIVE)
    while pos < len(data):
        raw, start, end = _member(data, pos)
        size, following = end - start, end + end % 2
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
                yield pos, name.decode("utf-8", "replace"), data[start:end]
        pos = following


def _member(data: bytes, pos: int) -> tuple[bytes, int, int]:
    """The name of the member whose header is at `pos`, as it is written, and where its content begins and ends."""
    header = data[pos : pos + _HEADER]
    if len(header) < _HEADER or header[58:] != b"`\n":
        raise WasmError("an archive member's header is damaged", pos)
    size = _decimal(header[48:58], pos)
    start, end = pos + _HEADER, pos + _HEADER + size
    if end > len(data):
        raise WasmError(f"an archive member has {size} bytes but only {len(data) - start} are left", pos)
    return header[:16].rstrip(b" "), start, end


def _decimal(field: bytes, pos: int) -> int:
    digits = field.strip(b" ")
    if not digits.isdigit() or len(digits) > 10:
        raise WasmError("an archive member's header is damaged", pos)
    return int(digits)


def symbols(data: bytes) -> list[Symbol]:
    """The symbol table of the object file `data`; empty for a module that is no object."""
    module = parse(data, with_names=False)
    return [
        Symbol(entry.name, _KINDS[entry.kind], entry.flags, _type(module, entry))
        for entry in symbol_entries(module)
        if entry.name
    ]


def _type(module: WasmModule, entry: Entry) -> Optional[FuncType]:
    """The type of a function; None for another symbol, and for one that is out of range."""
    if entry.kind != _FUNCTION or not 0 <= entry.place < len(module.functions):
        return None
    return module.types[module.functions[entry.place]] if module.functions[entry.place] < len(module.types) else None


class Entry(NamedTuple):
    """An entry of a symbol table as it is written.

    `place` is the function's, global's, tag's or table's index, or the number of the segment that defines the data; -1
    for undefined data and for sections, whose `name` is empty.
    """

    kind: int
    flags: int
    name: str
    place: int

    @property
    def defined(self) -> bool:
        """Whether it is defined in the object, not only used."""
        return not self.flags & _UNDEFINED

    @property
    def local(self) -> bool:
        """Whether other objects cannot see it."""
        return bool(self.flags & _LOCAL)

    @property
    def weak(self) -> bool:
        """Whether another definition comes first; of an undefined one, whether there need be none."""
        return bool(self.flags & _WEAK)

    @property
    def kept(self) -> bool:
        """Whether the linker keeps it although nothing refers to it: an export_name or a used attribute."""
        return bool(self.flags & (_EXPORTED | _NO_STRIP))


def linking_parts(module: WasmModule, kind: int) -> Iterator[Reader]:
    """The subsections of this kind of an object's linking section; none for a module that is no object."""
    for section in module.custom("linking")[:1]:
        reader = Reader(module.data, section.payload, section.end)
        start = reader.pos
        version = reader.u32()
        if version != 2:
            raise WasmError(f"the object's linking section has version {version}, not 2", start)
        while reader.left():
            found = reader.byte()
            part = reader.part(reader.u32())
            if found == kind:
                yield part


def symbol_entries(module: WasmModule) -> list[Entry]:
    """The symbol table of an object, in its order: relocations name symbols by their number in it."""
    imported = {(item.kind, item.number): item.name for item in module.imports}  # once: there may be many tables
    return [entry for part in linking_parts(module, _SYMBOL_TABLE) for entry in _symbol_table(imported, part)]


def _symbol_table(imported: Mapping[tuple[str, int], str], reader: Reader) -> Iterator[Entry]:
    count = reader.count("symbols", 3)
    if count > _MAX_SYMBOLS:
        raise WasmError(f"there are {count} symbols, more than the {_MAX_SYMBOLS} allowed", reader.pos)
    for _ in range(count):
        start = reader.pos
        kind, flags = reader.byte(), reader.u32()
        if kind >= len(_KINDS):
            raise WasmError(f"there is no kind of symbol {kind}", start)
        defined = not flags & _UNDEFINED
        name, place = "", -1
        if kind == _SECTION:
            reader.u32()
        elif kind == _DATA:
            name = reader.name()
            if defined:
                place = reader.u32()
                reader.unsigned(64)
                reader.unsigned(64)
        else:
            place = reader.u32()
            named = defined or flags & _EXPLICIT_NAME
            name = reader.name() if named else imported.get((_SPACES[kind], place), "")
        yield Entry(kind, flags, name, place)
