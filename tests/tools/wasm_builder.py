"""A tiny assembler of WebAssembly modules, object files and archives, for tests: well-formed or as broken as asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Optional

from wasm.reader import encode_name, encode_unsigned

MAGIC = b"\0asm\1\0\0\0"
VALUES = {"i32": 0x7F, "i64": 0x7E, "f32": 0x7D, "f64": 0x7C, "v128": 0x7B, "funcref": 0x70, "externref": 0x6F}
KINDS = {"function": 0, "table": 1, "memory": 2, "global": 3, "tag": 4}
END = b"\x0b"
VOID: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
MALLOC = (("i32",), ("i32",))
FREE = (("i32",), ())

Signature = tuple[Sequence[str], Sequence[str]]


def encode_signed(value: int) -> bytes:
    """`value` as signed LEB128 in as few bytes as can be."""
    out = bytearray()
    while not -0x40 <= value < 0x40:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value & 0x7F)
    return bytes(out)


def vector(items: Iterable[bytes]) -> bytes:
    """The items after their count."""
    parts = list(items)
    return encode_unsigned(len(parts)) + b"".join(parts)


def section(identifier: int, content: bytes) -> bytes:
    """A section or a subsection."""
    return bytes([identifier]) + encode_unsigned(len(content)) + content


def custom(name: str, content: bytes) -> bytes:
    """A custom section."""
    return section(0, encode_name(name) + content)


def func_type(signature: Signature) -> bytes:
    """An entry of the type section."""
    params, results = signature
    return b"\x60" + vector(bytes([VALUES[v]]) for v in params) + vector(bytes([VALUES[v]]) for v in results)


def limits(minimum: int, maximum: Optional[int] = None, flags: int = 0) -> bytes:
    """The limits of a memory or table."""
    if maximum is None:
        return bytes([flags]) + encode_unsigned(minimum)
    return bytes([flags | 1]) + encode_unsigned(minimum) + encode_unsigned(maximum)


def call(index: int) -> bytes:
    """A call instruction."""
    return b"\x10" + encode_unsigned(index)


def body(code: bytes, declared_locals: bytes = b"\0") -> bytes:
    """An entry of the code section; `code` without the end."""
    content = declared_locals + code + END
    return encode_unsigned(len(content)) + content


class ModuleBuilder:
    """Collects a module; every `add_` method returns the new item's index in its index space."""

    def __init__(self) -> None:
        self.types: list[bytes] = []
        self.imports: list[bytes] = []
        self.functions: list[bytes] = []
        self.bodies: list[bytes] = []
        self.tables: list[bytes] = []
        self.memories: list[bytes] = []
        self.tags: list[bytes] = []
        self.globals: list[bytes] = []
        self.exports: list[bytes] = []
        self.elements: list[bytes] = []
        self.data: list[bytes] = []
        self.data_count: Optional[int] = None
        self.start: Optional[int] = None
        self.names: dict[int, str] = {}
        self.customs: list[bytes] = []
        self.counts = dict.fromkeys(KINDS, 0)

    def _next(self, kind: str) -> int:
        self.counts[kind] += 1
        return self.counts[kind] - 1

    def type(self, signature: Signature) -> int:
        """The index of a function type, which is added if it is new."""
        entry = func_type(signature)
        if entry not in self.types:
            self.types.append(entry)
        return self.types.index(entry)

    def add_import(self, module: str, name: str, kind: str, description: bytes | Signature) -> int:
        """An import; `description` is a signature for a function, else the bytes after the kind."""
        if not isinstance(description, bytes):
            description = encode_unsigned(self.type(description))
        self.imports.append(encode_name(module) + encode_name(name) + bytes([KINDS[kind]]) + description)
        return self._next(kind)

    def add_function(
        self, signature: Signature = VOID, code: bytes = b"", *, name: str = "", export: Optional[str] = None
    ) -> int:
        """A function. Imports must have been added before."""
        index = self._next("function")
        self.functions.append(encode_unsigned(self.type(signature)))
        self.bodies.append(body(code))
        if name:
            self.names[index] = name
        if export is not None:
            self.add_export(export, "function", index)
        return index

    def add_memory(self, minimum: int = 1, maximum: Optional[int] = None, flags: int = 0) -> int:
        """A memory of the module's own."""
        self.memories.append(limits(minimum, maximum, flags))
        return self._next("memory")

    def add_table(self, minimum: int = 1, maximum: Optional[int] = None) -> int:
        """A table of functions of the module's own."""
        self.tables.append(b"\x70" + limits(minimum, maximum))
        return self._next("table")

    def add_tag(self, signature: Signature) -> int:
        """A tag of exceptions with values of the signature's parameters."""
        self.tags.append(b"\0" + encode_unsigned(self.type(signature)))
        return self._next("tag")

    def add_global(self, value: str = "i32", mutable: bool = True, initial: int = 0) -> int:
        """An i32 or i64 global."""
        opcode = b"\x41" if value == "i32" else b"\x42"
        self.globals.append(bytes([VALUES[value], mutable]) + opcode + encode_signed(initial) + END)
        return self._next("global")

    def add_export(self, name: str, kind: str, index: int) -> None:
        """An export."""
        self.exports.append(encode_name(name) + bytes([KINDS[kind]]) + encode_unsigned(index))

    def add_elements(self, functions: Sequence[int], offset: int = 1) -> None:
        """An active segment of table 0."""
        indices = vector(encode_unsigned(i) for i in functions)
        self.elements.append(b"\0\x41" + encode_signed(offset) + END + indices)

    def add_data(self, content: bytes, offset: int = 1024) -> None:
        """An active segment of memory 0."""
        self.data.append(b"\0\x41" + encode_signed(offset) + END + encode_unsigned(len(content)) + content)

    def code_section(self) -> bytes:
        """The code section's content."""
        return vector(self.bodies)

    def build(self) -> bytes:
        """The module."""
        out = [MAGIC]
        for identifier, entries in (
            (1, self.types),
            (2, self.imports),
            (3, self.functions),
            (4, self.tables),
            (5, self.memories),
            (13, self.tags),
            (6, self.globals),
            (7, self.exports),
        ):
            if entries:
                out.append(section(identifier, vector(entries)))
        if self.start is not None:
            out.append(section(8, encode_unsigned(self.start)))
        if self.elements:
            out.append(section(9, vector(self.elements)))
        if self.data_count is not None:
            out.append(section(12, encode_unsigned(self.data_count)))
        if self.bodies:
            out.append(section(10, self.code_section()))
        if self.data:
            out.append(section(11, vector(self.data)))
        if self.names:
            entries = [encode_unsigned(i) + encode_name(n) for i, n in sorted(self.names.items())]
            out.append(custom("name", section(0, encode_name("made")) + section(1, vector(entries))))
        return b"".join([*out, *self.customs])


