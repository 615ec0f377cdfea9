"""The file `<name>.exports.json`: what a module exports, and what it does not and why.

RlboxSelectExports writes it, for people and for RlboxCheckModule, which reads the first list:

    {
      "version": 5,
      "target": "//pkg:name",
      "exports": [{"symbol", "name", "signature", "file", "from", "certain", "answered"}, ...],
      "left_out": [{"name", "file", "reason", "detail", "needs"}, ...],
      "prototypes": [{"name", "uses": [{"type", "object", "defined"}, ...]}, ...]
    }

`symbol` is the name in the module and `name` the one in C++. `from` is "headers", or the attribute: "exports" or
"exports_only". `certain`
is false where the objects are for link-time optimisation, so that nobody can see yet whether the function is defined:
the module may then do without it. `answered` says which of the function's calls fail because the module answers them
itself (runtime/guest/answers), and what to do about it; "" for none. `needs` are the WASI functions for whose sake a function is left out. `prototypes` are functions that objects of the library
use with different types (prototypes.py).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

import tool_main
from tool_main import ToolError

from link.prototypes import Difference, Use

VERSION = 5


class Export(NamedTuple):
    """A function that the module exports; see above."""

    symbol: str
    name: str
    signature: str = ""
    file: str = ""
    source: str = "exports"  # "from" in the file
    certain: bool = True
    answered: str = ""


class LeftOut(NamedTuple):
    """A function that a header declares and the module does not export: a word for machines, and a sentence."""

    name: str
    file: str
    reason: str
    detail: str
    needs: Sequence[str] = ()


def write(
    path: str,
    target: str,
    exports: Sequence[Export],
    left_out: Sequence[LeftOut],
    prototypes: Sequence[Difference] = (),
) -> None:
    """Writes the file `path`."""
    content = {
        "version": VERSION,
        "target": target,
        "exports": [
            {("from" if key == "source" else key): value for key, value in item._asdict().items()}
            for item in sorted(exports)
        ],
        "left_out": [item._asdict() for item in sorted(left_out, key=lambda item: (item.name, item.reason))],
        "prototypes": [{"name": item.name, "uses": [use._asdict() for use in item.uses]} for item in prototypes],
    }
    tool_main.write_bytes(path, (json.dumps(content, indent=2, sort_keys=True) + "\n").encode("ascii"))


class Exports(NamedTuple):
    """What is in the file."""

    exports: list[Export]
    left_out: list[LeftOut]
    prototypes: list[Difference]


def read(path: str) -> Exports:
    """What is in the file `path`.

    Raises:
        ToolError: it is no such file, or of another version.
    """
    try:
        content = json.loads(tool_main.read_bytes(path))
        if content["version"] != VERSION:
            raise ValueError
        return Exports(
            [
                Export(**{("source" if key == "from" else key): value for key, value in item.items()})
                for item in content["exports"]
            ],
            [LeftOut(**item) for item in content["left_out"]],
            [Difference(item["name"], [Use(**use) for use in item["uses"]]) for item in content["prototypes"]],
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ToolError(f"{path}: it is no list of exports of version {VERSION}. To fix: build it again") from None
