"""A walk through function bodies: their instructions, and which functions each one calls or takes the address of.

Every instruction is decoded exactly, with its immediates: whatever wasm2c takes for an instruction is one here, and what
opcodes.py does not know is an error. Types and nesting are not looked at: wasm2c validates them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Optional

from wasm.entries import value_type
from wasm.model import MAX_RESULTS, WasmModule, feature_of_type
from wasm.opcodes import OPCODES, PREFIXES
from wasm.reader import Reader, WasmError

# Invariant S3: a memory has 8 GiB of address space. An address, an offset and an access of 16 bytes stay inside, so the
# offset may not be one of the largest. No compiler makes those: an object would have to lie at the end of the 4 GiB.
MAX_OFFSET = (1 << 32) - 16

MAX_LOCALS = 50_000  # of a function, as in browsers: a declaration of five bytes can ask for 2^32


class Reference(NamedTuple):
    """A use of another function. `how`: "call", "address" (ref.func), or "indirect" (`target` is a type)."""

    how: str
    target: int


class Instruction(NamedTuple):
    """An instruction: where in the file it is, its opcode, for a prefixed one the number after the prefix (else -1),
    the function that it calls or names, or the type that it calls by (else -1), and the features that its
    immediates need besides its own, most often none.
    """

    offset: int
    code: int
    sub: int
    target: int
    features: tuple[str, ...]


_USES = {0x10: "call", 0x12: "call", 0xD2: "address", 0x11: "indirect", 0x13: "indirect"}
_SIZES = {"b": 1, "4": 4, "8": 8, "F": 16}
_EMPTY = 0x40  # the block type of blocks without a result
_NO_FEATURES: tuple[str, ...] = ()

# How the loop in `instructions` handles an opcode. The rare ones, and those with long numbers, take the slow way.
_SLOW, _NOTHING, _NUMBER, _MEMORY, _BLOCK, _CALL = range(6)
_FAST_WAYS = {"": _NOTHING, "u": _NUMBER, "i": _NUMBER, "l": _NUMBER, "m": _MEMORY, "s": _BLOCK, "f": _CALL}
_WAYS = bytes(
    _FAST_WAYS.get(OPCODES[code, -1].immediates, _SLOW) if (code, -1) in OPCODES else _SLOW for code in range(256)
)
_SHORT = 4  # bytes that any number may have: 28 bits


def local_types(module: WasmModule, index: int) -> tuple[list[str], int, int]:
    """The locals that function `index` declares: the type of each group and how many they are; and where its code starts."""
    body = module.bodies[index - module.imported_functions]
    types: list[str] = []
    if module.data[body.start] == 0:
        return types, 0, body.start + 1
    reader = Reader(module.data, body.start, body.end)
    total = 0
    for _ in range(reader.count("groups of locals", 2)):
        start = reader.pos
        total += reader.u32()
        if total > MAX_LOCALS:
            raise WasmError(f"a function has {total} locals, more than the {MAX_LOCALS} allowed", start)
        types.append(value_type(reader))
    return types, total, reader.pos


def instructions(module: WasmModule, index: int) -> Iterator[Instruction]:
    """The instructions of function `index`, in the order of the code; none for an imported function."""
    if index < module.imported_functions:
        return
    data, end = module.data, module.bodies[index - module.imported_functions].end
    _, _, pos = local_types(module, index)
    ways = _WAYS
    new = tuple.__new__
    if data[end - 1] != 0x0B or pos == end:
        raise WasmError("a function does not end with an end instruction", end - 1)
    functions = len(module.functions)
    # The last byte is an `end` below 0x80, so a number that is looked for ends there at the latest.
    while pos < end:
        start = pos
        code = data[pos]
        way = ways[code]
        pos += 1
        if way == _NOTHING:
            yield new(Instruction, (start, code, -1, -1, _NO_FEATURES))
            continue
        if way == _BLOCK and pos < end:
            if data[pos] == _EMPTY or 0x7C <= data[pos] <= 0x7F:
                pos += 1
                yield new(Instruction, (start, code, -1, -1, _NO_FEATURES))
                continue
        elif way != _SLOW and pos < end and (way != _MEMORY or data[pos] < 32):
            first = pos = pos + 1 if way == _MEMORY else pos
            while pos < end and data[pos] > 0x7F:
                pos += 1
            pos += 1
            if pos - first <= _SHORT and pos <= end:
                target = -1
                if way == _CALL:
                    target = _number(data, first, pos)
                    if target >= functions:
                        raise WasmError(f"there is no function {target}", start)
                yield new(Instruction, (start, code, -1, target, _NO_FEATURES))
                continue
        instruction, pos = _decoded(module, start, end)
        yield instruction


def _number(data: bytes, pos: int, end: int) -> int:
    value = shift = 0
    for byte in data[pos:end]:
        value |= (byte & 0x7F) << shift
        shift += 7
    return value


def _decoded(module: WasmModule, start: int, end: int) -> tuple[Instruction, int]:
    """The instruction at `start`, and where the next one starts."""
    reader = Reader(module.data, start, end)
    code = reader.byte()
    sub = reader.u32() if code in PREFIXES else -1
    opcode = OPCODES.get((code, sub))
    if opcode is None:
        raise WasmError(f"instruction {code:#x}{f' {sub}' if sub >= 0 else ''} is not known", start)
    target = -1
    features: list[str] = []
    for letter in opcode.immediates:
        if letter in "ft":
            target = reader.u32()
            if target >= (len(module.functions) if letter == "f" else len(module.types)):
                raise WasmError(f"there is no {'function' if letter == 'f' else 'type'} {target}", start)
        else:
            feature = _immediate(module, reader, letter)
            if feature:
                features.append(feature)
    return Instruction(start, code, sub, target, tuple(features)), reader.pos


def _immediate(module: WasmModule, reader: Reader, letter: str) -> Optional[str]:
    """Reads what `letter` stands for; returns the feature that its value needs, if any."""
    if letter == "u":
        reader.u32()
    elif letter == "x":
        return "reference-types" if reader.u32() else None
    elif letter == "M":
        return "multimemory" if reader.u32() else None
    elif letter == "m":
        return _memory_argument(reader)
    elif letter == "s":
        return _block_type(module, reader)
    elif letter == "r":
        reader.signed(33)
    elif letter in "il":
        reader.signed(32 if letter == "i" else 64)
    elif letter == "v":
        for _ in range(reader.count("branch targets")):
            reader.u32()
    elif letter == "w":
        features = {feature_of_type(value_type(reader)) for _ in range(reader.count("types"))}
        return max(features, default="") or None
    elif letter == "h":
        for _ in range(reader.count("catch clauses", 2)):
            if reader.byte() < 2:
                reader.u32()
            reader.u32()
    else:
        reader.skip(_SIZES[letter])
    return None


def _memory_argument(reader: Reader) -> Optional[str]:
    start = reader.pos
    flags = reader.u32()
    if flags & ~0x40 >= 32:
        raise WasmError("an alignment is not possible", start)
    feature = None
    if flags & 0x40:
        reader.u32()
        feature = "multimemory"
    place = reader.pos
    offset = reader.unsigned(64)
    if offset >> 32 or reader.pos - place > 5:
        return "memory64"
    return "far-offsets" if offset > MAX_OFFSET else feature


def _block_type(module: WasmModule, reader: Reader) -> Optional[str]:
    start = reader.pos
    index = reader.signed(33)
    if index >= 0:
        if index >= len(module.types):
            raise WasmError(f"there is no type {index}", start)
        return "multivalue" if len(module.types[index].params) <= MAX_RESULTS else "many-results"
    if reader.pos - start > 1 or index < -0x40:
        raise WasmError("a block type is not known", start)
    if index == _EMPTY - 0x80:
        return None
    reader.pos = start
    return feature_of_type(value_type(reader)) or None


def references(module: WasmModule, index: int) -> Iterator[Reference]:
    """The uses of other functions in the body of function `index`, in the order of the code."""
    for _, code, _, target, _ in instructions(module, index):
        if target >= 0 and code in _USES:
            yield Reference(_USES[code], target)


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
