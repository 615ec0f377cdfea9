"""A walk through function bodies: their instructions, and which functions each one calls or takes the address of.

For diagnosis and reports only. Immediates are decoded exactly, but nothing is validated: not the types, not the nesting.
Known are the instructions of the core specification 2.0 with SIMD, tail calls, exceptions, threads and
multiple memories.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from wasm_reader import Reader, WasmError
from wasm_types import WasmModule


class Reference(NamedTuple):
    """A use of another function. `how`: "call", "address" (ref.func), or "indirect" (`target` is a type)."""

    how: str
    target: int


# What follows an opcode, a letter each: u = u32, s = signed block or heap type, m = memory argument, b = one byte,
# i / l = signed 32 / 64 bits, 4 / 8 / F = so many bytes (F: 16), v = vector of u32, w = vector of value
# types, h = vector of catch clauses. Functions and types that are called are handled apart.
_PLAIN = {
    **dict.fromkeys((0x00, 0x01, 0x05, 0x0A, 0x0B, 0x0F, 0x19, 0x1A, 0x1B, 0xD1, 0xD3, 0xD4, *range(0x45, 0xC5)), ""),
    **dict.fromkeys((0x02, 0x03, 0x04, 0x06, 0xD0), "s"),
    **dict.fromkeys((0x07, 0x08, 0x09, 0x0C, 0x0D, 0x14, 0x15, 0x18), "u"),
    **dict.fromkeys((*range(0x20, 0x27), 0x3F, 0x40, 0xD5, 0xD6), "u"),
    **dict.fromkeys(range(0x28, 0x3F), "m"),
    **{0x0E: "vu", 0x1C: "w", 0x1F: "sh", 0x41: "i", 0x42: "l", 0x43: "4", 0x44: "8"},
}
_PREFIXED: dict[int, dict[int, str]] = {
    0xFC: {
        **dict.fromkeys((*range(8), *range(19, 23)), ""),
        **dict.fromkeys((9, 11, 13, 15, 16, 17), "u"),
        **dict.fromkeys((8, 10, 12, 14), "uu"),
    },
    0xFD: {
        **dict.fromkeys((*range(14, 21), *range(35, 84), *range(94, 0x114)), ""),
        **dict.fromkeys((*range(12), 92, 93), "m"),
        **dict.fromkeys((12, 13), "F"),
        **dict.fromkeys(range(21, 35), "b"),
        **dict.fromkeys(range(84, 92), "mb"),
    },
    0xFE: {**dict.fromkeys((0, 1, 2, *range(0x10, 0x4F)), "m"), 3: "b"},
}
_SIZES = {"b": 1, "4": 4, "8": 8, "F": 16}


class Instruction(NamedTuple):
    """An instruction: its opcode, for a prefixed one the number after the prefix (else -1), and the function that it
    calls or names, or the type that it calls by (else -1).
    """

    code: int
    sub: int
    target: int


_USES = {0x10: "call", 0x12: "call", 0xD2: "address", 0x11: "indirect", 0x13: "indirect"}


def instructions(module: WasmModule, index: int) -> Iterator[Instruction]:
    """The instructions of function `index`, in the order of the code; none for an imported function."""
    if index < module.imported_functions:
        return
    body = module.bodies[index - module.imported_functions]
    reader = Reader(module.data, body.start, body.end)
    for _ in range(reader.count("groups of locals", 2)):
        reader.u32()
        reader.byte()
    while reader.left():
        start = reader.pos
        code = reader.byte()
        if code in _USES:
            target = reader.u32()
            if _USES[code] == "indirect":
                reader.u32()
            elif target >= len(module.functions):
                raise WasmError(f"there is no function {target}", start)
            yield Instruction(code, -1, target)
            continue
        if code in _PREFIXED:
            sub = reader.u32()
            immediates = _PREFIXED[code].get(sub)
        else:
            sub, immediates = -1, _PLAIN.get(code)
        if immediates is None:
            raise WasmError(f"instruction {code:#x}{f' {sub}' if sub >= 0 else ''} is not known", start)
        for letter in immediates:
            _skip(reader, letter)
        yield Instruction(code, sub, -1)


def references(module: WasmModule, index: int) -> Iterator[Reference]:
    """The uses of other functions in the body of function `index`, in the order of the code."""
    for instruction in instructions(module, index):
        if instruction.target >= 0:
            yield Reference(_USES[instruction.code], instruction.target)


def _skip(reader: Reader, letter: str) -> None:
    if letter == "u":
        reader.u32()
    elif letter == "m":
        if reader.u32() & 0x40:
            reader.u32()
        reader.unsigned(64)
    elif letter == "s":
        reader.signed(33)
    elif letter in "il":
        reader.signed(32 if letter == "i" else 64)
    elif letter == "v":
        for _ in range(reader.count("branch targets")):
            reader.u32()
    elif letter == "w":
        reader.skip(reader.count("types"))
    elif letter == "h":
        for _ in range(reader.count("catch clauses", 2)):
            if reader.byte() < 2:
                reader.u32()
            reader.u32()
    else:
        reader.skip(_SIZES[letter])


def callees(module: WasmModule, index: int) -> list[int]:
    """The functions that function `index` calls or takes the address of, each once, in the order of the code."""
    return list(dict.fromkeys(use.target for use in references(module, index) if use.how != "indirect"))


def reachable(module: WasmModule, index: int) -> set[int]:
    """The functions that run, or may run, when function `index` does, as far as direct calls tell; with `index`."""
    found = {index}
    todo = [index]
    while todo:
        for target in callees(module, todo.pop()):
            if target not in found:
                found.add(target)
                todo.append(target)
    return found
