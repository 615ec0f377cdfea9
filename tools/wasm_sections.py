"""Readers of the single sections of a WebAssembly module; wasm_module puts them together.

Each takes the module read so far, to which it adds, and a reader of the section's content. Indices are
checked against what the sections before have declared.
"""

from __future__ import annotations

from typing import Optional

from wasm_reader import Reader, WasmError
from wasm_types import Body, Export, FuncType, GlobalType, Import, Limits, TableType, WasmModule

_MAX_VALUES = 1000  # parameters or results of one function type
_VALUE_TYPES = {
    0x7F: "i32",
    0x7E: "i64",
    0x7D: "f32",
    0x7C: "f64",
    0x7B: "v128",
    0x70: "funcref",
    0x6F: "externref",
    0x69: "exnref",
}
_REF_TYPES = (0x70, 0x6F, 0x69)
_KINDS = ("function", "table", "memory", "global", "tag")


def _value_type(reader: Reader, *, reference: bool = False) -> str:
    start = reader.pos
    code = reader.byte()
    name = _VALUE_TYPES.get(code)
    if name is None or (reference and code not in _REF_TYPES):
        raise WasmError(
            f"there is no {'reference' if reference else 'value'} type {code:#x}, or it is not supported", start
        )
    return name


def _parse_types(module: WasmModule, reader: Reader) -> None:
    for _ in range(reader.count("types", 3)):
        start = reader.pos
        form = reader.byte()
        if form != 0x60:
            raise WasmError(f"type form {form:#x} is not supported (only functions are)", start)
        values = []
        for what in ("parameters", "results"):
            count = reader.count(what)
            if count > _MAX_VALUES:
                raise WasmError(f"a function has {count} {what}, more than the {_MAX_VALUES} allowed", start)
            values.append(tuple([_value_type(reader) for _ in range(count)]))
        module.types.append(FuncType(values[0], values[1]))


def _type_index(module: WasmModule, reader: Reader) -> int:
    start = reader.pos
    index = reader.u32()
    if index >= len(module.types):
        raise WasmError(f"there is no type {index}", start)
    return index


def _limits(reader: Reader, *, memory: bool) -> Limits:
    start = reader.pos
    flags = reader.byte()
    if flags > (15 if memory else 5) or (not memory and flags & 2):
        raise WasmError(f"limits flags {flags:#x} are not supported", start)
    bits = 64 if flags & 4 else 32
    minimum = reader.unsigned(bits)
    maximum = reader.unsigned(bits) if flags & 1 else None
    page_size_log2 = reader.u32() if flags & 8 else 16
    if page_size_log2 not in (0, 16):
        raise WasmError(f"a page size of 2^{page_size_log2} bytes is not supported", start)
    most = 1 << (bits - page_size_log2) if memory else 1 << bits
    if minimum > most or (maximum is not None and not minimum <= maximum <= most):
        raise WasmError(f"limits from {minimum} to {maximum} make no sense", start)
    return Limits(minimum, maximum, bool(flags & 2), bool(flags & 4), page_size_log2)


def _global_type(reader: Reader) -> GlobalType:
    value = _value_type(reader)
    start = reader.pos
    mutable = reader.byte()
    if mutable > 1:
        raise WasmError(f"a global's mutability is {mutable}, not 0 or 1", start)
    return GlobalType(value, mutable == 1)


def _tag(module: WasmModule, reader: Reader) -> int:
    start = reader.pos
    if reader.byte():
        raise WasmError("a tag is no exception", start)
    return _type_index(module, reader)


def _table(module: WasmModule, reader: Reader) -> None:
    element = _value_type(reader, reference=True)
    start = reader.pos
    module.tables.append(TableType(element, _limits(reader, memory=False)))
    module.table_limits.append((start, reader.pos))


def _parse_imports(module: WasmModule, reader: Reader) -> None:
    spaces = _spaces(module)
    for _ in range(reader.count("imports", 4)):
        source, name = reader.name(), reader.name()
        start = reader.pos
        kind = reader.byte()
        if kind == 0:
            module.functions.append(_type_index(module, reader))
        elif kind == 1:
            _table(module, reader)
        elif kind == 2:
            module.memories.append(_limits(reader, memory=True))
        elif kind == 3:
            module.globals.append(_global_type(reader))
        elif kind == 4:
            module.tags.append(_tag(module, reader))
        else:
            raise WasmError(f"there is no kind of import {kind}", start)
        module.imports.append(Import(source, name, _KINDS[kind], len(spaces[kind]) - 1))
    module.imported_functions = len(module.functions)


def _spaces(module: WasmModule) -> tuple[list[int], list[TableType], list[Limits], list[GlobalType], list[int]]:
    return (module.functions, module.tables, module.memories, module.globals, module.tags)


def _parse_functions(module: WasmModule, reader: Reader) -> None:
    module.functions += [_type_index(module, reader) for _ in range(reader.count("functions"))]


def _parse_tables(module: WasmModule, reader: Reader) -> None:
    for _ in range(reader.count("tables", 3)):
        initialised = reader.left() and reader.data[reader.pos] == 0x40
        if initialised:
            reader.skip(2)
        _table(module, reader)
        if initialised:
            _constant(module, reader)


