"""Rules for every text file: line ends, white space at the end of lines, length; and for links."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

MAX_LINES = {".py": 350, ".bzl": 350, ".bazel": 350, ".h": 500, ".hpp": 500}
"""How long a file may get before it should be split, by the end of its name."""


def problems_of(path: Path) -> Iterator[str]:
    """Yields what is wrong with a file; nothing for files that are not text."""
    content = path.read_bytes()
    if b"\0" in content or not content:
        return
    if not content.endswith(b"\n"):
        yield "the last line has no line end; add one"
    if b"\r\n" in content:
        yield "lines end as on Windows; use plain line ends"
        return
    lines = content.split(b"\n")
    if lines[-1] == b"" and len(lines) > 1 and lines[-2] == b"":
        yield "there are empty lines at the end; remove them"
    for number, line in enumerate(lines, start=1):
        if line.endswith((b" ", b"\t")):
            yield f"line {number} ends with white space; remove it"
            break
    limit = MAX_LINES.get(path.suffix)
    if limit and len(lines) - 1 > limit:
        yield f"there are {len(lines) - 1} lines, which are more than {limit}; split the file"


def problems_of_link(path: Path) -> Iterator[str]:
    """Yields what is wrong with a link."""
    target = os.readlink(path)
    if os.path.isabs(target):
        yield f"it links to {target}, which is a path of one machine; remove it"
