"""Which WebAssembly features beyond the first version a module uses, by the names of its target_features section."""

from __future__ import annotations

from wasm_code import instructions
from wasm_types import WasmModule

# Opcodes by feature. Opcodes 0xFC, 0xFD and 0xFE are prefixes: see _PREFIXED.
_PLAIN = {
    **dict.fromkeys((0x06, 0x07, 0x08, 0x09, 0x0A, 0x18, 0x19, 0x1F), "exception-handling"),
    **dict.fromkeys((0x12, 0x13), "tail-call"),
    **dict.fromkeys((0x1C, 0x25, 0x26, 0xD0, 0xD1, 0xD2), "reference-types"),
    **dict.fromkeys((0x14, 0x15, 0xD3, 0xD4, 0xD5, 0xD6), "function-references"),
    **dict.fromkeys(range(0xC0, 0xC5), "sign-ext"),
}


def _prefixed(code: int, sub: int) -> str:
    if code == 0xFC:
        if sub < 8:
            return "nontrapping-fptoint"
        if sub < 15:
            return "bulk-memory"
        return "reference-types" if sub < 18 else "wide-arithmetic"
    if code == 0xFD:
        return "simd128" if sub < 0x100 else "relaxed-simd"
    return "atomics"


def declared_features(module: WasmModule) -> list[str]:
    """The features that the compiler was allowed to use, as the linker has noted them; sorted."""
    return sorted({feature[1:] for feature in module.features if feature[:1] in "+="})


def used_features(module: WasmModule) -> list[str]:
    """The features that the module's code and declarations do use; sorted."""
    found = set()
    opcodes = {
        (instruction.code, instruction.sub)
        for index in range(module.imported_functions, len(module.functions))
        for instruction in instructions(module, index)
    }
    for code, sub in opcodes:
        feature = _prefixed(code, sub) if sub >= 0 else _PLAIN.get(code)
        if feature:
            found.add(feature)
    declarations = {
        "multivalue": any(len(kind.results) > 1 for kind in module.types),
        "mutable-globals": _mutable_globals(module),
        "reference-types": len(module.tables) > 1 or any(table.element != "funcref" for table in module.tables),
        "multimemory": len(module.memories) > 1,
        "memory64": any(memory.is64 for memory in module.memories),
        "atomics": any(memory.shared for memory in module.memories),
        "exception-handling": bool(module.tags),
        "simd128": any("v128" in kind.params + kind.results for kind in module.types)
        or any(item.value == "v128" for item in module.globals),
    }
    return sorted(found.union(name for name, used in declarations.items() if used))


def _mutable_globals(module: WasmModule) -> bool:
    """Whether a global that can change crosses the module's border."""
    crossing = [item.number for item in module.imports if item.kind == "global"]
    crossing += [item.number for item in module.exports if item.kind == "global"]
    return any(module.globals[number].mutable for number in crossing)
