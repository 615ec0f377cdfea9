"""The comments above declarations, read from the headers' own text.

clang's AST has documentation comments only, in pieces. Libraries write plain comments as often, so the text decides: a
comment belongs to a declaration if it has its lines for itself and ends in the line before.
"""

from __future__ import annotations

import re
import textwrap
from typing import Optional

MAX_LINES = 12
MAX_WIDTH = 160
# What may stand between the comment and the declaration's first token: a macro that says how to export, in its own line.
_PREFIX_LINE = re.compile(rb'[ \t]*[A-Za-z_][\w \t()",]*')
# A comment with one of these is about what stands before it.
_TRAILING = (b"/**<", b"/*!<", b"///<", b"//!<")
_BLOCK_START = re.compile(r"\s*/\*+!?")
_LINE_START = re.compile(r"\s*///?!?")
_STARS = re.compile(r"\s*\*+(?=\s|$)")
_WORD = re.compile(r"\w")


class Comments:
    """Finds comments in files, which are read once."""

    def __init__(self) -> None:
        self._lines: dict[str, list[bytes]] = {}

    def before(self, path: str, offset: int) -> str:
        """The text of the comment above the declaration that begins `offset` bytes into the file `path`.

        The text has no signs of a comment, at most MAX_LINES lines (the last one is `...` if there are more) of at most
        MAX_WIDTH characters, and may have any character in them. It is '' if there is no comment, or no such file.
        """
        lines = self._read(path)
        number, column = 0, offset
        while number < len(lines) and column > len(lines[number]):
            column -= len(lines[number]) + 1
            number += 1
        if offset < 0 or number >= len(lines) or re.search(rb"[;{}#]|\*/", lines[number][:column]):
            return ""
        while number > 0 and _PREFIX_LINE.fullmatch(lines[number - 1].rstrip()):
            number -= 1
        found = _comment_lines(lines[:number])
        return _text([line.decode("utf-8", "replace") for line in found])

    def _read(self, path: str) -> list[bytes]:
        if path not in self._lines:
            try:
                with open(path, "rb") as file:
                    self._lines[path] = file.read().split(b"\n")
            except OSError:  # such as <stdin> and <built-in>
                self._lines[path] = []
        return self._lines[path]


def _comment_lines(lines: list[bytes]) -> list[bytes]:
    """The lines at the end of `lines` that are a comment, or several of one kind."""
    if lines and lines[-1].lstrip().startswith(b"//"):
        first = len(lines)
        while first > 0 and lines[first - 1].lstrip().startswith(b"//"):
            first -= 1
        found = lines[first:]
    else:
        end = first = len(lines)
        while (start := _block_start(lines[:first])) is not None:
            first = start
        found = lines[first:end]
    return [] if any(line.lstrip().startswith(_TRAILING) for line in found) else found


def _block_start(lines: list[bytes]) -> Optional[int]:
    """The first line of the block comment that the last of `lines` ends; None if there is none with lines for itself."""
    if not lines or not lines[-1].rstrip().endswith(b"*/"):
        return None
    for number in range(len(lines) - 1, -1, -1):
        place = lines[number].find(b"/*")
        if place >= 0:
            return None if lines[number][:place].strip() or lines[number].count(b"*/") > 1 else number
        if number < len(lines) - 1 and b"*/" in lines[number]:
            return None
    return None


def _text(lines: list[str]) -> str:
    """What a comment says."""
    bare = [line.expandtabs(4) for line in map(_bare, lines)]
    words = textwrap.dedent("\n".join(line if _WORD.search(line) else "" for line in bare)).split("\n")
    kept: list[str] = []
    for line in words:
        if line or (kept and kept[-1]):
            kept.append(line.rstrip()[:MAX_WIDTH])
    while kept and not kept[-1]:
        kept.pop()
    return "\n".join([*kept[: MAX_LINES - 1], "..."] if len(kept) > MAX_LINES else kept)


def _bare(line: str) -> str:
    """A line without the signs that make it one of a comment, which become blanks."""
    line = line.replace("\r", "").rstrip()
    if line.endswith("*/"):
        line = line[:-2].rstrip("* ")
    for sign in (_BLOCK_START, _LINE_START, _STARS):
        found = sign.match(line)
        if found:
            return " " * found.end() + line[found.end() :]
    return line
