"""Runs a program on mutated inputs, with its library in a sandbox and with the library itself, and compares.

  mutated.py --sandboxed=PROGRAM --native=PROGRAM [--may-differ=N] SAMPLE...

The inputs are made of the samples: the same on every machine. The sandboxed program gets all of them in one run, which
must go on to the end whatever its sandboxes do. The native program gets a run for each, with limits, because a library
without a sandbox may crash. Where the native run ends normally, both must print the same.

Inputs that show a fault are kept in the test's outputs (TEST_UNDECLARED_OUTPUTS_DIR).
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Callable, NamedTuple, Optional

COUNT = 200
"""How many inputs a test tries."""

_SHOWN = 5
_NATIVE_SECONDS = 5.0
_NATIVE_BYTES = 1 << 30
_DIGITS = re.compile(rb"\d+")
_NUMBERS_IN_TEXT = (b"0", b"-1", b"2147483648", b"4294967295", b"9" * 40, b"1e999", b"0.0000001")


class Numbers:
    """Numbers that look random: SplitMix64, the same sequence from the same seed on every machine."""

    def __init__(self, seed: int) -> None:
        """Begins the sequence of `seed`."""
        self._state = seed

    def below(self, limit: int) -> int:
        """The next number, from 0 to `limit` - 1; 0 if `limit` is 0."""
        mask = (1 << 64) - 1
        self._state = (self._state + 0x9E3779B97F4A7C15) & mask
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & mask
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
        return (mixed ^ (mixed >> 31)) % max(limit, 1)


def _flip_bits(data: bytes, numbers: Numbers) -> bytes:
    changed = bytearray(data)
    for _ in range(1 + numbers.below(8) if data else 0):
        changed[numbers.below(len(changed))] ^= 1 << numbers.below(8)
    return bytes(changed)


def _truncate(data: bytes, numbers: Numbers) -> bytes:
    return data[: numbers.below(len(data))]


def _block(data: bytes, numbers: Numbers) -> tuple[int, int]:
    start = numbers.below(len(data))
    return start, min(len(data), start + 1 + numbers.below(64))


def _remove(data: bytes, numbers: Numbers) -> bytes:
    start, end = _block(data, numbers)
    return data[:start] + data[end:]


def _insert(data: bytes, numbers: Numbers) -> bytes:
    place = numbers.below(len(data) + 1)
    return data[:place] + bytes(numbers.below(256) for _ in range(1 + numbers.below(32))) + data[place:]


def _move(data: bytes, numbers: Numbers) -> bytes:
    start, end = _block(data, numbers)
    place = numbers.below(len(data) + 1)
    return data[:place] + data[start:end] + data[place:]


def _repeat(data: bytes, numbers: Numbers) -> bytes:
    start, end = _block(data, numbers)
    return data[:end] + data[start:end] * (1 + numbers.below(32)) + data[end:]


def _integer(data: bytes, numbers: Numbers) -> bytes:
    """Overwrites some bytes with a number at an edge: of a type, or of the data's own size."""
    width = (1, 2, 4, 8)[numbers.below(4)]
    edges = (0, 1, -1, 1 << (8 * width - 1), (1 << (8 * width - 1)) - 1, 1 << numbers.below(8 * width), len(data))
    value = (edges[numbers.below(len(edges))] % (1 << (8 * width))).to_bytes(width, ("little", "big")[numbers.below(2)])
    place = numbers.below(len(data) - width + 1)
    return data[:place] + value + data[place + width :]


def _number_in_text(data: bytes, numbers: Numbers) -> bytes:
    """Replaces one of the numbers that are written in digits."""
    found = list(_DIGITS.finditer(data))
    if not found:
        return _flip_bits(data, numbers)
    place = found[numbers.below(len(found))]
    return data[: place.start()] + _NUMBERS_IN_TEXT[numbers.below(len(_NUMBERS_IN_TEXT))] + data[place.end() :]


_MUTATIONS: tuple[Callable[[bytes, Numbers], bytes], ...] = (
    _flip_bits,
    _flip_bits,
    _integer,
    _integer,
    _insert,
    _move,
    _number_in_text,
    _remove,
    _repeat,
    _truncate,
)


def mutants(samples: Sequence[bytes], count: int) -> list[bytes]:
    """Makes inputs of samples, in turns: each has between one and three mutations.

    Args:
        samples: what to mutate.
        count: how many inputs.

    Returns:
        The inputs, which depend on the arguments only.
    """
    made = []
    for i in range(count):
        numbers = Numbers(i)
        data = samples[i % len(samples)]
        for _ in range(1 + numbers.below(3)):
            data = _MUTATIONS[numbers.below(len(_MUTATIONS))](data, numbers)
        made.append(data)
    return made


def split_output(output: bytes, names: Sequence[str]) -> dict[str, bytes]:
    """What a program printed for each input, by its name; a name that is missing was not reached."""
    found: dict[str, bytes] = {}
    starts = []
    place = 0
    for name in names:
        head = f"== {name}\n".encode()
        at = output.find(head, place)
        if at < 0:
            break
        place = at + len(head)
        starts.append((name, at, place))
    for i, (name, _, begin) in enumerate(starts):
        found[name] = output[begin : starts[i + 1][1] if i + 1 < len(starts) else len(output)]
    return found


