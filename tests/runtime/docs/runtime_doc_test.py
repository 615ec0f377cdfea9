"""The C++ examples of README.md and of the pages in docs are the ones that runtime_test.cpp compiles and runs."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

# docs/maintainers/diagnostics.md is made from what //tests/runtime/compile_fail compiles, and //tests/e2e:first_library_test
# compiles what is in docs/first_library.md.
PAGES = [Path("README.md"), *sorted(path for path in Path("docs").glob("*.md") if path.name != "first_library.md")]
SOURCE = Path("tests/runtime/docs/runtime_test.cpp")
_INCLUDE = re.compile(r"^#include .*\n+", re.MULTILINE)


def examples(page: Path) -> list[str]:
    """The C++ on a page."""
    return [
        textwrap.dedent(text)
        for text in re.findall(r"^ *```cpp\n(.*?)^ *```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    ]


def test_examples_are_those_of_the_compiled_test() -> None:
    source = SOURCE.read_text(encoding="utf-8")
    shown = [text for page in PAGES for text in examples(page)]
    compiled = [
        textwrap.dedent(example)
        for example in re.findall(r"// example: \w+\n(.*?)^ *// end of example", source, re.DOTALL | re.MULTILINE)
    ]
    assert len(compiled) >= 5
    assert sorted(_INCLUDE.sub("", text) for text in shown) == sorted(compiled)
    includes = {line.strip() for text in shown for line in _INCLUDE.findall(text)}
    assert includes
    assert includes <= set(source.splitlines())


def test_the_compiled_test_adds_no_names() -> None:
    """A reader has what the page shows: every name of the framework with its namespace."""
    assert "using namespace" not in SOURCE.read_text(encoding="utf-8")
