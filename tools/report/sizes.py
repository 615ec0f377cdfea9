"""How much of a module each object file is, and so each source file: from the linker's map, code and data."""

from __future__ import annotations

import re
from typing import NamedTuple

from link.link_map import data_sizes, origins
from wasm.model import WasmModule

NOT_KNOWN = "(not known)"
_LINKER = "(made by the linker: strings of all files, and start-up)"
_START = "(made by the check of the module: start-up)"
_FOLDERS = re.compile(r"(?:bazel-out/[^/]+/bin/)?(?:external/[^/]+/)?")


class Part(NamedTuple):
    """An object file: the archive or folder that it is from, its own name, and its bytes in the module."""

    whole: str
    name: str
    functions: int
    code: int
    data: int  # with what is zero at the start, and takes no room in the module

    @property
    def total(self) -> int:
        """Code and data."""
        return self.code + self.data


class Sizes(NamedTuple):
    """The parts, the largest first, and the part that each function is from, by its index."""

    parts: list[Part]
    part_of: dict[int, int]


def place(path: str) -> tuple[str, str]:
    """The archive or folder, and the object, of a path in a map, without what differs between builds and machines."""
    if path == "<internal>":
        return "", _LINKER
    path = path[_FOLDERS.match(path).end() :]  # type: ignore[union-attr]  # it matches nothing, too
    if path.endswith(")") and "(" in path:
        archive, _, member = path[:-1].partition("(")
        return archive, member.rpartition("/")[2]
    folder, _, name = path.rpartition("/")
    return folder.replace("/_objs/", " "), name


def sizes(module: WasmModule, map_text: str) -> Sizes:
    """Sorts the module's functions and data by the object files that they are from."""
    found = {index: place(origin.path) for index, origin in origins(module, map_text).items()}
    last = len(module.functions) - 1
    if found and module.start == last and last not in found:
        found[last] = ("", _START)
    code: dict[tuple[str, str], list[int]] = {}
    for number, body in enumerate(module.bodies):
        index = number + module.imported_functions
        code.setdefault(found.get(index, ("", NOT_KNOWN)), []).append(body.end - body.record)
    data: dict[tuple[str, str], int] = {}
    for path, size in data_sizes(map_text).items():
        data[place(path)] = data.get(place(path), 0) + size
    parts = [
        Part(*key, len(code.get(key, [])), sum(code.get(key, [])), data.get(key, 0)) for key in sorted({*code, *data})
    ]
    parts.sort(key=lambda part: -part.total)
    numbers = {(part.whole, part.name): number for number, part in enumerate(parts)}
    return Sizes(
        parts,
        {
            index: numbers[found.get(index, ("", NOT_KNOWN))]
            for index in range(module.imported_functions, len(module.functions))
        },
    )
