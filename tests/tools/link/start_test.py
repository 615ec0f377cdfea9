"""Tests of tools/link/start.py."""

import pytest
import wasm_builder as wb
from hypothesis import given
from hypothesis import strategies as st
from link.start import with_max_table, with_start
from wasm.instructions import callees
from wasm.module import parse

NONE, LINKERS, ITSELF = "none", "the linker's", "_initialize"


def reactor(start: str = LINKERS, *, named: bool = True, functions: int = 0) -> bytes:
    """A module like those that wasm-ld links: `start` says what its start section runs."""
    made = wb.library()
    made.add_import("env", "imported", "function", wb.VOID)
    made.add_global(initial=7)
    memory = made.add_function(name="__wasm_init_memory" if named else "")
    initialize = made.add_function(code=wb.call(0), name="_initialize" if named else "", export="_initialize")
    made.add_function((["i32"], ["i32"]), b"\x20\0", name="f" if named else "", export="f")
    for _ in range(functions):
        made.add_function()
    made.start = {NONE: None, LINKERS: memory, ITSELF: initialize}[start]
    made.add_elements([1])
    made.add_data(b"data")
    made.customs.append(wb.custom("producers", b"kept as it is"))
    return made.build()


@pytest.mark.parametrize(("start", "calls"), [(NONE, [2]), (LINKERS, [1, 2])])
@pytest.mark.parametrize("named", [True, False])
def test_the_initializer_runs_at_the_start(start, calls, named):
    before = parse(reactor(start, named=named))
    after = parse(with_start(before))
    assert [e.name for e in after.exports] == ["f"]
    assert after.start == len(before.functions)
    assert callees(after, after.start) == calls
    assert list(after.functions) == [*before.functions, before.functions[2]]
    assert after.function_names == ({**before.function_names, after.start: "rlbox_start"} if named else {})
    assert after.name == before.name
    ids = [s.id for s in after.sections]
    assert ids == [1, 2, 3, 6, 7, 8, 9, 10, 11, *([0] if named else []), 0]
    for section in (2, 6, 9, 11):
        assert content(after, section) == content(before, section)
    old = [before.data[b.start : b.end] for b in before.bodies]
    assert [after.data[b.start : b.end] for b in after.bodies][:-1] == old


def content(module, identifier):
    return next(module.data[s.payload : s.end] for s in module.sections if s.id == identifier)


def test_an_initializer_that_is_the_start_function_already():
    before = parse(reactor(ITSELF))
    after = parse(with_start(before))
    assert (after.start, after.functions) == (2, before.functions)
    assert [e.name for e in after.exports] == ["f"]
    assert after.function_names == before.function_names


def test_a_module_without_initializer_stays_the_same():
    data = wb.library().build()
    assert with_start(parse(data)) == data


@given(st.integers(100, 140))
def test_counts_that_need_another_byte(functions):
    before = parse(reactor(functions=functions))
    after = parse(with_start(before))
    assert len(after.functions) == len(before.functions) + 1
    assert callees(after, len(before.functions)) == [1, 2]


@pytest.mark.parametrize("imported", [True, False])
@pytest.mark.parametrize("maximum", [2, 127, 128, 1000000])
def test_a_limit_for_the_table(imported, maximum):
    made = wb.library(imported_table=imported)
    made.add_function(export="f")
    made.add_data(b"data")
    before = parse(made.build())
    after = parse(with_max_table(before, maximum))
    assert after.tables[0].limits == before.tables[0].limits._replace(maximum=maximum)
    assert [s.id for s in after.sections] == [s.id for s in before.sections]
    assert (after.exports, after.data_size) == (before.exports, before.data_size)


def test_constructors_alone():
    """A prebuilt module that exports no `_initialize`."""
    made = wb.library()
    function = made.add_function(export="__wasm_call_ctors")
    after = parse(with_start(parse(made.build())))
    assert after.start is not None
    assert callees(after, after.start) == [function]
    assert after.exports == []


def test_an_initializer_runs_once():
    """With constructors besides, `_initialize` calls them; and what the start function calls is not called again."""
    made = wb.library()
    constructors = made.add_function(export="__wasm_call_ctors")
    initialize = made.add_function(code=wb.call(constructors), export="_initialize")
    after = parse(with_start(parse(made.build())))
    assert after.start is not None
    assert callees(after, after.start) == [initialize]
    assert [e.name for e in after.exports] == ["__wasm_call_ctors"]
    again = parse(with_start(after))
    assert (again.start, len(again.functions)) == (after.start, len(after.functions))
    assert again.exports == []


def error_of(made):
    with pytest.raises(ValueError, match="the export _initialize is ") as error:
        with_start(parse(made.build()))
    return str(error.value)


def test_an_initializer_with_parameters():
    made = wb.library()
    made.add_function((["i32"], []), export="_initialize")
    assert error_of(made) == "the export _initialize is not a function without parameters and results"


def test_an_initializer_that_is_no_function():
    made = wb.library()
    made.add_export("_initialize", "memory", 0)
    assert error_of(made) == "the export _initialize is not a function without parameters and results"


def test_an_initializer_that_is_imported():
    made = wb.library()
    made.add_export("_initialize", "function", made.add_import("env", "f", "function", wb.VOID))
    assert error_of(made) == "the export _initialize is an import"
