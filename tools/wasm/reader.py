"""Bounds-checked reading, and writing, of the primitives that WebAssembly's binary format is made of.

Every read checks that the bytes are there, and every count is checked against the bytes that are left
before anything is allocated for it, so hostile input costs no more than its own size.
"""

from __future__ import annotations

from typing import Optional

MAX_NAME_BYTES = 100_000
_SHOWN = 80


class WasmError(ValueError):
    """The bytes are not what they should be; `offset` says where, in bytes from the start of the file."""

    def __init__(self, message: str, offset: Optional[int] = None) -> None:
        super().__init__(message if offset is None else f"{message} (at byte {offset:#x})")
        self.offset = offset


def printable(name: str) -> str:
    """`name` for a message: in quotes, one line of ASCII, and cut when it is long."""
    cut = name if len(name) <= _SHOWN else name[:_SHOWN] + "..."
    return "'" + "".join("\\" + c if c in "'\\" else c if " " <= c <= "~" else ascii(c)[1:-1] for c in cut) + "'"


class Reader:
    """Reads forward through `data[pos:end]`; offsets in errors are offsets in `data`."""

    __slots__ = ("data", "end", "pos")

    def __init__(self, data: bytes, pos: int = 0, end: Optional[int] = None) -> None:
        self.data = data
        self.pos = pos
        self.end = len(data) if end is None else end

    def left(self) -> int:
        """How many bytes are left."""
        return self.end - self.pos

    def byte(self) -> int:
        """One byte."""
        if self.pos >= self.end:
            raise WasmError("the data ends too early", self.pos)
        value = self.data[self.pos]
        self.pos += 1
        return value

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        start = self.pos
        self.skip(size)
        return self.data[start : self.pos]

    def skip(self, size: int) -> None:
        """Leaves out `size` bytes, which must be there."""
        if size > self.end - self.pos:
            raise WasmError(f"{size} bytes are announced but only {self.end - self.pos} are left", self.pos)
        self.pos += size

    def part(self, size: int) -> Reader:
        """A reader of the next `size` bytes, which this one leaves out."""
        start = self.pos
        self.skip(size)
        return Reader(self.data, start, self.pos)

    def unsigned(self, bits: int) -> int:
        """An unsigned LEB128 number of at most `bits` bits, encoded in no more bytes than those need."""
        start = self.pos
        result = shift = 0
        while True:
            byte = self.byte()
            result |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
            if shift >= bits:
                raise WasmError(f"a number has more than {bits} bits", start)
        if result >> bits:
            raise WasmError(f"a number has more than {bits} bits", start)
        return result

    def signed(self, bits: int) -> int:
        """A signed LEB128 number of at most `bits` bits, encoded in no more bytes than those need."""
        start = self.pos
        result = shift = 0
        while True:
            byte = self.byte()
            result |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
            if shift >= bits:
                raise WasmError(f"a number has more than {bits} bits", start)
        if byte & 0x40:
            result -= 1 << shift
        if not -(1 << (bits - 1)) <= result < 1 << (bits - 1):
            raise WasmError(f"a number has more than {bits} bits", start)
        return result

    def u32(self) -> int:
        """An unsigned LEB128 number of at most 32 bits."""
        if self.pos < self.end and self.data[self.pos] < 0x80:  # one byte, by far the most frequent
            self.pos += 1
            return self.data[self.pos - 1]
        return self.unsigned(32)

    def count(self, what: str, smallest: int = 1) -> int:
        """The number of elements of a vector of `what`, each of at least `smallest` bytes."""
        start = self.pos
        value = self.u32()
        if value * smallest > self.end - self.pos:
            raise WasmError(f"{value} {what} are announced but only {self.end - self.pos} bytes are left", start)
        return value

    def name(self) -> str:
        """A name: its length and so many bytes of UTF-8."""
        start = self.pos
        size = self.u32()
        if size > MAX_NAME_BYTES:
            raise WasmError(f"a name has {size} bytes, more than the {MAX_NAME_BYTES} allowed", start)
        try:
            return str(self.take(size), "utf-8")
        except UnicodeDecodeError:
            raise WasmError("a name is not UTF-8", start) from None

    def finish(self, what: str) -> None:
        """Checks that nothing is left of `what`."""
        if self.pos != self.end:
            raise WasmError(f"{self.end - self.pos} bytes are left over at the end of {what}", self.pos)


def encode_unsigned(value: int) -> bytes:
    """`value`, not negative, as unsigned LEB128 in as few bytes as can be."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def encode_name(name: str) -> bytes:
    """`name` as its length and its UTF-8 bytes."""
    data = name.encode()
    return encode_unsigned(len(data)) + data
