"""What the sections of a page are made of: tables, names, amounts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Optional

from report.markup import Content, Markup, element, join, visible

Report = Mapping[str, Any]

ARROW = Markup(" &rarr; ")
_NAME = 160  # characters of a name that are written out
_UNITS = ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"))


class Section(NamedTuple):
    """A section: where links lead, what they are called, what is in it, and how many rows that is where it counts."""

    id: str
    title: str
    content: Markup
    rows: Optional[int] = None

    @property
    def markup(self) -> Markup:
        """The section as HTML."""
        counted = element("span", f" ({self.rows:,})", class_="soft") if self.rows is not None else ""
        heading = element("h2", self.title, counted, id=f"{self.id}-title")
        return element("section", heading, self.content, id=self.id, aria_labelledby=f"{self.id}-title")


def table(
    headings: Sequence[str],
    rows: Sequence[Sequence[Content]],
    *,
    numbers: Collection[int] = (),
    ids: Sequence[str] = (),
) -> Markup:
    """A table whose rows the filter knows; nothing if it has no rows.

    Args:
        headings: of the columns. The first column's cells are for names.
        rows: the cells.
        numbers: columns of numbers.
        ids: an id for each row.

    Returns:
        A `table` element.
    """
    if not rows:
        return Markup()
    kinds = ["number" if column in numbers else "name" if column == 0 else None for column in range(len(headings))]
    head = [
        element("th", heading, scope="col", class_=kind if kind == "number" else None)
        for heading, kind in zip(headings, kinds)
    ]
    lines = [
        element(
            "tr",
            *[
                element("td", cell, class_=kind, data_label=heading if number else None)
                for number, (cell, kind, heading) in enumerate(zip(cells, kinds, headings))
            ],
            data_row=True,
            id=ids[place] if ids else None,
        )
        for place, cells in enumerate(rows)
    ]
    return element("table", element("thead", element("tr", *head)), element("tbody", *lines))


def name(text: str) -> Markup:
    """A name that the library chose."""
    return element("code", visible(text, _NAME) or "''")


def names(found: Sequence[str], most: int) -> Markup:
    """Names with commas between them; those after `most` are counted."""
    parts: list[Content] = []
    for number, item in enumerate(found[:most]):
        parts += [", " if number else "", name(item)]
    if len(found) > most:
        parts.append(f" and {len(found) - most:,} more")
    return join(*parts)


def tag(text: str, *, sure: bool) -> Markup:
    """An import as a small box, which looks different where it is reached through pointers only."""
    shown = visible(text, _NAME)
    if sure:
        return element("span", shown, class_="tag")
    return element("span", shown, class_="tag maybe", title="only through pointers")


def signature(item: Report) -> str:
    """The WebAssembly signature of a function."""
    return f"({', '.join(item['params'])}) -> {', '.join(item['results']) or 'nothing'}"


def amount(size: int) -> str:
    """A number of bytes for people."""
    for unit, word in _UNITS:
        if size >= unit:
            return f"{size // unit if size % unit == 0 else format(size / unit, '.1f')} {word}"
    return plural(size, "byte")


def plural(number: int, noun: str) -> str:
    """A number and its noun."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listed(items: Iterable[Content]) -> Markup:
    """A list."""
    return element("ul", *[element("li", item) for item in items])
