"""Checks docs/architecture.md: each action that the rules declare is on the page, and what the page names is there."""

from __future__ import annotations

import re
from pathlib import Path

_PAGE = Path("docs/architecture.md")
_MNEMONIC = re.compile(r"""\bmnemonic = "(\w+)",""")
_PATH = re.compile(r"`((?:rules|runtime|tools)/[\w./]*)`")


def _text() -> str:
    return _PAGE.read_text(encoding="utf-8")


def _declared() -> set[str]:
    return {
        name for file in Path("rules").rglob("*.bzl") for name in _MNEMONIC.findall(file.read_text(encoding="utf-8"))
    }


def _rows(heading: str) -> list[list[str]]:
    section = _text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_every_action_has_a_row_and_a_place_in_the_picture() -> None:
    """An action that the page forgets is one that a newcomer does not find."""
    declared = _declared()
    assert {"RlboxCheckModule", "Wasm2c"} <= declared
    rows = {row[0].split()[0].strip("`") for row in _rows("The actions")}
    assert rows == declared | {"CppCompile", "CppLink"}
    picture = _text().split("```mermaid\n")[1].split("```")[0]
    # The sysroot is made once for a toolchain, not for a sandbox.
    assert not [name for name in declared - {"WasiGuestRuntime", "WasiSysroot"} if f'["{name}' not in picture]


def test_each_row_names_where_the_action_is_declared() -> None:
    """The file in the column is the one that has the mnemonic."""
    for action, _, _, place, _ in _rows("The actions"):
        name = action.split()[0].strip("`")
        if name not in ("CppCompile", "CppLink"):
            (path,) = _PATH.findall(place)
            assert f'mnemonic = "{name}"' in Path(path).read_text(encoding="utf-8"), name


def test_every_file_exists() -> None:
    """Paths in the tables lead somewhere."""
    paths = _PATH.findall(_text())
    assert len(paths) > 40
    assert not [path for path in paths if not Path(path).exists()]


def test_the_ten_commonest_changes_are_there() -> None:
    """Each names a file."""
    rows = _rows("To change something")
    assert len(rows) >= 10
    assert all(_PATH.search(row[1]) for row in rows)


def test_readers_are_led_here() -> None:
    """From the two pages that people open first."""
    for page in ("README.md", "CONTRIBUTING.md"):
        assert "docs/architecture.md" in Path(page).read_text(encoding="utf-8"), page
