"""Compiles misuses with one compiler, sharing a precompiled header."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from cases import Case, Topic

_ERROR = re.compile(r": (?:fatal )?error: ")
_EXCERPT = re.compile(r" *\d* \| ?")


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

    def compile(self, topic: Topic, case: Case | None = None) -> Outcome:
        """Compiles a file with one of its misuses, or with none."""
        arguments = ["-fsyntax-only"]
        if topic.fixture:
            arguments += self._precompile(topic.source.with_name(topic.fixture))
        if case:
            arguments += [*case.flags, "-DMISUSE_" + case.name]
        return self._run([*arguments, "-xc++", str(topic.source)])
