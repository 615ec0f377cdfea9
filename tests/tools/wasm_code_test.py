"""Tests of tools/wasm_code.py."""

import pytest
import wasm_builder as wb
from hypothesis import given, settings
from hypothesis import strategies as st
from wasm_builder import ModuleBuilder
from wasm_code import Reference, callees, reachable, references
from wasm_module import WasmError, parse

V128 = b"\xfd\x0c" + b"\x10" * 16  # 0x10 is also the opcode of call

# An instruction each, with immediates that would be taken for calls if they were decoded wrongly.
INSTRUCTIONS = [
    *(bytes([code]) for code in (0x00, 0x01, 0x05, 0x0A, 0x0B, 0x0F, 0x19, 0x1A, 0x1B, 0xD1, 0xD3, 0xD4)),
    *(bytes([code]) for code in range(0x45, 0xC5)),
    b"\x02\x40",
    b"\x03\x7f",
    b"\x04\x90\x01",  # a block type may be an index
    b"\x06\x40",
    b"\x07\x10",
    b"\x08\x10",
    b"\x09\x10",
    b"\x0c\x10",
    b"\x0d\x90\x01",
    b"\x0e\x02\x10\x10\x10",
    b"\x14\x10",
    b"\x15\x10",
    b"\x18\x10",
    b"\x1c\x01\x7f",
    b"\x1f\x40\x02\x00\x10\x10\x02\x10",
    *(bytes([code, 0x10]) for code in range(0x20, 0x27)),
    *(bytes([code, 0x02, 0x10]) for code in range(0x28, 0x3F)),
    b"\x28\x42\x10\x10",  # a load from memory 16
    b"\x28\x02\x90\x90\x90\x90\x90\x90\x90\x90\x90\x01",  # at an offset of 64 bits
    b"\x3f\x10",
    b"\x40\x10",
    b"\x41\x10",
    b"\x41\x80\x80\x80\x80\x78",
    b"\x42\x90\x90\x90\x90\x90\x90\x90\x90\x90\x00",
    b"\x43\x10\x10\x10\x10",
    b"\x44" + b"\x10" * 8,
    b"\xd0\x70",
    b"\xd5\x10",
    b"\xd6\x10",
    *(bytes([0xFC, code]) for code in (*range(8), 19, 20, 21, 22)),
    *(bytes([0xFC, code, 0x10]) for code in (9, 11, 13, 15, 16, 17)),
    *(bytes([0xFC, code, 0x10, 0x10]) for code in (8, 10, 12, 14)),
    *(bytes([0xFD, code, 0x00, 0x10]) for code in (*range(12), 92, 93)),
    V128,
    b"\xfd\x0d" + b"\x10" * 16,
    *(bytes([0xFD, code]) for code in (*range(14, 21), *range(35, 84), *range(94, 128))),
    *(bytes([0xFD, code & 0x7F | 0x80, code >> 7]) for code in range(128, 0x114)),
    *(bytes([0xFD, code, 0x10]) for code in range(21, 35)),
    *(bytes([0xFD, code, 0x00, 0x10, 0x10]) for code in range(84, 92)),
    *(bytes([0xFE, code, 0x02, 0x10]) for code in (0, 1, 2, *range(0x10, 0x4F))),
    b"\xfe\x03\x10",
]


def module_with(code: bytes, *, declared_locals: bytes = b"\0"):
    made = ModuleBuilder()
    made.add_import("env", "f", "function", wb.VOID)
    made.add_function()
    made.add_function()
    made.bodies[-1] = wb.body(code, declared_locals)
    return parse(made.build())


@pytest.mark.parametrize("instruction", INSTRUCTIONS, ids=lambda code: code.hex())
def test_immediates_are_no_instructions(instruction):
    """What follows an instruction is found, and its immediates are not taken for calls."""
    module = module_with(instruction + wb.call(1) + instruction + wb.call(0))
    assert list(references(module, 2)) == [Reference("call", 1), Reference("call", 0)]


def test_kinds_of_references():
    code = b"\x10\0\x12\1\xd2\2\x11\x07\x00\x13\x08\x01\x10\x81\x80\x80\x80\x00"
    module = module_with(code)
    assert list(references(module, 2)) == [
        Reference("call", 0),
        Reference("call", 1),
        Reference("address", 2),
        Reference("indirect", 7),
        Reference("indirect", 8),
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
        (b"\x10\5", "there is no function 5 (at byte 0x26)"),
        (b"\xff", "instruction 0xff is not known (at byte 0x26)"),
        (b"\xfc\x7f", "instruction 0xfc 127 is not known (at byte 0x26)"),
        (b"\x44\0", "8 bytes are announced but only 2 are left (at byte 0x27)"),
        (b"\x0e\x7f", "127 branch targets are announced but only 1 bytes are left (at byte 0x27)"),
    ],
)
def test_broken_code(code, message):
    with pytest.raises(WasmError) as error:
        list(references(module_with(code), 2))
    assert str(error.value) == message


@settings(max_examples=300)
@given(st.binary(max_size=60), st.binary(max_size=6))
def test_any_code_is_walked_or_refused(code, declared_locals):
    module = module_with(code, declared_locals=declared_locals)
    try:
        found = list(references(module, 2))
    except WasmError as error:
        assert "\n" not in str(error)
    else:
        assert len(found) <= len(code) + len(declared_locals)
