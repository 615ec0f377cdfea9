"""Every instruction there is, as valid code, and what a sandbox's policy must say of it, by the names alone."""

from __future__ import annotations

import re

import wasm_builder as wb
from wasm.opcodes import OPCODES, Opcode

# Immediates that are valid in a module with a memory, a table, a global, a local variable and two functions.
IMMEDIATES = {
    **{"": b"", "u": b"\0", "f": b"\1", "t": b"\0", "tx": b"\0\0", "M": b"\0", "MM": b"\0\0", "uM": b"\0\0"},
    **{"uu": b"\0\0", "vu": b"\1\0\0", "w": b"\1\x7f", "s": b"\x40", "r": b"\x70", "sh": b"\x40\0", "m": b"\0\0"},
    **{"mb": b"\0\0\0", "b": b"\0", "i": b"\7", "l": b"\7", "4": bytes(4), "8": bytes(8), "F": bytes(16)},
}
INSIDE = {"else", "end", "catch", "catch_all", "rethrow", "delegate", "throw"}  # of others, or with a tag
NOT_IN_WABT = {"ref.eq"}  # garbage collection: wabt 1.0.42 knows none of its instructions
ORDINARY = {number: opcode for number, opcode in OPCODES.items() if opcode.name not in INSIDE | NOT_IN_WABT}
_OPENING = {"block", "loop", "if", "try", "try_table"}

# What setjmp and longjmp are made of; "throw" and "catch" need a tag, and "delegate" and "catch" a try block.
ALLOWED_INSIDE = {"else", "end", "catch", "delegate", "throw"}

# Written without a look at the tools' own table: what the names of instructions say.
_REFUSED = re.compile(
    r"table\.|elem\.drop|ref\.|.*_ref$|br_on_|return_call|memory\.init|data\.drop|.*atomic|try_table|throw_ref|.*relaxed"
    r"|i64\.(add128|sub128|mul_wide)|call_ref|catch_all|rethrow"
)
_VECTORS = re.compile(r"(.*\.)?(v128|[if]\d+x\d+)\b")


def refused(name: str, *, simd: bool) -> bool:
    """Whether a sandbox must refuse the instruction `name`."""
    return _REFUSED.match(name) is not None or (_VECTORS.match(name) is not None and not simd)


def _natural_alignment(name: str) -> int:
    """The exponent that an atomic instruction must give."""
    if name.endswith(("notify", "wait32")):
        return 2
    if name.endswith("wait64"):
        return 3
    bits = re.search(r"(8|16|32)(_u|\.)?", name.split("atomic.")[1].replace("i32", "").replace("i64", ""))
    return {"8": 0, "16": 1, "32": 2}[bits[1]] if bits else (2 if name.startswith("i32") else 3)


def code_of(number: tuple[int, int], opcode: Opcode) -> bytes:
    """The instruction with immediates, and with an end where it opens a block; valid behind `unreachable`."""
    code = bytes([number[0]]) + (wb.encode_unsigned(number[1]) if number[1] >= 0 else b"")
    immediates = IMMEDIATES[opcode.immediates]
    if "atomic" in opcode.name and opcode.immediates == "m":
        immediates = bytes([_natural_alignment(opcode.name), 0])
    return code + immediates + (wb.END if opcode.name in _OPENING else b"")
