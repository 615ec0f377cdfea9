"""Makes mutants of modules: of their bytes, and of what they are made of, so that they stay valid."""

from __future__ import annotations

import random
from typing import NamedTuple

import wasm_builder as wb
from any_instruction import ORDINARY, code_of, refused
from tools_runner import ALLOWED
from wasm.abi import WASI
from wasm.wasi_functions import SIGNATURES

_ODD_BYTES = (0, 1, 0x0B, 0x10, 0x40, 0x60, 0x6F, 0x70, 0x7B, 0x7F, 0x80, 0xD2, 0xFC, 0xFD, 0xFE, 0xFF)
_ODD_NUMBERS = (0, 1, 127, 128, 0xFFFF, 0x10000, 1 << 24, (1 << 31) - 1, 1 << 31, (1 << 32) - 1)

# Names that would end a string, a comment, a line or a terminal's patience. Each has the word EVIL.
HOSTILE_NAMES = (
    '"EVIL"',
    "*/ EVIL /*",
    "x\n#error EVIL\n",
    "x\r\n#define EVIL",
    "EVIL\0tail",
    "EVIL\\",
    "EVIL??/",
    "\u202eEVIL\u2066",
    "\x1b[31mEVIL\x07",
    "</script>EVIL",
    "EVIL\u2028x\u2029x\x85x",
    "$(EVIL)`EVIL`",
    "%sEVIL%n",
    "\U0001f608EVIL\ufeff",
)


class Structured(NamedTuple):
    """A valid module: its bytes, and for each setting of simd what a sandbox must refuse in it ('': nothing)."""

    data: bytes
    refused_with_simd: str
    refused_without: str


def of_bytes(source: random.Random, data: bytes) -> bytes:
    """A module with one to four places changed, most often behind the header."""
    out = bytearray(data)
    for _ in range(source.choice((1, 1, 2, 4))):
        place = source.randrange(8 if source.random() < 0.97 and len(out) > 8 else 0, len(out)) if out else 0
        how = source.randrange(7)
        if how == 0 and out:
            out[place] = source.choice(_ODD_BYTES)
        elif how == 1 and out:
            out[place] ^= 1 << source.randrange(8)
        elif how == 2:
            out[place:place] = bytes(source.choice(_ODD_BYTES) for _ in range(source.randrange(1, 6)))
        elif how == 3:
            del out[place : place + source.randrange(1, 9)]
        elif how == 4:
            number = wb.encode_unsigned(source.choice(_ODD_NUMBERS))
            out[place : place + len(number)] = number
        elif how == 5:
            start = source.randrange(len(out) + 1)
            out[place:place] = out[start : start + source.randrange(1, 40)]
        else:
            del out[place + source.randrange(1, 200) :]
    return bytes(out)


def _segment(source: random.Random, made: wb.ModuleBuilder) -> str:
    zero = b"\x41\0\x0b"
    kind = source.randrange(10)
    if kind == 0:
        made.elements.append(b"\1\0" + wb.vector([b"\0"]))
    elif kind == 1:
        made.elements.append(b"\3\0" + wb.vector([b"\0"]))
    elif kind == 2:
        made.elements.append(b"\4" + zero + wb.vector([b"\xd2\0\x0b"]))
    elif kind == 3:
        made.elements.append(b"\5\x70" + wb.vector([b"\xd0\x70\x0b"]))
    elif kind == 4:
        made.data.append(b"\1\2ab")
    elif kind == 5:
        made.data.append(b"\0\x41\1\x41\1\x6a\x0b\2ab")  # an offset that is computed
    elif kind == 6:
        made.elements.append(b"\2\0" + zero + b"\0" + wb.vector([b"\0"]))
        return ""
    elif kind == 7:
        made.data.append(b"\2\0" + zero + b"\2ab")
        return ""
    elif kind == 8:
        made.add_elements([0])
        return ""
    else:
        made.add_data(b"hello")
        return ""
    return f"segment of kind {kind}"


