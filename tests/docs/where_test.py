"""Checks tests/README.md: every product file has a row, and every package of tests is named."""

from __future__ import annotations

import re
from pathlib import Path

_PRODUCT = ("examples", "rules", "runtime", "tools")
_TESTS = re.compile(r"`(tests(?:/[\w-]+)+)`")


def _packages() -> set[str]:
    """The folders directly below tests/ that are packages."""
    return {f"tests/{name}" for name in Path("tests/packages.txt").read_text(encoding="utf-8").split()}


def _text() -> str:
    return Path("tests/README.md").read_text(encoding="utf-8")


def _rows() -> dict[str, str]:
    """The patterns and what stands in the last column."""
    rows = [
        line.strip("| ").split(" | ") for line in _text().splitlines() if re.match(r"\| `(?!tests)[\w/*.]+` \|", line)
    ]
    return {row[0].strip("`"): row[2] for row in rows}


def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*\*", ".*").replace(r"\*", "[^/]*"))


def _product_files() -> list[str]:
    return [str(path) for folder in _PRODUCT for path in Path(folder).rglob("*") if path.is_file()]


def test_every_product_file_has_a_row() -> None:
    files = _product_files()
    assert {path.split("/")[0] for path in files} == set(_PRODUCT)
    expressions = [_expression(pattern) for pattern in _rows()]
    assert [path for path in files if not any(expression.fullmatch(path) for expression in expressions)] == []


def _named() -> set[str]:
    return set(_TESTS.findall(_text()))


def test_every_row_names_tests_that_there_are() -> None:
    rows = _rows()
    assert len(rows) > 15
    for pattern, tests in rows.items():
        assert _TESTS.search(tests), f"{pattern}: names no folder of tests"
    assert [folder for folder in sorted(_named()) if folder not in _packages() and not Path(folder).is_dir()] == []


def test_every_package_of_tests_is_named() -> None:
    assert len(_packages()) > 15
    top = {"/".join(folder.split("/")[:2]) for folder in _named()}
    assert sorted(_packages() - top) == []
