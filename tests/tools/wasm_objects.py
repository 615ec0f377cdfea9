"""Objects with relocations, as clang writes them, for tests: functions, data, and what these refer to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import wasm_builder as wb

FUNCTION, DATA = 0, 1
WEAK, LOCAL, UNDEFINED, EXPORTED = 1, 2, 0x10, 0x20
CALL, TABLE_ENTRY, ADDRESS, TYPE = 0, 2, 5, 6  # kinds of relocations


def relocation(kind: int, offset: int, symbol: int) -> bytes:
    """A relocation; those of addresses have an addend."""
    addend = b"\x7f" if kind == ADDRESS else b""
    return bytes([kind]) + wb.encode_unsigned(offset) + wb.encode_unsigned(symbol) + addend


class ObjectBuilder:
    """Collects an object. Names are those of symbols; what refers to a name that is not defined here makes it undefined."""

    def __init__(self, imports: Mapping[str, tuple[str, str]] | None = None) -> None:
        self._imports = dict(imports or {})  # a symbol's name: module and name of the import
        self._functions: list[tuple[str, list[str], int]] = []
        self._data: list[tuple[str, list[str], int]] = []
        self._constructors: list[str] = []

    def function(self, name: str, *refers: str, flags: int = 0, constructor: bool = False) -> ObjectBuilder:
        """A function that refers to the symbols `refers`."""
        self._functions.append((name, list(refers), flags))
        self._constructors += [name] if constructor else []
        return self

    def data(self, name: str, *refers: str, flags: int = 0) -> ObjectBuilder:
        """A variable that holds the addresses of the symbols `refers`."""
        self._data.append((name, list(refers), flags))
        return self

    def build(self, *, weak: Sequence[str] = ()) -> bytes:
        """The object; undefined symbols in `weak` need no definition."""
        made = wb.ModuleBuilder()
        data = {name for name, _, _ in self._data}
        defined = {name for name, _, _ in self._functions} | data
        used = [name for _, refers, _ in [*self._functions, *self._data] for name in refers]
        undefined = [name for name in dict.fromkeys(used) if name not in defined]
        for name in undefined:
            module, field = self._imports.get(name, ("env", name))
            made.add_import(module, field, "function", wb.VOID)
        for name, refers, _ in self._functions:
            made.add_function(wb.VOID, wb.call(0) * len(refers), name=name)
        for _, refers, _ in self._data:
            made.add_data(bytes(4 * len(refers) or 1))
        names = [*undefined, *[name for name, _, _ in self._functions], *[name for name, _, _ in self._data]]
        flags = {name: found for name, _, found in [*self._functions, *self._data]}
        symbols = []
        for index, name in enumerate(names):
            if name in data:
                segment = wb.encode_unsigned(index - len(names) + len(self._data))
                symbols.append(
                    bytes([DATA]) + wb.encode_unsigned(flags[name]) + wb.encode_name(name) + segment + b"\0\4"
                )
            else:
                flag = flags.get(name, UNDEFINED | (WEAK if name in weak else 0))
                symbols.append(wb.symbol(name, flags=flag, index=index))
        parts = wb.section(8, wb.vector(symbols))
        if self._constructors:
            entries = [b"\1" + wb.encode_unsigned(names.index(name)) for name in self._constructors]
            parts += wb.section(6, wb.vector(entries))
        made.customs.append(wb.custom("linking", b"\2" + parts))
        sections = [bool(made.types), bool(made.imports), bool(made.functions)]
        code = sum(sections)
        offset, code_relocations = len(wb.encode_unsigned(len(made.bodies))), [relocation(TYPE, 1, 999)]
        for body, (_, refers, _) in zip(made.bodies, self._functions):
            code_relocations += [relocation(CALL, offset + 3 + 2 * i, names.index(n)) for i, n in enumerate(refers)]
            offset += len(body)
        if made.bodies:
            made.customs.append(wb.custom("reloc.CODE", wb.encode_unsigned(code) + wb.vector(code_relocations)))
        offset, data_relocations = len(wb.encode_unsigned(len(made.data))), []
        for segment, (_, refers, _) in zip(made.data, self._data):
            start = offset + len(segment) - 4 * len(refers)
            for i, name in enumerate(refers):
                kind = ADDRESS if name in data else TABLE_ENTRY
                data_relocations.append(relocation(kind, start + 4 * i, names.index(name)))
            offset += len(segment)
        if made.data:
            section = wb.encode_unsigned(code + bool(made.bodies))
            made.customs.append(wb.custom("reloc.DATA", section + wb.vector(data_relocations)))
        return made.build()
