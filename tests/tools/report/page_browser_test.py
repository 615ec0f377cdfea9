"""The report's page in a real browser: what people see, that the filter works, and that nothing leaves the page.

Needs Chromium on the machine (`apt-get install chromium-headless-shell`, or `chromium`); without one the tests are skipped
and say so. Screenshots are kept with the test's outputs, for people: the tests look at the content.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import browser as browsers
import pages
import pytest
from browser import Browser
from page_words import WORDS

_ROWS = "Array.from(document.querySelectorAll('#exports tr[data-row]')).filter((row) => row.checkVisibility())"
_NAMES = f"{_ROWS}.map((row) => row.querySelector('code, b').textContent)"
_ACTIVE = "document.activeElement.outerHTML.slice(0, 60)"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    program = browsers.find()
    if program is None:
        pytest.skip(f"the machine has no Chromium: none of {', '.join(browsers.NAMES)} is on PATH")
    started = Browser(program, tmp_path_factory.mktemp("browser"))
    yield started
    started.close()


@pytest.fixture
def page(tmp_path: Path) -> str:
    """The address of the page of pages.library."""
    pages.library().page(tmp_path)
    return (tmp_path / "page.html").as_uri()


def outputs() -> Path:
    folder = Path(os.environ.get("TEST_UNDECLARED_OUTPUTS_DIR") or os.environ.get("TEST_TMPDIR", "/tmp"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def tutorial() -> Path:
    """The page of the tutorial's sandbox, as the output group has it."""
    if "REPORTS" not in os.environ:
        pytest.skip("run it with bazel")
    return next(Path(file) for file in os.environ["REPORTS"].split() if file.endswith(".report.html")).resolve()


def test_the_tutorials_page(browser: Browser) -> None:
    address = tutorial().as_uri()
    browser.look()
    browser.open(address)
    assert browser.value("document.title") == "Attack surface of //examples:mylib_sandbox"
    assert {"hello", "add", "echo", "call_cb", "start"} <= set(browser.value(_NAMES))
    assert browser.value("document.querySelector('#sizes').textContent.includes('mylib.o')")
    assert browser.value("document.querySelectorAll('svg .edge').length") > 3
    assert browser.requests() == [address]
    assert browser.complaints() == []


def test_the_picture_has_lines_that_can_be_seen(browser: Browser, page: str) -> None:
    browser.look()
    browser.open(page)
    edges = browser.value(
        "Array.from(document.querySelectorAll('svg .edge'), (edge) => [edge.getTotalLength(),"
        " getComputedStyle(edge).strokeDasharray, getComputedStyle(edge).stroke])"
    )
    assert len(edges) == 5
    assert all(length > 100 and colour.startswith("rgb(") for length, _, colour in edges)
    assert {dashes for _, dashes, _ in edges} == {"none", "5px, 4px"}


def test_the_filter_by_the_keyboard(browser: Browser, page: str) -> None:
    browser.look()
    browser.open(page)
    every = browser.value(_NAMES)
    assert sorted(every) == ["free", "look", "malloc", "quiet", "say"]
    browser.press("/")
    assert browser.value("document.activeElement.id") == "filter"
    for key in "void say":
        browser.press(key)
    assert browser.value(_NAMES) == ["say"]
    assert re.fullmatch(r"\d+ of \d+ rows", browser.value("document.querySelector('output').textContent"))
    assert browser.value("document.querySelectorAll('svg .dim').length") > 0
    browser.press("Escape")
    assert browser.value(_NAMES) == every
    assert browser.value("document.querySelectorAll('svg .dim').length") == 0
    assert (browser.requests(), browser.complaints()) == ([page], [])


def test_a_link_with_a_filter(browser: Browser, page: str) -> None:
    browser.look()
    browser.open(page + "#q=%6Cook")
    assert browser.value(_NAMES) == ["look"]
    browser.open(page + "#q=%")
    assert len(browser.value(_NAMES)) == 5
    assert browser.complaints() == []


def test_the_keyboard_reaches_every_link(browser: Browser, page: str) -> None:
    browser.look()
    browser.open(page)
    every = browser.value("document.querySelectorAll('a[href], input, summary, [tabindex]').length")
    seen = set()
    for _ in range(every):
        browser.press("Tab")
        seen.add(browser.value("Array.from(document.querySelectorAll('*')).indexOf(document.activeElement)"))
        assert browser.value("getComputedStyle(document.activeElement).outlineStyle") != "none", browser.value(_ACTIVE)
    assert len(seen) == every


def test_without_scripts(browser: Browser, page: str) -> None:
    browser.look()
    browser.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(page)
    finally:
        browser.send("Emulation.setScriptExecutionDisabled", value=False)
    assert browser.value("getComputedStyle(document.querySelector('.filter')).display") == "none"
    assert len(browser.value(_NAMES)) == 5
    browser.value("document.querySelector('#exports summary').focus()")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1200, 400])
def test_it_can_be_read(browser: Browser, page: str, dark: bool, width: int) -> None:
    """Text and background differ by what WCAG asks for, and no part of the page but the picture scrolls sideways."""
    browser.look(width=width, dark=dark)
    browser.open(page)
    data = browser.screenshot(outputs() / f"page-{width}-{'dark' if dark else 'light'}.png")
    assert data.startswith(b"\x89PNG")
    colours = browser.value(
        "['body', '.soft', 'a', 'td small', '.tag', '.tag.maybe', '.refused', 'summary'].map((what) => [what,"
        " getComputedStyle(document.querySelector(what)).color, getComputedStyle(document.body).backgroundColor])"
    )
    assert (_luminance(colours[0][1]) > _luminance(colours[0][2])) == dark
    assert [(what, ratio) for what, *pair in colours if (ratio := _contrast(*pair)) < 4.5] == []
    assert browser.value("document.scrollingElement.scrollWidth") <= width


def test_printing(browser: Browser, page: str) -> None:
    """On paper what is folded is there, and what only a screen needs is not."""
    browser.look(media="print", dark=True)
    browser.open(page)
    assert browser.value("getComputedStyle(document.querySelector('.filter')).display") == "none"
    assert browser.value("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert browser.value("document.querySelector('#exports details ul').checkVisibility({contentVisibilityAuto: true})")
    assert browser.send("Page.printToPDF")["data"].startswith("JVBER")
    browser.look()


@pytest.mark.parametrize("word", WORDS, ids=ascii)
def test_hostile_names_do_nothing(browser: Browser, tmp_path: Path, word: str) -> None:
    pages.hostile(word).page(tmp_path)
    address = (tmp_path / "page.html").as_uri()
    browser.look()
    browser.open(address)
    assert browser.value("document.title").startswith("Attack surface of //x:y")
    assert browser.value("window.evil === undefined && document.querySelectorAll('img, iframe, b b').length === 0")
    assert browser.value("document.querySelectorAll('script').length") == 1
    assert (browser.requests(), browser.complaints()) == ([address], [])


def test_this_test_sees_what_leaves_and_what_runs(browser: Browser, tmp_path: Path) -> None:
    """Without the policy and without escaping, the same words do what they say."""
    (tmp_path / "bad.html").write_text("<img src='http://127.0.0.1:9/x' onerror='window.evil = 1; throw 1'>")
    browser.open((tmp_path / "bad.html").as_uri())
    assert "http://127.0.0.1:9/x" in browser.requests()
    assert browser.value("window.evil") == 1
    assert browser.complaints() != []


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
