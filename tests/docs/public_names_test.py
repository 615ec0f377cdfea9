"""Checks that every public name of the C++ headers has a `///` comment.

It reads the headers as clang-format leaves them: declarations of a namespace start in the first column, members of a
class in the third, access specifiers in the second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

_HEADERS = sorted(Path("runtime/include").rglob("*.hpp"))

# Not for users: helpers of macros, names for other parts of the runtime, include guards.
_PRIVATE_MACRO = re.compile(r"(RLBOX_DETAIL_|rlbox_detail_|\w+_HPP_$)")
_PRIVATE_MEMBER = re.compile(r"(INTERNAL_|impl_)")
_NAME = re.compile(r"(operator[^\w\s(]*\s?(?:\(\)|bool|\w+)?|~?\w+)\s*\(")


class Declaration(NamedTuple):
    """Something declared in a namespace or a class."""

    line: int
    """Where it starts, from 1."""

    text: str
    """All of it, on one line."""

    documented: bool
    """Whether a `///` comment stands right above it."""

    follows: bool
    """Whether another declaration ends right above it."""

    @property
    def name(self) -> str:
        """What it declares."""
        if type_name := re.search(r"(?:^|> )(?:class|struct|enum class|enum|union) (\w+)", self.text):
            return str(type_name.group(1))
        text = re.sub(r"RLBOX_\w+(\(.*?\))?\s", "", re.sub(r"^(template <.*?> )+(?=\w)", "", self.text))
        if alias := re.match(r"using (\w+) =", text):
            return str(alias.group(1))
        if function := _NAME.search(text):
            return str(function.group(1))
        words: list[str] = re.findall(r"\w+", re.sub(r"<.*?>", "", re.split(r"[;={]", text)[0]))
        return words[-1] if words else text


def declarations(lines: list[str], first: int, last: int, indent: str) -> Iterator[Declaration]:
    """The declarations between two lines, with their indentation."""
    number, follows, documented = first, False, False
    while number < last:
        line = lines[number]
        if not line.strip() or not line.startswith(indent) or line[len(indent)] in " }#/" or line.endswith(":"):
            documented = line.startswith(indent + "///")
            follows = False
            number += 1
            continue
        start, text = number, ""
        while True:
            text += re.sub(r"//.*|\[\[.*?\]\] ", "", lines[number]).strip() + " "
            number += 1
            depth = sum(text.count(bracket) for bracket in "({") - sum(text.count(bracket) for bracket in ")}")
            if (depth == 0 and text.rstrip()[-1] in ";}") or number == last or text.startswith(("namespace", "RLBOX_")):
                break
        yield Declaration(start + 1, text.strip(), documented or "///<" in lines[start], follows)
        follows, documented = True, False


def _namespaces(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Where `namespace rlbox` is open and no namespace in it."""
    inside: list[str] = []
    start = 0
    for number, line in enumerate(lines):
        if opened := re.match(r"namespace ([\w:]*) ?{$", line):
            if inside == ["rlbox"]:
                yield start, number
            inside.append(opened.group(1))
            start = number + 1
        elif re.match(r"}  // namespace", line) and inside:
            if inside == ["rlbox"]:
                yield start, number
            inside.pop()
            start = number + 1


def _members(lines: list[str], owner: Declaration) -> Iterator[Declaration]:
    """The public members of a class, but for those that only take part in copying and destroying it."""
    if not re.search(r"\b(class|struct)\b[^;()]*{", owner.text):
        return
    last = next(number for number in range(owner.line, len(lines)) if lines[number].startswith("}"))
    public = not re.search(r"(^|> )class \w", owner.text)
    start = owner.line
    for number in range(owner.line, last + 1):
        if number == last or re.match(r" (public|private|protected):", lines[number]):
            if public:
                yield from declarations(lines, start, number, "  ")
            public, start = "public" in lines[number], number + 1


def _is_exempt(declaration: Declaration, previous: str, owner: str) -> bool:
    text, name = declaration.text, declaration.name
    copying = name.lstrip("~") == owner and (name[0] == "~" or re.search(owner + r"(<.*>)?&|\(\)", text))
    assignment = name.startswith("operator=") and re.search(owner + "(<.*>)?&", text)
    return bool(
        declaration.documented
        or text.startswith(("friend", "static_assert", "RLBOX_", "namespace", "using rlbox", "extern"))
        or re.match(r"(class|struct) \w+;", text)  # declared elsewhere
        or re.search(r"\w+(<[^>]*>)?::\w+\(|= default;|= delete;", text)  # defined elsewhere, or not at all
        or re.search(r"(^|> )\w+\([^()]*\) -> [^{]*;", text)  # a deduction guide
        or _PRIVATE_MEMBER.match(name)
        or copying
        or assignment
        or (name == previous and declaration.follows)  # overloads share a comment
    )


def undocumented(text: str) -> list[str]:
    """The names of a header that have no comment, with their lines."""
    lines = text.splitlines()
    found = []
    for first, last in _namespaces(lines):
        previous = ""
        for declaration in declarations(lines, first, last, ""):
            if not _is_exempt(declaration, previous, ""):
                found.append(f"{declaration.line}: {declaration.name}")
            previous, inner = declaration.name, ""
            if declaration.text.startswith("template <> "):
                continue
            for member in _members(lines, declaration):
                if not _is_exempt(member, inner, declaration.name):
                    found.append(f"{member.line}: {declaration.name}::{member.name}")
                inner = member.name
    return found + list(_undocumented_macros(lines))


def _undocumented_macros(lines: list[str]) -> Iterator[str]:
    known: set[str] = set()
    for number, line in enumerate(lines):
        macro = re.match(r"#\s*define (\w+)", line)
        if not macro or _PRIVATE_MACRO.match(macro.group(1)):
            continue
        above = number - 1
        while re.match(r"#\s*(if|el)", lines[above]):
            above -= 1
        if lines[above].startswith("///"):
            known.add(macro.group(1))
        elif macro.group(1) not in known:
            yield f"{number + 1}: {macro.group(1)}"


@pytest.mark.parametrize("header", _HEADERS, ids=lambda path: path.name)
def test_public_names_have_comments(header: Path) -> None:
    assert undocumented(header.read_text(encoding="utf-8")) == []


def test_there_are_headers() -> None:
    assert len(_HEADERS) > 25


_EXAMPLE = """\
#define RLBOX_OPEN(x) x
/// Known.
#define RLBOX_KNOWN(x) x
#define RLBOX_DETAIL_HIDDEN(x) x

namespace rlbox {
namespace detail {
struct hidden {};
}  // namespace detail

/// Known.
template <typename T>
class known {
  int secret;

 public:
  /// Known.
  void twice(int value);
  void twice(long value);
  void once(
      int value) {
    twice(value);
  }
  known() = default;
  ~known() { once(1); }
  int INTERNAL_part();
  using type = T;

 private:
  void own();
};

struct open {
  int number;  ///< known
};

void function(int value);
}  // namespace rlbox
"""


def test_what_has_no_comment_is_found() -> None:
    assert undocumented(_EXAMPLE) == ["20: known::once", "27: known::type", "33: open", "37: function", "1: RLBOX_OPEN"]
