"""The benchmark of whole libraries runs, and writes its table and its picture; the numbers of a short run mean nothing."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

BINARY = Path("tests/benchmark/quick_libraries").absolute()
WORK = ["cjson", "deflate", "expat", "inflate", "lodepng", "gemm", "interpreter", "qsort", "sha256", "sieve", "stencil"]
MARKS = "<!-- libraries -->\nold\n<!-- end of libraries -->"


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BUILD_WORKING_DIRECTORY": str(folder)}
    return subprocess.run([BINARY, *words], capture_output=True, text=True, check=False, env=environment)


def test_writes_a_row_for_everything(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(f"before\n{MARKS}\nafter\n")
    done = run(tmp_path, "--quick", "--markdown=page.md", "--chart=chart.svg")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "page.md").read_text()
    assert page.startswith("before\n<!-- libraries -->\n| | natively")
    assert page.endswith("<!-- end of libraries -->\nafter\n")
    assert re.findall(r"^\| (\w+) \|", page, re.MULTILINE) == WORK
    assert "**all 5 libraries**, geometric mean" in page
    assert "**all 6 kernels**, geometric mean" in page
    cells = [[cell.strip() for cell in line.split("|")] for line in page.splitlines()]
    recipes = {row[1]: row[6] for row in cells if len(row) > 1 and row[1] in WORK}
    assert re.fullmatch(r"\d+\.\d\d", recipes.pop("cjson")), page
    assert set(recipes.values()) == {""}, page
    picture = ElementTree.parse(tmp_path / "chart.svg").getroot()
    texts = [element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[::2] == [*WORK, "native"]


def test_a_round_that_takes_no_time_asks_for_few_more() -> None:
    more_rounds = runpy.run_path("tests/benchmark/libraries.py")["more_rounds"]
    assert more_rounds(1, 1.0) == 8
    assert more_rounds(8, 1e6) == 64
    assert more_rounds(8, 2e6) == 40
    assert more_rounds(64, 1e7) == 128


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["--quick", "--markdown=page.md", "--table=libraries with clang", "sieve"],
            "page.md has no <!-- libraries with clang --> and <!-- end of libraries with clang -->. To fix: ",
        ),
        (["zlip"], "libraries: zlip is not measured. To fix: choose from cjson, deflate, "),
        (
            ["--quick", "--markdown=page.md", "sieve"],
            "page.md has no <!-- libraries --> and <!-- end of libraries -->. To fix: ",
        ),
    ],
)
def test_says_what_is_wrong(tmp_path: Path, words: list[str], message: str) -> None:
    (tmp_path / "page.md").write_text("a page\n")
    done = run(tmp_path, *words)
    assert (done.returncode, message in done.stderr) == (1, True), done.stderr
    assert (tmp_path / "page.md").read_text() == "a page\n"
