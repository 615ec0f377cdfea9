"""Tests of report_page.py, page.py and what these are made of: facts.py, page_assets.py, page_calls.py, page_parts.py, page_sizes.py, picture.py.

What the page says, that nothing on it is markup of the library's, bad input. page_browser_test.py shows it to a browser.
"""

import re
from base64 import b64encode
from hashlib import sha256

import html_reader
import pages
import pytest
import wasm_builder as wb
from linked_library import Linked
from page_words import WORDS
from report import page_calls, page_sizes, reach, report_page
from report.page_assets import SCRIPT, STYLE
from tool_main import ToolError
from wasm.abi import WASI


def read(tmp_path, source, **kwargs):
    return html_reader.read(source.page(tmp_path, **kwargs))


def row(page, section, name):
    """The cells of the row of a section that begins with a name."""
    found = [cells for cells in page.one("section", id=section).rows() if cells[0].startswith(name)]
    assert len(found) == 1, found
    return found[0]


def test_exports_and_what_they_reach(tmp_path):
    page = read(tmp_path, pages.library())
    assert row(page, "exports", "say")[:3] == ["sayvoid say(void)", "2 functions, 19 bytes", "fd_write"]
    look = row(page, "exports", "look")
    assert look[0] == "lookint look(const char *)"
    assert look[1] == "1 function, 8 bytesthrough pointers 1 function more, 14 bytes"
    assert look[2] == "fd_writecallbacks"
    assert "look by a pointer \u2192 write_all \u2192 fd_write" in look[3]
    assert row(page, "exports", "quiet")[2] == "noneits calls for files fail"
    assert row(page, "exports", "malloc")[0] == "mallocfor the runtime: (i32) -> i32"
    tags = [(tag.text, tag.attributes["class"]) for tag in page.one("section", id="exports").all("span", class_="tag")]
    assert tags == [("fd_write", "tag maybe"), ("callbacks", "tag maybe"), ("fd_write", "tag")]
    names = [
        cells[0].partition("for the")[0].partition("void")[0] for cells in page.one("section", id="exports").rows()
    ]
    assert names[-2:] == ["free", "malloc"]  # what the runtime calls comes last
    assert "say \u2192 write_all \u2192 fd_write" in row(page, "exports", "say")[3]
    assert "In files: api.o (1), out.o (1)" in row(page, "exports", "say")[3]


def test_imports_and_who_reaches_them(tmp_path):
    page = read(tmp_path, pages.library())
    assert row(page, "imports", "fd_write") == [
        f"fd_write{WASI}: (i32, i32, i32, i32) -> i32", "the runtime's WASI", "write_all", "by calls: saythrough pointers: look",
    ]  # fmt: skip
    assert row(page, "imports", "memory")[1] == "the runtime"
    assert row(page, "imports", "callbacks")[2] == "calls of type () -> ()"


def test_the_picture(tmp_path):
    page = read(tmp_path, pages.library())
    svg = page.one("section", id="picture").one("svg")
    edges = {
        group.one("text", class_="name").text: [edge.attributes["class"] for edge in group.all("path")]
        for group in svg.all("g", class_="group")
    }
    assert edges == {
        "look": ["edge maybe", "edge sure"],
        "say": ["edge sure"],
        "quiet": [],
        "free, malloc": [],
        "write_all": ["edge sure"],
        "a call through a pointer": ["edge maybe"],
        "callbacks": [],
        "fd_write": [],
    }


def test_sizes(tmp_path):
    page = read(tmp_path, pages.library())
    rows = page.one("section", id="sizes").rows()
    assert rows[0][:4] == ["bin/lib.a", "4", "30 bytes", "0 bytes"]
    assert [cells[:4] for cells in rows if cells[0].endswith(".obin/lib.a")] == [
        ["api.obin/lib.a", "3", "16 bytes", "0 bytes"],
        ["out.obin/lib.a", "1", "14 bytes", "0 bytes"],
    ]  # fmt: skip
    assert row(page, "functions", "write_all") == ["write_all", "out.o", "14", "yes", "look, say"]


def test_limits_and_what_is_left_out(tmp_path):
    page = read(tmp_path, pages.library())
    assert row(page, "left-out", "open") == ["open", "refused import", "it can reach path_open"]
    assert row(page, "limits", "Memory, at most")[1] == "4,294,967,296 bytes"
    assert "set max_memory" in row(page, "limits", "Memory, at most")[2]
    tiles = {tile.one("dt").text: tile.one("dd").text for tile in page.one("dl").all("div")}
    assert tiles["Exports to the application"].startswith("3")
    assert tiles["Imports"].startswith("1")
    assert tiles["Left out"].startswith("1")


def test_the_start_is_a_way_into_the_module(tmp_path):
    source = pages.library()
    source.linked.made.start = source.linked.made.add_function(code=wb.call(1))
    page = read(tmp_path, source)
    assert row(page, "exports", "start")[2] == "fd_write"


def test_a_module_of_nothing(tmp_path):
    source = pages.Source(Linked())
    page = read(tmp_path, source)
    assert "no headers were read" in page.one("section", id="left-out").text
    assert list(page.all("svg", role="img"))


def test_a_prebuilt_module(tmp_path):
    page = read(tmp_path, pages.library(), with_map=False)
    assert "without a linker's map" in page.one("section", id="sizes").text
    assert row(page, "exports", "say")[2] == "fd_write"


