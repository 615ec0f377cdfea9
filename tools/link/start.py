"""Makes a library's initialiser run by itself whenever its module is instantiated.

A reactor module (wasi-libc's crt1-reactor.o) has an export `_initialize`, which runs the global constructors
and which whoever instantiates the module must call once. Here the module's start section is made to
do it: instantiating is enough, whatever runtime is used, and nobody can call it twice. Where the linker has
already made a start function (it zeroes imported memory), the new one calls that first.

The linker can make a table growable or not, and cannot say how far it grows: --max-table does.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256

import tool_main
from tool_main import ToolError
from wasm.module import FuncType, WasmModule, parse
from wasm.reader import Reader, encode_name, encode_unsigned

INITIALIZER = "_initialize"
START_NAME = "rlbox_start"
_FUNCTION, _EXPORT, _START, _CODE = 3, 7, 8, 10
_KIND_BYTES = {"function": 0, "table": 1, "memory": 2, "global": 3, "tag": 4}


def with_start(module: WasmModule) -> bytes:
    """The bytes of `module` with its initialiser in the start section; unchanged if it has none.

    Raises:
        ValueError: `_initialize` is not a function without parameters and results.
    """
    initializer = next((export for export in module.exports if export.name == INITIALIZER), None)
    if initializer is None:
        return module.data
    if initializer.kind != "function" or module.function_type(initializer.number) != FuncType((), ()):
        raise ValueError(f"the export {INITIALIZER} is not a function without parameters and results")
    if initializer.number < module.imported_functions:
        raise ValueError(f"the export {INITIALIZER} is an import")
    changed = {_EXPORT: _exports(module)}
    if module.start == initializer.number:
        return _rebuilt(module, changed, module.start)
    calls = [initializer.number] if module.start is None else [module.start, initializer.number]
    code = b"\0" + b"".join(b"\x10" + encode_unsigned(target) for target in calls) + b"\x0b"
    changed[_FUNCTION] = _appended(module, _FUNCTION, encode_unsigned(module.functions[initializer.number]))
    changed[_CODE] = _appended(module, _CODE, encode_unsigned(len(code)) + code)
    return _rebuilt(module, changed, len(module.functions))


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


def _exports(module: WasmModule) -> bytes:
    kept = [export for export in module.exports if export.name != INITIALIZER]
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


def main(arguments: Sequence[str]) -> None:
    """The command line; see --help."""
    parser = tool_main.argument_parser("Makes _initialize the start function of a WebAssembly module.")
    parser.add_argument("--wasm", required=True, help="the module")
    parser.add_argument("--check", required=True, help="what check_wasm_exports wrote about it")
    parser.add_argument("--max-table", type=int, help="the upper limit of the table, in functions (default: as it is)")
    parser.add_argument("--output", required=True, help="the module to write")
    options = parser.parse_args(arguments)

    module = tool_main.read_module(options.wasm)
    try:
        check = json.loads(tool_main.read_bytes(options.check))
        target, checked = str(check["target"]), check["sha256"]
    except (ValueError, KeyError, TypeError):
        raise ToolError(f"{options.check}: not a file that check_wasm_exports wrote; rebuild it") from None
    if checked != sha256(module.data).hexdigest():
        raise ToolError(f"{target}: {options.wasm} is not the module that was checked; rebuild {options.check}")
    if options.max_table is not None:
        try:
            module = parse(with_max_table(module, options.max_table))
        except ValueError as error:
            raise ToolError(f"{target}: {error}; set another max_table") from None
    try:
        result = with_start(module)
    except ValueError as error:
        raise ToolError(f"{target}: {error}; link the library as a reactor (-mexec-model=reactor)") from None
    tool_main.write_bytes(options.output, result)


if __name__ == "__main__":
    tool_main.run(main)
