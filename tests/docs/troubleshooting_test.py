"""Checks docs/troubleshooting.md: each message is one that the code gives, and stands there once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_PAGE = Path("docs/troubleshooting.md")
_CODE = ("rules", "runtime", "tools")
_SUFFIXES = {".bzl", ".c", ".h", ".hpp", ".py"}
_ROW = re.compile(r"^\| (`.*?`) \| (.+) \|$")
_LONGEST_GAP = 3000  # characters of code between two parts of a message

# What stands between two parts of one literal in the sources: `"...` at a line's end and `"...` at the next one's start.
_JOINT = re.compile(r'"\s*\n\s*(?:\+\s*)?f?"')


def _messages(text: str) -> Iterator[list[str]]:
    """The parts of each message: what lies between names and numbers."""
    for line in text.splitlines():
        row = _ROW.match(line)
        if row:
            parts = [part.strip(" :") for span in re.findall(r"`([^`]+)`", row[1]) for part in span.split("...")]
            yield [part for part in parts if part]


def _sources() -> list[str]:
    files = [file for folder in _CODE for file in Path(folder).rglob("*") if file.suffix in _SUFFIXES]
    assert len(files) > 100
    texts = [file.read_text(encoding="utf-8").replace("\\n", "\n") for file in sorted(files)]
    return [_JOINT.sub("", text).replace('\\"', '"') for text in texts]


def _said_by(source: str, parts: list[str]) -> bool:
    """Whether the parts of a message follow each other somewhere in a source."""
    start = source.find(parts[0])
    while start >= 0:
        place = start
        for part in parts:
            place = source.find(part, place, place + len(part) + _LONGEST_GAP)
            if place < 0:
                break
        else:
            return True
        start = source.find(parts[0], start + 1)
    return False


def test_every_message_is_one_that_the_code_gives() -> None:
    messages = list(_messages(_PAGE.read_text(encoding="utf-8")))
    assert len(messages) > 40
    sources = _sources()
    assert [parts for parts in messages if not any(_said_by(source, parts) for source in sources)] == []


def test_no_message_stands_there_twice() -> None:
    messages = [" ".join(parts) for parts in _messages(_PAGE.read_text(encoding="utf-8"))]
    assert len(set(messages)) == len(messages)


def test_a_message_that_nothing_gives_is_found() -> None:
    """This test can fail."""
    (parts,) = _messages("| `stack exhausted by ... gnomes` | they left |")
    assert parts == ["stack exhausted by", "gnomes"]
    assert not any(_said_by(source, parts) for source in _sources())
