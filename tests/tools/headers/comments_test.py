"""Tests of tools/headers/comments.py: which comment belongs to a declaration, and what is left of it."""

import pytest
from headers.comments import MAX_LINES, MAX_WIDTH, Comments


def above(tmp_path, text, mark="int f"):
    data = text if isinstance(text, bytes) else text.encode()
    (tmp_path / "lib.h").write_bytes(data)
    return Comments().before(str(tmp_path / "lib.h"), data.index(mark.encode()))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("// One.\nint f(void);", "One."),
        ("/// One.\n/// Two.\nint f(void);", "One.\nTwo."),
        ("//! One.\nint f(void);", "One."),
        ("/* One. */\nint f(void);", "One."),
        ("/** One. */\r\nint f(void);", "One."),
        ("/*! One.\n *  - a\n *    b\n */\nint f(void);", "One.\n- a\n  b"),
        ("/*\n** One.\n**\n** Two.\n*/\nint f(void);", "One.\n\nTwo."),
        ("/*********\n * One.  *\n *********/\nint f(void);", "One.  *"),
        ("/*********/\n/* One.   */\n/*********/\nint f(void);", "One."),
        ("/*\n    One.\n      Two.\n*/\nint f(void);", "One.\n  Two."),
        ("  /* One.\n   * Two. */\n  int f(void);", "One.\nTwo."),
        ("// One.\nAPI int f(void);", "One."),
        ("// One.\nAPI(x)\nint f(void);", "One."),
        ('// One.\nextern "C" int f(void);', "One."),
        ("// Other.\n\n// One.\nint f(void);", "One."),
        ("int e(void);\n// One.\nint f(void);", "One."),
        (b"// caf\xc3\xa9 \xff\nint f(void);", "caf\u00e9 \ufffd"),
    ],
)
def test_comments(tmp_path, text, found):
    assert above(tmp_path, text) == found


@pytest.mark.parametrize(
    "text",
    [
        "int f(void);",
        "// Of something else.\n\nint f(void);",
        "int e(void); // Of e.\nint f(void);",
        "int e(void); /* Of e. */\nint f(void);",
        "int e(void); /* Of e,\n in two lines. */\nint f(void);",
        "int e(void);\n/**< Of e. */\nint f(void);",
        "int e(void);\n///< Of e.\nint f(void);",
        "// Of e.\nint e(void); int f(void);",
        "/* One. */ /* Two. */ int e;\nint f(void);",
        "// Of the macro.\n#define X\nint f(void);",
        "*/\nint f(void);",
        "a */ b */\nint f(void);",
        "//\nint f(void);",
        "/***/\nint f(void);",
    ],
)
def test_no_comments(tmp_path, text):
    assert above(tmp_path, text) == ""


def test_places_outside_of_a_file(tmp_path):
    (tmp_path / "lib.h").write_text("// One.\nint f(void);\n")
    comments = Comments()
    assert comments.before(str(tmp_path / "lib.h"), 10) == "One."
    assert comments.before(str(tmp_path / "lib.h"), -1) == ""
    assert comments.before(str(tmp_path / "lib.h"), 1000) == ""
    assert comments.before(str(tmp_path / "other.h"), 10) == ""
    assert comments.before("<stdin>", 0) == ""


def test_long_comments_are_cut(tmp_path):
    lines = "".join(f"// line {number}\n" for number in range(100))
    found = above(tmp_path, f"{lines}int f(void);").split("\n")
    assert (len(found), found[0], found[-2:]) == (MAX_LINES, "line 0", [f"line {MAX_LINES - 2}", "..."])
    assert above(tmp_path, f"// {'x' * 1000}\nint f(void);") == "x" * MAX_WIDTH
