"""Every behaviour of the hostile kit, in every configuration and under both trap policies, ends as its table says.

A behaviour is contained if its process ends as expected, in time, with all canaries intact, and no sanitizer has anything
to say. The table of behaviours and configurations is printed at the end.
"""

from __future__ import annotations

import concurrent.futures
import os
import pathlib
import signal
import subprocess
from dataclasses import dataclass
from typing import NamedTuple

import pytest
from refused_modules import REFUSED, Refused, refusal

_BUILD = "build"
_FOLDER = pathlib.Path(os.environ.get("HOSTILE_FOLDER", "tests/hostile"))
_CONFIGURATIONS = os.environ["HOSTILE_CONFIGURATIONS"].split(",")
_POLICIES = ("abort", "survive")
_SECONDS = float(os.environ.get("HOSTILE_SECONDS", "30"))
_SANITIZERS = ("ERROR: AddressSanitizer", "runtime error:", "ERROR: LeakSanitizer")

_WORKERS = max(2, os.cpu_count() or 1)


class Behaviour(NamedTuple):
    """A line of `PROGRAM --list`."""

    id: str
    title: str
    with_abort: str
    with_survive: str

    def expected(self, policy: str) -> str:
        """The beginning of the outcome."""
        return self.with_abort if policy == "abort" else self.with_survive


@dataclass
class Run:
    """How a process ended."""

    status: int
    stderr: str
    timed_out: bool = False

    def _line(self, prefix: str) -> str:
        lines = [line for line in self.stderr.splitlines() if line.startswith(prefix)]
        return lines[-1][len(prefix) :] if lines else ""

    def _report(self) -> str:
        """`REASON: ...` of a report `sandbox NAME: REASON: ...`."""
        return self._line("sandbox attacker: ")

    def outcome(self) -> str:
        """harmless, `trap: REASON`, `refused: SENTENCE` or `fault: REPORT`; anything else is not contained."""
        if self.timed_out:
            return "HANG"
        sanitizer = [word for word in _SANITIZERS if word in self.stderr]
        report = self._report()
        host_fault = "memory access by the application" in report
        if sanitizer and not (host_fault and "AddressSanitizer: SEGV" in self.stderr):
            return "SANITIZER: " + next(line for line in self.stderr.splitlines() if sanitizer[0] in line)
        if host_fault and (self.status == -signal.SIGSEGV or sanitizer):
            return "fault: " + report
        canaries = self._line("canaries: ")
        if canaries != "intact":
            return f"CANARY: {canaries or 'not looked at'} ({self._status()})"
        if self.status == 0:
            return self._line("outcome: ") or "EXIT 0"
        if self.status == -signal.SIGABRT and report:
            return "trap: " + report
        sentence = self._line("RLBox: ")
        if self.status == -signal.SIGABRT and sentence:
            return "refused: RLBox: " + sentence
        required = self._line("required: ")
        return f"REQUIRED: {required}" if required else f"DIED: {self._status()}"

    def _status(self) -> str:
        return f"signal {-self.status}" if self.status < 0 else f"exit {self.status}"


def program(configuration: str) -> str:
    """The path of a configuration's program."""
    return str(_FOLDER / configuration)


def behaviours(configuration: str) -> list[Behaviour]:
    """What a program lists."""
    done = subprocess.run([program(configuration), "--list"], capture_output=True, text=True, check=True)
    return [Behaviour(*line.split("\t")) for line in done.stdout.splitlines()]


def run(configuration: str, behaviour: Behaviour, policy: str) -> Run:
    """Runs one behaviour in a process of its own."""
    command = [program(configuration), behaviour.id, policy]
    environment = dict(os.environ, ASAN_OPTIONS="detect_leaks=0", UBSAN_OPTIONS="print_stacktrace=1")
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=_SECONDS,
            check=False,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        return Run(0, "", timed_out=True)
    return Run(done.returncode, done.stderr.decode("utf-8", "replace"))


