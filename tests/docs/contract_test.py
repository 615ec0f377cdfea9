"""Checks docs/contract.md: the ids, headings and pages that code and tests cite exist, and the headers that it lists are those at the top."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_PAGE = Path("docs/contract.md")
_ISOLATION = Path("docs/isolation.md")
_INCLUDE = Path("runtime/include")
_CODE = (".c", ".h", ".cpp", ".hpp", ".py", ".bzl", ".bazel")

# A comment, to the end of its line, and a string.
_COMMENT = re.compile(r"(?://|/\*|^ \*|#|\"\"\").*")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ID = re.compile(r"(?<![\w.\\])([SCDLUTPBM]\d{1,2})(?![\w.])")
_CITED_PAGE = re.compile(r"\bdocs/[\w/]+\.md")
_CITED_HEADING = re.compile(r"docs/contract\.md, (\"[^\"]+\"(?:(?:, | and )\"[^\"]+\")*)")
_INTERNAL = re.compile(r'#\s*include\s+["<]rlbox_internal/')


def _sources() -> Iterator[tuple[Path, str]]:
    for folder in ("examples", "rules", "runtime", "tests", "tools"):
        for path in sorted(Path(folder).rglob("*")):
            if path.suffix in _CODE and path.name != Path(__file__).name:
                yield path, path.read_text(encoding="utf-8")


SOURCES = list(_sources())


def cited_ids(text: str) -> set[str]:
    """The ids in the comments and strings of a file."""
    found: set[str] = set()
    for line in text.splitlines():
        comment = _COMMENT.search(line)
        for part in ([comment[0]] if comment else []) + _STRING.findall(line):
            found.update(_ID.findall(part))
    return found


def _joined_comments(text: str) -> str:
    """A text in which a sentence of a comment is on one line."""
    return re.sub(r"\n\s*(?://+|\*|#) ?", " ", text)


def _defined() -> set[str]:
    rows = re.findall(r"^\| ([A-Z]\d+) \| \S", _PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == len(set(rows))
    return set(rows) | {name for name in _ID.findall(_ISOLATION.read_text(encoding="utf-8")) if name[0] in "SBM"}


def test_there_are_enough_sources() -> None:
    assert len(SOURCES) > 200


def test_every_cited_id_is_defined() -> None:
    undefined = {(str(path), name) for path, text in SOURCES for name in cited_ids(text) - _defined()}
    assert not undefined


def test_ids_are_found_where_they_are_cited() -> None:
    assert cited_ids('TEST_CASE("U9: not")  // see C5\nint T1 = S2;\nf("0xB1 M2.x");') == {"U9", "C5"}


def test_every_id_is_tested() -> None:
    """A promise that no test names may be a promise that nobody keeps."""
    coverage = Path("docs/maintainers/api_coverage.md").read_text(encoding="utf-8")
    cited = {name for path, text in SOURCES if path.parts[0] == "tests" for name in cited_ids(text)}
    assert not _defined() - cited - set(_ID.findall(coverage))


def test_every_cited_page_exists() -> None:
    missing = {
        (str(path), page) for path, text in SOURCES for page in _CITED_PAGE.findall(text) if not Path(page).exists()
    }
    assert not missing


def test_every_cited_heading_exists() -> None:
    headings = set(re.findall(r"^## (.*)$", _PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    cited = {
        heading
        for _, text in SOURCES
        for words in _CITED_HEADING.findall(_joined_comments(text))
        for heading in re.findall(r'"([^"]+)"', words)
    }
    assert len(cited) > 8
    assert not cited - headings


def test_the_headers_at_the_top_are_listed() -> None:
    section = _PAGE.read_text(encoding="utf-8").split("## Public headers", 1)[1].split("\n## ", 1)[0]
    listed = [
        name for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE) for name in re.findall(r"`([\w.]+)`", row)
    ]
    assert sorted(listed) == sorted(path.name for path in _INCLUDE.iterdir() if path.is_file())


def test_internal_headers_are_included_by_the_runtime_only() -> None:
    """A program that includes one by name breaks with any commit."""
    found = [str(path) for path, text in SOURCES if path.parts[0] != "runtime" and _INTERNAL.search(text)]
    assert not found
    assert any(_INTERNAL.search(text) for path, text in SOURCES if path.parts[0] == "runtime")
