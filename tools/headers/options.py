"""The command line of the programs that read headers: read_headers, and new_sandbox's read_calls."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import tool_main
from tool_main import ToolError
from wasm.reader import printable


class Options(argparse.Namespace):
    """The command line."""

    target: str
    output: str
    include: list[str]
    public_file: list[str]
    function: list[str]
    c_compiler: str
    cxx_compiler: str
    c_flag: list[str]
    cxx_flag: list[str]


def _with_flags_joined(arguments: Sequence[str]) -> list[str]:
    """The arguments, those of @files too, with `--c-flag F` as `--c-flag=F`: argparse takes an F like -I for an option."""
    plain: list[str] = []
    for argument in arguments:
        if argument.startswith("@"):
            plain += tool_main.read_bytes(argument[1:]).decode().splitlines()
        else:
            plain.append(argument)
    joined: list[str] = []
    for argument in plain:
        if joined and joined[-1] in ("--c-flag", "--cxx-flag"):
            joined[-1] += "=" + argument
        else:
            joined.append(argument)
    return joined


def parse_options(arguments: Sequence[str], purpose: str) -> Options:
    """The options of a program that reads headers; `purpose` is what its --help says."""
    parser = tool_main.argument_parser(purpose)
    parser.add_argument("--target", required=True, help="the label that errors begin with")
    parser.add_argument("--output", required=True, help="the JSON file to write")
    parser.add_argument("--include", action="append", default=[], help="a header, as in #include")
    parser.add_argument("--public-file", action="append", default=[], help="a file whose functions count")
    parser.add_argument(
        "--function", action="append", default=[], help="a function that counts wherever it is declared"
    )
    parser.add_argument("--c-compiler", required=True, help="clang, for C")
    parser.add_argument("--cxx-compiler", required=True, help="clang, for C++")
    parser.add_argument("--c-flag", action="append", default=[], help="a flag for C")
    parser.add_argument("--cxx-flag", action="append", default=[], help="a flag for C++")
    options = parser.parse_args(_with_flags_joined(arguments), namespace=Options())
    for include in options.include:
        if not include or any(char in '"\\\n\r' for char in include):
            raise ToolError(
                f"{options.target}: the header name {printable(include)} cannot be written into #include. To fix: rename the file"
            )
    return options
