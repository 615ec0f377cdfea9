"""What a sandbox's module offers and asks for, as plain data: the content of its attack-surface report."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Optional

from wasm.features import declared_features, used_features
from wasm.module import Limits, WasmModule
from wasm.reader import Reader, WasmError

# What the runtime calls or reads, whatever the library is.
RUNTIME_EXPORTS = frozenset(
    (
        "__indirect_function_table",
        "__stack_pointer",
        "__wasm_call_ctors",
        "__wasm_call_dtors",
        "_initialize",
        "free",
        "malloc",
        "memory",
    )
)

_PAGE = 65536
_MAX_PRODUCERS = 1000


def module_report(module: WasmModule) -> dict[str, object]:
    """Everything that the module itself says, ready for JSON: the same content for the same bytes."""
    return {
        "compilers": _compilers(module),
        "exports": _exports(module),
        "features": {"declared": declared_features(module), "used": used_features(module)},
        "imports": _imports(module),
        "memory": _space(module, "memory", module.memories, _PAGE),
        "sha256": sha256(module.data).hexdigest(),
        "sizes": {
            "code_bytes": module.code_size,
            "data_bytes": module.data_size,
            "functions": len(module.bodies),
            "functions_in_table": sum(module.referenced),
            "module_bytes": len(module.data),
        },
        "stack": _stack(module),
        "table": _space(module, "table", [table.limits for table in module.tables], 1),
    }


def exports_of(report: dict[str, object]) -> list[dict[str, object]]:
    """The exports in what module_report returned, to add to them."""
    exports = report["exports"]
    assert isinstance(exports, list)
    return exports


def _exports(module: WasmModule) -> list[dict[str, object]]:
    return [
        {
            "for": "runtime" if export.name in RUNTIME_EXPORTS else "application",
            "kind": export.kind,
            "name": export.name,
            **_signature(module, export.kind, export.number),
        }
        for export in sorted(module.exports)
    ]


def _imports(module: WasmModule) -> list[dict[str, object]]:
    return [
        {"kind": item.kind, "module": item.module, "name": item.name, **_signature(module, item.kind, item.number)}
        for item in sorted(module.imports)
    ]


def _signature(module: WasmModule, kind: str, number: int) -> dict[str, object]:
    if kind == "function":
        signature = module.function_type(number)
        return {"params": list(signature.params), "results": list(signature.results)}
    if kind == "global":
        return {"mutable": module.globals[number].mutable, "type": module.globals[number].value}
    return {}


def _space(module: WasmModule, kind: str, space: list[Limits], unit: int) -> Optional[dict[str, object]]:
    """The memory in bytes or the table in entries; None where there is none. Without a maximum it is what addresses allow."""
    if not space:
        return None
    most = (1 << 64 if space[0].is64 else 1 << 32) if unit > 1 else (1 << 32) - 1
    maximum = space[0].maximum
    return {
        "imported": any(item.kind == kind for item in module.imports),
        "initial": space[0].minimum * unit,
        "maximum": most if maximum is None else maximum * unit,
        "stated_maximum": maximum is not None,
    }


def _stack(module: WasmModule) -> Optional[int]:
    """Where the stack begins, to grow down: with the stack first in memory, that is its size in bytes."""
    for export in module.exports:
        if export.name == "__stack_pointer" and export.kind == "global":
            return module.globals[export.number].initial
    return None


def _compilers(module: WasmModule) -> list[str]:
    """What the producers section says about the tools that made the module."""
    found: set[str] = set()
    for section in module.custom("producers")[:1]:
        reader = Reader(module.data, section.payload, section.end)
        try:
            found.update(_producers(reader))
        except WasmError:
            return ["(the producers section cannot be read)"]
    return sorted(found)


def _producers(reader: Reader) -> Iterator[str]:
    left = _MAX_PRODUCERS
    for _ in range(reader.count("fields", 2)):
        field = reader.name()
        for _ in range(reader.count("values", 2)):
            name, version = reader.name(), reader.name()
            left -= 1
            if left < 0:
                raise WasmError(f"more than {_MAX_PRODUCERS} tools made the module", reader.pos)
            if field == "processed-by":
                yield f"{name} {version}".strip()
