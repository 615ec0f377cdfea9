"""Chooses what a sandbox exports: the functions that the public headers declare and the library defines.

What the user names in `exports` is added, or with --exports-only replaces that. The linker gets the names in a
response file, the check of the finished module in a file of arguments, and people a report that also says which
functions were left out, and why.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Optional

import tool_main
from tool_main import ToolError
from wasm.reader import printable

from link.library_symbols import LibrarySymbols, not_defined

_FACTS_VERSION = 1
# What response files and wasm-ld take without quotes.
_SYMBOL = re.compile(r"[A-Za-z_.$][\w.$]*", re.ASCII)
_SHOWN = 3  # functions that the error about an empty selection names


class Options(argparse.Namespace):
    """The command line."""

    target: str
    facts: Optional[str]
    object: list[str]
    export: list[str]
    exports_only: bool
    link_output: str
    check_output: str
    output: str


class Declared(NamedTuple):
    """A function that a public header declares."""

    name: str  # in C++, with its namespaces
    symbol: str
    file: str
    signature: str
    linkage: str
    inline: bool
    static: bool
    variadic: bool

    @property
    def c_name(self) -> str:
        """The name that C and `exports` use."""
        return self.name.rpartition("::")[2]


class Selection:
    """The choice, as it is made."""

    def __init__(self, declared: Sequence[Declared], library: LibrarySymbols) -> None:
        self._library = library
        self.declared = declared
        self.exports: dict[str, dict[str, str]] = {}  # by symbol
        self.uncertain: set[str] = set()  # of these, the ones whose definition cannot be seen
        self.left_out: list[dict[str, str]] = []

    def derive(self) -> None:
        """Takes what the headers declare and the library defines."""
        for function in self.declared:
            reason, detail = self._obstacle(function)
            if reason:
                self.left_out.append({"name": function.name, "file": function.file, "reason": reason, "detail": detail})
            else:
                self._add(function.symbol, function, "headers")
                if not self._library.defines(function.symbol):
                    self.uncertain.add(function.symbol)

    def add(self, name: str) -> None:
        """Takes the function `name` of `exports`.

        Raises:
            ValueError: there is no such function; the message says why, and the way out.
        """
        known = next((f for f in self.declared if f.c_name == name and f.linkage == "C"), None)
        symbol = known.symbol if known else name
        if self._library.defines(symbol):
            self.uncertain.discard(symbol)
        elif self._library.complete or self._library.named(symbol):
            raise ValueError(self._missing(name, symbol))
        self._add(symbol, known, "exports")
        self.left_out = [entry for entry in self.left_out if known is None or entry["name"] != known.name]

    def _add(self, symbol: str, function: Optional[Declared], source: str) -> None:
        self.exports[symbol] = {
            "name": function.name if function else symbol,
            "symbol": symbol,
            "signature": function.signature if function else "",
            "file": function.file if function else "",
            "from": source,
        }

    def _obstacle(self, function: Declared) -> tuple[str, str]:
        """Why a declared function is not exported: a word for machines and a sentence; '' if it is."""
        if function.inline:
            return "inline", f"its code is in {function.file}, so the application has its own"
        if function.static:
            return "static", f"it is static in {function.file}, so the application has its own"
        if function.linkage != "C":
            return "cxx_linkage", 'it has C++ linkage; declare it extern "C" to export it'
        if function.variadic:
            return "variadic", "a variable number of arguments cannot cross the boundary"
        symbol = function.symbol
        if not _SYMBOL.fullmatch(symbol):
            return "symbol", f"its name in objects, {printable(symbol)}, cannot be exported"
        if self._library.defines(symbol):
            return "", ""
        found = self._library.named(symbol)
        for item, entry in found:
            if entry.defined and entry.local:
                return "static_definition", f"it is static in {item.shown_name}; remove 'static' there to export it"
        obstacle = self._library.obstacle(symbol)
        if " is a C++ function here " in obstacle:
            return "cxx_definition", f"it {obstacle.partition(' ')[2]}"
        if not found and not self._library.complete:
            return "", ""
        return "undefined", f"it is declared in {function.file}, but the library does not define it"

    def _missing(self, name: str, symbol: str) -> str:
        shown = printable(name)
        for function in self.declared:
            if function.c_name != name:
                continue
            if function.inline and not self._library.named(symbol):
                return f"{shown} is inline in {function.file}, so there is nothing to export; remove it from exports, or define it in a source file"
            if function.linkage != "C":
                return f'{shown} has C++ linkage in {function.file}; declare it extern "C" there'
        obstacle = self._library.obstacle(symbol)
        if obstacle:
            return obstacle
        for function in self.declared:
            if function.c_name == name:
                return f"{shown} is declared in {function.file} but defined nowhere; add the source or the library that defines it"
        return not_defined(name, self._library.functions())


def read_facts(path: str) -> list[Declared]:
    """The functions in a FACTS.json of read_headers."""
    try:
        facts = json.loads(tool_main.read_bytes(path))
        if facts["version"] != _FACTS_VERSION:
            raise ToolError(f"{path}: it has version {facts['version']}, not {_FACTS_VERSION}; run read_headers again")
        return [_declared(function) for function in facts["functions"]]
    except (ValueError, KeyError, TypeError):
        raise ToolError(f"{path}: it was not written by read_headers; run read_headers again") from None


def _declared(function: Mapping[str, str]) -> Declared:
    return Declared(**{field: function[field] for field in Declared._fields})  # type: ignore[arg-type]


def select(options: Options) -> Selection:
    """Makes the choice that the command line asks for."""
    declared = read_facts(options.facts) if options.facts else []
    library = LibrarySymbols([(path, tool_main.read_bytes(path)) for path in options.object])
    selection = Selection(declared, library)
    if not options.exports_only:
        selection.derive()
    problems = []
    for name in options.export:
        try:
            selection.add(name)
        except ValueError as error:
            problems.append((name, str(error)))
    if problems:
        attribute = "exports_only" if options.exports_only else "exports"
        others = ", ".join(printable(name) for name, _ in problems[1:])
        more = f" (also missing: {others})" if others else ""
        raise ToolError(f"{options.target}: {attribute}: {problems[0][1]}{more}")
    if not selection.exports:
        raise ToolError(f"{options.target}: {_nothing(selection, options)}")
    return selection


def _nothing(selection: Selection, options: Options) -> str:
    """Why nothing is exported, and the way out."""
    if options.exports_only:
        return "exports_only names no function, so nothing could be called; name one, or remove exports_only"
    if not options.facts:
        return (
            "it has no public headers, so nothing could be called; add those of the library to hdrs of a cc_library in"
            " deps, or list functions in exports"
        )
    if not selection.declared:
        return (
            "its public headers declare no function, so nothing could be called; add the header that does to hdrs of"
            " a cc_library in deps, or list functions in exports"
        )
    chosen = _most_telling(selection.left_out)
    names = ", ".join(printable(item["name"])[1:-1] for item in chosen[:_SHOWN])
    more = f" and {len(chosen) - _SHOWN} more" if len(chosen) > _SHOWN else ""
    return (
        "no function that its public headers declare can be exported, so nothing could be called:"
        f" {names}{more}: {chosen[0]['detail']}; or list other functions in exports"
    )


def _most_telling(left_out: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The functions of one reason: the one that most probably is not what the user wanted."""
    for reason in ("cxx_definition", "static_definition", "undefined", "cxx_linkage"):
        chosen = [item for item in left_out if item["reason"] == reason]
        if chosen:
            return chosen
    return [item for item in left_out if item["reason"] == left_out[0]["reason"]]


