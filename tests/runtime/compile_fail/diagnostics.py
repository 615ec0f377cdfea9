"""Writes docs/maintainers/diagnostics.md: every sentence with which the framework refuses code, with examples from the tests."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from cases import Case, CaseError, Topic, read_topics

_INTRODUCTION = """\
# What the compiler says

Code that uses values of a sandbox in an unsafe way does not compile. The first error is one of the sentences below;
each says what is wrong and what to write instead. The lines that follow an error lead from your line to the framework;
look for `required from here` (gcc) or `requested here` (clang).

Every example is compiled by the tests, with gcc and with clang: the first form must give the sentence as its first
error, the second must compile. In the examples, `tainted_app<T>`, `sandbox_callback_app<T>` and `app` (its sandbox)
belong to one library, and `tainted_other<T>` and `other` to another.

This page is generated: `bazel run //docs:diagnostics_test.update`.
"""


def _said(case: Case) -> str:
    """The heading of a misuse: what the compilers say."""
    gcc, clang = case.sentences["gcc"], case.sentences["clang"]
    if gcc == clang or clang.startswith("RLBox: "):
        return clang
    return f"gcc: `{gcc}`; clang: `{clang}`"


def _code(code: str) -> list[str]:
    return ["```cpp", *code.splitlines(), "```"]


def _example(case: Case) -> Iterable[str]:
    if case.meaning:
        yield case.meaning
        yield ""
    yield from _code(case.wrong)
    if case.right:
        yield ""
        yield "Instead:"
        yield ""
        yield from _code(case.right)
    yield ""


def _sentences(topics: Sequence[Topic]) -> dict[str, list[Case]]:
    """The misuses by what is said about them, with abbreviated sentences written out."""
    full = [_said(case) for topic in topics for case in topic.cases]
    result: dict[str, list[Case]] = {}
    for topic in topics:
        for case in topic.cases:
            said = max((text for text in full if text.startswith(_said(case))), key=len)
            result.setdefault(said, []).append(case)
    return result


def _escaped(text: str) -> str:
    """Text that Markdown prints as it is."""
    return text if "`" in text else re.sub(r"([<>*_\[\]])", r"\\\1", text)


def document(topics: Sequence[Topic]) -> str:
    """The page, as Markdown."""
    sentences = _sentences(topics)
    lines = [_INTRODUCTION]
    written: set[str] = set()
    for title in dict.fromkeys(topic.title for topic in topics):
        own = {case.name for topic in topics if topic.title == title for case in topic.cases}
        lines += [f"## {title}", ""]
        for said, cases in sentences.items():
            if said in written or not own & {case.name for case in cases}:
                continue
            written.add(said)
            lines += [f"### {_escaped(said)}", ""]
            if (gcc := cases[0].sentences["gcc"]) not in said:
                lines += [f"gcc 12 cannot print the sentence; it says `{gcc}`.", ""]
            for case in cases:
                lines += _example(case)
    return "\n".join(lines).rstrip("\n") + "\n"


def main(arguments: Sequence[str]) -> int:
    """The command line; see --help."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="the Markdown file to write")
    parser.add_argument("topics", type=Path, nargs="+", help="the files of misuses, in order")
    options = parser.parse_args(arguments)
    try:
        text = document(read_topics(options.topics))
    except CaseError as error:
        sys.exit(str(error))
    options.output.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
