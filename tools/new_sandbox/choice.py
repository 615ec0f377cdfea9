"""Chooses the function that a first draft calls, and what to pass for each of its parameters.

A good first function takes bytes and their size, or a text, and gives a number or a text: the draft then shows the whole
way in and out of the sandbox. A function that gives the library's version is the next best. Arguments are made up, so the
function may refuse them; whatever it does with them, it does in the sandbox.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple, Optional

from codegen.identifiers import KEYWORDS, MACROS

from new_sandbox.calls import Call, Parameter, Type

_CHARS = ("char", "signed char", "unsigned char")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SIZES = re.compile(r"size|len|count|bytes|avail|num|max|cap|(^|_)(n|sz|cb)(_|$)|^n[A-Z]|Sz$", re.IGNORECASE)
# Functions that look at something, and change nothing.
_GOOD = frozenset(
    [
        "adler",
        "bound",
        "check",
        "complete",
        "crc",
        "decode",
        "detect",
        "hash",
        "info",
        "is",
        "parse",
        "probe",
        "size",
        "utf",
        "valid",
        "validate",
        "verify",
    ]
)
# Functions for which a made-up text is no good, and those that are no beginning.
_BAD = frozenset(
    [
        "abort",
        "alloc",
        "allocator",
        "close",
        "create",
        "debug",
        "delete",
        "destroy",
        "dir",
        "dup",
        "encoding",
        "env",
        "error",
        "exit",
        "fail",
        "file",
        "filename",
        "finish",
        "fopen",
        "free",
        "init",
        "library",
        "load",
        "locale",
        "log",
        "malloc",
        "module",
        "new",
        "open",
        "path",
        "print",
        "put",
        "realloc",
        "register",
        "reset",
        "save",
        "set",
        "thread",
        "write",
    ]
)
_NAMES = {
    "bytes": "data", "text": "text", "data": "data", "room": "room", "out": "out", "in_place": "text",
    "number": "number", "size": "size", "capacity": "capacity", "struct": "state",
    "numbers": "numbers", "count": "count",
}  # fmt: skip
# Names that the draft uses itself.
_TAKEN = frozenset(
    ["backend", "bounded", "input", "main", "made_up", "options", "printable", "result", "sandbox", "std", "rlbox"]
)


class Argument(NamedTuple):
    """What the draft passes for a parameter."""

    role: str  # a key of _NAMES, or "nothing": a null pointer
    type: Type
    name: str = ""  # of the draft's variable
    of: int = -1  # of a size, a capacity or a count: the place of the parameter that it is about


class Plan(NamedTuple):
    """A call of the draft. The plan with the smallest cost is the best."""

    call: Call
    arguments: Sequence[Argument]
    cost: int

    @property
    def any_number_will_do(self) -> bool:
        """Whether the result is only good for printing."""
        named = words(self.call.name)
        return _tells_version(named) or bool(named & {"crc", "adler", "hash"})


def words(name: str) -> frozenset[str]:
    """The words in a name, in lower case."""
    return frozenset(word.lower() for word in _WORD.findall(name))


def _tells_version(named: Collection[str]) -> bool:
    return any(word.endswith("version") and word != "conversion" for word in named)


def result_role(call: Call) -> str:
    """What a draft does with the result: "number", "enum", "text", "pointer" or "void"; "" if it cannot take it."""
    item = call.result
    if item.is_number:
        return "number"
    if item.kind == "pointer" and item.text and item.to is not None:
        return "text" if item.to.words == "char" else "pointer"
    return item.kind if item.kind in ("enum", "void") and item.text else ""


def choose(calls: Sequence[Call], allocatable: Collection[str]) -> Optional[Plan]:
    """The best plan; None if no function can be called with made-up arguments.

    Args:
        calls: the exported functions.
        allocatable: the names of structs that the application can make in the sandbox.
    """
    plans = [made for made in (plan(call, allocatable) for call in calls) if made is not None]
    return min(plans, key=lambda item: (item.cost, len(item.arguments)), default=None)


def plan(call: Call, allocatable: Collection[str]) -> Optional[Plan]:
    """How a draft calls a function; None if it cannot."""
    if not result_role(call):
        return None
    roles = _roles(call.parameters, allocatable)
    if roles is None:
        return None
    names = _variables(call, roles)
    arguments = [
        Argument(role, parameter.type, name, of) for (role, of), parameter, name in zip(roles, call.parameters, names)
    ]
    return Plan(call, arguments, _cost(call, arguments))


def _is_bytes(item: Type) -> bool:
    return item.kind == "pointer" and item.to is not None and (item.to.kind == "void" or item.to.words in _CHARS)


def _is_source(item: Type) -> bool:
    return _is_bytes(item) and item.to is not None and item.to.const


def _is_numbers(item: Type) -> bool:
    """Whether it points to numbers that the function reads."""
    return item.kind == "pointer" and item.to is not None and item.to.is_number and item.to.const


def _is_size(parameter: Parameter) -> bool:
    item = parameter.type
    is_count = item.kind == "integer" and item.words not in _CHARS
    return is_count and (not parameter.name or bool(_SIZES.search(parameter.name)))


def _roles(parameters: Sequence[Parameter], allocatable: Collection[str]) -> Optional[list[tuple[str, int]]]:
    """The role of each parameter, and of a size whose it is; None if there is a parameter without a role."""
    roles: list[tuple[str, int]] = [("", -1)] * len(parameters)
    for place, parameter in enumerate(parameters):
        if not roles[place][0]:
            _pair(parameters, place, roles)
        if not roles[place][0]:
            role = _alone(parameter.type, allocatable)
            if not role:
                return None
            roles[place] = (role, -1)
    return roles


def _pair(parameters: Sequence[Parameter], place: int, roles: list[tuple[str, int]]) -> None:
    """Gives roles to bytes and their size, in one of the usual orders."""
    item = parameters[place].type
    if _is_numbers(item) and place + 1 < len(parameters) and _is_size(parameters[place + 1]):
        roles[place : place + 2] = [("numbers", -1), ("count", place)]
    if not _is_bytes(item):
        return
    after = parameters[place + 1 : place + 4]
    sizes = [_is_size(parameter) for parameter in after]
    if _is_source(item) and sizes == [False, True, True] and _is_bytes(after[0].type) and not _is_source(after[0].type):
        roles[place : place + 4] = [("bytes", -1), ("room", -1), ("size", place), ("capacity", place + 1)]
    elif sizes[:1] == [True]:
        source = _is_source(item)
        roles[place] = ("bytes" if source else "room", -1)
        roles[place + 1] = ("size" if source else "capacity", place)
    elif _is_source(item) and place and roles[place - 1][0] == "number":
        before = parameters[place - 1]
        if before.name and _is_size(before):
            roles[place - 1 : place + 1] = [("size", place), ("bytes", -1)]


def _alone(item: Type, allocatable: Collection[str]) -> str:
    """The role of a parameter that belongs to no other; '' if it has none."""
    if item.is_number:
        return "number"
    to = item.to
    if item.kind != "pointer" or to is None:
        return ""
    if _is_bytes(item):
        if to.const:
            return "text" if to.words == "char" else "data"
        return "in_place" if to.words == "char" else "nothing"
    if to.is_number:
        return "numbers" if to.const else "out"
    if to.kind == "struct":
        return "struct" if to.name in allocatable and to.text and not to.const else "nothing"
    return "nothing"


def _cost(call: Call, arguments: Sequence[Argument]) -> int:
    count = {role: sum(item.role == role for item in arguments) for role in (*_NAMES, "nothing")}
    named = words(call.name)
    if count["bytes"]:
        cost = 0
    elif count["text"]:
        cost = 2
    elif count["data"] or count["room"]:
        cost = 8
    else:
        cost = 6 if _tells_version(named) else 12
    cost += count["number"] + 3 * (count["room"] + count["text"] - 1 if count["room"] + count["text"] > 1 else 0)
    cost += 4 * count["numbers"] + 6 * count["in_place"] + 14 * count["struct"] + 20 * count["nothing"]
    cost += 30 * sum(item.type.function is not None for item in arguments)
    seen = count["out"] or count["in_place"]
    cost += {"number": 0, "text": 0, "enum": 1, "pointer": 3}.get(result_role(call), 0 if seen else 30)
    if named & _GOOD:
        cost -= 2
    if count["struct"] and "init" in named:
        return cost - 5
    spoken = named.union(*[words(parameter.name) for parameter in call.parameters])
    return cost + (5 if spoken & _BAD else 0)


def _variables(call: Call, roles: Sequence[tuple[str, int]]) -> list[str]:
    """Names for the draft's variables: those of the parameters, where that works."""
    used = {call.name, *_TAKEN}
    names = []
    for parameter, (role, _) in zip(call.parameters, roles):
        name = parameter.name or _NAMES.get(role, "")
        if name in KEYWORDS or name in MACROS or name.startswith("_"):
            name = _NAMES.get(role, "")
        stem, number = name, 2
        while name in used:
            name, number = f"{stem}_{number}", number + 1
        used.add(name)
        names.append(name)
    return names
