"""Chooses what a sandbox exports: the functions that the public headers declare and the library defines.

Of these, functions are left out that can reach a WASI call which the sandbox does not allow (reachability.py): the
linker would have to link that call. What the user names in `exports` is added, whatever it calls, or with --exports-only
replaces the others; what `exports_except` names is taken away. The linker gets the names in a
response file. People and the check of the finished module get a list (exports.py), which also says which functions were
left out, and why.

With --export-all the linker exports everything, so nothing is chosen and there is no list. The objects are looked at all the same.
"""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Callable, Collection, Sequence
from typing import Optional

import tool_main
from headers import description
from headers.description import Function
from tool_main import ToolError
from wasm.reader import printable
from wasm.wasi_functions import FILE_FUNCTIONS

from link import exports
from link.exports import Export, LeftOut
from link.library_symbols import LibrarySymbols, not_defined
from link.prototypes import Difference, differences
from link.reachability import THREADS, Reach, Reachability

# What response files and wasm-ld take without quotes.
_SYMBOL = re.compile(r"[A-Za-z_.$][\w.$]*", re.ASCII)
_SHOWN = 3  # functions that the error about an empty selection names


class Options(argparse.Namespace):
    """The command line."""

    target: str
    headers: Optional[str]
    object: list[str]
    library: list[str]
    export: list[str]
    exports_only: bool
    exclude: list[str]
    export_all: bool
    allow_import: list[str]
    link_output: str
    output: Optional[str]


class Selection:
    """The choice, as it is made."""

    def __init__(self, declared: Sequence[Function], library: LibrarySymbols) -> None:
        self._library = library
        self.declared = declared
        self.exports: dict[str, Export] = {}  # by symbol
        self.left_out: list[LeftOut] = []
        self.prototypes: list[Difference] = []

    def derive(self) -> None:
        """Takes what the headers declare and the library defines."""
        for function in self.declared:
            reason, detail = self._obstacle(function)
            if reason:
                self.left_out.append(LeftOut(function.name, function.file, reason, detail))
            else:
                self._add(function.symbol, function, "headers", certain=self._library.defines(function.symbol))

    def exclude(self, name: str) -> None:
        """Takes away the function `name` of `exports_except`.

        Raises:
            ValueError: it is not among the exports; the message says why, and how to fix that.
        """
        chosen = [item for item in self.exports.values() if name in (item.symbol, item.name.rpartition("::")[2])]
        for item in chosen:
            del self.exports[item.symbol]
            self.left_out.append(LeftOut(item.name, item.file, "excluded", "exports_except names it"))
        if chosen:
            return
        shown = printable(name)
        for entry in self.left_out:
            if entry.name.rpartition("::")[2] == name:
                raise ValueError(
                    f"{shown} is left out without that ({entry.detail}). To fix: remove it from exports_except"
                )
        near = difflib.get_close_matches(name, sorted(self.exports), 1, 0.6)
        hint = f"did you mean {printable(near[0])}?" if near else "remove it from exports_except"
        raise ValueError(f"{shown} is not among the functions that the public headers export; {hint}")

    def leave_out_refused(self, graph: Reachability, allowed: Collection[str]) -> None:
        """Leaves out the functions that can reach a call of WASI that is not `allowed`."""
        for symbol, item in list(self.exports.items()):
            found = graph.reached(symbol, allowed)
            if found:
                del self.exports[symbol]
                needs = [reach.wasi for reach in found]
                self.left_out.append(LeftOut(item.name, item.file, "refused_import", _refused(found), needs))

    def note_answers(self, graph: Reachability) -> None:
        """Says of each export which of its calls the module answers itself."""
        for symbol, item in self.exports.items():
            self.exports[symbol] = item._replace(answered=_answered(graph.answered(symbol)))

    def add(self, name: str, attribute: str = "exports") -> None:
        """Takes the function `name` of `attribute`.

        Raises:
            ValueError: there is no such function; the message says why, and how to fix that.
        """
        known = next((f for f in self.declared if f.c_name == name and f.linkage == "C"), None)
        symbol = known.symbol if known else name
        if not self._library.defines(symbol) and (self._library.complete or self._library.named(symbol)):
            raise ValueError(self._missing(name, symbol))
        self._add(symbol, known, attribute, certain=True)
        self.left_out = [entry for entry in self.left_out if known is None or entry.name != known.name]

    def _add(self, symbol: str, function: Optional[Function], source: str, *, certain: bool) -> None:
        self.exports[symbol] = (
            Export(symbol, function.name, function.signature, function.file, source, certain)
            if function
            else Export(symbol, symbol, source=source, certain=certain)
        )

    def _obstacle(self, function: Function) -> tuple[str, str]:
        """Why a declared function is not exported: a word for machines and a sentence; '' if it is."""
        if function.inline:
            return "inline", f"its code is in {function.file}, so the application has its own"
        if function.static:
            return "static", f"it is static in {function.file}, so the application has its own"
        if function.linkage != "C":
            return "cxx_linkage", 'it has C++ linkage. To fix: declare it extern "C" to export it'
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
                return (
                    "static_definition",
                    f"it is static in {item.shown_name}. To fix: remove 'static' there to export it",
                )
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
                return f"{shown} is inline in {function.file}, so there is nothing to export. To fix: remove it from exports, or define it in a source file"
            if function.linkage != "C":
                return f'{shown} has C++ linkage in {function.file}. To fix: declare it extern "C" there'
        obstacle = self._library.obstacle(symbol)
        if obstacle:
            return obstacle
        for function in self.declared:
            if function.c_name == name:
                return f"{shown} is declared in {function.file} but defined nowhere. To fix: add the source or the library that defines it"
        return not_defined(name, self._library.functions())


