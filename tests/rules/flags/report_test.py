"""The report names each flag that the toolchain dropped, and the target in whose BUILD file the flag is."""

from __future__ import annotations

import json
import os
import pathlib


def report(suffix: str) -> str:
    """The text of the report with this suffix."""
    (path,) = (path for path in os.environ["REPORTS"].split() if path.endswith(suffix))
    return pathlib.Path(path).read_text(encoding="ascii")


def test_each_flag_is_named_with_its_target() -> None:
    dropped = json.loads(report(".report.json"))["dropped_flags"]
    named = {item["flag"] for item in dropped if item["target"] == "//tests/rules/flags:unfriendly"}
    for flag in os.environ["FLAGS"].split("\t"):
        assert [name for name in named if name.startswith(flag.rstrip("*"))], flag
    assert {"-Wl,-rpath", "-Wl,/usr/lib"} <= named
    below = [item["flag"] for item in dropped if item["target"] == "//tests/rules/flags:below"]
    assert below == ["-DBROKEN_BELOW=1", "-DBROKEN_LOCALLY", "-Werror"]


def test_the_text_has_a_line_for_each() -> None:
    text = report(".report.txt")
    assert "flags in BUILD files that the toolchain dropped:\n" in text
    assert "  -march=x of //tests/rules/flags:unfriendly\n" in text
    assert "  -Werror of //tests/rules/flags:below\n" in text


def test_what_a_golden_file_holds_has_none() -> None:
    assert "-Werror" not in report(".surface.txt")
