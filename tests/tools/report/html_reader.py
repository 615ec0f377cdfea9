"""A strict reader of the report's page: a tree of elements, and no element or attribute that a page does not need."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

_EMPTY = {"input", "meta"}
_ELEMENTS = {
    *(
        "a",
        "b",
        "body",
        "code",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "footer",
        "g",
        "h1",
        "h2",
        "head",
        "header",
        "html",
    ),
    *(
        "input",
        "label",
        "li",
        "main",
        "meta",
        "nav",
        "output",
        "p",
        "path",
        "rect",
        "script",
        "section",
        "small",
        "span",
    ),
    *("style", "summary", "svg", "table", "tbody", "td", "text", "th", "thead", "title", "tr", "ul"),
}
_ATTRIBUTES = {
    *("aria-hidden", "aria-label", "aria-labelledby", "autocomplete", "charset", "class", "content", "d", "data-label"),
    *("data-row", "data-rows", "for", "height", "hidden", "href", "http-equiv", "id", "lang", "name", "placeholder"),
    *("preserveaspectratio", "role", "rx", "scope", "spellcheck", "tabindex", "title", "type", "viewbox", "width", "x"),
    "y",
}


class Element:
    """An element: `text` is that of all that is in it."""

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element | str] = []

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def all(self, tag: str = "", **attributes: str) -> Iterator[Element]:
        """The elements in this one, with this tag and among whose attributes' words these are."""
        for child in self.children:
            if isinstance(child, Element):
                wanted = all(
                    value in child.attributes.get(key.rstrip("_"), "").split() for key, value in attributes.items()
                )
                if tag in ("", child.tag) and wanted:
                    yield child
                yield from child.all(tag, **attributes)

    def one(self, tag: str = "", **attributes: str) -> Element:
        (found,) = self.all(tag, **attributes)
        return found

    def rows(self) -> list[list[str]]:
        """The cells of the rows of a table in it."""
        return [[cell.text for cell in row.all("td")] for row in self.all("tr") if "data-row" in row.attributes]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _ELEMENTS, tag
        names = [name for name, _ in attrs]
        assert _ATTRIBUTES.issuperset(names), names
        assert len(set(names)) == len(names)
        attributes = {name: value or "" for name, value in attrs}
        assert attributes.get("href", "#").startswith("#")
        element = Element(tag, attributes)
        self.open[-1].children.append(element)
        if tag not in _EMPTY:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")


def read(text: str) -> Element:
    """The `html` element of a page; fails if it is not well formed, or has what no page needs."""
    assert text.isascii()
    reader = _Reader()
    reader.feed(text)
    reader.close()
    (root,) = reader.open
    (html,) = [child for child in root.children if isinstance(child, Element)]
    assert "".join(child for child in root.children if isinstance(child, str)).strip() == ""
    assert html.tag == "html"
    ids = [element.attributes["id"] for element in html.all() if "id" in element.attributes]
    assert len(set(ids)) == len(ids), "an id is there twice"
    links = {element.attributes["href"][1:] for element in html.all("a")}
    assert links <= set(ids), "a link leads nowhere"
    return html
