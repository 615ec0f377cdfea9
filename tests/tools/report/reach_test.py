"""Tests of reach.py: what functions reach by calls and through pointers, and how."""

import random

import pytest
import wasm_builder as wb
from report import reach
from report.reach import Step, closure, count, members, reach_of
from wasm.abi import WASI
from wasm.module import parse

I32 = (("i32",), ("i32",))


def indirect(made, signature):
    """A call through a pointer."""
    return b"\x41\0" + (b"\x41\0" if signature[0] else b"") + b"\x11" + wb.encode_unsigned(made.type(signature)) + b"\0"


def reached(made):
    found = reach_of(parse(made.build()))
    assert found
    return found


def chain():
    """0: import. 1 calls 2, 2 calls by pointer what is like 3, 3 calls 0. 4 is in the table, of another type. 5 is not."""
    made = wb.library()
    made.add_import(WASI, "fd_write", "function", wb.VOID)
    made.add_function(code=wb.call(2), export="a")
    made.add_function(code=indirect(made, I32))
    made.add_function(I32, wb.call(0))
    made.add_function(code=wb.call(0))
    made.add_function(I32, wb.call(0))
    made.add_elements([3, 4])
    return made


def test_calls_and_pointers():
    found = reached(chain())
    assert [members(bits) for bits in found.by_calls] == [[0], [1, 2, 6], [2, 6], [0, 3], [0, 4], [0, 5], [6]]
    assert members(found.by_any[1]) == [0, 1, 2, 3, 6]
    assert members(found.by_any[5]) == [0, 5]
    assert [str(kind) for kind in found.types] == ["(i32) -> (i32)"]
    assert (list(found.callers(0)), list(found.callers(3)), list(found.callers(1))) == ([3, 4, 5], [6], [])


def test_ways():
    ways = reached(chain()).ways(0)
    assert ways.way(1) == [Step(2, False), Step(3, True), Step(0, False)]
    assert ways.way(4) == [Step(0, False)]
    assert ways.way(6) == [Step(3, True), Step(0, False)]
    assert ways.way(0) == []


def test_a_way_of_calls_is_taken_before_a_shorter_one_through_a_pointer():
    made = wb.library()
    made.add_import(WASI, "fd_write", "function", wb.VOID)
    made.add_function(code=indirect(made, wb.VOID) + wb.call(2))
    made.add_function(code=wb.call(3))
    made.add_function(code=wb.call(0))
    made.add_elements([0])
    assert reached(made).ways(0).way(1) == [Step(2, False), Step(3, False), Step(0, False)]


def test_no_way():
    made = chain()
    made.add_function()
    assert reached(made).ways(0).way(6) == []


@pytest.mark.parametrize(("name", "most"), [("MOST_NODES", 6), ("MOST_NODES", 5), ("MOST_IMPORTS", 0)])
def test_modules_that_are_too_large(monkeypatch, name, most):
    module = parse(chain().build())
    assert reach_of(module)
    monkeypatch.setattr(reach, name, most)
    assert reach_of(module) is None


def test_the_closure_is_the_closure():
    """Against the plain definition, on random graphs."""
    source = random.Random(1)
    for _ in range(60):
        size = source.randrange(1, 20)
        following = [[source.randrange(size) for _ in range(source.randrange(4))] for _ in range(size)]
        for node, bits in enumerate(closure(following)):
            found, left = {node}, [node]
            while left:
                for target in following[left.pop()]:
                    if target not in found:
                        found.add(target)
                        left.append(target)
            assert members(bits) == sorted(found)
            assert count(bits) == len(found)


def test_a_long_chain_needs_no_recursion():
    assert count(closure([*([number + 1] for number in range(9_999)), []])[0]) == 10_000