def _parse_memories(module: WasmModule, reader: Reader) -> None:
    module.memories += [_limits(reader, memory=True) for _ in range(reader.count("memories", 2))]


def _parse_globals(module: WasmModule, reader: Reader) -> None:
    for _ in range(reader.count("globals", 4)):
        kind = _global_type(reader)
        module.globals.append(kind._replace(initial=_constant(module, reader)))


def _parse_exports(module: WasmModule, reader: Reader) -> None:
    seen = set()
    spaces = _spaces(module)
    for _ in range(reader.count("exports", 3)):
        start = reader.pos
        name, kind, index = reader.name(), reader.byte(), reader.u32()
        if kind >= len(_KINDS):
            raise WasmError(f"there is no kind of export {kind}", start)
        if index >= len(spaces[kind]):
            raise WasmError(f"there is no {_KINDS[kind]} {index} to export", start)
        if name in seen:
            raise WasmError("a name is exported twice", start)
        seen.add(name)
        module.exports.append(Export(name, _KINDS[kind], index))


def _function_index(module: WasmModule, reader: Reader) -> int:
    start = reader.pos
    index = reader.u32()
    if index >= len(module.functions):
        raise WasmError(f"there is no function {index}", start)
    return index


def _parse_start(module: WasmModule, reader: Reader) -> None:
    start = reader.pos
    module.start = _function_index(module, reader)
    if module.function_type(module.start) != FuncType((), ()):
        raise WasmError("the start function has parameters or results", start)


def _constant(module: WasmModule, reader: Reader) -> Optional[int]:
    """Reads a constant expression; returns its value where it is one integer."""
    values: list[Optional[int]] = []
    while True:
        start = reader.pos
        code = reader.byte()
        if code == 0x0B:
            return values[0] if len(values) == 1 else None
        value = None
        if code == 0x41:
            value = reader.signed(32)
        elif code == 0x42:
            value = reader.signed(64)
        elif code in (0x43, 0x44):
            reader.skip(4 if code == 0x43 else 8)
        elif code == 0x23:
            reader.u32()
        elif code == 0xD0:
            reader.signed(33)
        elif code == 0xD2:
            module.referenced.add(_function_index(module, reader))
        elif code == 0xFD:
            if reader.u32() != 12:
                raise WasmError("a constant expression has an instruction that is not constant", start)
            reader.skip(16)
        elif code not in (0x6A, 0x6B, 0x6C, 0x7C, 0x7D, 0x7E):
            raise WasmError("a constant expression has an instruction that is not constant", start)
        values.append(value)


def _parse_elements(module: WasmModule, reader: Reader) -> None:
    for _ in range(reader.count("element segments", 2)):
        start = reader.pos
        flags = reader.u32()
        if flags > 7:
            raise WasmError(f"there is no kind of element segment {flags}", start)
        if not flags & 1:
            if flags & 2:
                reader.u32()
            _constant(module, reader)
        if flags & 3 and flags & 4:
            _value_type(reader, reference=True)
        elif flags & 3:
            reader.skip(1)
        for _ in range(reader.count("elements")):
            if flags & 4:
                _constant(module, reader)
            else:
                module.referenced.add(_function_index(module, reader))


def _parse_code(module: WasmModule, reader: Reader) -> None:
    module.code_size = reader.left()
    for _ in range(reader.count("function bodies")):
        record = reader.pos
        size = reader.u32()
        start = reader.pos
        reader.skip(size)
        module.bodies.append(Body(record, start, reader.pos))


def _parse_data(module: WasmModule, reader: Reader) -> None:
    for _ in range(reader.count("data segments", 2)):
        start = reader.pos
        flags = reader.u32()
        if flags > 2:
            raise WasmError(f"there is no kind of data segment {flags}", start)
        if flags == 2:
            reader.u32()
        if flags != 1:
            _constant(module, reader)
        size = reader.u32()
        reader.skip(size)
        module.data_size += size


def _parse_data_count(module: WasmModule, reader: Reader) -> None:
    reader.u32()


def _parse_tags(module: WasmModule, reader: Reader) -> None:
    module.tags += [_tag(module, reader) for _ in range(reader.count("tags", 2))]


def parse_features(module: WasmModule, reader: Reader) -> None:
    """Reads the target_features section, which clang and wasm-ld write."""
    for _ in range(reader.count("features", 2)):
        prefix = reader.byte()
        module.features.append(chr(prefix) + reader.name())


def parse_names(module: WasmModule, reader: Reader) -> None:
    """Reads the module's and the functions' names from the name section."""
    while reader.left():
        kind = reader.byte()
        part = reader.part(reader.u32())
        if kind == 0:
            module.name = part.name()
        elif kind == 1:
            for _ in range(part.count("names", 2)):
                index = part.u32()
                module.function_names[index] = part.name()


# By section id.
PARSERS = {
    1: _parse_types,
    2: _parse_imports,
    3: _parse_functions,
    4: _parse_tables,
    5: _parse_memories,
    6: _parse_globals,
    7: _parse_exports,
    8: _parse_start,
    9: _parse_elements,
    10: _parse_code,
    11: _parse_data,
    12: _parse_data_count,
    13: _parse_tags,
}
