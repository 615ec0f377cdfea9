"""Sums up the tests and the lint checks of one run of .ci/run."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

_PASSED = "PASSED"


class Tests(NamedTuple):
    """What became of the tests of one run of Bazel."""

    statuses: dict[str, str]
    """The status of each test target, PASSED or another, by its label."""

    broken: list[str]
    """Labels of other targets that could not be built."""


def read_events(lines: Iterable[str]) -> Tests:
    """Reads Bazel's build events, one JSON object a line.

    A test target counts from the moment that Bazel knows it, so one that could not be built, or
    whose turn did not come, is not passed over.
    """
    statuses: dict[str, str] = {}
    broken: list[str] = []
    for line in lines:
        try:
            event: dict[str, Any] = json.loads(line)
        except ValueError:  # Bazel was killed while it wrote
            continue
        identity = event.get("id", {})
        if "targetConfigured" in identity:
            if event.get("configured", {}).get("testSize"):
                statuses.setdefault(identity["targetConfigured"]["label"], "NOT RUN")
        elif "testSummary" in identity:
            status = event.get("testSummary", {}).get("overallStatus", "NO STATUS")
            label = identity["testSummary"]["label"]
            if statuses.get(label, _PASSED) in (_PASSED, "NOT RUN"):  # of several configurations, the worst counts
                statuses[label] = status
        elif "targetCompleted" in identity and not event.get("completed", {}).get("success"):
            broken.append(identity["targetCompleted"]["label"])
    return Tests(statuses, sorted({label for label in broken if label not in statuses}))


def summary(tests: Tests, exit_code: int, lint: dict[str, bool]) -> tuple[list[str], bool]:
    """Returns the lines to print and whether all is well."""
    failed = [f"{label}: {status}" for label, status in sorted(tests.statuses.items()) if status != _PASSED]
    passed = len(tests.statuses) - len(failed)
    if not passed and not failed:
        failed.append("bazel: no test ran")
    failed += [f"{label}: does not build" for label in tests.broken]
    if exit_code and not failed:
        failed.append(f"bazel: exit code {exit_code}")
    failed += [f"lint {name}: FAILED" for name, well in lint.items() if not well]
    passed += sum(lint.values())
    if not lint:
        failed.append("lint: no check ran")
    lines = ["", f"tests: {len(tests.statuses)}, lint checks: {len(lint)}"]
    lines += [f"failed: {name}" for name in failed]
    lines.append(f"{passed} passed, {len(failed)} failed")
    return lines, not failed


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def main(arguments: Sequence[str]) -> int:
    """Prints the summary; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=Path, required=True, help="Bazel's build events, as JSON")
    parser.add_argument("--bazel-exit-code", type=int, required=True, help="Bazel's exit code")
    parser.add_argument("--lint", type=Path, required=True, help="the report of tools/dev/lint/run")
    options = parser.parse_args(arguments)
    tests = read_events(_read(options.events).splitlines())
    lines, well = summary(tests, options.bazel_exit_code, json.loads(_read(options.lint) or "{}"))
    print("\n".join(lines), flush=True)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
