"""Readers of the single sections of a WebAssembly module; module.py puts them together.

Each takes the module read so far, to which it adds, and a reader of the section's content. Indices are
checked against what the sections before have declared, and features that declarations use are noted.
"""

from __future__ import annotations

from collections.abc import Sequence

from wasm.entries import bounded_count, constant, function_index, global_type, limits, type_index, value_type
from wasm.model import (
    MAX_RESULTS,
    TAG_TYPES,
    Export,
    FuncType,
    GlobalType,
    Import,
    Names,
    TableType,
    WasmModule,
    feature_of_type,
)
from wasm.reader import Reader, WasmError

_MOST_BODY_BYTES = 7_654_321  # as in browsers
_KINDS = ("function", "table", "memory", "global", "tag")


def _parse_types(module: WasmModule, reader: Reader) -> None:
    for index in range(bounded_count(reader, "types", 3)):
        start = reader.pos
        form = reader.byte()
        if form != 0x60:
            raise WasmError(f"type form {form:#x} is not supported (only functions are)", start)
        module.types.add(reader.pos)
        for what in ("parameters", "results"):
            count = bounded_count(reader, what)
            if what == "results" and count > 1:
                module.note("multivalue" if count <= MAX_RESULTS else "many-results", f"type {index}", start)
            for _ in range(count):
                feature = feature_of_type(value_type(reader))
                if feature:
                    module.note(feature, f"type {index}", start)


def _memory(module: WasmModule, reader: Reader) -> None:
    if module.memories:
        module.note("multimemory", f"memory {len(module.memories)}", reader.pos)
    module.memories.append(limits(module, reader, memory=True))


def _tag(module: WasmModule, reader: Reader) -> int:
    start = reader.pos
    if reader.byte():
        raise WasmError("a tag is no exception", start)
    index = type_index(module, reader)
    feature = "exception-handling" if module.types[index] in TAG_TYPES else "tag-types"
    module.note(feature, f"tag {len(module.tags)}", start)
    return index


def _table(module: WasmModule, reader: Reader) -> None:
    element = value_type(reader, reference=True)
    start = reader.pos
    if element != "funcref" or module.tables:
        module.note("reference-types", f"table {len(module.tables)}", start - 1)
    module.tables.append(TableType(element, limits(module, reader, memory=False)))
    module.table_limits.append((start, reader.pos))


def _parse_imports(module: WasmModule, reader: Reader) -> None:
    spaces = _spaces(module)
    for _ in range(bounded_count(reader, "imports", 4)):
        source, name = reader.name(), reader.name()
        start = reader.pos
        kind = reader.byte()
        if kind == 0:
            module.functions.append(type_index(module, reader))
        elif kind == 1:
            _table(module, reader)
        elif kind == 2:
            _memory(module, reader)
        elif kind == 3:
            module.globals.append(global_type(module, reader))
        elif kind == 4:
            module.note("tag-imports", f"tag {len(module.tags)}", start)
            module.tags.append(_tag(module, reader))
        else:
            raise WasmError(f"there is no kind of import {kind}", start)
        module.imports.append(Import(source, name, _KINDS[kind], len(spaces[kind]) - 1))
    module.imported_functions = len(module.functions)


def _spaces(module: WasmModule) -> tuple[Sequence[object], ...]:
    return (module.functions, module.tables, module.memories, module.globals, module.tags)


def _parse_functions(module: WasmModule, reader: Reader) -> None:
    module.functions.extend(type_index(module, reader) for _ in range(bounded_count(reader, "functions")))


def _parse_tables(module: WasmModule, reader: Reader) -> None:
    for _ in range(bounded_count(reader, "tables", 3)):
        initialised = reader.left() and reader.data[reader.pos] == 0x40
        if initialised:
            module.note("function-references", f"table {len(module.tables)}", reader.pos)
            reader.skip(2)
        _table(module, reader)
        if initialised:
            constant(module, reader, f"table {len(module.tables) - 1}")


def _parse_memories(module: WasmModule, reader: Reader) -> None:
    for _ in range(bounded_count(reader, "memories", 2)):
        _memory(module, reader)


