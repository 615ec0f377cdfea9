"""Functions that two files of a library declare with different types.

C lets each file declare a function as it likes, and a processor calls whatever is there. WebAssembly does not: wasm-ld
links such a call to a stub that traps, or writes a module that no tool translates. So these functions are listed, with
the objects and the types: in `<name>.exports.json`, in the report, and in the error about such a module.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from wasm.model import WasmModule
from wasm.module import MAGIC
from wasm.objects import Symbol, archive_index, member_at, symbols
from wasm.reader import WasmError, printable

from link.library_symbols import LibrarySymbols

_ARCHIVE = b"!<arch>\n"
_STUB = "signature_mismatch:"  # what wasm-ld calls a stub, before the function's name


class Use(NamedTuple):
    """One of the types that a function has: in which object, and whether this object defines the function."""

    type: str
    object: str
    defined: bool


class Difference(NamedTuple):
    """A function with several types, the definition's first: one use of each."""

    name: str
    uses: Sequence[Use]


def differences(library: LibrarySymbols, toolchain: Sequence[tuple[str, bytes]]) -> list[Difference]:
    """The functions of `library`, by name, that are declared with different types.

    Args:
        library: the library's objects.
        toolchain: the toolchain's objects and archives, as (path, content): the library may use what they define.
    """
    others = {name for name in library.names() if _undefined(library.named(name))}
    found = []
    defined = _definitions(others, toolchain)
    for name in sorted(library.names()):
        uses: dict[str, Use] = {}
        entries = [(item.shown_name, symbol) for item, symbol in library.named(name)]
        if name in defined:
            entries.append(defined[name])
        for shown, symbol in sorted(entries, key=lambda entry: (not entry[1].defined, entry[1].weak)):
            if symbol.type is not None and not symbol.local:
                uses.setdefault(str(symbol.type), Use(str(symbol.type), shown, symbol.defined))
        if len(uses) > 1:
            found.append(Difference(name, list(uses.values())))
    return found


def _undefined(entries: Iterable[tuple[object, Symbol]]) -> bool:
    """Whether this is a function that some object uses and none defines."""
    used = [symbol for _, symbol in entries if symbol.type is not None and not symbol.local]
    return bool(used) and not any(symbol.defined for symbol in used)


def _definitions(names: set[str], files: Sequence[tuple[str, bytes]]) -> dict[str, tuple[str, Symbol]]:
    """Where the toolchain defines these functions: the file's name and the symbol, as far as it can be read."""
    found: dict[str, tuple[str, Symbol]] = {}
    for path, data in files:
        shown = printable(path.rpartition("/")[2])[1:-1]
        try:
            for member in _members_with(names - set(found), data):
                for symbol in symbols(member):
                    if symbol.name in names and symbol.defined and not symbol.local and symbol.type is not None:
                        found.setdefault(symbol.name, (shown, symbol))
        except WasmError:
            continue
    return found


def _members_with(names: set[str], data: bytes) -> list[bytes]:
    """The objects in a file that define one of `names`, by the archive's own table."""
    if data.startswith(_ARCHIVE):
        index = archive_index(data)
        offsets = sorted({index[name] for name in names if name in index})
        return [member for member in (member_at(data, offset) for offset in offsets) if member.startswith(MAGIC)]
    return [data] if data.startswith(MAGIC) else []


def stubs(module: WasmModule) -> set[str]:
    """The names of the functions that are called with another type than their own in a linked module: these calls trap."""
    names = (module.function_names.get(index) or "" for index in range(len(module.functions)))
    return {name[len(_STUB) :] for name in names if name.startswith(_STUB)}
