"""Tests of tools/link/start.py."""

import json
from hashlib import sha256

import pytest
import wasm_builder as wb
from hypothesis import given
from hypothesis import strategies as st
from link.start import main, with_max_table, with_start
from tool_main import ToolError
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


def run(tmp_path, data, check=None, more=()):
    (tmp_path / "in.wasm").write_bytes(data)
    if check is None:
        check = json.dumps({"target": "//x:y", "sha256": sha256(data).hexdigest()})
    (tmp_path / "check.json").write_text(check)
    out = tmp_path / "out.wasm"
    paths = [str(tmp_path / name) for name in ("in.wasm", "check.json")]
    main(["--wasm", paths[0], "--check", paths[1], "--output", str(out), *more])
    return out.read_bytes()


def error_of(tmp_path, *arguments):
    with pytest.raises(ToolError) as error:
        run(tmp_path, *arguments)
    assert not (tmp_path / "out.wasm").exists()
    return str(error.value).replace(str(tmp_path), "DIR")


def test_the_tool(tmp_path):
    data = reactor()
    assert run(tmp_path, data) == with_start(parse(data)) != data


def test_another_module_than_the_checked_one(tmp_path):
    check = json.dumps({"target": "//x:y", "sha256": "0" * 64})
    message = "//x:y: DIR/in.wasm is not the module that was checked; rebuild DIR/check.json"
    assert error_of(tmp_path, reactor(), check) == message


@pytest.mark.parametrize("check", ["", "[]", "{}", '{"target": "x"}', "no json", "\\ud800"])
def test_a_check_that_is_none(tmp_path, check):
    message = "DIR/check.json: not a file that check_wasm_exports wrote; rebuild it"
    assert error_of(tmp_path, reactor(), check) == message


def test_an_initializer_with_parameters(tmp_path):
    made = wb.library()
    made.add_function((["i32"], []), export="_initialize")
    assert error_of(tmp_path, made.build()) == (
        "//x:y: the export _initialize is not a function without parameters and results;"
        " link the library as a reactor (-mexec-model=reactor)"
    )


def test_an_initializer_that_is_no_function(tmp_path):
    made = wb.library()
    made.add_export("_initialize", "memory", 0)
    assert "the export _initialize is not a function" in error_of(tmp_path, made.build())


def test_an_initializer_that_is_imported(tmp_path):
    made = wb.library()
    made.add_export("_initialize", "function", made.add_import("env", "f", "function", wb.VOID))
    assert error_of(tmp_path, made.build()) == (
        "//x:y: the export _initialize is an import; link the library as a reactor (-mexec-model=reactor)"
    )


def test_a_table_that_holds_more_than_its_limit(tmp_path):
    made = wb.library(imported_table=False)
    size = parse(made.build()).tables[0].limits.minimum
    assert error_of(tmp_path, made.build(), None, ("--max-table", str(size - 1))) == (
        f"//x:y: max_table is {size - 1}, and the library alone puts {size} functions into the table; set another max_table"
    )


def test_a_limit_for_a_table_that_is_not_there(tmp_path):
    data = wb.ModuleBuilder().build()
    assert error_of(tmp_path, data, None, ("--max-table", "5")) == (
        "//x:y: max_table is for a module with one table, and this one has 0; set another max_table"
    )
