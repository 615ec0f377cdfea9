"""Writes `<module>.rlbox.h`, the one header that an application includes to use a sandbox.

For the wasm2c backend it describes the module to the runtime: everything in it is read from the module, so the
runtime has nothing to guess. For the noop backend it only puts the headers in the right order.
For both it lists the structs that the library's functions take and give, from the header description.
Names from the module reach the generated code only if they are plain C identifiers.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Optional

import tool_main
from headers import description
from headers.description import HeaderDescription
from link import exports
from link.exports import LeftOut
from tool_main import ToolError
from wasm.reader import printable
from wasm.wasi_functions import FILE_FUNCTIONS

from codegen.header_text import noop_header, wasm2c_header
from codegen.identifiers import is_c_identifier, module_name_problem
from codegen.module_shape import ModuleShape, module_shape
from codegen.named_calls_text import named_calls
from codegen.struct_text import PORTABLE_REST, StructChoice, function_aliases
from codegen.upstream_text import limit_notes, upstream_header, upstream_limits, upstream_problem

# What stands between the quotes of #include: nothing that ends them or the line.
_UNSAFE = frozenset('"\\<>\n\r\t')


def _check_header(module: str, header: str) -> str:
    if not header or any(char in _UNSAFE or not " " <= char <= "~" for char in header):
        raise ToolError(
            f"{module}: the header name {printable(header)} cannot be written into #include. To fix: rename the file"
        )
    return header


def _module_shape(path: str) -> ModuleShape:
    try:
        return module_shape(tool_main.read_module(path))
    except ValueError as error:
        raise ToolError(f"{path}: {error}") from None


def _why(item: LeftOut) -> str:
    """Why a function is left out, for who calls it; '' where another function of this name is there to be called.

    How the library reaches a WASI call is not in it: that changes with the inside of functions.
    """
    if item.reason == "refused_import":
        names = ", ".join(item.needs)
        if FILE_FUNCTIONS.issuperset(item.needs):
            return f"it can reach WASI calls for files; set the attribute files of its sandbox to have it: {names}"
        return f"it can reach WASI calls that no sandbox allows by default; add these to allowed_imports to have it: {names}"
    return item.detail if item.reason in ("excluded", "variadic") else ""


def _left_out(path: Optional[str], shape: ModuleShape) -> dict[str, str]:
    """The functions that are not exported, by their names in C, each with the reason."""
    found = {}
    exported = {name for name, _ in shape.functions}
    for item in exports.read(path).left_out if path else ():
        name = item.name.rpartition("::")[2]
        if is_c_identifier(name) and name not in exported and _why(item):
            found[name] = _why(item)
    return found


def _variadic(known: HeaderDescription) -> dict[str, str]:
    """What _left_out finds where nothing else is left out."""
    why = "a variable number of arguments cannot cross the boundary"
    names = {function.c_name for function in known.functions if function.variadic and function.can_be_called}
    return {name: why for name in sorted(names) if is_c_identifier(name)}


def _noop_text(options: argparse.Namespace, known: HeaderDescription, headers: Sequence[str]) -> str:
    upstream = options.api == "upstream"
    choice = StructChoice(known, None, options.opaque_struct, upstream=upstream)
    if not upstream:
        left_out = _variadic(known)
        return noop_header(
            options.module,
            headers,
            structs=choice.structs(),
            parts=choice.parts(),
            standard=known.standard,
            extern_c=known.extern_c,
            calls=named_calls(known.functions, None, left_out),
            left_out=left_out,
        )
    notes = limit_notes(upstream_limits(known, choice))
    return noop_header(
        options.module,
        headers,
        structs=choice.structs(),
        rest=PORTABLE_REST,
        notes=notes,
        standard=known.standard,
        extern_c=known.extern_c,
    )


def _wasm2c_text(
    options: argparse.Namespace, known: HeaderDescription, headers: Sequence[str], shape: ModuleShape
) -> str:
    upstream = options.api == "upstream"
    exported = frozenset(name for name, _ in shape.functions)
    choice = StructChoice(known, exported, options.opaque_struct, upstream=upstream)
    aliases = function_aliases(known, exported)
    left_out = _left_out(options.exports, shape)
    if not upstream:
        return wasm2c_header(
            options.module,
            headers,
            shape,
            structs=choice.structs(),
            parts=choice.parts(),
            aliases=aliases,
            left_out=left_out,
            longs={function.symbol: function.longs for function in known.functions if function.longs},
            standard=known.standard,
            extern_c=known.extern_c,
            calls=named_calls(known.functions, exported, left_out),
        )
    problem = upstream_problem(shape)
    if problem:
        raise ValueError(f"{problem}, or build with --@rules_rlbox//rules/settings:rlbox=bundled")
    limits = upstream_limits(known, choice, left_out)
    return upstream_header(
        options.module,
        headers,
        shape,
        structs=choice.structs(),
        aliases=aliases,
        limits=limits,
        standard=known.standard,
        extern_c=known.extern_c,
    )


def main(arguments: Sequence[str]) -> None:
    """The command line; see --help."""
    parser = tool_main.argument_parser("Writes <module>.rlbox.h.")
    parser.add_argument("--module", required=True, help="the sandbox's module name")
    parser.add_argument("--backend", required=True, choices=("wasm2c", "noop"))
    parser.add_argument(
        "--api", default="bundled", choices=("bundled", "upstream"), help="whose RLBox it is for (default: bundled)"
    )
    parser.add_argument("--wasm", help="the module, for the wasm2c backend")
    parser.add_argument("--header", action="append", default=[], help="a header of the library, as in #include")
    parser.add_argument("--headers", help="the library's header description, for its structs")
    parser.add_argument("--exports", help="the list of what the module exports and does not, for what a call says")
    parser.add_argument(
        "--opaque-struct", action="append", default=[], help="a struct that passes by pointer only; needs --headers"
    )
    parser.add_argument("--target", help="the label that errors about structs begin with; default: the module's name")
    parser.add_argument("--output", required=True, help="the header to write")
    options = parser.parse_args(arguments)

    module = options.module
    problem = module_name_problem(module)
    if problem:
        raise ToolError(
            f"{printable(module)[1:-1] or 'module_name'}: the module name {printable(module)} {problem}. To fix: set module_name to one like 'mylib'"
        )
    headers = [_check_header(module, header) for header in options.header]
    known = description.read(options.headers) if options.headers else HeaderDescription()
    for name in (*known.order, *known.standard):
        _check_header(module, name)
    if sorted(known.order) == sorted(headers):
        headers = list(known.order)
    if options.backend == "wasm2c" and options.wasm is None:
        raise ToolError(f"{module}: the wasm2c backend needs the module. To fix: pass --wasm")
    shape = _module_shape(options.wasm) if options.backend == "wasm2c" else None
    try:
        text = _wasm2c_text(options, known, headers, shape) if shape else _noop_text(options, known, headers)
    except ValueError as error:
        raise ToolError(f"{options.target or module}: {error}") from None
    tool_main.write_bytes(options.output, text.encode("ascii"))


if __name__ == "__main__":
    tool_main.run(main)
