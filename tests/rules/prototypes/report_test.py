"""The report names each function that is called with another prototype than its own, the objects and the types."""

from __future__ import annotations

import json
import os
import pathlib


def report(suffix: str) -> str:
    """The text of the report with this suffix."""
    (path,) = (path for path in os.environ["REPORTS"].split() if path.endswith(suffix))
    return pathlib.Path(path).read_text(encoding="ascii")


def test_each_function_has_its_types_and_objects() -> None:
    found = {item["name"]: item for item in json.loads(report(".report.json"))["prototypes"]}
    assert sorted(found) == ["add_one", "negate_it"]
    assert found["negate_it"] == {
        "name": "negate_it",
        "traps": True,
        "uses": [
            {"defined": True, "object": "definitions.o", "type": "(i32) -> (i32)"},
            {"defined": False, "object": "uses.o", "type": "(i64) -> (i64)"},
        ],
    }


def test_the_text_has_a_line_for_each() -> None:
    text = report(".report.txt")
    assert "functions whose prototypes differ; a call with a wrong one traps:\n" in text
    assert "  add_one: (i32) -> (i32) in definitions.o, which defines it; (i32) -> () in nothing.o\n" in text
    assert "add_one" not in report(".surface.txt")
