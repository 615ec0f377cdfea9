"""The examples of docs/runtime.md are the ones that runtime_test.cpp compiles and runs."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

PAGE = Path("docs/runtime.md")
SOURCE = Path("tests/runtime/docs/runtime_test.cpp")


def test_examples_are_those_of_the_compiled_test() -> None:
    shown = re.findall(r"```cpp\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    compiled = [
        textwrap.dedent(example)
        for example in re.findall(
            r"// example: \w+\n(.*?)^ *// end of example",
            SOURCE.read_text(encoding="utf-8"),
            re.DOTALL | re.MULTILINE,
        )
    ]
    assert len(compiled) >= 5
    assert sorted(shown) == sorted(compiled)