def _way(found: Sequence[Reach]) -> str:
    """` (through f -> g)`: how the most telling one of these calls is reached; "" if directly."""
    first = min(found, key=lambda reach: (not reach.wasi.startswith("path_"), len(reach.path)))
    between = [printable(name)[1:-1] for name in first.path]
    if len(between) > _SHOWN:
        between[1:-1] = ["..."]
    return f" (through {' -> '.join(between)})" if between else ""


def _answered(found: Sequence[Reach]) -> str:
    """What becomes of these calls, which the module answers itself; "" for none."""
    files = [reach for reach in found if reach.wasi in FILE_FUNCTIONS]
    threads = [reach for reach in found if reach.wasi == THREADS]
    waits = [reach for reach in found if reach.wasi not in FILE_FUNCTIONS and reach.wasi != THREADS]
    words = []
    if files:
        words.append(f"its calls for files fail{_way(files)}; set files = True to give the library files in memory")
    if threads:
        words.append(f"it cannot start a thread{_way(threads)}: a sandbox has one")
    if waits:
        words.append(f"its calls that wait return at once, without waiting{_way(waits)}")
    return "; ".join(words)


def _refused(found: Sequence[Reach]) -> str:
    """Why a function that reaches these WASI calls is left out, and how to get it."""
    way = _way(found)
    names = ", ".join(reach.wasi for reach in found)
    words = ", ".join(f'"{reach.wasi}"' for reach in found)
    way_out = f"add {words} to allowed_imports to export it, and it fails when it gets there"
    if FILE_FUNCTIONS.issuperset(reach.wasi for reach in found):
        way_out = "set files = True to export it, and give the sandbox files in memory"
    plural = "s" if len(found) > 1 else ""
    return f"it can reach what no sandbox allows by default: the WASI import{plural} {names}{way}; {way_out}"


def _library(options: Options) -> tuple[list[tuple[str, bytes]], LibrarySymbols]:
    """Reads the library's objects and archives: their paths and contents, and their symbols.

    Raises:
        ToolError: one is for a processor.
    """
    files = [(path, tool_main.read_bytes(path)) for path in options.object]
    library = LibrarySymbols(files)
    if library.native:
        name, kind = library.native
        raise ToolError(
            f"{options.target}: deps: {name} is {kind}, code for a processor, and a sandbox has code for WebAssembly only."
            " To fix: name a cc_library with the library's sources in deps, or a library that is compiled for wasm32-wasi"
        )
    return files, library