def main(arguments: Sequence[str]) -> None:
    """The command line; see --help."""
    parser = tool_main.argument_parser("Chooses what a sandbox exports.")
    parser.add_argument("--target", required=True, help="the label that errors begin with")
    parser.add_argument("--facts", help="what read_headers wrote; none if no header is read")
    parser.add_argument("--object", action="append", default=[], help="an object or archive of the library")
    parser.add_argument("--export", action="append", default=[], help="a function that the user wants exported")
    parser.add_argument("--exports-only", action="store_true", help="export nothing but what --export names")
    parser.add_argument("--link-output", required=True, help="the response file for the linker to write")
    parser.add_argument("--check-output", required=True, help="the arguments for check_wasm_exports to write")
    parser.add_argument("--output", required=True, help="the JSON report to write")
    options = parser.parse_args(arguments, namespace=Options())

    selection = select(options)
    symbols = sorted(selection.exports)
    flags = ["--optional-export" if symbol in selection.uncertain else "--export" for symbol in symbols]
    report = {
        "target": options.target,
        "exports": [selection.exports[symbol] for symbol in symbols],
        "left_out": sorted(selection.left_out, key=lambda item: (item["name"], item["reason"])),
    }
    outputs = {
        options.link_output: "".join(f"-Wl,--export-if-defined={symbol}\n" for symbol in symbols),
        options.check_output: "".join(f"{flag}\n{symbol}\n" for flag, symbol in zip(flags, symbols)),
        options.output: json.dumps(report, indent=2, sort_keys=True) + "\n",
    }
    for path, text in outputs.items():
        tool_main.write_bytes(path, text.encode("ascii"))


if __name__ == "__main__":
    tool_main.run(main)
