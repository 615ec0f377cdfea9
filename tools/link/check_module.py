"""Checks that a library, linked by us or prebuilt, has the exports it should have, and nothing that a sandbox does not allow.

What it writes is an input of the steps after it, so a module that was not checked, or that failed, is never used.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, NoReturn, Optional

import tool_main
from tool_main import ToolError
from wasm.module import FuncType, Import, Limits, WasmModule
from wasm.reader import WasmError, printable
from wasm.wasi_functions import SIGNATURES, WASI

from link.policy import table_problem, violation

if TYPE_CHECKING:
    from link.diagnosis import Diagnosis

_MORE = 5  # other names in a message
_PROVIDED = {"memory": ("env", "memory"), "table": ("env", "__indirect_function_table")}
_RUNTIME_TYPES = {"malloc": FuncType(("i32",), ("i32",)), "free": FuncType(("i32",), ())}


class Policy(argparse.Namespace):
    """What the module must, may and must not have: the command line's options."""

    wasm: str
    output: str
    target: str
    export: list[str]
    runtime_export: list[str]
    optional_export: list[str]
    export_all: bool
    allow_import: list[str]
    simd: bool
    memory: str
    table: str
    map: Optional[str]
    object: list[str]

    def diagnosis(self, module: WasmModule) -> Diagnosis:
        """What can be found out about an error; reads the map and the objects."""
        from link.diagnosis import Diagnosis

        text = tool_main.read_bytes(self.map).decode("utf-8", "replace") if self.map else ""
        return Diagnosis(module, text, [(path, tool_main.read_bytes(path)) for path in self.object])


def check(module: WasmModule, policy: Policy) -> None:
    """Raises ToolError for the first thing that is wrong with `module`."""
    for kind, how in (("memory", policy.memory), ("table", policy.table)):
        problem = _space_problem(module, kind, imported=how == "imported")
        if problem:
            raise ToolError(f"{policy.target}: {problem}")
    problem = table_problem(module)
    if problem:
        raise ToolError(f"{policy.target}: {problem}")
    _check_imports(module, policy)
    _check_import_types(module, policy)
    _check_features(module, policy)
    _check_missing_exports(module, policy)
    if not policy.export_all:
        _check_extra_exports(module, policy)


def _space_problem(module: WasmModule, kind: str, *, imported: bool) -> str:
    """What is wrong with the module's memory or table; '' if nothing is."""
    count = len(module.memories if kind == "memory" else module.tables)
    if count == 0:
        return "" if kind == "table" else "the module has no memory, but a sandbox has one; check linkopts"
    if count > 1:
        many = "memories" if kind == "memory" else "tables"
        return f"the module has {count} {many}, but a sandbox has one; check linkopts"
    imports = [(item.module, item.name) for item in module.imports if item.kind == kind]
    if imported and not imports:
        return (
            f"the module does not import its {kind}, as import_{kind} = True asks;"
            f" remove what forbids that from linkopts, or set import_{kind} = False"
        )
    if imports and not imported:
        return f"the module imports its {kind}, although import_{kind} = False; remove --import-{kind} from linkopts"
    if imports and imports[0] != _PROVIDED[kind]:
        provided, shown = ".".join(_PROVIDED[kind]), printable(".".join(imports[0]))
        return f"the module imports its {kind} as {shown}, not as {provided}; check linkopts"
    if not imports and not any(export.kind == kind for export in module.exports):
        return f"the module neither imports nor exports its {kind}; add --export-{kind} to linkopts"
    return _memory_problem(module.memories[0]) if kind == "memory" else ""


def _memory_problem(memory: Limits) -> str:
    if memory.shared:
        return "the module's memory is shared, but a sandbox has no threads; remove -pthread and --shared-memory"
    if memory.is64 or memory.page_size_log2 != 16:
        return "the module's memory is not one of 32-bit addresses and pages of 64 KiB; build the library for wasm32"
    return ""