def select(options: Options) -> Selection:
    """Makes the choice that the command line asks for."""
    declared = description.read(options.headers).functions if options.headers else []
    files, library = _library(options)
    toolchain = [(path, tool_main.read_bytes(path)) for path in options.library]
    selection = Selection(declared, library)
    selection.prototypes = differences(library, toolchain)
    if not options.exports_only:
        selection.derive()
    graph = Reachability(files, toolchain, [*selection.exports, *options.export])
    selection.leave_out_refused(graph, options.allow_import)
    _apply(options, "exports_except", options.exclude, selection.exclude, "not exported")
    attribute = "exports_only" if options.exports_only else "exports"
    _apply(options, attribute, options.export, lambda name: selection.add(name, attribute), "missing")
    if not selection.exports:
        raise ToolError(f"{options.target}: {_nothing(selection, options)}")
    selection.note_answers(graph)
    return selection


def _apply(options: Options, attribute: str, names: Sequence[str], use: Callable[[str], None], problem: str) -> None:
    """Calls `use` with each of `names`, and names all those that it refuses in one error."""
    problems = []
    for name in names:
        try:
            use(name)
        except ValueError as error:
            problems.append((name, str(error)))
    if problems:
        others = ", ".join(printable(name) for name, _ in problems[1:])
        more = f" (also {problem}: {others})" if others else ""
        raise ToolError(f"{options.target}: {attribute}: {problems[0][1]}{more}")


def _nothing(selection: Selection, options: Options) -> str:
    """Why nothing is exported, and how to fix that."""
    if options.exports_only:
        return "exports_only names no function, so nothing could be called. To fix: name one, or remove exports_only"
    if not options.headers:
        return (
            "it has no public headers, so nothing could be called. To fix: add those of the library to hdrs of a cc_library in"
            " deps, or list functions in exports"
        )
    if not selection.declared:
        return (
            "its public headers declare no function, so nothing could be called. To fix: add the header that does to hdrs of"
            " a cc_library in deps, or list functions in exports"
        )
    chosen = _most_telling(selection.left_out)
    names = ", ".join(printable(item.name)[1:-1] for item in chosen[:_SHOWN])
    more = f" and {len(chosen) - _SHOWN} more" if len(chosen) > _SHOWN else ""
    detail = chosen[0].detail
    return (
        "no function that its public headers declare can be exported, so nothing could be called:"
        f" {names}{more}: {detail}{', or' if 'To fix: ' in detail else '. To fix:'} list other functions in exports"
    )


def _most_telling(left_out: Sequence[LeftOut]) -> list[LeftOut]:
    """The functions of one reason: the one that most probably is not what the user wanted."""
    for reason in ("refused_import", "cxx_definition", "static_definition", "undefined", "excluded", "cxx_linkage"):
        chosen = [item for item in left_out if item.reason == reason]
        if chosen:
            return chosen
    return [item for item in left_out if item.reason == left_out[0].reason]


def main(arguments: Sequence[str]) -> None:
    """The command line; see --help."""
    parser = tool_main.argument_parser("Chooses what a sandbox exports.")
    parser.add_argument("--target", required=True, help="the label that errors begin with")
    parser.add_argument("--headers", help="the header description; none if no header is read")
    parser.add_argument("--object", action="append", default=[], help="an object or archive of the library")
    parser.add_argument(
        "--library", action="append", default=[], help="an object or archive of the toolchain, in the order of the link"
    )
    parser.add_argument("--export", action="append", default=[], help="a function that the user wants exported")
    parser.add_argument("--exports-only", action="store_true", help="export nothing but what --export names")
    parser.add_argument("--export-all", action="store_true", help="export everything; what is exported is not listed")
    parser.add_argument("--exclude", action="append", default=[], help="a function that the user wants left out")
    parser.add_argument("--allow-import", action="append", default=[], help="a function of WASI that may be imported")
    parser.add_argument("--link-output", required=True, help="the response file for the linker to write")
    parser.add_argument("--output", help="the JSON list of exports to write; none with --export-all")
    options = parser.parse_args(arguments, namespace=Options())

    if options.export_all:
        _library(options)
        tool_main.write_bytes(options.link_output, b"-Wl,--export-all\n")
        return
    if options.output is None:
        parser.error("--output is missing")
    selection = select(options)
    lines = "".join(f"-Wl,--export-if-defined={symbol}\n" for symbol in sorted(selection.exports))
    tool_main.write_bytes(options.link_output, lines.encode("ascii"))
    chosen = list(selection.exports.values())
    exports.write(options.output, options.target, chosen, selection.left_out, selection.prototypes)


if __name__ == "__main__":
    tool_main.run(main)
