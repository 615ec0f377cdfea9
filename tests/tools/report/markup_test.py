"""Tests of markup.py: no text becomes markup."""

import pytest
from report.markup import Markup, element, join, raw, visible


def test_text_is_escaped_wherever_it_stands():
    bad = "</a><img src=x onerror=\"f()\" title='x'>&"
    escaped = "&lt;/a&gt;&lt;img src=x onerror=&quot;f()&quot; title=&#x27;x&#x27;&gt;&amp;"
    assert element("a", bad, title=bad) == f'<a title="{escaped}">{escaped}</a>'
    assert join(bad, element("b", bad)) == f"{escaped}<b>{escaped}</b>"


def test_markup_is_not_escaped_again_but_in_an_attribute():
    made = element("b", "x")
    assert element("a", made, title=made) == '<a title="&lt;b&gt;x&lt;/b&gt;"><b>x</b></a>'
    assert isinstance(join(made, "y"), Markup)


def test_attributes():
    assert element("input", type="search", data_row=True, for_="f", id=None, hidden=False, value=3) == (
        '<input type="search" data-row for="f" value="3">'
    )


def test_what_cannot_be_seen_is_shown():
    assert visible("a\n\0\x1b\u202e\u00e9\U0001f608\ud800") == "a\\n\\x00\\x1b\\u202e\\xe9\\U0001f608\\ud800"
    assert visible("x" * 12, 10) == "x" * 10 + "... (12 characters)"
    assert visible("x" * 10, 10) == "x" * 10


@pytest.mark.parametrize("content", ["a</script>", "<!-- ", "x</STYLE"])
def test_raw_content_cannot_end_its_element(content):
    with pytest.raises(ValueError, match="could end it"):
        raw("script", content)
    assert raw("style", "a>b{}") == "<style>a>b{}</style>"