def _check_imports(module: WasmModule, policy: Policy) -> None:
    allowed = set(policy.allow_import)
    refused = [
        item
        for item in module.imports
        if item.kind not in _PROVIDED and (item.kind != "function" or f"{item.module}.{item.name}" not in allowed)
    ]
    if not refused:
        return
    undefined = [item for item in refused if item.module == "env"]
    wasi = [item for item in refused if item.module == WASI and item.kind == "function"]
    if undefined:
        _refuse_undefined(undefined, module, policy)
    if wasi:
        _refuse_wasi(wasi, module, policy)
    item = refused[0]
    raise ToolError(
        f"{policy.target}: the library imports the {item.kind} {printable(item.name)} from {printable(item.module)}, which no sandbox provides{_more(refused, item)};"
        " remove that import (an import_module attribute in the sources makes one)"
    )


def _more(items: Sequence[Import], item: Import) -> str:
    others = sorted({printable(other.name)[1:-1] for other in items if other.name != item.name})
    if len(others) > _MORE:
        others[_MORE:] = [f"{len(others) - _MORE} more"]
    return f" (the same goes for {', '.join(others)})" if others else ""


def _check_import_types(module: WasmModule, policy: Policy) -> None:
    for item in module.imports:
        if item.kind != "function":
            continue
        needed, found = SIGNATURES.get(item.name), module.function_type(item.number)
        if item.module != WASI or needed is None:
            raise ToolError(
                f"{policy.target}: {printable(f'{item.module}.{item.name}')} is allowed as an import, but is no function"
                " of WASI preview 1; name only such functions"
            )
        if found != needed:
            diagnosis = policy.diagnosis(module)
            user = diagnosis.undefined_user(item.number, item.name)
            raise ToolError(
                f"{policy.target}: the library imports {WASI}.{item.name} as {found}{user and ', ' + user}, but its"
                f" type in WASI is {needed}; declare it so, or include <wasi/api.h>"
            )


def _check_features(module: WasmModule, policy: Policy) -> None:
    """Raises ToolError for the first thing that policy.py does not allow."""
    file = printable(os.path.basename(policy.wasm))[1:-1]
    try:
        found = violation(module, ["simd"] if policy.simd else [])
    except WasmError as error:
        body = -1 if error.offset is None else module.bodies.holding(error.offset)
        who = policy.diagnosis(module).function(body + module.imported_functions, file) if body >= 0 else file
        raise ToolError(
            f"{policy.target}: the code of {who} cannot be read: {error}; no sandbox allows instructions that are not"
            " known, so compile without the feature that this one belongs to"
        ) from None
    if found is None:
        return
    use = found.use
    if use.function >= 0:
        who = policy.diagnosis(module).function(use.function, file)
        what = f"{who} uses {use.what} (feature {use.feature})"
    else:
        what = f"{use.what} of {file} needs the feature {use.feature}"
    raise ToolError(f"{policy.target}: {what}, {found.way_out}")


def _refuse_undefined(undefined: Sequence[Import], module: WasmModule, policy: Policy) -> NoReturn:
    from link.diagnosis import way_out_of_undefined

    item = undefined[0]
    shown, user = printable(item.name), ""
    if item.kind == "function":
        diagnosis = policy.diagnosis(module)
        shown, user = diagnosis.shown(item.name, item.number), diagnosis.undefined_user(item.number, item.name)
    what = f"undefined symbol {shown}{user and ', ' + user}{_more(undefined, item)}"
    raise ToolError(f"{policy.target}: {what}; {way_out_of_undefined(item.name)}")


def _refuse_wasi(wasi: Sequence[Import], module: WasmModule, policy: Policy) -> NoReturn:
    diagnosis = policy.diagnosis(module)
    found = [(item, *diagnosis.needs(item.number)) for item in wasi]
    item, needs, _ = next((entry for entry in found if entry[2]), found[0])  # best one that the user's code needs
    shown = printable(item.name)[1:-1]
    raise ToolError(
        f"{policy.target}: the library needs the WASI import {WASI}.{shown}, which the sandbox does not allow{_more(wasi, item)}"
        f'{needs and ": " + needs}; remove that call, or add "{shown}" to allowed_imports'
    )


