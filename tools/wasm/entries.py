"""What the sections of a WebAssembly module have in common: counts, types, limits, indices, constant expressions."""

from __future__ import annotations

from typing import Optional

from wasm.model import VALUE_TYPES, GlobalType, Limits, WasmModule, feature_of_type
from wasm.reader import Reader, WasmError

# The limits of the WebAssembly JavaScript API: no linker comes near them.
_MOST = {
    "types": 1_000_000,
    "functions": 1_000_000,
    "function bodies": 1_000_000,
    "imports": 100_000,
    "exports": 100_000,
    "globals": 1_000_000,
    "tags": 1_000_000,
    "tables": 100_000,
    "memories": 100_000,
    "element segments": 1_000_000,
    "elements": 10_000_000,
    "data segments": 100_000,
    "parameters": 1_000,
    "results": 1_000,
    "features": 1_000,
}
_REF_TYPES = (0x70, 0x6F, 0x69)


def bounded_count(reader: Reader, what: str, smallest: int = 1) -> int:
    """The number of elements of a vector of `what`, each of at least `smallest` bytes, within browsers' limits."""
    start = reader.pos
    count = reader.count(what, smallest)
    if count > _MOST[what]:
        raise WasmError(f"there are {count} {what}, more than the {_MOST[what]} allowed", start)
    return count


def value_type(reader: Reader, *, reference: bool = False) -> str:
    """A value type by its name; with `reference`, one of references."""
    start = reader.pos
    code = reader.byte()
    name = VALUE_TYPES.get(code)
    if name is None or (reference and code not in _REF_TYPES):
        raise WasmError(
            f"there is no {'reference' if reference else 'value'} type {code:#x}, or it is not supported", start
        )
    return name


def type_index(module: WasmModule, reader: Reader) -> int:
    """The index of a type that is there."""
    start = reader.pos
    index = reader.u32()
    if index >= len(module.types):
        raise WasmError(f"there is no type {index}", start)
    return index


def limits(module: WasmModule, reader: Reader, *, memory: bool) -> Limits:
    """The limits of a memory or a table, whose features are noted."""
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
    what = f"{'memory' if memory else 'table'} {len(module.memories if memory else module.tables)}"
    for bit, feature in ((2, "atomics"), (4, "memory64"), (8, "custom-page-sizes")):
        if flags & bit:
            module.note(feature, what, start)
    return Limits(minimum, maximum, bool(flags & 2), bool(flags & 4), page_size_log2)


def global_type(module: WasmModule, reader: Reader) -> GlobalType:
    """A global's type, whose feature is noted."""
    value = value_type(reader)
    start = reader.pos
    module.note(feature_of_type(value), f"global {len(module.globals)}", start - 1)
    mutable = reader.byte()
    if mutable > 1:
        raise WasmError(f"a global's mutability is {mutable}, not 0 or 1", start)
    return GlobalType(value, mutable == 1)


def function_index(module: WasmModule, reader: Reader) -> int:
    """The index of a function that is there."""
    start = reader.pos
    index = reader.u32()
    if index >= len(module.functions):
        raise WasmError(f"there is no function {index}", start)
    return index


def constant(module: WasmModule, reader: Reader, what: str) -> Optional[int]:
    """Reads the constant expression of `what`; returns its value where it is one integer."""
    first = reader.pos
    count = 0
    value: Optional[int] = None
    while True:
        start = reader.pos
        code = reader.byte()
        if code == 0x0B:
            break
        count += 1
        value = None
        if code == 0x41:
            value = reader.signed(32)
        elif code == 0x42:
            value = reader.signed(64)
        elif code in (0x43, 0x44):
            reader.skip(4 if code == 0x43 else 8)
        elif code == 0x23:
            if reader.u32() >= len(module.globals):
                raise WasmError("a constant expression reads a global that is not there", start)
            module.note("extended-const", what, start)
        elif code == 0xD0:
            reader.signed(33)
            module.note("reference-types", what, start)
        elif code == 0xD2:
            module.referenced[function_index(module, reader)] = 1
            module.note("reference-types", what, start)
        elif code == 0xFD:
            if reader.u32() != 12:
                raise WasmError("a constant expression has an instruction that is not constant", start)
            reader.skip(16)
            module.note("simd128", what, start)
        elif code not in (0x6A, 0x6B, 0x6C, 0x7C, 0x7D, 0x7E):
            raise WasmError("a constant expression has an instruction that is not constant", start)
    if count == 1:
        return value
    if count == 0:
        raise WasmError("a constant expression is empty", first)
    module.note("extended-const", what, first)
    return None
