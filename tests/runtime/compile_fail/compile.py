"""Compiles misuses with one compiler, sharing a precompiled header, and as many at once as it tells apart."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from cases import Case, Topic

_MESSAGE = re.compile(r".+?:\d+:\d+: (fatal error|error|warning|note): ")
_ERROR = re.compile(r": (?:fatal )?error: ")
_EXCERPT = re.compile(r" *\d* \| ?")

# What gcc and clang print before a message: the way to its place. After it come excerpts and notes.
_WAY = re.compile(r"In file included from |\s+from \S+:\d|\S+: (In|At) |\S+:\d+:\d+:\s+(recursively )?(required|in)\b")


class Outcome(NamedTuple):
    """What a compiler said about a file."""

    compiled: bool
    """Whether it compiled."""

    output: str
    """Everything the compiler printed."""

    @property
    def errors(self) -> list[str]:
        """The lines that report an error, without file and position."""
        lines = [_ERROR.split(line, maxsplit=1) for line in self.output.splitlines()]
        return [parts[1] for parts in lines if len(parts) == 2]

    @property
    def messages(self) -> list[str]:
        """The lines of the output that are not excerpts of code."""
        return [line for line in self.output.splitlines() if not _EXCERPT.match(line)]


def split_errors(output: str) -> list[str]:
    """The parts of a compiler's output: an error each, with the way to its place before it and the notes after it."""
    parts: list[list[str]] = []
    way: list[str] = []
    for line in output.splitlines():
        if _WAY.match(line):
            way.append(line)
            continue
        found = _MESSAGE.match(line)
        if found and found.group(1) != "note":
            parts.append([])
        if not parts:
            parts.append([])
        parts[-1] += [*way, line]
        way = []
    return ["\n".join(part) for part in parts]


class Compiler:
    """A C++ compiler, and the headers that it compiled once for many files."""

    def __init__(self, kind: str, command: Sequence[str], folder: Path) -> None:
        """Sets up a compiler.

        Args:
            kind: `gcc` or `clang`.
            command: the compiler and the flags of every compilation.
            folder: an existing folder for precompiled headers.
        """
        self.kind = kind
        self._command = [*command, "-std=c++17"]
        self._folder = folder
        self._precompiled: dict[str, list[str]] = {}

    def _run(self, arguments: Sequence[str]) -> Outcome:
        process = subprocess.run(
            [*self._command, *arguments], capture_output=True, text=True, errors="replace", check=False
        )
        return Outcome(process.returncode == 0, process.stderr)

    def _precompile(self, header: Path) -> list[str]:
        """The flags that include a header, which is precompiled at its first use."""
        if header.name not in self._precompiled:
            # gcc takes x.hpp.gch for x.hpp, if it fits; clang is told the file's name.
            target = self._folder / (header.name + (".gch" if self.kind == "gcc" else ".pch"))
            made = self._run(["-xc++-header", str(header), "-o", str(target)])
            if not made.compiled:
                raise RuntimeError(f"{header} does not compile:\n{made.output}")
            self._precompiled[header.name] = (
                ["-Werror=invalid-pch", "-include", str(target.with_suffix(""))]
                if self.kind == "gcc"
                else ["-include-pch", str(target)]
            )
        return self._precompiled[header.name]

    def compile(self, topic: Topic, cases: Sequence[Case] = ()) -> Outcome:
        """Compiles a file with some of its misuses, which have the same flags, or with none."""
        arguments = ["-fsyntax-only"]
        if self.kind == "clang":
            arguments.append("-ferror-limit=0")
        if topic.fixture:
            arguments += self._precompile(topic.source.with_name(topic.fixture))
        if cases:
            arguments += [*cases[0].flags, *["-DMISUSE_" + case.name for case in cases]]
        return self._run([*arguments, "-xc++", str(topic.source)])

    def compile_together(self, topic: Topic, cases: Sequence[Case]) -> dict[str, Outcome]:
        """Compiles a file with several of its misuses, and tells them apart.

        A compiler says once what is wrong with a template's specialisation, whoever needs it, so that less may be said
        about a misuse than about the misuse alone; never anything else.

        Returns:
          What was said about each misuse, by name. None of them if something cannot be ascribed to one.
        """
        whole = self.compile(topic, cases)
        said: dict[str, list[str]] = {case.name: [] for case in cases}
        place = re.compile(re.escape(str(topic.source)) + r":(\d+):\d+:")
        for part in split_errors(whole.output):
            lines = [int(line) for line in place.findall(part)]
            case = topic.case_of_line(lines[0]) if lines else None
            if not case or case.name not in said:
                return {}
            said[case.name].append(part)
        return {name: Outcome(not parts, "\n".join(parts)) for name, parts in said.items()}
