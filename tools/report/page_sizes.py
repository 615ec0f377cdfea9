"""The sections about size: the object files of the module, and its functions."""

from __future__ import annotations

from collections.abc import Sequence

from report.facts import Facts
from report.markup import Content, Markup, element, join, visible
from report.page_parts import Section, amount, name, names, table
from report.sizes import NOT_KNOWN, Part

_FUNCTIONS = 1000  # rows of the largest functions
_EXPORTS = 4  # that are named as users of a function
_BAR = 100


def sizes_section(facts: Facts) -> Section:
    """The sizes of libraries, and of their object files."""
    parts = facts.sizes.parts
    wholes = _wholes(parts)
    if all(part.name == NOT_KNOWN for part in parts):
        text = element("p", "A prebuilt module comes without a linker's map, so the files are not known.")
        return Section("sizes", "Size by source file", join(text, _table("Code", parts)))
    text = element(
        "p",
        "Each object file is compiled from one source file. First the libraries and folders that they are from: ",
        element("span", class_="square"),
        "code ",
        element("span", class_="square data"),
        "data, with what is zero at the start and so takes memory but no room in the module.",
    )
    files = element(
        "details",
        element("summary", f"Show the {len(parts):,} object files"),
        _table("Object file", parts),
        data_rows=True,
    )
    return Section("sizes", "Size by source file", join(text, _table("Library or folder", wholes), files), len(parts))


def _wholes(parts: Sequence[Part]) -> list[Part]:
    """The same sizes by libraries and folders, the largest first; what is of none stays as it is."""
    found: dict[str, list[Part]] = {}
    for part in parts:
        found.setdefault(part.whole or part.name, []).append(part)
    sums = [
        Part("", whole, sum(p.functions for p in own), sum(p.code for p in own), sum(p.data for p in own))
        for whole, own in found.items()
    ]
    return sorted(sums, key=lambda part: (-part.total, part.name))


def _table(heading: str, parts: Sequence[Part]) -> Markup:
    most = max((part.total for part in parts), default=0) or 1
    rows: list[list[Content]] = [
        [
            join(name(part.name), element("small", visible(part.whole, 160)) if part.whole else ""),
            f"{part.functions:,}",
            amount(part.code),
            amount(part.data),
            _bar(part.code, part.data, most),
        ]
        for part in parts
    ]
    return table((heading, "Functions", "Code", "Data", "Size"), rows, numbers=(1, 2, 3))


def _bar(code: int, data: int, most: int) -> Markup:
    first, second = (round(size * _BAR / most, 2) for size in (code, data))
    return element(
        "svg",
        element("rect", width=f"{first:g}", height=10),
        element("rect", class_="data", x=f"{first:g}", width=f"{second:g}", height=10),
        class_="bar",
        viewBox=f"0 0 {_BAR} 10",
        preserveAspectRatio="none",
        aria_hidden="true",
    )


def functions_section(facts: Facts) -> Section:
    """The functions, the largest first, each with the exports that reach it."""
    first = facts.module.imported_functions
    functions = sorted(range(first, len(facts.module.functions)), key=lambda index: (-facts.size(index), index))
    shown = functions[:_FUNCTIONS]
    rows: list[list[Content]] = [
        [
            name(facts.name(index)),
            name(facts.sizes.parts[facts.sizes.part_of[index]].name),
            f"{facts.size(index):,}",
            "yes" if facts.module.referenced[index] else "",
            _users([entry.name for entry in facts.users(index)], len(facts.entries)) if facts.reach else "",
        ]
        for index in shown
    ]
    cut = f"The {len(shown):,} largest of {len(functions):,} functions." if len(shown) < len(functions) else ""
    made = table(("Function", "File", "Bytes", "In the table", "Reached from"), rows, numbers=(2,))
    folded = element("details", element("summary", "Show the functions"), made, data_rows=True)
    return Section("functions", "Functions", join(element("p", cut) if cut else "", folded), len(functions))


def _users(users: list[str], entries: int) -> Content:
    if users and len(users) == entries:
        return "everything"
    return names(users, _EXPORTS) if users else "nothing"
