"""What a sandbox's module offers and asks for, as plain data: the content of its attack-surface report."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Optional

from wasm.abi import IMPORTED_SPACES, RUNTIME_EXPORTS, STACK_POINTER, WASI
from wasm.description import spaces
from wasm.features import declared_features, used_features
from wasm.module import Import, WasmModule
from wasm.reader import Reader, WasmError
from wasm.wasi_functions import FILE_FUNCTIONS

# Functions of WASI that the runtime answers with an error in every sandbox, and in one without files.
FAIL_ALWAYS = frozenset(("poll_oneoff", "proc_raise", "sock_accept", "sock_recv", "sock_send", "sock_shutdown"))
FAIL_WITHOUT_FILES = FILE_FUNCTIONS - frozenset(
    ("fd_close", "fd_fdstat_get", "fd_prestat_get", "fd_read", "fd_seek", "fd_tell", "fd_write")
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
        "memory": _space(module, "memory", _PAGE),
        "sha256": sha256(module.data).hexdigest(),
        "sizes": {
            "code_bytes": module.code_size,
            "data_bytes": module.data_size,
            "functions": len(module.bodies),
            "functions_in_table": sum(module.referenced),
            "module_bytes": len(module.data),
        },
        "stack": _stack(module),
        "table": _space(module, "table", 1),
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
        {
            **_failure(item),
            "kind": item.kind,
            "module": item.module,
            "name": item.name,
            "provided_by": _provider(item),
            **_signature(module, item.kind, item.number),
        }
        for item in sorted(module.imports)
    ]


def _failure(item: Import) -> dict[str, str]:
    """When a call of the import only gets an error."""
    if item.module != WASI or item.kind != "function":
        return {}
    if item.name in FAIL_ALWAYS:
        return {"fails": "always"}
    return {"fails": "without files"} if item.name in FAIL_WITHOUT_FILES else {}


def _provider(item: Import) -> str:
    if IMPORTED_SPACES.get(item.kind) == (item.module, item.name):
        return "runtime"
    return "wasi" if item.module == WASI else "nobody"


def _signature(module: WasmModule, kind: str, number: int) -> dict[str, object]:
    if kind == "function":
        signature = module.function_type(number)
        return {"params": list(signature.params), "results": list(signature.results)}
    if kind == "global":
        return {"mutable": module.globals[number].mutable, "type": module.globals[number].value}
    return {}


def _space(module: WasmModule, kind: str, unit: int) -> Optional[dict[str, object]]:
    """The memory in bytes or the table in entries; None where there is none. Without a maximum it is what addresses allow."""
    for limits, imported_as, _ in spaces(module, kind)[:1]:
        most = (1 << 64 if limits.is64 else 1 << 32) if unit > 1 else (1 << 32) - 1
        return {
            "imported": imported_as is not None,
            "initial": limits.minimum * unit,
            "maximum": most if limits.maximum is None else limits.maximum * unit,
            "stated_maximum": limits.maximum is not None,
        }
    return None


def _stack(module: WasmModule) -> Optional[int]:
    """Where the stack begins, to grow down: with the stack first in memory, that is its size in bytes."""
    for export in module.exports:
        if export.name == STACK_POINTER and export.kind == "global":
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
