"""Checks the pages that people read first: each link leads to a file, and to a heading where it names one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_PAGES = ("choosing", "first_library", "from_makefile", "troubleshooting", "attack_surface")
_LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", _PAGES)
def test_links_lead_somewhere(name: str) -> None:
    page = Path("docs") / f"{name}.md"
    links = _LINK.findall(re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL))
    assert links
    for file, anchor in links:
        target = (page.parent / file) if file else page
        assert target.exists(), f"{page}: {file}"
        if anchor:
            assert anchor in _anchors(target), f"{page}: {file}#{anchor}"


def test_readers_are_led_here() -> None:
    """From the page that people open first."""
    readme = Path("README.md").read_text(encoding="utf-8")
    assert [name for name in _PAGES if f"docs/{name}.md" not in readme] == []
