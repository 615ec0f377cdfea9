"""The table of examples/libraries/README.md: each library has a row, and the tool that writes the rows reads and keeps them."""

from __future__ import annotations

from pathlib import Path

import table

_FOLDER = Path("examples/libraries")
_PAGE = (_FOLDER / "README.md").read_text(encoding="utf-8")


def _names() -> list[str]:
    return (_FOLDER / "names.txt").read_text(encoding="utf-8").split()


def test_each_library_has_a_row() -> None:
    assert len(_names()) > 15
    assert sorted(table.rows(_PAGE)) == sorted(f"[{name}]({name}/{name}.cpp)" for name in _names())


def test_each_row_is_whole() -> None:
    for row in table.rows(_PAGE).values():
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 9, row
        assert all(cells), row
        assert cells[7] == "yes", row
        assert int(cells[2]) > 0, row
        assert all(cell == "-" or float(cell) > 0 for cell in (*cells[5:7], cells[8])), row


def test_each_attribute_that_is_needed_has_a_reason() -> None:
    reasons = _PAGE.partition("Why an attribute is needed:")[2]
    for row in table.rows(_PAGE).values():
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert cells[1] == "none" or cells[0].split("]")[0].lstrip("[") in reasons, row


def test_attributes_that_somebody_had_to_find_are_counted() -> None:
    build = 'rlbox_sandbox(\n    name = "a",\n    exports = [\n        "b",\n    ],\n    module_name = "a",\n    tags = ["manual"],\n)\n'
    assert table.attributes(build) == ["exports"]
    assert table.attributes("") == []
    assert table.sandbox_deps(build + 'rlbox_sandbox(\n    deps = [\n        "//c:d",\n    ],\n)\n') == []
    assert table.sandbox_deps('rlbox_sandbox(\n    deps = ["//c:d"],\n)\n') == ["//c:d"]


def test_rows_of_other_libraries_stay() -> None:
    page = table.with_rows(f"before\n{table._BEGIN}{table._END}after\n", {"b": "| b | 1 |"})
    page = table.with_rows(page, {"a": "| a | 2 |"})
    assert table.rows(page) == {"a": "| a | 2 |", "b": "| b | 1 |"}
    assert table.rows(table.with_rows(page, {"b": "| b | 3 |"}))["b"] == "| b | 3 |"
    assert page.startswith("before\n")
    assert page.endswith("after\n")


def test_samples_are_found_by_their_labels() -> None:
    root, base = Path("/here"), Path("/base")
    names = {"x": "_main~dev~x"}
    assert table.sample_path(root, base, names, "//a/b:c.txt") == "/here/a/b/c.txt"
    assert table.sample_path(root, base, names, "@x//d:e/f.gif") == "/base/external/_main~dev~x/d/e/f.gif"