class Table:
    """The outcomes: a row a behaviour, a column a configuration, a mark a policy."""

    def __init__(self) -> None:
        self.rows: dict[str, Behaviour] = {}
        self.cells: dict[tuple[str, str], str] = {}

    def add(self, configuration: str, behaviour: Behaviour, contained: bool) -> None:
        """A policy's outcome; those of one cell follow each other."""
        self.rows[behaviour.id] = behaviour
        key = (behaviour.id, configuration)
        self.cells[key] = self.cells.get(key, "") + ("+" if contained else "!")

    def text(self) -> str:
        """The table, one line a behaviour: + contained, ! not contained, for abort and survive."""
        columns = [name for name in [*_CONFIGURATIONS, _BUILD] if any(key[1] == name for key in self.cells)]
        lines = [f"{number}: {name}" for number, name in enumerate(columns, 1)]
        head = "".join(f"{number:>4}" for number in range(1, len(columns) + 1))
        width = max((len(row.title) for row in self.rows.values()), default=0)
        lines += ["", f"{'id':<10}{head}  {'the library ...':<{width}}  expectation"]
        for row in sorted(self.rows.values()):
            cells = "".join(f"{self.cells.get((row.id, name), ''):>4}" for name in columns)
            expectation = (
                row.with_abort if row.with_abort == row.with_survive else f"{row.with_abort} | {row.with_survive}"
            )
            lines.append(f"{row.id:<10}{cells}  {row.title:<{width}}  {expectation}")
        marks = "".join(self.cells.values())
        lines += [
            "",
            f"{len(self.rows)} behaviours, {len(columns)} configurations, {len(_POLICIES)} policies: "
            f"{marks.count('+')} contained, {marks.count('!')} not contained",
        ]
        return "\n".join(lines) + "\n"


_TABLE = Table()

# Behaviours that are not contained yet: printed, and no failure.
_AWAITED: frozenset[str] = frozenset()


@pytest.fixture(scope="module", autouse=True)
def _print_table(pytestconfig: pytest.Config) -> object:
    yield
    text = _TABLE.text()
    outputs = os.environ.get("TEST_UNDECLARED_OUTPUTS_DIR")
    if outputs:
        (pathlib.Path(outputs) / "table.txt").write_text(text, encoding="utf-8")
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print("\n" + text)


@pytest.mark.parametrize("configuration", _CONFIGURATIONS)
def test_contained(configuration: str) -> None:
    listed = behaviours(configuration)
    assert len({behaviour.id for behaviour in listed}) == len(listed)
    wrong = []
    with concurrent.futures.ThreadPoolExecutor(_WORKERS) as workers:
        jobs = [(b, policy, workers.submit(run, configuration, b, policy)) for b in listed for policy in _POLICIES]
        for behaviour, policy, job in jobs:
            done = job.result()
            outcome = done.outcome()
            contained = outcome.startswith(behaviour.expected(policy))
            _TABLE.add(configuration, behaviour, contained)
            if not contained:
                tail = "\n      ".join(done.stderr.splitlines()[-12:])
                if behaviour.id in _AWAITED:
                    print(f"{configuration}: awaited: {behaviour.id} {policy}: {outcome}")
                    continue
                wrong.append(
                    f"  {behaviour.id} {policy}: {outcome}; expected {behaviour.expected(policy)}\n      {tail}"
                )
    assert not wrong, f"{configuration}: {len(wrong)} not contained:\n" + "\n".join(wrong)


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row.id)
def test_refused_at_build(row: Refused) -> None:
    sentence = refusal(row.module())
    contained = bool(sentence) and row.sentence in sentence
    expectation = f"refused at build: {row.sentence or 'a sentence'}"
    _TABLE.add(_BUILD, Behaviour(row.id, row.title, expectation, expectation), contained)
    assert sentence, "the check accepts the module"
    assert row.sentence in sentence
    assert "\n" not in sentence
