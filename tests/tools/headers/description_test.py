"""Tests of tools/headers/description.py: what is written is what is read, and every error about the file."""

import json

import pytest
from headers.description import Field, Function, HeaderDescription, Struct, read, write
from tool_main import ToolError

POINT = Struct(
    "point", "::point", "struct", "lib.h", 1, False, True, 8, [Field("x", 0, 4, "int", 4), Field("y", 4, 4, "int", 4)]
)
SHAPE = Struct(
    "shape", "::ns::shape", "class", "lib.h", 7, False, True, 16,
    [Field("p", 0, 8, "::point", struct="point", const=True), Field("n", 8, 4, "::point *", 4, refers=["point"]),
     Field("b", 12, 4, problem="is a bit-field")],
)  # fmt: skip
HIDDEN = Struct("hidden", "::hidden", "union", "lib.h", 9, True, False, problem="is a union")
FUNCTIONS = [
    Function(
        "area",
        "area",
        "lib.h",
        3,
        "int (point)",
        "C",
        False,
        False,
        False,
        ["point"],
        ["point"],
        [],
        ["p"],
        "\u00e9\n*/",
    ),
    Function("ns::odd", "_ZN2ns3oddEv", "lib.h", 4, "int (...)", "C++", True, False, True, [], []),
]
DESCRIPTION = HeaderDescription("c++", FUNCTIONS, {item.name: item for item in (HIDDEN, POINT, SHAPE)})


def plain(description):
    """Lists for tuples: JSON knows only lists."""
    return json.loads(json.dumps(description))


def test_what_is_written_is_read(tmp_path):
    path = str(tmp_path / "headers.json")
    write(path, DESCRIPTION)
    assert plain(read(path)) == plain(DESCRIPTION)
    first = (tmp_path / "headers.json").read_bytes()
    write(path, read(path))
    assert (tmp_path / "headers.json").read_bytes() == first


def test_the_order_of_functions_does_not_matter(tmp_path):
    write(str(tmp_path / "a"), DESCRIPTION)
    write(str(tmp_path / "b"), DESCRIPTION._replace(functions=FUNCTIONS[::-1]))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_names():
    area, odd = FUNCTIONS
    assert (area.c_name, area.can_be_called, odd.c_name, odd.can_be_called) == ("area", True, "odd", False)
    assert [item.shown for item in (POINT, SHAPE, HIDDEN)] == ["struct point", "class shape", "union hidden"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"version": 2, "language": "c", "functions": [], "structs": []}',
        '{"version": 3}',
        '{"version": 3, "language": "c", "functions": [{}], "structs": []}',
        '{"version": 3, "language": "c", "functions": [], "structs": [{"name": "s"}]}',
        '{"version": 3, "language": "c", "functions": [], "structs": 5}',
    ],
)
def test_files_that_are_no_header_description(tmp_path, text):
    path = tmp_path / "headers.json"
    path.write_text(text)
    with pytest.raises(ToolError) as error:
        read(str(path))
    assert str(error.value) == f"{path}: it is no header description of version 3. To fix: build it again"