def test_the_same_bytes(tmp_path):
    source = pages.hostile("x")
    assert source.page(tmp_path / "a") == source.page(tmp_path / "b")


# ---------------------------------------------------------------- the library is hostile


@pytest.mark.parametrize("word", WORDS, ids=ascii)
def test_hostile_names_are_text(tmp_path, word):
    """The page has the same elements and attributes as with harmless names; only texts and titles differ."""

    free = ("title", "width", "x", "height", "viewbox", "d", "y")

    def shape(page):
        return [
            (found.tag, {key: value for key, value in found.attributes.items() if key not in free})
            for found in page.all()
        ]

    bad, good = read(tmp_path / "bad", pages.hostile(word)), read(tmp_path / "good", pages.hostile("zzzzz"))
    assert shape(bad) == shape(good)
    assert all(char.isprintable() for char in bad.text.replace("\n", ""))
    assert bad.one("script").text == SCRIPT
    assert bad.one("style").text == STYLE


def test_a_long_name_is_cut(tmp_path):
    page = pages.library("x" * 50_000).page(tmp_path)
    assert len(page) < 120_000
    assert "... (50003 characters)" in page


# ---------------------------------------------------------------- what the page may do


def test_the_policy_allows_our_style_and_script_and_nothing_else(tmp_path):
    page = read(tmp_path, pages.library())
    metas = list(page.one("head").all("meta"))
    assert metas[1].attributes["http-equiv"] == "Content-Security-Policy"
    rules = dict(rule.strip().split(" ", 1) for rule in metas[1].attributes["content"].split(";"))
    hashes = {kind: b64encode(sha256(page.one(kind).text.encode()).digest()).decode() for kind in ("script", "style")}
    assert rules == {
        "default-src": "'none'",
        "script-src": f"'sha256-{hashes['script']}'",
        "style-src": f"'sha256-{hashes['style']}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_nothing_is_named_that_could_be_fetched(tmp_path):
    page = pages.library().page(tmp_path)
    assert not re.search(r"url\(|@import|https?:|//[a-z]+\.|src=|fetch\(|import\(", page.replace("//x:y", ""))


# ---------------------------------------------------------------- too much for a picture


def test_too_many_functions_to_follow(tmp_path, monkeypatch):
    monkeypatch.setattr(reach, "MOST_NODES", 3)
    page = read(tmp_path, pages.library())
    assert "does not say what reaches what: the module has 7 functions" in page.one("section", id="picture").text
    assert row(page, "exports", "say")[1] == "not followed"
    assert row(page, "functions", "write_all")[2] == "14"


@pytest.mark.parametrize(("groups", "gates"), [(9, 2), (3, 9)])
def test_more_groups_and_gates_than_boxes(tmp_path, monkeypatch, groups, gates):
    names = ["fd_close", "fd_read", "fd_seek", "fd_write"]
    linked = Linked(*((WASI, name) for name in names))
    for number in range(4):
        linked.function(f"gate{number}", "a.o", b"\0" + wb.call(number))
    for number in range(4):
        linked.function(f"f{number}", "a.o", wb.call(4 + number), export=f"f{number}")
    monkeypatch.setattr(page_calls, "_GROUPS", groups)
    monkeypatch.setattr(page_calls, "_GATES", gates)
    page = read(tmp_path, pages.Source(linked))
    boxes = [group.text for group in page.one("section", id="picture").one("svg").all("g", class_="group")]
    if gates == 2:
        assert [box for box in boxes if "gate1, gate2, gate3" in box]
        assert len(boxes) == 2 + 2 + 4
    else:
        assert [box for box in boxes if box.startswith("others: f2, f3f2, f3and othersreaches")], boxes
        assert len(boxes) == 3 + 4 + 4


def test_more_rows_than_a_table_has(tmp_path, monkeypatch):
    monkeypatch.setattr(page_calls, "_ROWS", 2)
    monkeypatch.setattr(page_sizes, "_FUNCTIONS", 2)
    page = read(tmp_path, pages.library())
    assert len(page.one("section", id="exports").rows()) == 2
    assert "the first 2 of 5; the report's JSON has all" in page.one("section", id="exports").text
    assert "The 2 largest of 6 functions." in page.one("section", id="functions").text


# ---------------------------------------------------------------- bad input


def test_a_file_that_is_no_report(tmp_path):
    pages.library().page(tmp_path)
    for content in ("{}", "[]", "text", '{"format": 99}'):
        (tmp_path / "json").write_text(content)
        with pytest.raises(ToolError) as error:
            report_page.main(
                [f"--report={tmp_path / 'json'}", f"--wasm={tmp_path / 'm.wasm'}", f"--output={tmp_path / 'new'}"]
            )
        assert str(error.value) == f"{tmp_path / 'json'}: it is no report of format 1. To fix: build it again"
        assert not (tmp_path / "new").exists()


def test_a_report_about_another_module(tmp_path):
    pages.library().page(tmp_path)
    (tmp_path / "m.wasm").write_bytes(wb.library().build())
    with pytest.raises(ToolError) as error:
        report_page.main(
            [f"--report={tmp_path / 'json'}", f"--wasm={tmp_path / 'm.wasm'}", f"--output={tmp_path / 'new'}"]
        )
    assert str(error.value) == "//x:y: json is about another module than m.wasm. To fix: build both again"
    assert not (tmp_path / "new").exists()
