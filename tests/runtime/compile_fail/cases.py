"""Reads the misuses: the C++ files of this folder.

A file is a topic; its first line is the topic's title. A misuse is

    // What it is about, in a sentence or two; may be missing.
    // expect: The sentence that the compiler must print, over several lines
    // expect: if it is long.
    void name_of_the_misuse(...) {
    #ifdef MISUSE_name_of_the_misuse
      the wrong code
    #else
      the code that does what was meant
    #endif
    }

or, where the words are the compiler's own, `// expect gcc: ...` and `// expect clang: ...`. It is compiled with
`-DMISUSE_name_of_the_misuse`. Without it, the whole file compiles. A line `// flags: ...` above `// expect:` gives further
flags of the compiler for the misuse.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import NamedTuple


class Case(NamedTuple):
    """One misuse."""

    name: str
    """Its name, unique in the suite."""

    meaning: str
    """What it is about; may be empty."""

    sentences: dict[str, str]
    """What the first error must say, by compiler: `gcc` and `clang`."""

    flags: tuple[str, ...]
    """Further flags of the compiler."""

    wrong: str
    """The misuse, as C++."""

    right: str
    """What to write instead, as C++."""

    first_line: int
    """The line of the file that the misuse begins in, its comment included; it ends where the next one begins."""


class Topic(NamedTuple):
    """One file of misuses."""

    title: str
    """What the misuses have in common."""

    source: Path
    """The file."""

    fixture: str
    """Name of the header that all of them share, to be precompiled; empty if there is none."""

    cases: tuple[Case, ...]
    """The misuses, in order."""

    def case_of_line(self, line: int) -> Case | None:
        """The misuse that a line of the file belongs to; None for what stands before the first."""
        before = [case for case in self.cases if case.first_line <= line]
        return before[-1] if before else None


class CaseError(Exception):
    """A file is not written as described above."""


_START = re.compile(r"#ifdef MISUSE_(\w+)")
_FIXTURE = re.compile(r'#include "tests/runtime/compile_fail/(\w+\.hpp)"')


class _Comment(NamedTuple):
    """What is said above a misuse."""

    meaning: str
    sentences: dict[str, str]
    flags: tuple[str, ...]
    first_line: int


def _comment(lines: list[str], end: int) -> _Comment:
    """What is said above the misuse whose `#ifdef` is line `end`."""
    last = end
    while not lines[last].startswith("// expect"):
        last -= 1
        if last < 0 or lines[last] == "#endif":
            raise CaseError("has no // expect:")
    while lines[last + 1].startswith("// "):
        last += 1
    first = last
    while first > 0 and lines[first - 1].startswith("//"):
        first -= 1
    parts: dict[str, list[str]] = {"meaning": [], "expect": [], "expect gcc": [], "expect clang": [], "flags": []}
    for line in lines[first : last + 1]:
        kind, colon, text = line.removeprefix("// ").partition(": ")
        if not colon or kind not in parts:
            kind, text = "meaning", line.removeprefix("// ")
        parts[kind].append(text)
    said = {kind: " ".join(words) for kind, words in parts.items()}
    sentences = {compiler: said["expect"] or said[f"expect {compiler}"] for compiler in ("gcc", "clang")}
    if not all(sentences.values()):
        raise CaseError("needs // expect: ..., or both // expect gcc: ... and // expect clang: ...")
    return _Comment(said["meaning"], sentences, tuple(said["flags"].split()), first + 1)


def _branches(lines: list[str], start: int) -> tuple[str, str]:
    """The wrong and the right code of the misuse whose `#ifdef` is line `start`."""
    try:
        middle = lines.index("#else", start)
        end = lines.index("#endif", middle)
    except ValueError:
        raise CaseError("needs #else and #endif") from None
    return tuple(textwrap.dedent("\n".join(part)) for part in (lines[start + 1 : middle], lines[middle + 1 : end]))  # type: ignore[return-value]


def read_topic(source: Path) -> Topic:
    """The misuses of a file; CaseError if it is not as described."""
    lines = source.read_text(encoding="utf-8").splitlines()
    fixtures = [found.group(1) for line in lines if (found := _FIXTURE.match(line))]
    cases = []
    for number, line in enumerate(lines):
        if found := _START.fullmatch(line):
            try:
                said = _comment(lines, number)
                wrong, right = _branches(lines, number)
                cases.append(
                    Case(found.group(1), said.meaning, said.sentences, said.flags, wrong, right, said.first_line)
                )
            except CaseError as error:
                raise CaseError(f"{source.name}:{number + 1}: misuse {found.group(1)} {error}") from None
    if not lines or not lines[0].startswith("// ") or not cases:
        raise CaseError(f"{source.name}: needs a title, as a comment in the first line, and at least one misuse")
    return Topic(lines[0].removeprefix("// "), source, "".join(fixtures), tuple(cases))


def read_topics(sources: list[Path]) -> list[Topic]:
    """The misuses of several files; CaseError if two have one name."""
    topics = [read_topic(source) for source in sources]
    names = [case.name for topic in topics for case in topic.cases]
    for name in names:
        if names.count(name) > 1:
            raise CaseError(f"two misuses are called {name}")
    return topics
