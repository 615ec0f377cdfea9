"""Runs the variants of one program on the same input and compares what they print and how they end.

The main file of rlbox_differential_test, so it is on its own: it imports nothing of its neighbours. Each variant and input
is a test case of the test's XML.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Optional
from xml.etree import ElementTree

_SHOWN_LINES = 60
_NOT_FOR_PROGRAMS = ("XML_OUTPUT_FILE", "TEST_PREMATURE_EXIT_FILE", "TEST_SHARD_STATUS_FILE", "TEST_TOTAL_SHARDS")


class Outcome(NamedTuple):
    """How a program ended and what it printed; `code` is None if it was still running when its time was up."""

    code: Optional[int]
    stdout: bytes
    stderr: bytes
    seconds: float

    def ending(self) -> str:
        """How it ended, in words."""
        if self.code is None:
            return f"still ran after {self.seconds:.0f} s"
        if self.code < 0:
            return f"ended by signal {-self.code} ({signal.Signals(-self.code).name})"
        return f"exit code {self.code}"


class Case(NamedTuple):
    """A variant's run on an input, and what is wrong with it (nothing if it is empty)."""

    name: str
    seconds: float
    problem: str


def run(program: str, arguments: Sequence[str], stdin: Optional[str], scratch: str, timeout: float) -> Outcome:
    """Runs a program with a scratch folder of its own."""
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_FOR_PROGRAMS}
    environment["TEST_TMPDIR"] = tempfile.mkdtemp(dir=scratch)
    start = time.monotonic()
    with open(stdin or os.devnull, "rb") as file:
        try:
            done = subprocess.run(
                [os.path.abspath(program), *arguments],
                stdin=file,
                capture_output=True,
                env=environment,
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            return Outcome(None, late.stdout or b"", late.stderr or b"", timeout)
    return Outcome(done.returncode, done.stdout, done.stderr, time.monotonic() - start)


def _text_of(output: bytes) -> Optional[list[str]]:
    try:
        return output.decode("utf-8").splitlines(keepends=True)
    except UnicodeDecodeError:
        return None


def difference(reference: bytes, other: bytes, names: tuple[str, str]) -> str:
    """What differs between two outputs; '' if nothing does."""
    if reference == other:
        return ""
    lines, other_lines = _text_of(reference), _text_of(other)
    if lines is None or other_lines is None:
        place = next((i for i, (a, b) in enumerate(zip(reference, other)) if a != b), min(len(reference), len(other)))
        return (
            f"the bytes differ from offset {place} on:"
            f" {names[0]} has {reference[place : place + 16]!r}, {names[1]} has {other[place : place + 16]!r}"
        )
    diff = [line.rstrip("\n") for line in difflib.unified_diff(lines, other_lines, *names)]
    if diff and lines and other_lines and lines[-1].endswith("\n") != other_lines[-1].endswith("\n"):
        diff.append("(only one of them ends with a line end)")
    rest = [f"... and {len(diff) - _SHOWN_LINES} lines more"] if len(diff) > _SHOWN_LINES else []
    return "\n".join(diff[:_SHOWN_LINES] + rest)


def _kept(output: bytes, ignore: Sequence[re.Pattern[bytes]]) -> bytes:
    """`output` without what is to be ignored."""
    for pattern in ignore:
        output = pattern.sub(b"", output)
    return output


def problems(options: argparse.Namespace, name: str, outcome: Outcome, reference: Optional[tuple[str, Outcome]]) -> str:
    """What is wrong with a variant's outcome; '' if nothing is."""
    found = []
    if outcome.code != options.exit_code:
        found.append(f"{outcome.ending()}, but exit code {options.exit_code} is expected")
        if outcome.stderr:
            found.append(
                "stderr:\n" + "\n".join(outcome.stderr.decode("utf-8", "replace").splitlines()[-_SHOWN_LINES:])
            )
    if reference:
        streams = [("stdout", reference[1].stdout, outcome.stdout)]
        if options.compare_stderr and not reference[0].startswith("file "):
            streams.append(("stderr", reference[1].stderr, outcome.stderr))
        for stream, expected, actual in streams:
            text = difference(_kept(expected, options.ignore), _kept(actual, options.ignore), (reference[0], name))
            if text:
                found.append(f"{stream} of {name} is not that of {reference[0]}:\n{text}")
    return "\n".join(found)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    """Runs every variant on every input."""
    inputs: list[Optional[str]] = list(options.input) or [None]
    deadline = time.monotonic() + 0.9 * float(os.environ.get("TEST_TIMEOUT", "300"))
    left = len(inputs) * len(options.variant)
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as scratch:
        for stdin in inputs:
            reference = None
            if options.expected:
                expected = Path(options.expected).read_bytes()
                reference = (f"file {options.expected}", Outcome(options.exit_code, expected, b"", 0))
            for name, program in options.variant:
                timeout = max(1.0, (deadline - time.monotonic()) / left)
                outcome = run(program, options.arguments, stdin, scratch, timeout)
                yield Case(
                    f"{os.path.basename(stdin)}: {name}" if stdin else name,
                    outcome.seconds,
                    problems(options, name, outcome, reference),
                )
                reference = reference or (name, outcome)
                left -= 1


def write_xml(path: str, suite: str, results: Sequence[Case]) -> None:
    """Writes the results as JUnit XML, for Bazel."""
    root = ElementTree.Element("testsuites")
    failures = sum(bool(case.problem) for case in results)
    group = ElementTree.SubElement(
        root, "testsuite", name=suite, tests=str(len(results)), failures=str(failures), errors="0"
    )
    for case in results:
        entry = ElementTree.SubElement(group, "testcase", classname=suite, name=case.name, time=f"{case.seconds:.3f}")
        if case.problem:
            failure = ElementTree.SubElement(entry, "failure", message=case.problem.splitlines()[0])
            # XML has no way to write most control characters.
            failure.text = "".join(c if c in "\n\t" or c >= " " else "?" for c in case.problem)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _variant(text: str) -> tuple[str, str]:
    name, _, program = text.partition("=")
    if not name or not program:
        raise argparse.ArgumentTypeError(f"{text}: must be NAME=PROGRAM")
    return name, program


def _pattern(text: str) -> re.Pattern[bytes]:
    try:
        return re.compile(text.encode(), re.MULTILINE)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no regular expression: {error}") from None


def main(arguments: Sequence[str]) -> int:
    """The command line; see --help."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variant", action="append", type=_variant, required=True, help="NAME=PROGRAM")
    parser.add_argument("--expected", help="a file with the output that all variants must print")
    parser.add_argument("--input", action="append", default=[], help="a file for stdin; one run for each")
    parser.add_argument("--exit-code", type=int, default=0, help="the exit code that all must end with")
    parser.add_argument("--compare-stderr", action="store_true", help="compare what they print to stderr, too")
    parser.add_argument(
        "--ignore", action="append", type=_pattern, default=[], help="a regular expression for output not to compare"
    )
    parser.add_argument("--suite", default="differential", help="the test's label")
    parser.add_argument("arguments", nargs="*", help="the programs' arguments, after --")
    options = parser.parse_args(arguments)
    results = []
    for case in cases(options):
        results.append(case)
        print(f"{case.name}: {'FAILED' if case.problem else 'passed'} ({case.seconds:.2f} s)", flush=True)
        if case.problem:
            print("".join(f"  {line}\n" for line in case.problem.splitlines()), end="", flush=True)
    if "XML_OUTPUT_FILE" in os.environ:
        write_xml(os.environ["XML_OUTPUT_FILE"], options.suite, results)
    failed = [case.name for case in results if case.problem]
    if failed:
        print(f"{len(failed)} of {len(results)} runs failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
