"""The file `<name>.calls.json`: the types and names of what an application can call, for a first draft of a program.

read_calls writes it, and new_sandbox's command reads it: {"version", "functions": [{"name", "result": TYPE, "parameters":
[{"name", "type": TYPE}, ...]}, ...]}, with the fields of the classes below; a field that has its default is left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Optional

import tool_main
from tool_main import ToolError

VERSION = 1


class Type(NamedTuple):
    """A type, as the application's C++ writes it."""

    kind: str  # "void", "bool", "integer", "floating", "enum", "struct", "pointer", "function", or "other": not for a draft
    text: str = ""  # '' if there is no such spelling; 64-bit integers behind pointers as RLBox wants them
    alias: str = ""  # the typedef by which the header names the type
    words: str = ""  # of a number: what it is without typedefs, such as "unsigned char"
    name: str = ""  # of a struct: its tag, or the typedef of one without a tag
    const: bool = False
    to: Optional[Type] = None  # of a pointer
    result: Optional[Type] = None  # of a function
    parameters: tuple[Type, ...] = ()  # of a function

    @property
    def is_number(self) -> bool:
        """Whether it is a number that C++ prints as one."""
        return self.kind in ("bool", "integer", "floating")

    @property
    def written(self) -> str:
        """How a value of the type is declared: as the header names it, where it does."""
        return self.alias or self.text

    @property
    def function(self) -> Optional[Type]:
        """The function's type, of a pointer to a function."""
        return self.to if self.kind == "pointer" and self.to is not None and self.to.kind == "function" else None


class Parameter(NamedTuple):
    """A parameter of a function."""

    name: str  # '' if the header gives it none
    type: Type


class Call(NamedTuple):
    """A function with C linkage that a public header declares."""

    name: str
    result: Type
    parameters: Sequence[Parameter]


def _plain(item: Type) -> dict[str, object]:
    plain = {key: value for key, value in item._asdict().items() if value != item._field_defaults.get(key)}
    for key in ("to", "result"):
        if key in plain:
            plain[key] = _plain(plain[key])
    if item.parameters:
        plain["parameters"] = [_plain(parameter) for parameter in item.parameters]
    return plain


def _type(plain: Mapping[str, Any]) -> Type:
    fields = dict(plain)
    for key in ("to", "result"):
        if key in fields:
            fields[key] = _type(fields[key])
    if "parameters" in fields:
        fields["parameters"] = tuple(_type(item) for item in fields["parameters"])
    return Type(**fields)


def write(path: str, calls: Sequence[Call]) -> None:
    """Writes the file `path`; the order of the functions is the headers'."""
    functions = [
        {
            "name": call.name,
            "result": _plain(call.result),
            "parameters": [{"name": item.name, "type": _plain(item.type)} for item in call.parameters],
        }
        for call in calls
    ]
    content = {"version": VERSION, "functions": functions}
    tool_main.write_bytes(path, (json.dumps(content, indent=1, sort_keys=True) + "\n").encode("ascii"))


def read(path: str) -> list[Call]:
    """What is in the file `path`.

    Raises:
        ToolError: it is no such file, or of another version.
    """
    try:
        content = json.loads(tool_main.read_bytes(path))
        if content["version"] != VERSION:
            raise ValueError
        return [
            Call(
                item["name"],
                _type(item["result"]),
                [Parameter(parameter["name"], _type(parameter["type"])) for parameter in item["parameters"]],
            )
            for item in content["functions"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ToolError(f"{path}: it is no list of calls of version {VERSION}. To fix: build it again") from None
