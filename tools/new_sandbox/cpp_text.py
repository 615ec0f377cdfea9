"""Lines of C++ that are not too long."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

_WIDTH = 100


def comment(text: str, sign: str = "// ", width: int = _WIDTH) -> list[str]:
    """The lines of a comment."""
    return textwrap.wrap(
        text, width, initial_indent=sign, subsequent_indent=sign, break_long_words=False, break_on_hyphens=False
    )


def wrapped(head: str, items: Sequence[str], tail: str, width: int = _WIDTH) -> list[str]:
    """`head`, the items with commas between them, and `tail`; what does not fit in a line stands below the first item."""
    lines = []
    line = head
    hang = " " * (len(head) if len(head) < width // 2 else 4)
    for place, item in enumerate(items):
        word = item + (tail if place + 1 == len(items) else ",")
        if len(line) + len(word) > width and line.strip():
            lines.append(line.rstrip())
            line = hang
        line += word + " "
    return [*lines, line.rstrip() if items else line + tail]
