"""Tests of tools/wasm/instructions.py."""

import pytest
import wasm_builder as wb
from hypothesis import given, settings
from hypothesis import strategies as st
from wasm.instructions import Reference, callees, instructions, reachable, references
from wasm.module import WasmError, parse
from wasm.opcodes import OPCODES
from wasm_builder import ModuleBuilder

# What may follow each kind of instruction: bytes that would be taken for calls if they were decoded wrongly.
IMMEDIATES = {
    "": [b""],
    "u": [b"\x10", b"\x90\x01", b"\x90\x90\x90\x90\x00"],
    "f": [b"\0", b"\2", b"\x80\x00", b"\x82\x80\x80\x80\x00"],
    "t": [b"\0", b"\x80\x00"],
    "tx": [b"\0\0", b"\0\x80\x80\x80\x80\x00", b"\0\x10"],
    "M": [b"\0", b"\x10"],
    "MM": [b"\0\0", b"\x10\x10"],
    "uM": [b"\x10\x10"],
    "uu": [b"\x10\x10"],
    "vu": [b"\x02\x10\x10\x10", b"\0\x10"],
    "w": [b"\x01\x7f", b"\x02\x70\x7b"],
    "s": [b"\x40", b"\x7f", b"\x70", b"\x7b", b"\0", b"\x80\x00"],
    "r": [b"\x70", b"\x90\x01"],
    "sh": [b"\x40\x02\x00\x10\x10\x02\x10"],
    "m": [
        b"\2\x10",
        b"\0\x90\x90\x01",
        b"\x82\x80\x80\x80\0\x10",
        b"\x42\x10\x10",  # memory 16
        b"\2\x90\x90\x90\x90\x90\x90\x90\x90\x90\x01",  # at an offset of 64 bits
    ],
    "mb": [b"\0\x10\x10"],
    "b": [b"\x10"],
    "i": [b"\x10", b"\x90\x7f", b"\x80\x80\x80\x80\x78", b"\x90\x90\x90\x90\x00"],
    "l": [b"\x10", b"\x90\x90\x90\x90\x90\x90\x90\x90\x90\x00"],
    "4": [b"\x10" * 4],
    "8": [b"\x10" * 8],
    "F": [b"\x10" * 16],
}


def encoded(code: int, sub: int) -> bytes:
    return bytes([code]) + (wb.encode_unsigned(sub) if sub >= 0 else b"")


INSTRUCTIONS = [
    (number, encoded(*number) + rest) for number, opcode in OPCODES.items() for rest in IMMEDIATES[opcode.immediates]
]


def module_with(code: bytes, *, declared_locals: bytes = b"\0"):
    made = ModuleBuilder()
    made.add_import("env", "f", "function", wb.VOID)
    made.add_function()
    made.add_function()
    made.type((["i32"], []))
    made.bodies[-1] = wb.body(code, declared_locals)
    return parse(made.build())


@pytest.mark.parametrize(("number", "instruction"), INSTRUCTIONS, ids=[code.hex() for _, code in INSTRUCTIONS])
def test_immediates_are_no_instructions(number, instruction):
    """What follows an instruction is found, and its immediates are not taken for calls."""
    module = module_with(instruction + wb.call(1) + instruction + wb.call(0))
    found = [(item.code, item.sub) for item in instructions(module, 2)]
    assert found == [number, (0x10, -1), number, (0x10, -1), (0x0B, -1)]
    assert [item.target for item in instructions(module, 2)][1::2] == [1, 0]


def test_kinds_of_references():
    code = b"\x10\0\x12\1\xd2\2\x11\x01\x00\x13\x00\x01\x10\x81\x80\x80\x80\x00"
    module = module_with(code)
    assert list(references(module, 2)) == [
        Reference("call", 0),
        Reference("call", 1),
        Reference("address", 2),
        Reference("indirect", 1),
        Reference("indirect", 0),
        Reference("call", 1),
    ]
    assert callees(module, 2) == [0, 1, 2]


def test_locals_are_left_out():
    module = module_with(wb.call(1), declared_locals=b"\2\x10\x7f\x90\x01\x7e")
    assert callees(module, 2) == [1]


def test_an_import_calls_nothing():
    assert callees(module_with(b""), 0) == []


def test_reachable():
    made = ModuleBuilder()
    made.add_import("env", "f", "function", wb.VOID)
    made.add_function(code=wb.call(2) + wb.call(1))  # 1 calls 2 and itself
    made.add_function(code=wb.call(0) + b"\xd2\3")
    made.add_function()
    made.add_function(code=wb.call(1))
    module = parse(made.build())
    assert reachable(module, 1) == {1, 2, 0, 3}
    assert reachable(module, 3) == {3}


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (b"\x10\5", "there is no function 5 (at byte 0x2a)"),
        (b"\xff", "instruction 0xff is not known (at byte 0x2a)"),
        (b"\xfc\x7f", "instruction 0xfc 127 is not known (at byte 0x2a)"),
        (b"\x44\0", "8 bytes are announced but only 2 are left (at byte 0x2b)"),
        (b"\x0e\x7f", "127 branch targets are announced but only 1 bytes are left (at byte 0x2b)"),
    ],
)
def test_broken_code(code, message):
    with pytest.raises(WasmError) as error:
        list(references(module_with(code), 2))
    assert str(error.value) == message


@settings(max_examples=300)
@given(st.binary(max_size=60), st.binary(max_size=6))
def test_any_code_is_walked_or_refused(code, declared_locals):
    try:
        module = module_with(code, declared_locals=declared_locals)
        found = list(references(module, 2))
    except WasmError as error:
        assert "\n" not in str(error)
    else:
        assert len(found) <= len(code) + len(declared_locals)


@pytest.mark.parametrize("size", range(5))
def test_the_fast_way_and_the_slow_way_read_the_same(size):
    """Numbers of up to four bytes are read in the loop, longer ones by Reader: padded they mean the same."""
    padding = b"\x80" * size
    module = module_with(b"\x10" + (b"\x81" + padding[1:] + b"\0" if size else b"\1") + b"\x28\2" + padding + b"\0")
    assert [(item.code, item.target) for item in instructions(module, 2)] == [(0x10, 1), (0x28, -1), (0x0B, -1)]