class Native(NamedTuple):
    """How a run of the library itself ended: `output` is None if it did not end normally, and `ending` says how."""

    output: Optional[bytes]
    ending: str


def _limit_children() -> None:
    """Limits what this process and those that it starts may have: quicker than to do it in each of them."""
    for kind, most in ((resource.RLIMIT_AS, _NATIVE_BYTES), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))


def run_native(program: str, path: Path) -> Native:
    """Runs the program with the library itself on one input, in a process with limits."""
    try:
        done = subprocess.run(
            [program, str(path)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_NATIVE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Native(None, f"still ran after {_NATIVE_SECONDS:.0f} s")
    if done.returncode:
        return Native(None, f"ended by signal {-done.returncode}" if done.returncode < 0 else "ended with an error")
    return Native(split_output(done.stdout, [path.name]).get(path.name, b""), "")


class Report(NamedTuple):
    """What came of the inputs, by name; `last` is the one that the sandboxed program did not get past."""

    same: list[str]
    different: list[str]
    native_failed: dict[str, str]
    last: list[str]
    problems: list[str]

    def text(self) -> str:
        """The numbers in one line."""
        failed = [
            f"{list(self.native_failed.values()).count(how)} {how}" for how in sorted({*self.native_failed.values()})
        ]
        return f"{len(self.same)} the same, {len(self.different)} not the same; without a sandbox: {', '.join(failed) or 'all ended normally'}"


def run_all(sandboxed: str, native: str, inputs: Sequence[Path], seconds: float) -> Report:
    """Runs both programs on the inputs.

    Args:
        sandboxed: the program with the library in its sandbox.
        native: the program with the library itself.
        inputs: files with names of their own.
        seconds: how long the sandboxed program may take.

    Returns:
        What came of it.
    """
    report = Report([], [], {}, [], [])
    names = [path.name for path in inputs]
    try:
        done = subprocess.run(
            [sandboxed, *map(str, inputs)], stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False
        )
        code, stdout, stderr = str(done.returncode), done.stdout, done.stderr
    except subprocess.TimeoutExpired as late:
        code, stdout, stderr = f"none after {seconds:.0f} s", late.stdout or b"", late.stderr or b""
    outputs = split_output(stdout, names)
    if code != "0" or len(outputs) != len(names):
        report.last.extend(list(outputs)[-1:])
        words = stderr.decode("utf-8", "replace").strip()[-2000:]
        report.problems.append(
            f"the sandboxed program ended: exit code {code}, input: {report.last or 'none'}\n{words}"
        )
    _limit_children()
    for path in inputs:
        if path.name not in outputs:
            continue
        result = run_native(native, path)
        if result.output is None:
            report.native_failed[path.name] = result.ending
        elif result.output == outputs[path.name]:
            report.same.append(path.name)
        else:
            report.different.append(path.name)
            if len(report.different) <= _SHOWN:
                print(f"{path.name}:\n  native:    {result.output[:500]!r}\n  sandboxed: {outputs[path.name][:500]!r}")
    if len({outputs[name] for name in report.same}) < 2:
        report.problems.append("no two inputs give different results: the programs do not look at them")
    return report


def main(words: Sequence[str]) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sandboxed", required=True, help="the program with the library in its sandbox")
    parser.add_argument("--native", required=True, help="the program with the library itself")
    parser.add_argument("--may-differ", type=int, default=0, help="for so many inputs both may print something else")
    parser.add_argument("samples", nargs="+", metavar="SAMPLE", help="files that the inputs are made of")
    options = parser.parse_args(words)
    begin = time.monotonic()
    seconds = 0.6 * float(os.environ.get("TEST_TIMEOUT", "300"))
    with tempfile.TemporaryDirectory(dir=os.environ.get("TEST_TMPDIR")) as folder:
        # Programs that make folders of their own, and crash, leave them here.
        os.environ["TMPDIR"] = folder
        inputs = []
        for number, data in enumerate(mutants([Path(sample).read_bytes() for sample in options.samples], COUNT)):
            # No output has this name by chance.
            inputs.append(Path(folder) / f"mutant-{number:03}-of-{COUNT}")
            inputs[-1].write_bytes(data)
        programs = [os.path.abspath(program) for program in (options.sandboxed, options.native)]
        report = run_all(programs[0], programs[1], inputs, seconds)
        keep = os.environ.get("TEST_UNDECLARED_OUTPUTS_DIR")
        for name in [*report.last, *report.different, *report.native_failed] if keep else []:
            (Path(str(keep)) / name).write_bytes((Path(folder) / name).read_bytes())
    print(f"{COUNT} mutated inputs: {report.text()} ({time.monotonic() - begin:.1f} s)")
    if len(report.different) > options.may_differ:
        report.problems.append(f"{len(report.different)} inputs differ, and {options.may_differ} may")
    if len(report.same) < COUNT // 2:
        report.problems.append(f"only {len(report.same)} inputs could be compared and are the same")
    for problem in report.problems:
        print(f"FAILED: {problem}")
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
