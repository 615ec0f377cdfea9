"""Checks docs/maintainers/api_coverage.md: every test that it names exists."""

from __future__ import annotations

import re
from pathlib import Path

_TABLE = Path("docs/maintainers/api_coverage.md")
_TESTS = Path("tests/runtime")

_NAMED = re.compile(r'`([\w/]+\.(?:cpp|hpp|py))`: "([^"]+)"')
_PYTHON_CASE = re.compile(r"^def (test_\w+)\(", re.MULTILINE)
# The sections of tests/runtime/programs/glue.cpp, which main() calls one after the other.
_SECTION = re.compile(r"^static void (\w+)\(sandbox_type& sandbox\) {$", re.MULTILINE)
_CASE = re.compile(r'TEST_CASE(?:_METHOD)?\(\s*(?:\w+,\s*)?(?:BACKEND\()?\s*"((?:[^"\\]|\\.)*)"')


def _cases(path: Path) -> set[str]:
    pattern = _PYTHON_CASE if path.suffix == ".py" else _SECTION if path.parent.name == "programs" else _CASE
    return set(pattern.findall(path.read_text(encoding="utf-8")))


def test_every_named_test_exists() -> None:
    """A row names files below tests/runtime and test cases in them."""
    missing = [
        f"{file}: {case}"
        for file, case in _NAMED.findall(_TABLE.read_text(encoding="utf-8"))
        if case not in (_cases(_TESTS / file) if (_TESTS / file).is_file() else set())
    ]
    assert not missing


def test_every_row_names_a_test() -> None:
    """No row is left without a test, and nothing in a row's last column is anything else."""
    rows = [line for line in _TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    rows = [row for row in rows if not row.startswith(("| ---", "| what", "| id", "| test of RLBox"))]
    assert len(rows) > 50
    for row in rows:
        tests = row.rstrip(" |").rsplit(" | ", 1)[1]
        assert all(_NAMED.fullmatch(test) for test in tests.split("; ")), row
