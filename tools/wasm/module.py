"""A reader of WebAssembly modules: what they import, export and contain, without running or compiling them.

`parse` accepts what clang, wasm-ld and wasm2c deal with (the 2.0 core specification with tail calls,
exceptions, threads' shared memories, 64-bit and multiple memories) within the limits that browsers have, and raises
WasmError, with the offset, for anything else. Function bodies are only delimited here; instructions.py looks into them, and
link/policy.py decides what a sandbox takes.
"""

from __future__ import annotations

from wasm.model import Body, Export, FuncType, GlobalType, Import, Limits, Section, TableType, WasmModule
from wasm.reader import Reader, WasmError
from wasm.sections import PARSERS, parse_features, parse_names

__all__ = [
    "Body",
    "Export",
    "FuncType",
    "GlobalType",
    "Import",
    "Limits",
    "Section",
    "TableType",
    "WasmError",
    "WasmModule",
    "parse",
]

MAGIC = b"\0asm\1\0\0\0"
MAX_MODULE_BYTES = 1 << 30
_MAX_SECTIONS = 10_000

_SECTIONS = (
    "custom",
    "type",
    "import",
    "function",
    "table",
    "memory",
    "global",
    "export",
    "start",
    "element",
    "code",
    "data",
    "data count",
    "tag",
)
_ORDER = (1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11)
_OTHER_FORMATS = (
    (b"\x7fELF", "an ELF file, that is code for a native platform"),
    (b"!<arch>\n", "an archive"),
    (b"!<thin>\n", "a thin archive"),
    (b"BC\xc0\xde", "LLVM bitcode"),
    (b"(module", "WebAssembly text (wat2wasm translates it)"),
    (b"(component", "WebAssembly text (wat2wasm translates it)"),
    (b"\xcf\xfa\xed\xfe", "a Mach-O file, that is code for a native platform"),
    (b"MZ", "a Windows executable"),
)


def parse(data: bytes, *, with_names: bool = True) -> WasmModule:
    """Reads a module; `with_names = False` leaves out the function names, which only messages need."""
    _check_format(data)
    module = WasmModule(data)
    reader = Reader(data, len(MAGIC))
    place = -1
    while reader.left():
        start = reader.pos
        identifier = reader.byte()
        if identifier >= len(_SECTIONS):
            raise WasmError(f"there is no kind of section {identifier}", start)
        content = reader.part(reader.u32())
        name = _SECTIONS[identifier]
        if identifier == 0:
            name = content.name()
        else:
            if _ORDER.index(identifier) <= place:
                raise WasmError(f"the {name} section is out of order or there twice", start)
            place = _ORDER.index(identifier)
        if len(module.sections) == _MAX_SECTIONS:
            raise WasmError(f"there are more than the {_MAX_SECTIONS} sections allowed", start)
        module.sections.append(Section(identifier, name, start, content.pos, content.end))
        if identifier > 3 and not module.referenced:
            module.referenced = bytearray(len(module.functions))
        if identifier:
            PARSERS[identifier](module, content)
            content.finish(f"the {name} section")
    if module.imported_functions + len(module.bodies) != len(module.functions):
        raise WasmError(
            f"{len(module.functions) - module.imported_functions} functions are declared but {len(module.bodies)} have code"
        )
    for section in module.custom("target_features")[:1]:
        parse_features(module, Reader(data, section.payload, section.end))
    for section in module.custom("name")[:1] if with_names else []:
        parse_names(module, Reader(data, section.payload, section.end))
    return module


def _check_format(data: bytes) -> None:
    if data.startswith(MAGIC):
        if len(data) > MAX_MODULE_BYTES:
            raise WasmError(f"the module has {len(data)} bytes, more than the {MAX_MODULE_BYTES} allowed")
        return
    what = ""
    if not data:
        what = "an empty file"
    elif data.startswith(b"\0asm\x0d\0\1\0"):
        what = "a WebAssembly component, where a core module is needed"
    elif data.startswith(b"\0asm"):
        what = "WebAssembly of a version other than 1, or cut short"
    else:
        for magic, name in _OTHER_FORMATS:
            if data.startswith(magic):
                what = name
    raise WasmError(f"not a WebAssembly module{what and ' but '}{what}")
