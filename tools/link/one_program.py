"""Refuses a program of the noop backend whose sandboxes' libraries define the same symbol.

The noop backend links the libraries themselves into one program. Of two definitions the linker takes one, often without
a word: an archive's member is left out once its symbols are there. One library would then run the other one's function,
or write the other one's variable. Weak symbols, of which C++ makes many, are meant to be shared. A file that two sandboxes
have in common is linked once, for both.
"""

from __future__ import annotations

import argparse
import re
import subprocess
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import tool_main
from tool_main import ToolError
from wasm.reader import printable

_ELF = b"\x7fELF"
_SHARED = 3  # e_type of a shared library
# nm -P: name, type, value and size. An archive's members are announced by a line of another form.
_LINE = re.compile(r"(\S+) ([A-Za-z?-])(?: |$)")
_STRONG = frozenset("ABCDGRSTi")
# What compilers define in every object that needs it.
_COMMON = re.compile(r"__x86\.get_pc_thunk\.|DW\.ref\.")
_MORE = 5  # other symbols in the message


class Options(argparse.Namespace):
    """The command line; the three lists have the same length."""

    target: str
    nm: str
    sandbox: list[str]
    owner: list[str]
    file: list[str]
    output: str


class Definition(NamedTuple):
    """Where a symbol is defined."""

    sandbox: str
    owner: str
    file: str


def strong_symbols(listing: str) -> set[str]:
    """The symbols that only one object may define, from what `nm -g -P` prints."""
    found = (_LINE.match(line) for line in listing.splitlines())
    return {match[1] for match in found if match and match[2] in _STRONG and not _COMMON.match(match[1])}


def read_symbols(nm: str, path: str) -> set[str]:
    """The symbols that only one object may define, of the object, archive or shared library `path`."""
    data = tool_main.read_bytes(path)[:18]
    shared = data.startswith(_ELF) and data[16:18] in (bytes((_SHARED, 0)), bytes((0, _SHARED)))
    command = [nm, "-g", "-P", *(["-D"] if shared else []), "--", path]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError as error:
        raise ToolError(
            f"{nm}: cannot be run: {error.strerror}. To fix: give the cc_toolchain an nm, which the noop backend"
            " needs for a program with several sandboxes"
        ) from None
    if done.returncode != 0:
        reason = (done.stderr.decode("utf-8", "replace").splitlines() or ["no reason"])[0]
        raise ToolError(
            f"{path}: its symbols cannot be read: {reason}. To fix: build it again, for the program's platform"
        )
    return strong_symbols(done.stdout.decode("utf-8", "replace"))


def collisions(
    definitions: Iterable[Definition], symbols: dict[str, set[str]]
) -> dict[str, tuple[Definition, Definition]]:
    """The symbols that files of two sandboxes define, each with two of these files.

    Args:
        definitions: the files, in the order of the link.
        symbols: what each file defines.
    """
    places: dict[str, list[Definition]] = {}
    found: dict[str, tuple[Definition, Definition]] = {}
    for item in definitions:
        for symbol in symbols[item.file]:
            known = places.setdefault(symbol, [])
            for other in known:
                if other.file != item.file and other.sandbox != item.sandbox:
                    found.setdefault(symbol, (other, item))
            known.append(item)
    return found


def sentence(target: str, found: dict[str, tuple[Definition, Definition]]) -> str:
    """The error about `found`, which is not empty."""
    symbol = min(found)
    one, other = found[symbol]
    others = [
        printable(name)[1:-1] for name in sorted(found) if name != symbol and found[name][0].sandbox == one.sandbox
    ]
    if len(others) > _MORE:
        others[_MORE:] = [f"{len(others) - _MORE} more"]
    more = f" (also {', '.join(others)})" if others else ""
    shown = printable(symbol)[1:-1]
    how = "for C++: in a namespace" if symbol.startswith("_Z") else f"for C: {shown}=other_{shown} in local_defines"
    return (
        f"{target}: both {one.owner}, of the sandbox {one.sandbox}, and {other.owner}, of the sandbox {other.sandbox}, define the"
        f" symbol {shown}{more}, and the noop backend links them into one program, where one library would use the other's. To fix:"
        f" rename it in one of them ({how}), or build with the wasm2c backend, which"
        " keeps them apart"
    )


def main(arguments: Sequence[str]) -> None:
    """The command line; see --help."""
    parser = tool_main.argument_parser("Compares the symbols of the libraries of a program's sandboxes.")
    parser.add_argument("--target", required=True, help="the program's label, that errors begin with")
    parser.add_argument("--nm", required=True, help="the cc_toolchain's nm")
    parser.add_argument("--sandbox", action="append", default=[], help="for each file, the sandbox that links it")
    parser.add_argument("--owner", action="append", default=[], help="for each file, the target that makes it")
    parser.add_argument("--file", action="append", default=[], help="an object, archive or shared library")
    parser.add_argument("--output", required=True, help="a file to write if nothing collides")
    options = parser.parse_args(arguments, namespace=Options())

    definitions = [Definition(*item) for item in zip(options.sandbox, options.owner, options.file)]
    symbols = {path: read_symbols(options.nm, path) for path in dict.fromkeys(options.file)}
    found = collisions(definitions, symbols)
    if found:
        raise ToolError(sentence(options.target, found))
    tool_main.write_bytes(options.output, b"")


if __name__ == "__main__":
    tool_main.run(main)
