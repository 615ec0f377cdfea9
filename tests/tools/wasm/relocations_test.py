"""Tests of tools/wasm/relocations.py: what functions and data refer to, and files that are damaged."""

import pytest
import wasm_builder as wb
from hypothesis import given
from hypothesis import strategies as st
from wasm.reader import WasmError
from wasm.relocations import piece_of, read_references
from wasm_objects import CALL, ObjectBuilder, relocation

OBJECT = (
    ObjectBuilder({"open": ("wasi_snapshot_preview1", "path_open")})
    .function("f", "g", "table")
    .function("g")
    .function("h", "open", "other", constructor=True)
    .data("none")
    .data("table", "g", "h", "none")
    .build()
)


def named(references):
    """The names that each symbol's piece refers to."""
    names = [symbol.name for symbol in references.symbols]
    found = {}
    for symbol in references.symbols:
        piece = piece_of(symbol)
        if piece is not None:
            found[symbol.name] = sorted(names[index] for index in references.pieces.get(piece, ()))
    return found


def test_what_functions_and_data_refer_to():
    references = read_references(OBJECT)
    assert named(references) == {
        "f": ["g", "table"], "g": [], "h": ["open", "other"], "none": [], "table": ["g", "h", "none"],
    }  # fmt: skip
    assert [references.symbols[index].name for index in references.init_functions] == ["h"]
    assert references.imports == {0: ("wasi_snapshot_preview1", "path_open"), 1: ("env", "other")}


def test_a_module_that_is_no_object():
    assert read_references(wb.MAGIC) == ([], {}, [], {})


def broken(content):
    made = wb.ModuleBuilder()
    made.add_function()
    made.customs += [wb.linking([wb.symbol("f")]), wb.custom("reloc.CODE", content)]
    return made.build()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\2" + wb.vector([b"\x7f\0\0"]), "there is no kind of relocation 127"),
        (b"\2" + wb.vector([relocation(CALL, 1, 7)]), "there is no symbol 7"),
        (b"\2" + wb.vector([relocation(CALL, 0, 0)]), "a relocation is outside of functions and data"),
        (b"\2" + wb.vector([relocation(CALL, 999, 0)]), "a relocation is outside of functions and data"),
        (b"\7" + wb.vector([relocation(CALL, 1, 0)]), "relocations are of a section that is not there"),
        (b"\2\x7f", "127 relocations are announced but only 0 bytes are left"),
    ],
)
def test_broken_relocations(content, message):
    with pytest.raises(WasmError) as error:
        read_references(broken(content))
    assert str(error.value).startswith(message)


def test_relocations_out_of_order():
    made = wb.ModuleBuilder()
    for _ in range(3):
        made.add_function(wb.VOID, wb.call(0))
    symbols = [wb.symbol(name, index=index) for index, name in enumerate("abc")]
    length = len(made.bodies[0])
    moved = [relocation(CALL, 1 + length * place + 3, symbol) for place, symbol in ((2, 0), (0, 1), (1, 2), (0, 2))]
    made.customs += [wb.linking(symbols), wb.custom("reloc.CODE", b"\2" + wb.vector(moved))]
    assert named(read_references(made.build())) == {"a": ["b", "c"], "b": ["c"], "c": ["a"]}


@given(st.lists(st.tuples(st.integers(0, len(OBJECT) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_any_mutated_object_is_read_or_refused(changes):
    data = bytearray(OBJECT)
    for place, value in changes:
        data[place] = value
    try:
        references = read_references(bytes(data))
    except WasmError as error:
        assert "\n" not in str(error)
    else:
        assert all(0 <= symbol < len(references.symbols) for found in references.pieces.values() for symbol in found)