def library(*, imported_memory: bool = True, imported_table: bool = True) -> ModuleBuilder:
    """A builder with what every sandbox needs but functions: memory and table. Add other imports first thing."""
    made = ModuleBuilder()
    if imported_memory:
        made.add_import("env", "memory", "memory", limits(2))
    else:
        made.add_export("memory", "memory", made.add_memory(2))
    if imported_table:
        made.add_import("env", "__indirect_function_table", "table", b"\x70" + limits(1))
    else:
        made.add_export("__indirect_function_table", "table", made.add_table(1))
    return made


def add_allocator(made: ModuleBuilder) -> None:
    """Exports a malloc and a free that do nothing."""
    made.add_function(MALLOC, b"\x41\0", name="malloc", export="malloc")
    made.add_function(FREE, b"", name="free", export="free")


def symbol(name: str, kind: int = 0, *, flags: int = 0, index: int = 0, explicit: bool = True) -> bytes:
    """An entry of an object's symbol table; a data symbol is at offset 0 of segment 0, four bytes long."""
    undefined = bool(flags & 0x10)
    if kind == 1:
        return bytes([kind]) + encode_unsigned(flags) + encode_name(name) + (b"" if undefined else b"\0\0\4")
    if kind == 3:
        return bytes([kind]) + encode_unsigned(flags) + encode_unsigned(index)
    if undefined and explicit:
        flags |= 0x40
    named = encode_name(name) if explicit or not undefined else b""
    return bytes([kind]) + encode_unsigned(flags) + encode_unsigned(index) + named


def linking(symbols: Sequence[bytes], version: int = 2) -> bytes:
    """The linking section of an object, with a segment table that readers must leave out."""
    return custom("linking", encode_unsigned(version) + section(5, b"\0") + section(8, vector(symbols)))


def object_file(symbols: Sequence[bytes]) -> bytes:
    """An object with one imported function "imported" and a symbol table."""
    made = ModuleBuilder()
    made.add_import("env", "imported", "function", VOID)
    made.customs.append(linking(symbols))
    return made.build()


def member_header(name: bytes, size: int) -> bytes:
    """The header of an archive's member."""
    return b"%-16b%-12d%-6d%-6d%-8d%-10d`\n" % (name, 0, 0, 0, 0o644, size)


def archive(members: Sequence[tuple[str, bytes]], *, style: str = "gnu") -> bytes:
    """An archive with a symbol table; `style` "gnu" or "bsd" tells how long names are written."""
    out = [b"!<arch>\n"]
    raw: list[tuple[bytes, bytes]] = [(b"/" if style == "gnu" else b"__.SYMDEF", b"\0\0\0\0")]
    if style == "gnu":
        table = b"".join(name.encode() + b"/\n" for name, _ in members if len(name) > 15)
        raw.append((b"//", table))
    for name, content in members:
        encoded = name.encode()
        if len(encoded) <= 15:
            raw.append((encoded + b"/" if style == "gnu" else encoded, content))
        elif style == "gnu":
            raw.append((b"/%d" % table.index(encoded + b"/\n"), content))
        else:
            raw.append((b"#1/%d" % len(encoded), encoded + content))
    for label, content in raw:
        out += [member_header(label, len(content)), content, b"\n" * (len(content) % 2)]
    return b"".join(out)
