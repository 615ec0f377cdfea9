"""Refuses a linked or prebuilt module that is not what a sandbox allows, or writes the module that wasm2c translates.

Everything that a module must, may and must not have is decided here: its instructions and features (policy.py), its
imports with their types, its memory and table, its exports. A module that passes gets its initialiser into the start
section and the limit of its table (start.py), and declares only exceptions that it can throw (declared.py). The module that is written is the proof that it was checked: no other
file of the pipeline is an input of wasm2c.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn, Optional

import tool_main
from tool_main import ToolError
from wasm.abi import IMPORTED_SPACES, OPTIONAL_EXPORTS, REQUIRED_EXPORTS, WASI
from wasm.description import exported_functions, spaces
from wasm.module import Import, Limits, WasmModule, parse
from wasm.reader import WasmError, printable
from wasm.wasi_functions import FILE_FUNCTIONS, SIGNATURES

from link import exports
from link.declared import without_feature
from link.policy import table_problem, violation
from link.start import with_max_table, with_start

if TYPE_CHECKING:
    from link.diagnosis import Diagnosis

_MORE = 5  # other names in a message


class Policy(argparse.Namespace):
    """What the module must, may and must not have: the command line's options."""

    wasm: str
    output: str
    target: str
    exports: Optional[str]
    export: list[str]
    export_all: bool
    allow_import: list[str]
    exceptions: bool
    simd: bool
    memory: str
    table: str
    max_table: Optional[int]
    map: Optional[str]
    object: list[str]

    def read_exports(self) -> None:
        """Reads the file with the list of exports, if there is one."""
        self.required = list(self.export)
        self.allowed = {*self.export, *REQUIRED_EXPORTS, *OPTIONAL_EXPORTS}
        self.attributes = dict.fromkeys(self.export, "exports")  # where each export comes from
        listed = exports.read(self.exports) if self.exports else exports.Exports([], [], [])
        self.prototypes = [item.name for item in listed.prototypes]
        for item in listed.exports:
            self.allowed.add(item.symbol)
            self.attributes[item.symbol] = item.source
            if item.certain:
                self.required.append(item.symbol)

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
    _check_calls(module, policy)
    _check_missing_exports(module, policy)
    if not policy.export_all:
        _check_extra_exports(module, policy)


def _space_problem(module: WasmModule, kind: str, *, imported: bool) -> str:
    """What is wrong with the module's memory or table; '' if nothing is."""
    found = spaces(module, kind)
    if not found:
        return "" if kind == "table" else "the module has no memory, but a sandbox has one. To fix: check linkopts"
    if len(found) > 1:
        many = "memories" if kind == "memory" else "tables"
        return f"the module has {len(found)} {many}, but a sandbox has one. To fix: check linkopts"
    (space,) = found
    if imported and space.imported_as is None:
        return (
            f"the module does not import its {kind}, as import_{kind} = True asks. To fix:"
            f" remove what forbids that from linkopts, or set import_{kind} = False"
        )
    if space.imported_as is not None and not imported:
        return f"the module imports its {kind}, although import_{kind} = False. To fix: remove --import-{kind} from linkopts"
    if space.imported_as not in (None, IMPORTED_SPACES[kind]):
        provided, shown = ".".join(IMPORTED_SPACES[kind]), printable(".".join(space.imported_as or ()))
        return f"the module imports its {kind} as {shown}, not as {provided}. To fix: check linkopts"
    if space.imported_as is None and space.exported_as is None:
        return f"the module neither imports nor exports its {kind}. To fix: add --export-{kind} to linkopts"
    return _memory_problem(space.limits) if kind == "memory" else ""


def _memory_problem(memory: Limits) -> str:
    if memory.shared:
        return (
            "the module's memory is shared, but a sandbox has no threads. To fix: remove -pthread and --shared-memory"
        )
    if memory.is64 or memory.page_size_log2 != 16:
        return "the module's memory is not one of 32-bit addresses and pages of 64 KiB. To fix: build the library for wasm32"
    return ""


def _check_imports(module: WasmModule, policy: Policy) -> None:
    allowed = set(policy.allow_import)
    refused = [
        item
        for item in module.imports
        if item.kind not in IMPORTED_SPACES
        and not (item.kind == "function" and item.module == WASI and item.name in allowed)
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
        f"{policy.target}: the library imports the {item.kind} {printable(item.name)} from {printable(item.module)}, which no sandbox provides{_more(refused, item)}. To fix:"
        " remove that import (an import_module attribute in the sources makes one)"
    )


