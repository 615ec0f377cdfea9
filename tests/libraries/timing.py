"""How long the libraries take in their sandboxes, against the libraries themselves.

  timing [--quick] NAME=NATIVE:SANDBOXED:INPUT...

Each program is a build of one source, which does its work as many times as its argument says on what it reads from stdin.
Times are those that the processor spent (other programs on the machine count less that way), the least of several
rounds in which the two take turns, without what a program takes to start.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from typing import NamedTuple


class Row(NamedTuple):
    """What is compared."""

    name: str
    native: str
    sandboxed: str
    input: str


class Effort(NamedTuple):
    """How carefully: seconds that one run of the native program should take, and rounds."""

    seconds: float
    rounds: int


def parse_row(text: str) -> Row:
    """Reads NAME=NATIVE:SANDBOXED:INPUT; raises ValueError for anything else."""
    name, _, rest = text.partition("=")
    files = rest.split(":")
    if not name or len(files) != 3 or not all(files):
        raise ValueError(f"{text!r} is not NAME=NATIVE:SANDBOXED:INPUT")
    return Row(name, *files)


def processor_seconds(program: str, times: int, data: str) -> float:
    """What the processor spends on a program that does its work so many times."""
    before = os.times()
    with open(data, "rb") as stdin:
        subprocess.run([program, str(times)], stdin=stdin, stdout=subprocess.DEVNULL, check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def measure(row: Row, effort: Effort) -> tuple[float, float]:
    """Seconds that the library itself and the sandbox take once."""
    times = 1
    while processor_seconds(row.native, times, row.input) < effort.seconds:
        times *= 2
    programs = (row.native, row.sandboxed)
    start = {
        program: min(processor_seconds(program, 0, row.input) for _ in range(effort.rounds)) for program in programs
    }
    best = dict.fromkeys(programs, float("inf"))
    for _ in range(effort.rounds):
        for program in programs:
            best[program] = min(best[program], processor_seconds(program, times, row.input))
    native, sandboxed = (max(best[program] - start[program], 1e-9) / times for program in programs)
    return native, sandboxed


def main(arguments: Sequence[str]) -> int:
    """The command line; returns the exit code."""
    quick = "--quick" in arguments
    try:
        rows = [parse_row(text) for text in arguments if text != "--quick"]
    except ValueError as error:
        print(f"timing: {error}", file=sys.stderr)
        return 2
    effort = Effort(0.02, 1) if quick else Effort(0.5, 7)
    for row in rows:
        native, sandboxed = measure(row, effort)
        print(
            f"{row.name:32} {native * 1e6:10.1f} us {sandboxed * 1e6:10.1f} us   {sandboxed / native:5.2f}", flush=True
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
