"""The summary of a run of .ci/run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import ci_summary
import pytest


def configured(label: str, size: str = "SMALL") -> dict[str, Any]:
    return {"id": {"targetConfigured": {"label": label}}, "configured": {"testSize": size} if size else {}}


def completed(label: str, success: bool) -> dict[str, Any]:
    return {"id": {"targetCompleted": {"label": label}}, "completed": {"success": True} if success else {}}


def summarized(label: str, status: str) -> dict[str, Any]:
    return {"id": {"testSummary": {"label": label}}, "testSummary": {"overallStatus": status}}


def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], exit_code: int, lint: Any, *events: Any) -> tuple[int, str]:
    """Returns the exit code and the output."""
    arguments = ["--bazel-exit-code", str(exit_code), "--events", str(tmp_path / "events")]
    (tmp_path / "events").write_text("".join(f"{json.dumps(event)}\n" for event in events))
    if lint is not None:
        (tmp_path / "lint").write_text(json.dumps(lint))
    code = ci_summary.main([*arguments, "--lint", str(tmp_path / "lint")])
    return code, capsys.readouterr().out


LIBRARY = (configured("//:library", ""), completed("//:library", True))
GOOD = (configured("//:a"), completed("//:a", True), summarized("//:a", "PASSED"))


def test_all_is_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(tmp_path, capsys, 0, {"ruff": True, "mypy": True}, *LIBRARY, *GOOD)
    assert (code, out) == (0, "\ntests: 1, lint checks: 2\n3 passed, 0 failed\n")


@pytest.mark.parametrize("status", ["FAILED", "TIMEOUT", "INCOMPLETE", "FLAKY", "FAILED_TO_BUILD"])
def test_a_test_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str], status: str) -> None:
    events = (*GOOD, configured("//:b"), completed("//:b", True), summarized("//:b", status))
    code, out = run(tmp_path, capsys, 3, {"ruff": True}, *events)
    assert (code, out) == (1, f"\ntests: 2, lint checks: 1\nfailed: //:b: {status}\n2 passed, 1 failed\n")


def test_a_test_does_not_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = (*GOOD, configured("//:b"), completed("//:b", False))
    code, out = run(tmp_path, capsys, 1, {"ruff": True}, *events)
    assert (code, out.splitlines()[-2:]) == (1, ["failed: //:b: NOT RUN", "2 passed, 1 failed"])


def test_a_target_does_not_build(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = (*GOOD, configured("//:library", ""), completed("//:library", False))
    code, out = run(tmp_path, capsys, 1, {"ruff": True}, *events)
    assert (code, out.splitlines()[-2:]) == (1, ["failed: //:library: does not build", "2 passed, 1 failed"])


def test_bazel_fails_for_another_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(tmp_path, capsys, 37, {"ruff": True}, *GOOD)
    assert (code, out.splitlines()[-2:]) == (1, ["failed: bazel: exit code 37", "2 passed, 1 failed"])


def test_no_test_ran(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(tmp_path, capsys, 0, {"ruff": True}, *LIBRARY)
    assert (code, out.splitlines()[-2:]) == (1, ["failed: bazel: no test ran", "1 passed, 1 failed"])


def test_bazel_did_not_start_and_lint_neither(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(tmp_path, capsys, 1, None)
    assert (code, out.splitlines()[1:]) == (
        1,
        [
            "tests: 0, lint checks: 0",
            "failed: bazel: no test ran",
            "failed: lint: no check ran",
            "0 passed, 2 failed",
        ],
    )


def test_a_lint_check_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(tmp_path, capsys, 0, {"ruff": True, "mypy": False}, *GOOD)
    assert (code, out.splitlines()[-2:]) == (1, ["failed: lint mypy: FAILED", "2 passed, 1 failed"])


@pytest.mark.parametrize("statuses", [("PASSED", "FAILED"), ("FAILED", "PASSED")])
def test_of_two_configurations_the_worst_counts(statuses: tuple[str, str]) -> None:
    events = [configured("//:a"), *(summarized("//:a", status) for status in statuses)]
    tests = ci_summary.read_events(map(json.dumps, events))
    assert tests.statuses == {"//:a": "FAILED"}


def test_events_that_are_cut_off() -> None:
    lines = [json.dumps(event) for event in GOOD]
    assert ci_summary.read_events([*lines, '{"id": {"testSumm']).statuses == {"//:a": "PASSED"}
