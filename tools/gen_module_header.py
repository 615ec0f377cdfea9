"""Writes `<module>.rlbox.h`, the one header that an application includes to use a sandbox.

For the wasm2c backend it describes the module to the runtime: every fact in it is read from the module, so the
runtime has nothing to guess. For the noop backend it only puts the headers in the right order.
For both it lists the structs that the library's functions take and give, from what read_headers wrote.
Names from the module reach the generated code only if they are plain C identifiers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Optional

import tool_main
from header_text import noop_header, wasm2c_header
from module_facts import module_facts
from struct_text import HeaderFacts, Struct, StructChoice, function_aliases, parse_facts
from tool_main import ToolError
from wasm2c_names import module_name_problem
from wasm_reader import printable

# What stands between the quotes of #include: nothing that ends them or the line.
_UNSAFE = frozenset('"\\<>\n\r\t')


def _check_header(module: str, header: str) -> str:
    if not header or any(char in _UNSAFE or not " " <= char <= "~" for char in header):
        raise ToolError(
            f"{module}: the header name {printable(header)} cannot be written into #include; rename the file"
        )
    return header


def _read_facts(path: str) -> HeaderFacts:
    try:
        return parse_facts(tool_main.read_bytes(path))
    except ValueError as error:
        raise ToolError(f"{path}: {error}") from None


def _structs(
    blame: str, facts: HeaderFacts, exported: Optional[Collection[str]], opaque: Sequence[str]
) -> list[Struct]:
    """The structs to load; `exported` are the module's functions, None if there is no module to ask."""
    try:
        return StructChoice(facts, exported, opaque).structs()
    except ValueError as error:
        raise ToolError(f"{blame}: {error}") from None


def main(arguments: Sequence[str]) -> None:
    """The command line; see --help."""
    parser = tool_main.argument_parser("Writes <module>.rlbox.h.")
    parser.add_argument("--module", required=True, help="the sandbox's module name")
    parser.add_argument("--backend", required=True, choices=("wasm2c", "noop"))
    parser.add_argument("--wasm", help="the module, for the wasm2c backend")
    parser.add_argument("--header", action="append", default=[], help="a header of the library, as in #include")
    parser.add_argument("--facts", help="what read_headers wrote about the library's headers, for its structs")
    parser.add_argument(
        "--opaque-struct", action="append", default=[], help="a struct that passes by pointer only; needs --facts"
    )
    parser.add_argument("--target", help="the label that errors about structs begin with; default: the module's name")
    parser.add_argument("--output", required=True, help="the header to write")
    options = parser.parse_args(arguments)

    module = options.module
    problem = module_name_problem(module)
    if problem:
        raise ToolError(
            f"{printable(module)[1:-1] or 'module_name'}: the module name {printable(module)} {problem}; set module_name to one like 'mylib'"
        )
    headers = [_check_header(module, header) for header in options.header]
    blame = options.target or module
    known = _read_facts(options.facts) if options.facts else HeaderFacts([], {})
    if options.backend == "noop":
        text = noop_header(module, headers, structs=_structs(blame, known, None, options.opaque_struct))
    elif options.wasm is None:
        raise ToolError(f"{module}: the wasm2c backend needs the module; pass --wasm")
    else:
        wasm = tool_main.read_module(options.wasm)
        try:
            facts = module_facts(wasm)
        except ValueError as error:
            raise ToolError(f"{options.wasm}: {error}") from None
        exported = frozenset(name for name, _ in facts.functions)
        text = wasm2c_header(
            module,
            headers,
            facts,
            structs=_structs(blame, known, exported, options.opaque_struct),
            aliases=function_aliases(known, exported),
        )
    tool_main.write_bytes(options.output, text.encode("ascii"))


if __name__ == "__main__":
    tool_main.run(main)
