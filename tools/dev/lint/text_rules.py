"""Rules for every text file: line ends, white space at the end of lines, length; for links of pages and of the file system."""

from __future__ import annotations

import os
import re
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


# In a page: a block of code, `[text](target)`, a heading.
_CODE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_ELSEWHERE = re.compile(r"[a-z]+:")


def problems_of_page(path: Path) -> Iterator[str]:
    """Yields what is wrong with the links of a page (Markdown): files and headings that are not there."""
    if path.suffix != ".md":
        return
    for link in _LINK.findall(_prose(path)):
        if _ELSEWHERE.match(link):
            continue
        name, _, heading = link.partition("#")
        target = path.parent / name if name else path
        if not target.exists():
            yield f"it links to {link}, which is not there; name a file, relative to the page"
        elif heading and target.suffix == ".md" and heading not in _anchors(target):
            yield f"it links to {link}, a heading that {target.name} does not have; name one of its headings"


def _prose(path: Path) -> str:
    return _CODE.sub("", path.read_text(encoding="utf-8"))


def _anchors(page: Path) -> set[str]:
    """The headings as GitHub writes them behind the # of a link."""
    return {re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-") for text in _HEADING.findall(_prose(page))}


def problems_of_link(path: Path) -> Iterator[str]:
    """Yields what is wrong with a link."""
    target = os.readlink(path)
    if os.path.isabs(target):
        yield f"it links to {target}, which is a path of one machine; remove it"
