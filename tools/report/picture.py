"""The picture of a page: boxes in three columns and the lines between them, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from report.markup import Markup, element, join, visible

_LEFT, _GAP, _LINE, _PADDING, _TOP = 4, 130, 17, 9, 34
_WIDTHS = (300, 250, 230)
_BETWEEN = 12  # boxes of a column
_CHARACTER = 7.3  # the width of one, with a font of a fixed width and 12 units


class Box(NamedTuple):
    """A box: the first line is its name, the others say more; the title is what a pointer over it shows."""

    lines: Sequence[str]
    title: str
    kind: str = ""  # of what looks different: a class
    target: str = ""  # of a link: an id


class Line(NamedTuple):
    """A line from a box of a column to one of the next column. `sure`: by calls alone, else through a pointer, too."""

    column: int
    start: int
    end: int
    sure: bool


class _Place(NamedTuple):
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def picture(title: str, headings: Sequence[str], columns: Sequence[Sequence[Box]], lines: Sequence[Line]) -> Markup:
    """The picture. Boxes of the later columns are put near those that lead to them.

    Args:
        title: what it shows, for those who cannot see it.
        headings: one for each column.
        columns: the boxes.
        lines: the lines.

    Returns:
        An `svg` element.
    """
    placed: list[list[_Place]] = []
    for column, boxes in enumerate(columns):
        placed.append(_stack(boxes, column, _order(boxes, column, lines, placed)))
    width = _LEFT * 2 + sum(_WIDTHS) + _GAP * (len(_WIDTHS) - 1)
    bottom = max((place.y + place.height for places in placed for place in places), default=_TOP)
    parts = [element("title", title)]
    for column, heading in enumerate(headings):
        parts.append(element("text", heading, class_="heading", x=_x(column), y=18))
    for column, boxes in enumerate(columns):
        for number, box in enumerate(boxes):
            own = [line for line in lines if (line.column, line.start) == (column, number)]
            drawn = [_line(placed[column][number], placed[column + 1][line.end], line) for line in own]
            parts.append(element("g", *drawn, _box(box, placed[column][number]), class_=f"group {box.kind}".strip()))
    height = bottom + _LEFT
    return element(
        "svg", *parts, role="img", aria_label=title, viewBox=f"0 0 {width} {height}", width=width, height=height
    )


def _x(column: int) -> int:
    return _LEFT + sum(_WIDTHS[:column]) + _GAP * column


def _order(boxes: Sequence[Box], column: int, lines: Sequence[Line], placed: Sequence[Sequence[_Place]]) -> list[int]:
    """The numbers of the boxes from top to bottom: by the mean height of what leads to them."""
    if column == 0:
        return list(range(len(boxes)))
    means = []
    for number in range(len(boxes)):
        near = [
            placed[column - 1][line.start].middle for line in lines if (line.column, line.end) == (column - 1, number)
        ]
        means.append(sum(near) / len(near) if near else float("inf"))
    return sorted(range(len(boxes)), key=lambda number: (means[number], number))


def _stack(boxes: Sequence[Box], column: int, order: Sequence[int]) -> list[_Place]:
    places: dict[int, _Place] = {}
    y = _TOP
    for number in order:
        height = len(boxes[number].lines) * _LINE + 2 * _PADDING - 3
        places[number] = _Place(_x(column), y, _WIDTHS[column], height)
        y += height + _BETWEEN
    return [places[number] for number in range(len(boxes))]


def _line(start: _Place, end: _Place, line: Line) -> Markup:
    x1, x2 = start.x + start.width, end.x
    bend = (x2 - x1) // 2
    path = f"M{x1} {start.middle:g}C{x1 + bend} {start.middle:g} {x2 - bend} {end.middle:g} {x2} {end.middle:g}"
    return element("path", class_="edge sure" if line.sure else "edge maybe", d=path)


def _box(box: Box, place: _Place) -> Markup:
    shown = int((place.width - 2 * _PADDING) / _CHARACTER)
    lines = []
    for number, line in enumerate(visible(line) for line in box.lines):
        cut = line if len(line) <= shown else f"{line[: shown - 3]}..."
        y = place.y + _PADDING + 11 + number * _LINE
        lines.append(element("text", cut, class_="more" if number else "name", x=place.x + _PADDING, y=y))
    frame = element("rect", x=place.x, y=place.y, width=place.width, height=place.height, rx=6)
    content = join(element("title", box.title), frame, *lines)
    return element("a", content, href=f"#{box.target}") if box.target else element("g", content)
