"""HTML and SVG in which no text can become markup: every string is escaped but those that these functions made.

What a library can choose (names of functions, files, producers; sentences that quote them) reaches the page through
`element` alone.
"""

from __future__ import annotations

import html
from typing import Optional, Union

_EMPTY = ("input", "meta")  # elements without an end tag
_SHOWN = 2000  # characters of a text that are written out


class Markup(str):
    """HTML as it is written into the page."""

    __slots__ = ()


Content = Union[str, int]


def visible(text: str, shown: int = _SHOWN) -> str:
    """`text` in one line of visible ASCII, cut if it is long: no control character, and none that changes directions."""
    cut = text if len(text) <= shown else text[:shown]
    line = "".join(c if " " <= c <= "~" else ascii(c)[1:-1] for c in cut)
    return line if cut is text else f"{line}... ({len(text)} characters)"


def text(content: Content, shown: int = _SHOWN) -> Markup:
    """The content of an element: escaped unless it is markup."""
    if isinstance(content, Markup):
        return content
    return Markup(html.escape(visible(str(content), shown), quote=True))


def join(*contents: Content) -> Markup:
    """Several contents, one after the other."""
    return Markup("".join(text(content) for content in contents))


def element(tag: str, *contents: Content, **attributes: Optional[Content]) -> Markup:
    """An element.

    Args:
        tag: its name.
        *contents: what is in it; strings are escaped.
        **attributes: an underscore stands for a hyphen, and one at the end is left out: `class_`. True is an attribute
            without a value; one that is None or False is left out.

    Returns:
        The element with its end tag.
    """
    words = [tag]
    for name, value in attributes.items():
        shown = name.rstrip("_").replace("_", "-")
        if value is True:
            words.append(shown)
        elif value is not None and value is not False:
            words.append(f'{shown}="{html.escape(visible(str(value)), quote=True)}"')
    start = f"<{' '.join(words)}>"
    return Markup(start if tag in _EMPTY else f"{start}{join(*contents)}</{tag}>")


def raw(tag: str, content: str) -> Markup:
    """A script or style element of a constant of ours, in which nothing is escaped.

    Raises:
        ValueError: the content could end the element.
    """
    if "</" in content or "<!--" in content:
        raise ValueError(f"the content of {tag} could end it")
    return Markup(f"<{tag}>{content}</{tag}>")