def _check_missing_exports(module: WasmModule, policy: Policy) -> None:
    functions = {export.name: export.number for export in module.exports if export.kind == "function"}
    for name in policy.runtime_export:
        shown = printable(name)
        if name not in functions:
            raise ToolError(
                f"{policy.target}: {shown}, which the runtime calls, is not in the module;"
                " link the C library (no -nostdlib in linkopts)"
            )
        signature = module.function_type(functions[name])
        needed = _RUNTIME_TYPES.get(name, signature)
        if signature != needed:
            raise ToolError(
                f"{policy.target}: {shown} has the signature {signature}, but the runtime needs {needed};"
                " rename the library's own function of that name"
            )
    missing = [name for name in policy.export if name not in functions]
    if missing:
        others = ", ".join(printable(name) for name in missing[1:])
        more = f" (also missing: {others})" if others else ""
        raise ToolError(f"{policy.target}: exports: {policy.diagnosis(module).missing_export(missing[0])}{more}")


def _check_extra_exports(module: WasmModule, policy: Policy) -> None:
    expected = {*policy.export, *policy.runtime_export, *policy.optional_export}
    for export in module.exports:
        if export.name in expected or export.kind in _PROVIDED:
            continue
        shown = printable(export.name)
        place = policy.diagnosis(module).definer(export.number) if export.kind == "function" else ""
        raise ToolError(
            f"{policy.target}: the module exports the {export.kind} {shown}{place}, which exports does not name; add it there,"
            " or remove what exports it (an export_name attribute in the sources, or a linkopt)"
        )


def report(module: WasmModule, target: str) -> str:
    """What the module has, as JSON: the same text for the same module."""
    exports = [{"kind": e.kind, "name": e.name, **_signature(module, e.kind, e.number)} for e in module.exports]
    imports = [
        {"kind": i.kind, "module": i.module, "name": i.name, **_signature(module, i.kind, i.number)}
        for i in module.imports
    ]
    content = {
        "exports": sorted(exports, key=lambda item: str(item["name"])),
        "imports": sorted(imports, key=lambda item: (str(item["module"]), str(item["name"]))),
        "memory": _space(module, "memory", module.memories),
        "sha256": sha256(module.data).hexdigest(),
        "table": _space(module, "table", [table.limits for table in module.tables]),
        "target": target,
    }
    return json.dumps(content, indent=2, sort_keys=True) + "\n"


def _signature(module: WasmModule, kind: str, index: int) -> dict[str, object]:
    if kind != "function":
        return {}
    signature = module.function_type(index)
    return {"params": list(signature.params), "results": list(signature.results)}


def _space(module: WasmModule, kind: str, space: Sequence[Limits]) -> Optional[dict[str, object]]:
    if not space:
        return None
    imported = any(item.kind == kind for item in module.imports)
    return {"kind": "imported" if imported else "exported", "maximum": space[0].maximum, "minimum": space[0].minimum}


def main(arguments: Sequence[str]) -> None:
    """The command line; see --help."""
    parser = tool_main.argument_parser("Checks a linked module's exports, imports, memory and table.")
    parser.add_argument("--wasm", required=True, help="the module")
    parser.add_argument("--output", required=True, help="the JSON file to write about it")
    parser.add_argument("--target", required=True, help="the label that errors begin with")
    parser.add_argument("--export", action="append", default=[], help="a function that the user wants exported")
    parser.add_argument(
        "--runtime-export", action="append", default=[], help="a function that the runtime needs exported"
    )
    parser.add_argument("--optional-export", action="append", default=[], help="something that may be exported")
    parser.add_argument("--export-all", action="store_true", help="anything may be exported")
    parser.add_argument(
        "--allow-import", action="append", default=[], metavar="MODULE.NAME", help="an import that is allowed"
    )
    parser.add_argument("--simd", action="store_true", help="vector instructions are allowed")
    parser.add_argument("--memory", required=True, choices=("imported", "exported"))
    parser.add_argument("--table", required=True, choices=("imported", "exported"))
    parser.add_argument("--map", help="wasm-ld's --Map text, for messages")
    parser.add_argument(
        "--object", action="append", default=[], help="an object or archive of the user's, for messages"
    )
    policy = parser.parse_args(arguments, namespace=Policy())

    module = tool_main.read_module(policy.wasm, blame=policy.target)
    check(module, policy)
    tool_main.write_bytes(policy.output, report(module, policy.target).encode("ascii"))


if __name__ == "__main__":
    tool_main.run(main)
