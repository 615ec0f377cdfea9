"""Tests of what tools/link/policy.py refuses because the C would be out of proportion to the module."""

import pytest
import wasm_builder as wb
from linked_library import Linked

LOCALS = "give the functions together at most as many, with parameters, as the module has bytes; no compiler makes more"
RESULTS = "compile without -mmultivalue; a function may have 16 results"
NESTING = "nest at most 250 loops and ifs in each other, a try block counting as three; C compilers take no more"

TRIES = "have at most 100 try blocks in a function; a C compiler takes minutes for more"


def test_many_locals(tmp_path):
    linked = Linked().allocator()
    for name in ("first", "second"):
        linked.function(name, "bin/a.o")
        linked.made.bodies[-1] = wb.body(b"", b"\1" + wb.encode_unsigned(50_000) + b"\x7f")
    message = linked.error(tmp_path, "--export-all")
    expected = "second() in a.o uses a list of local variables (feature many-locals), which no sandbox allows. To fix: "
    assert message == expected + LOCALS
    linked.made.bodies[-1] = wb.body(b"\1" * 50, b"\1\x32\x7f")
    assert linked.check(tmp_path, "--export-all")


def test_many_parameters(tmp_path):
    linked = Linked().allocator()
    for number in range(70):
        linked.function(f"f{number}", "bin/a.o", signature=(["i64"] * 1000, []))
    message = linked.error(tmp_path, "--export-all")
    assert message.startswith(
        "f51() in a.o uses a list of local variables (feature many-locals), which no sandbox allows"
    )


def test_many_parameters_of_exports(tmp_path):
    linked = Linked().allocator()
    index = linked.function("f", "bin/a.o", signature=(["i64"] * 1000, []))
    for number in range(70):
        linked.made.add_export(f"e{number}", "function", index)
    message = linked.error(tmp_path, "--export-all")
    assert (
        message
        == "the list of exports of in.wasm needs the feature many-locals, which no sandbox allows. To fix: " + LOCALS
    )


def test_many_results(tmp_path):
    linked = Linked().allocator()
    linked.made.type(([], ["i32"] * 17))
    message = linked.error(tmp_path, "--export-all")
    assert message == f"type 2 of in.wasm needs the feature many-results, which no sandbox allows. To fix: {RESULTS}"
    linked.made.types.pop()
    linked.made.type(([], ["i32"] * 16))
    assert linked.check(tmp_path, "--export-all")


def test_many_parameters_of_a_block(tmp_path):
    linked = Linked().allocator()
    block = bytes([2, linked.made.type((["i32"] * 17, []))])
    linked.function("f", "bin/a.o", b"\x41\0" * 17 + block + b"\x1a" * 17 + b"\x0b")
    message = linked.error(tmp_path, "--export-all")
    assert message == f"f() in a.o uses block (feature many-results), which no sandbox allows. To fix: {RESULTS}"


TRY = b"\x06\x40"
CATCH = b"\x07\0\x1a"


def test_deep_nesting_of_try_blocks(tmp_path):
    linked = Linked().allocator()
    linked.made.add_tag((["i32"], []))
    beside = (TRY + CATCH + b"\x0b" + TRY + b"\x18\0") * 4
    linked.function("f", "bin/a.o", beside + TRY * 84 + b"\x0b" * 84)
    message = linked.error(tmp_path, "--export-all")
    assert message == f"f() in a.o uses try (feature deep-nesting), which no sandbox allows. To fix: {NESTING}"
    linked.made.bodies[-1] = wb.body(beside + (TRY + CATCH) * 83 + b"\x0b" * 83 + beside)
    assert linked.check(tmp_path, "--export-all")


def test_many_try_blocks(tmp_path):
    linked = Linked().allocator()
    linked.made.add_tag((["i32"], []))
    one = TRY + CATCH + b"\x0b"
    linked.function("f", "bin/a.o", one * 60 + (TRY + b"\x18\0") * 41)
    message = linked.error(tmp_path, "--export-all")
    assert message == f"f() in a.o uses a try block (feature many-tries), which no sandbox allows. To fix: {TRIES}"
    linked.made.bodies[-1] = wb.body(one * 100)
    linked.function("g", "bin/a.o", one * 100)
    assert linked.check(tmp_path, "--export-all")


@pytest.mark.parametrize(("opening", "name"), [(b"\x41\0\4\x40", "if"), (b"\3\x40", "loop")])
def test_deep_nesting(tmp_path, opening, name):
    linked = Linked().allocator()
    beside = b"\x41\0\4\x40\5\x0b\3\x40\x0b" * 300
    linked.function("f", "bin/a.o", beside + opening * 251 + b"\x0b" * 251)
    message = linked.error(tmp_path, "--export-all")
    assert message == f"f() in a.o uses {name} (feature deep-nesting), which no sandbox allows. To fix: {NESTING}"
    blocks = b"\2\x40" * 300 + b"\x0b" * 300
    linked.made.bodies[-1] = wb.body(beside + opening * 250 + blocks + b"\x0b" * 250)
    assert linked.check(tmp_path, "--export-all")
