"""Tests of calls.py."""

import json

import pytest
from made_calls import ANYTHING, BYTES, INT, SIZE, TEXT, VOID, callback, function
from new_sandbox import calls
from tool_main import ToolError

CALLS = [
    function("b", VOID, call=callback(ANYTHING, TEXT, result=INT, alias="handler")),
    function("a", SIZE, data=BYTES, size=SIZE),
]


def test_what_is_written_is_read(tmp_path):
    path = str(tmp_path / "x.calls.json")
    calls.write(path, CALLS)
    assert calls.read(path) == CALLS


def test_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        calls.write(str(tmp_path / name), CALLS)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"version": 0, "functions": []}', '{"version": 1, "functions": [{}]}']
)
def test_another_file(tmp_path, content):
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(ToolError, match=r"it is no list of calls of version 1\. To fix: build it again$"):
        calls.read(str(path))


def test_the_rule_writes_an_empty_list_for_a_library_without_headers(tmp_path):
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"functions": [], "version": calls.VERSION}))
    assert calls.read(str(path)) == []
