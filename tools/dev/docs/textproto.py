"""A reader of protocol buffers in text form, as far as `starlark_doc_extract` writes them: fields, nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Union

_TOKEN = re.compile(
    r"""\s*(?:\#[^\n]*\s*)*(?:
      (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<number>-?[0-9][0-9A-Za-z.+-]*)
    | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    | (?P<mark>[{}:])
    | (?P<end>\Z)
    )""",
    re.VERBOSE,
)

Value = Union[str, "Message"]


class TextprotoError(ValueError):
    """The text is not what was expected."""


class Message:
    """A message: each field's values in the order of the text."""

    def __init__(self) -> None:
        self._fields: dict[str, list[Value]] = {}

    def add(self, name: str, value: Value) -> None:
        """Adds a value to a field."""
        self._fields.setdefault(name, []).append(value)

    def text(self, name: str, default: str = "") -> str:
        """A field that has one value at most: a string, a number, a boolean or an enumerator, as text."""
        return next(iter(self.texts(name)), default)

    def texts(self, name: str) -> list[str]:
        """The values of a repeated field of strings and the like."""
        return [value for value in self._fields.get(name, []) if isinstance(value, str)]

    def messages(self, name: str) -> list[Message]:
        """The messages of a field."""
        return [value for value in self._fields.get(name, []) if isinstance(value, Message)]


def _string(token: str) -> str:
    # The escapes are those of a bytes literal of Python, and what they make is UTF-8.
    escaped = token.encode("ascii", "backslashreplace") if not token.isascii() else token.encode("ascii")
    data = ast.literal_eval("b" + escaped.decode("ascii"))
    assert isinstance(data, bytes)
    return data.decode("utf-8")


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while True:
        match = _TOKEN.match(text, place)
        if match is None:
            raise TextprotoError(
                f"line {text.count(chr(10), 0, place) + 1} cannot be read: {text[place : place + 40]!r}"
            )
        kind = match.lastgroup or "end"
        yield kind, match.group(kind)
        if kind == "end":
            return
        place = match.end()


def parse(text: str) -> Message:
    """Reads a message."""
    stack = [Message()]
    tokens = _tokens(text)
    for kind, token in tokens:
        if kind == "end" and len(stack) == 1:
            return stack[0]
        if token == "}" and kind == "mark" and len(stack) > 1:
            stack.pop()
            continue
        if kind != "name":
            raise TextprotoError(f"a field's name is expected, not {token!r}")
        field = token
        kind, token = next(tokens)
        if token == ":" and kind == "mark":
            kind, token = next(tokens)
        if token == "{" and kind == "mark":
            inner = Message()
            stack[-1].add(field, inner)
            stack.append(inner)
        elif kind in ("name", "number"):
            stack[-1].add(field, token)
        elif kind == "string":
            stack[-1].add(field, _string(token))
        else:
            raise TextprotoError(f"a value of {field} is expected, not {token!r}")
    raise TextprotoError("the text ends too early")
