"""Checks docs/isolation.md: the files that it names exist, and each invariant has a row and is named in its code or tests."""

from __future__ import annotations

import re
from pathlib import Path

_PAGE = Path("docs/isolation.md")
_PATH = re.compile(r"`((?:rules|runtime|tests|tools)/[\w./]+)`")
_INVARIANTS = [f"S{number}" for number in range(1, 21)]
_FINDINGS = [f"B{number}" for number in range(1, 7)] + [f"M{number}" for number in range(1, 6)]


def _text() -> str:
    return _PAGE.read_text(encoding="utf-8")


def _rows() -> list[list[str]]:
    lines = [line for line in _text().splitlines() if line.startswith("| ") and not line.startswith("| way ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_every_file_exists() -> None:
    """What a row names is in the repository."""
    paths = _PATH.findall(_text())
    assert len(paths) > 40
    assert not [path for path in paths if not Path(path).exists()]


def test_every_row_is_complete() -> None:
    """A way, an invariant, the code that keeps it, and a test."""
    rows = _rows()
    assert len(rows) > 15
    for row in rows:
        assert len(row) == 4, row
        assert _PATH.search(row[2]), row
        assert all(path.startswith("tests/") for path in _PATH.findall(row[3])), row
        assert _PATH.search(row[3]), row


def test_every_invariant_has_a_row() -> None:
    """S1 to S20, B1 to B6 and M1 to M5."""
    text = " ".join(" ".join(row) for row in _rows())
    assert not [name for name in _INVARIANTS + _FINDINGS if not re.search(rf"\b{name}\b", text)]


def test_findings_are_named_by_tests() -> None:
    """Each way that was once open has a test that says so."""
    tests = [
        path for path in Path("tests").rglob("*") if path.suffix in (".cpp", ".py") and path.name != Path(__file__).name
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in tests)
    assert not [name for name in _FINDINGS if not re.search(rf"\b{name}\b", text)]


def test_security_leads_here() -> None:
    """Whoever reads the promises finds the argument."""
    assert "docs/isolation.md" in Path("SECURITY.md").read_text(encoding="utf-8")