def _imports(source: random.Random, made: wb.ModuleBuilder) -> str:
    """Imports of WASI, now and then of another type, kind or name."""
    for _ in range(source.randrange(3)):
        name = source.choice(ALLOWED)
        params, results = SIGNATURES[name]
        how = source.randrange(12)
        if how == 0:
            made.add_import(WASI, name, "function", (params, [*results, "i64"]))
            return "a result too many"
        if how == 1:
            made.add_import(WASI, name, "function", (("i64", *params), results))
            return "a parameter too many"
        if how == 2:
            made.add_import(WASI, name, "global", b"\x7f\0")
            return "a global"
        if how == 3:
            made.add_import(source.choice(("env", "js", *HOSTILE_NAMES)), "f", "function", (params, results))
            return "another module"
        if how == 4:
            made.add_import(WASI, source.choice(HOSTILE_NAMES), "function", (params, results))
            return "another name"
        made.add_import(WASI, name, "function", (params, results))
    return ""


def _globals(source: random.Random, made: wb.ModuleBuilder) -> str:
    how = source.randrange(8)
    if how == 0:
        made.globals.append(b"\x70\0\xd0\x70\x0b")
    elif how == 1:
        made.globals.append(b"\x6f\1\xd0\x6f\x0b")
    elif how == 2:
        made.globals.append(b"\x7f\0\x41\1\x41\2\x6c\x0b")
    else:
        made.add_global(source.choice(("i32", "i64")), initial=source.randrange(-5, 5))
        return ""
    made.counts["global"] += 1
    return "a global"


def structured(source: random.Random) -> Structured:
    """A valid module with one to eight instructions of any feature, and imports, globals and segments of any kind."""
    made = wb.library(imported_memory=True, imported_table=True)
    made.type(wb.VOID)  # the type that indirect calls name
    reasons = [_imports(source, made)]
    made.add_global()
    if source.random() < 0.3:
        reasons.append(_globals(source, made))
    wb.add_allocator(made)
    target = made.add_function(name=source.choice(("f", *HOSTILE_NAMES)))
    with_simd, without = list(reasons), list(reasons)
    code = b""
    plain = source.random() < 0.5
    for _ in range(source.randrange(1, 9)):
        number = source.choice(_HARMLESS if plain else _ALL)
        opcode = ORDINARY[number]
        if opcode.immediates in ("uM", "uu") and opcode.name != "table.copy":
            continue  # names a segment
        if opcode.name in ("data.drop", "elem.drop"):
            continue
        if "f" in opcode.immediates:
            code += b"\0" + bytes([number[0]]) + wb.encode_unsigned(target)
        else:
            code += b"\0" + code_of(number, opcode)
        for reasons_of, simd in ((with_simd, True), (without, False)):
            if refused(opcode.name, simd=simd):
                reasons_of.append(opcode.name)
    index = made.add_function(name="g", export=source.choice(("g", *HOSTILE_NAMES)))
    local = source.choice((0x7F, 0x7E, 0x7D, 0x7C, 0x7F, 0x7F, 0x7B, 0x70, 0x6F))
    made.bodies[-1] = wb.body(b"\0" + code + b"\0", bytes([2, 1, 0x7F, 1, local]))
    if local in (0x70, 0x6F):
        with_simd.append("a local")
    if local in (0x7B, 0x70, 0x6F):
        without.append("a local")
    made.add_elements([target, index])
    for _ in range(source.randrange(2)):
        reason = _segment(source, made)
        with_simd.append(reason)
        without.append(reason)
    if source.random() < 0.1:
        made.add_memory()
        with_simd.append("two memories")
        without.append("two memories")
    if source.random() < 0.1:
        made.add_table()
        with_simd.append("two tables")
        without.append("two tables")
    if source.random() < 0.2:
        made.customs.append(wb.custom(source.choice(HOSTILE_NAMES), b"x"))
    return Structured(made.build(), ", ".join(filter(None, with_simd)), ", ".join(filter(None, without)))


_ALL = sorted(ORDINARY)
_HARMLESS = [number for number in _ALL if not refused(ORDINARY[number].name, simd=False)]
