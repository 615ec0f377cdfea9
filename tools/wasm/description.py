"""What a module shows to the outside: the one place where its memory, its table and its exported functions are looked up.

The check of a module, its attack-surface report and its C++ header all begin here.
"""

from __future__ import annotations

from typing import NamedTuple, Optional

from wasm.model import FuncType, Limits, WasmModule


class Space(NamedTuple):
    """A memory or a table, with how it crosses the module's border."""

    limits: Limits
    imported_as: Optional[tuple[str, str]]  # module and name; None: the module has its own
    exported_as: Optional[str]  # None: under no name


def spaces(module: WasmModule, kind: str) -> list[Space]:
    """The memories (`kind` "memory") or the tables ("table") of `module`; a sandbox has at most one of each."""
    limits = module.memories if kind == "memory" else [table.limits for table in module.tables]
    imported = {item.number: (item.module, item.name) for item in module.imports if item.kind == kind}
    exported: dict[int, str] = {}
    for export in module.exports:
        if export.kind == kind:
            exported.setdefault(export.number, export.name)
    return [Space(item, imported.get(number), exported.get(number)) for number, item in enumerate(limits)]


def exported_functions(module: WasmModule) -> dict[str, FuncType]:
    """The signatures of the functions that `module` exports, by name."""
    return {e.name: module.function_type(e.number) for e in module.exports if e.kind == "function"}