def _more(items: Sequence[Import], item: Import, what: str = "the same goes for") -> str:
    others = sorted({printable(other.name)[1:-1] for other in items if other.name != item.name})
    if len(others) > _MORE:
        others[_MORE:] = [f"{len(others) - _MORE} more"]
    return f" ({what} {', '.join(others)})" if others else ""


def _check_import_types(module: WasmModule, policy: Policy) -> None:
    for item in module.imports:
        if item.kind != "function":
            continue
        needed, found = SIGNATURES.get(item.name), module.function_type(item.number)
        if needed is None:
            raise ToolError(
                f"{policy.target}: {printable(item.name)} is allowed as an import, but is no function"
                " of WASI preview 1. To fix: name only such functions"
            )
        if found != needed:
            diagnosis = policy.diagnosis(module)
            user = diagnosis.undefined_user(item.number, item.name)
            raise ToolError(
                f"{policy.target}: the library imports {WASI}.{item.name} as {found}{user and ', ' + user}, but its"
                f" type in WASI is {needed}. To fix: declare the function so, or include <wasi/api.h>"
            )


def _check_features(module: WasmModule, policy: Policy) -> None:
    """Raises ToolError for the first thing that policy.py does not allow."""
    file = printable(os.path.basename(policy.wasm))[1:-1]
    try:
        found = violation(module, [name for name in ("exceptions", "simd") if getattr(policy, name)])
    except WasmError as error:
        body = -1 if error.offset is None else module.bodies.holding(error.offset)
        who = policy.diagnosis(module).function(body + module.imported_functions, file) if body >= 0 else file
        raise ToolError(
            f"{policy.target}: the code of {who} cannot be read: {error}; no sandbox allows unknown instructions."
            " To fix: compile without the feature that this one belongs to"
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


def _check_calls(module: WasmModule, policy: Policy) -> None:
    """Raises ToolError for a call of a function of several prototypes that the linker has linked with a wrong one."""
    diagnosis = policy.diagnosis(module) if policy.prototypes else None
    for name in policy.prototypes:
        problem = diagnosis.wrong_call(name) if diagnosis else ""
        if problem:
            raise ToolError(f"{policy.target}: {problem}")


def _refuse_undefined(undefined: Sequence[Import], module: WasmModule, policy: Policy) -> NoReturn:
    from link.diagnosis import way_out_of_undefined

    item = undefined[0]
    shown, user = printable(item.name), ""
    if item.kind == "function":
        diagnosis = policy.diagnosis(module)
        shown, user = diagnosis.shown(item.name, item.number), diagnosis.undefined_user(item.number, item.name)
    way_out = way_out_of_undefined(item.name)
    alike = [other for other in undefined if way_out_of_undefined(other.name) == way_out]
    unlike = [other for other in undefined if way_out_of_undefined(other.name) != way_out]
    more = _more(alike, item) + _more(unlike, item, "undefined for another reason:")
    raise ToolError(f"{policy.target}: undefined symbol {shown}{user and ', ' + user}{more}: {way_out}")


def _refuse_wasi(wasi: Sequence[Import], module: WasmModule, policy: Policy) -> NoReturn:
    diagnosis = policy.diagnosis(module)
    found = [(item, *diagnosis.needs(item.number)) for item in wasi]
    _, needs, _ = next((entry for entry in found if entry[2]), found[0])  # best one that the user's code needs
    names = sorted(printable(item.name)[1:-1] for item in wasi)
    quoted = ", ".join(f'"{name}"' for name in names)
    reaching = _leaving_out(diagnosis.exports_reaching([item.number for item in wasi]), policy)
    if FILE_FUNCTIONS.issuperset(item.name for item in wasi):
        reaching += "set files = True and give the sandbox files in memory, or "
    raise ToolError(
        f"{policy.target}: the library needs the WASI import{'s' if names[1:] else ''} {', '.join(names)} of {WASI}, which"
        f" the sandbox does not allow{needs and ': '}{needs}. To fix: {reaching}take that call out of the library, or, if it never"
        f" runs, add {quoted} to allowed_imports"
    )


def _leaving_out(functions: Sequence[str], policy: Policy) -> str:
    """How not to export these functions: the beginning of a sentence, or '' if there are none whose attribute is known."""
    ways = []
    for attribute in ("headers", "exports", "exports_only"):
        names = [printable(name)[1:-1] for name in functions if policy.attributes.get(name) == attribute]
        quoted = ", ".join(f'"{name}"' for name in names)
        if names and attribute == "headers":
            ways.append(f"add {quoted} to exports_except")
        elif names:
            ways.append(f"remove {quoted} from {attribute}")
    return f"{' and '.join(ways)}, or " if ways else ""


def _check_missing_exports(module: WasmModule, policy: Policy) -> None:
    functions = exported_functions(module)
    for name, needed in REQUIRED_EXPORTS.items():
        if name not in functions:
            raise ToolError(
                f"{policy.target}: {printable(name)}, which the runtime calls, is not in the module. To fix:"
                " link the C library (no -nostdlib in linkopts)"
            )
        if functions[name] != needed:
            raise ToolError(
                f"{policy.target}: {printable(name)} has the signature {functions[name]}, but the runtime needs {needed}. To fix:"
                " rename the library's own function of that name"
            )
    missing = [name for name in policy.required if name not in functions]
    if missing:
        others = ", ".join(printable(name) for name in missing[1:])
        more = f" (also missing: {others})" if others else ""
        raise ToolError(f"{policy.target}: exports: {policy.diagnosis(module).missing_export(missing[0])}{more}")


def _check_extra_exports(module: WasmModule, policy: Policy) -> None:
    for export in module.exports:
        if export.name in policy.allowed or export.kind in IMPORTED_SPACES:
            continue
        shown = printable(export.name)
        place = policy.diagnosis(module).definer(export.number) if export.kind == "function" else ""
        raise ToolError(
            f"{policy.target}: the module exports the {export.kind} {shown}{place}, which exports does not name. To fix: add it to exports,"
            " or remove what exports it (an export_name attribute in the sources, or a linkopt)"
        )


def finished(module: WasmModule, policy: Policy) -> bytes:
    """The bytes of a module that has passed, with its start function and the limit of its table."""
    if policy.max_table is not None:
        try:
            module = parse(with_max_table(module, policy.max_table))
        except ValueError as error:
            raise ToolError(f"{policy.target}: {error}. To fix: set another max_table") from None
    try:
        data = with_start(module)
    except ValueError as error:
        raise ToolError(
            f"{policy.target}: {error}. To fix: link the library as a reactor (-mexec-model=reactor)"
        ) from None
    return data if module.tags else without_feature(data, "exception-handling")


def main(arguments: Sequence[str]) -> None:
    """The command line; see --help."""
    parser = tool_main.argument_parser("Checks a linked module and finishes it for wasm2c.")
    parser.add_argument("--wasm", required=True, help="the module")
    parser.add_argument("--output", required=True, help="the module to write, if it passes")
    parser.add_argument("--target", required=True, help="the label that errors begin with")
    parser.add_argument("--exports", help="the list of exports that select_exports wrote")
    parser.add_argument("--export", action="append", default=[], help="a function that must be exported, besides")
    parser.add_argument("--export-all", action="store_true", help="anything may be exported")
    parser.add_argument("--allow-import", action="append", default=[], help="a function of WASI that may be imported")
    parser.add_argument("--exceptions", action="store_true", help="catching everything and throwing on are allowed")
    parser.add_argument("--simd", action="store_true", help="vector instructions are allowed")
    parser.add_argument("--memory", required=True, choices=("imported", "exported"))
    parser.add_argument("--table", required=True, choices=("imported", "exported"))
    parser.add_argument("--max-table", type=int, help="the upper limit of the table, in functions (default: as it is)")
    parser.add_argument("--map", help="wasm-ld's --Map text, for messages")
    parser.add_argument(
        "--object", action="append", default=[], help="an object or archive of the user's, for messages"
    )
    policy = parser.parse_args(arguments, namespace=Policy())
    policy.read_exports()

    module = tool_main.read_module(policy.wasm, blame=policy.target)
    check(module, policy)
    tool_main.write_bytes(policy.output, finished(module, policy))


if __name__ == "__main__":
    tool_main.run(main)
