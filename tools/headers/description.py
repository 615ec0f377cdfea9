"""The header description, the file `<name>.headers.json`: what a library's public headers declare.

RlboxReadHeaders writes it. RlboxSelectExports reads which functions can be exported, RlboxModuleHeader which structs
cross the boundary and what the functions' parameters are called, and RlboxSandboxReport the functions' declarations in C. `read` and `write` are the only ones that
know its form: {"version", "language", "order", "standard", "extern_c", "functions": [...], "structs": [...]}, with the fields of the classes below. A
field that has its default is left out. Sizes, offsets and alignments are in bytes, as the sandbox has them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import tool_main
from tool_main import ToolError

VERSION = 3
ANY = "::rlbox::detail::guest_any"  # stands for a type in `longs`


class Field(NamedTuple):
    """A field of a struct."""

    name: str
    offset: int
    size: int
    type: str = ""  # as C++ spells it, with typedefs resolved for the sandbox
    align: int = 1  # of a scalar, or of an array's elements
    struct: str = ""  # of a struct or an array of structs: its name
    refers: Sequence[str] = ()  # structs that it points to
    problem: str = ""  # why the framework cannot know it: the end of a sentence that begins with the field's name
    const: bool = False

    @property
    def takes_no_room(self) -> bool:
        """Whether it is an array of no elements, such as a flexible one at the end of a struct."""
        return self.size == 0 and "array" in self.problem


class Struct(NamedTuple):
    """A struct, union or class that a function's type reaches."""

    name: str  # a C identifier
    cpp: str  # how C++ names it
    kind: str  # "struct", "class" or "union"
    file: str
    line: int
    system: bool  # of the C or C++ library
    complete: bool
    size: int = 0
    fields: Sequence[Field] = ()
    problem: str = ""  # why the framework cannot know the fields: the end of a sentence that begins with `it`

    @property
    def shown(self) -> str:
        """The name for messages."""
        return f"struct {self.name}" if self.kind == "struct" else f"{self.kind} {self.name}"


class Function(NamedTuple):
    """A function that a public header declares."""

    name: str  # in C++, with its namespaces
    symbol: str  # in objects
    file: str
    line: int
    signature: str
    linkage: str  # "C" or "C++"
    inline: bool
    static: bool
    variadic: bool
    structs: Sequence[str]  # those that its type reaches
    by_value: Sequence[str]  # those among them that it takes or returns by value
    # The types of the result and the parameters, in the guest, that reach a long or a long long through a pointer or in a
    # callback, with what else they reach left out (ANY); '' for the others. Empty if there are none.
    longs: Sequence[str] = ()
    parameters: Sequence[str] = ()  # the names of the parameters; '' for one without a name
    comment: str = ""  # what the header says above the declaration, without the comment's own signs; see comments.py

    @property
    def c_name(self) -> str:
        """The name that C and `exports` use."""
        return self.name.rpartition("::")[2]

    @property
    def can_be_called(self) -> bool:
        """Whether an application can call it in a sandbox, as far as its declaration tells."""
        return self.linkage == "C" and not (self.inline or self.static)


class HeaderDescription(NamedTuple):
    """What the public headers of a library declare."""

    language: str = "c"  # "c" or "c++": in which the headers could be read
    functions: Sequence[Function] = ()
    structs: Mapping[str, Struct] = {}  # by name
    order: Sequence[str] = ()  # of the headers, as in #include, where they need another one than they were given in
    standard: Sequence[str] = ()  # headers of the C library that must be included first
    extern_c: bool = False  # whether C++ must include them within an extern "C"


def write(path: str, description: HeaderDescription) -> None:
    """Writes the file `path`; the same bytes for the same description."""
    functions = sorted(description.functions, key=lambda item: (item.name, item.symbol))
    structs = [description.structs[name] for name in sorted(description.structs)]
    content = {
        "version": VERSION,
        "language": description.language,
        "order": list(description.order),
        "extern_c": description.extern_c,
        "standard": list(description.standard),
        "functions": [_plain(function) for function in functions],
        "structs": [
            {**_plain(struct), **({"fields": [_plain(f) for f in struct.fields]} if struct.fields else {})}
            for struct in structs
        ],
    }
    tool_main.write_bytes(path, (json.dumps(content, indent=1, sort_keys=True) + "\n").encode("ascii"))


def _plain(item: Field | Struct | Function) -> dict[str, object]:
    defaults = item._field_defaults
    return {
        key: value for key, value in item._asdict().items() if key not in defaults or value not in (defaults[key], [])
    }


def read(path: str) -> HeaderDescription:
    """What is in the file `path`.

    Raises:
        ToolError: it is no header description, or of another version.
    """
    try:
        content = json.loads(tool_main.read_bytes(path))
        if content["version"] != VERSION:
            raise ValueError
        structs = {}
        for item in content["structs"]:
            struct = Struct(**{**item, "fields": [Field(**field) for field in item.get("fields", ())]})
            structs[struct.name] = struct
        functions = [Function(**item) for item in content["functions"]]
        order, standard = content.get("order", []), content.get("standard", [])
        extern_c = content.get("extern_c", False)
        return HeaderDescription(content["language"], functions, structs, order, standard, extern_c)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ToolError(f"{path}: it is no header description of version {VERSION}. To fix: build it again") from None