def _parse_globals(module: WasmModule, reader: Reader) -> None:
    made: dict[GlobalType, GlobalType] = {}
    for index in range(bounded_count(reader, "globals", 4)):
        kind = global_type(module, reader)._replace(initial=constant(module, reader, f"global {index}"))
        module.globals.append(made.setdefault(kind, kind) if len(made) < 1000 else kind)


def _parse_exports(module: WasmModule, reader: Reader) -> None:
    seen = set()
    spaces = _spaces(module)
    for _ in range(bounded_count(reader, "exports", 3)):
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


def _parse_start(module: WasmModule, reader: Reader) -> None:
    start = reader.pos
    module.start = function_index(module, reader)
    if module.function_type(module.start) != FuncType((), ()):
        raise WasmError("the start function has parameters or results", start)


def _parse_elements(module: WasmModule, reader: Reader) -> None:
    for index in range(bounded_count(reader, "element segments", 2)):
        start = reader.pos
        what = f"element segment {index}"
        flags = reader.u32()
        if flags > 7:
            raise WasmError(f"there is no kind of element segment {flags}", start)
        if flags & 1:
            module.note("passive-segments", what, start)
        else:
            if flags & 2 and reader.u32():
                module.note("reference-types", what, start)
            constant(module, reader, what)
        if flags & 3 and flags & 4:
            value_type(reader, reference=True)
        elif flags & 3 and reader.byte():
            raise WasmError("an element segment is of no known kind", start)
        count = bounded_count(reader, "elements")
        if flags & 4:
            module.note("reference-types", what, start)
            for _ in range(count):
                constant(module, reader, what)
        else:
            referenced = module.referenced
            for _ in range(count):
                referenced[function_index(module, reader)] = 1


def _parse_code(module: WasmModule, reader: Reader) -> None:
    module.code_size = reader.left()
    for _ in range(bounded_count(reader, "function bodies", 3)):
        record = reader.pos
        size = reader.u32()
        if size < 2:
            raise WasmError("a function body is empty", record)
        if size > _MOST_BODY_BYTES:
            raise WasmError(f"a function has {size} bytes, more than the {_MOST_BODY_BYTES} allowed", record)
        reader.skip(size)
        module.bodies.add(record)


def _parse_data(module: WasmModule, reader: Reader) -> None:
    count = bounded_count(reader, "data segments", 2)
    if module.data_count not in (None, count):
        raise WasmError(f"there are {count} data segments where {module.data_count} were announced", reader.pos)
    for index in range(count):
        start = reader.pos
        module.segments.append(start)
        what = f"data segment {index}"
        flags = reader.u32()
        if flags > 2:
            raise WasmError(f"there is no kind of data segment {flags}", start)
        if flags == 2 and reader.u32():
            module.note("multimemory", what, start)
        if flags == 1:
            module.note("passive-segments", what, start)
        else:
            constant(module, reader, what)
        size = reader.u32()
        reader.skip(size)
        module.data_size += size


def _parse_data_count(module: WasmModule, reader: Reader) -> None:
    module.data_count = reader.u32()


def _parse_tags(module: WasmModule, reader: Reader) -> None:
    for _ in range(bounded_count(reader, "tags", 2)):
        module.tags.append(_tag(module, reader))


def parse_features(module: WasmModule, reader: Reader) -> None:
    """Reads the target_features section, which clang and wasm-ld write."""
    for _ in range(bounded_count(reader, "features", 2)):
        prefix = reader.byte()
        module.features.append(chr(prefix) + reader.name())


def parse_names(module: WasmModule, reader: Reader) -> None:
    """Reads the module's and the functions' names from the name section."""
    module.function_names = Names(module.data, len(module.functions))
    while reader.left():
        kind = reader.byte()
        part = reader.part(reader.u32())
        if kind == 0:
            module.name = part.name()
        elif kind == 1:
            for _ in range(part.count("names", 2)):
                index, offset = part.u32(), part.pos
                part.name()
                module.function_names.add(index, offset)


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
