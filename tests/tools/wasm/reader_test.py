"""Tests of tools/wasm/reader.py."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wasm.reader import (
    MAX_NAME_BYTES,
    Reader,
    WasmError,
    encode_name,
    encode_unsigned,
    printable,
)
from wasm_builder import encode_signed


@given(st.integers(0, 2**64 - 1))
@example(0)
@example(127)
@example(128)
@example(2**32 - 1)
@example(2**64 - 1)
def test_unsigned_round_trip(value):
    data = encode_unsigned(value)
    reader = Reader(data)
    assert reader.unsigned(64) == value
    assert reader.left() == 0
    assert len(data) == max(1, -(-value.bit_length() // 7))
    if value < 2**32:
        assert Reader(data).u32() == value
    else:
        with pytest.raises(WasmError):
            Reader(data).u32()


@given(st.integers(-(2**63), 2**63 - 1))
@example(-(2**31))
@example(2**31 - 1)
@example(2**31)
@example(-64)
@example(64)
def test_signed_round_trip(value):
    data = encode_signed(value)
    assert Reader(data).signed(64) == value
    if -(2**31) <= value < 2**31:
        assert Reader(data).signed(32) == value
    else:
        with pytest.raises(WasmError):
            Reader(data).signed(32)


@pytest.mark.parametrize("value", [0, 1, 127, 300, 2**31])
def test_padded_numbers_are_read(value):
    """wasm-ld and clang pad numbers that the linker fills in to five bytes."""
    padded = bytes([(value >> shift) & 0x7F | (0x80 if shift < 28 else 0) for shift in range(0, 35, 7)])
    assert Reader(padded).u32() == value


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the data ends too early (at byte 0x0)"),
        (b"\x80", "the data ends too early (at byte 0x1)"),
        (b"\x80\x80\x80\x80\x80\x00", "a number has more than 32 bits (at byte 0x0)"),
        (b"\xff\xff\xff\xff\x10", "a number has more than 32 bits (at byte 0x0)"),
    ],
)
def test_bad_unsigned(data, message):
    with pytest.raises(WasmError) as error:
        Reader(data).u32()
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x80", "the data ends too early (at byte 0x1)"),
        (b"\x80\x80\x80\x80\x80\x00", "a number has more than 32 bits (at byte 0x0)"),
        (b"\xff\xff\xff\xff\x3f", "a number has more than 32 bits (at byte 0x0)"),
    ],
)
def test_bad_signed(data, message):
    with pytest.raises(WasmError) as error:
        Reader(data).signed(32)
    assert str(error.value) == message


def test_take_and_part_stay_in_bounds():
    reader = Reader(b"abcdef", 1, 4)
    part = reader.part(2)
    assert (part.take(2), part.left(), reader.take(1)) == (b"bc", 0, b"d")
    with pytest.raises(WasmError, match=r"^1 bytes are announced but only 0 are left \(at byte 0x3\)$"):
        part.skip(1)
    with pytest.raises(WasmError, match=r"^the data ends too early \(at byte 0x4\)$"):
        reader.byte()


def test_count_is_checked_against_what_is_left():
    assert Reader(b"\2abcd").count("things", 2) == 2
    with pytest.raises(WasmError, match=r"^3 things are announced but only 4 bytes are left \(at byte 0x0\)$"):
        Reader(b"\3abcd").count("things", 2)
    with pytest.raises(WasmError, match="4294967295 things"):
        Reader(encode_unsigned(2**32 - 1)).count("things")


def test_names():
    assert Reader(encode_name("zoë\n")).name() == "zoë\n"
    with pytest.raises(WasmError, match=r"^a name is not UTF-8 \(at byte 0x0\)$"):
        Reader(b"\2\xff\xff").name()
    with pytest.raises(WasmError, match=r"^a name has 100001 bytes, more than the 100000 allowed \(at byte 0x0\)$"):
        Reader(encode_unsigned(MAX_NAME_BYTES + 1) + b"a" * (MAX_NAME_BYTES + 1)).name()


def test_finish():
    Reader(b"").finish("it")
    with pytest.raises(WasmError, match=r"^2 bytes are left over at the end of it \(at byte 0x0\)$"):
        Reader(b"ab").finish("it")


def test_an_error_without_a_place():
    assert str(WasmError("broken")) == "broken"


@given(st.text())
@example("'\"\\\r\n\x00\u2028\U0001f600")
def test_printable_is_one_short_line_of_ascii(name):
    shown = printable(name)
    assert shown.isascii() and shown.isprintable()
    assert shown[0] == shown[-1] == "'"
    assert len(shown) < 900


def test_printable_looks():
    assert printable("add") == "'add'"
    assert printable("a'b\\c\n\x7fé") == r"'a\'b\\c\n\x7f\xe9'"
    assert printable("x" * 81) == "'" + "x" * 80 + "...'"
