"""Makes a library's initialiser run by itself whenever its module is instantiated, and limits its table.

A reactor module (wasi-libc's crt1-reactor.o) has an export `_initialize`, which runs the global constructors
and which whoever instantiates the module must call once. Here the module's start section is made to
do it: instantiating is enough, whatever runtime is used, and nobody can call it twice. Where the linker has
already made a start function (it zeroes imported memory), the new one calls that first. A prebuilt module may export
`__wasm_call_ctors` alone, which then counts as the initialiser.

The linker can make a table growable or not, and cannot say how far it grows: with_max_table does.
"""

from __future__ import annotations

from typing import Optional

from wasm.abi import INITIALIZERS
from wasm.instructions import reachable
from wasm.model import Export
from wasm.module import FuncType, WasmModule
from wasm.reader import Reader, encode_name, encode_unsigned

START_NAME = "rlbox_start"
_FUNCTION, _EXPORT, _START, _CODE = 3, 7, 8, 10
_KIND_BYTES = {"function": 0, "table": 1, "memory": 2, "global": 3, "tag": 4}


def with_start(module: WasmModule) -> bytes:
    """The bytes of `module` with its initialiser in the start section; unchanged if it has none.

    The initialiser is no export any more. One that the start function calls already is not called again.

    Raises:
        ValueError: the initialiser is not a function without parameters and results.
    """
    initializer = _initializer(module)
    if initializer is None:
        return module.data
    name, function = initializer.name, initializer.number
    if initializer.kind != "function" or module.function_type(function) != FuncType((), ()):
        raise ValueError(f"the export {name} is not a function without parameters and results")
    if function < module.imported_functions:
        raise ValueError(f"the export {name} is an import")
    changed = {_EXPORT: _exports_without(module, name)}
    if module.start is not None and function in reachable(module, module.start):
        return _rebuilt(module, changed, module.start)
    calls = [function] if module.start is None else [module.start, function]
    code = b"\0" + b"".join(b"\x10" + encode_unsigned(target) for target in calls) + b"\x0b"
    changed[_FUNCTION] = _appended(module, _FUNCTION, encode_unsigned(module.functions[function]))
    changed[_CODE] = _appended(module, _CODE, encode_unsigned(len(code)) + code)
    return _rebuilt(module, changed, len(module.functions))


def _initializer(module: WasmModule) -> Optional[Export]:
    exports = {export.name: export for export in module.exports}
    return next((exports[name] for name in INITIALIZERS if name in exports), None)


def with_max_table(module: WasmModule, maximum: int) -> bytes:
    """The bytes of `module` with `maximum` as the upper limit of its table, in functions.

    Raises:
        ValueError: there is no table, or it holds more functions already.
    """
    if len(module.tables) != 1:
        raise ValueError(f"max_table is for a module with one table, and this one has {len(module.tables)}")
    limits = module.tables[0].limits
    if limits.minimum > maximum:
        raise ValueError(
            f"max_table is {maximum}, and the library alone puts {limits.minimum} functions into the table"
        )
    start, end = module.table_limits[0]
    new = bytes([module.data[start] | 1]) + encode_unsigned(limits.minimum) + encode_unsigned(maximum)
    section = next(s for s in module.sections if s.start < start < s.end)
    content = module.data[section.payload : start] + new + module.data[end : section.end]
    return module.data[: section.start] + _section(section.id, content) + module.data[section.end :]


def _exports_without(module: WasmModule, name: str) -> bytes:
    kept = [export for export in module.exports if export.name != name]
    entries = [encode_name(e.name) + bytes([_KIND_BYTES[e.kind]]) + encode_unsigned(e.number) for e in kept]
    return encode_unsigned(len(kept)) + b"".join(entries)


def _appended(module: WasmModule, identifier: int, entry: bytes) -> bytes:
    section = next(s for s in module.sections if s.id == identifier)
    reader = Reader(module.data, section.payload, section.end)
    count = reader.u32()
    return encode_unsigned(count + 1) + reader.take(reader.left()) + entry


def _rebuilt(module: WasmModule, changed: dict[int, bytes], start: int) -> bytes:
    """Copies the module section by section, with the changed ones, and with function `start` as the start function."""
    out = [module.data[:8]]
    for section in module.sections:
        if section.id == _START:
            continue
        content = module.data[section.start : section.end]
        if section.id in changed:
            content = _section(section.id, changed[section.id])
        elif section.id == 0 and section.name == "name" and start >= len(module.functions):
            content = _section(0, encode_name("name") + _names(module, section.payload, section.end, start))
        out.append(content)
        if section.id == _EXPORT:
            out.append(_section(_START, encode_unsigned(start)))
    return b"".join(out)


def _names(module: WasmModule, start: int, end: int, new_index: int) -> bytes:
    """The name section's content with a name for the new function, which comes last."""
    reader = Reader(module.data, start, end)
    out = []
    while reader.left():
        kind = reader.byte()
        part = reader.part(reader.u32())
        content = part.data[part.pos : part.end]
        if kind == 1:
            count = part.u32()
            content = encode_unsigned(count + 1) + part.take(part.left())
            content += encode_unsigned(new_index) + encode_name(START_NAME)
        out.append(_section(kind, content))
    return b"".join(out)


def _section(identifier: int, content: bytes) -> bytes:
    return bytes([identifier]) + encode_unsigned(len(content)) + content
