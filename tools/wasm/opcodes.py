"""WebAssembly's instructions: text name, immediates, and the feature that each belongs to.

The one table of instructions: instructions.py decodes with it, features.py and link/policy.py name features with it.
Known is core 2.0 with tail calls, exceptions, threads, relaxed SIMD, multiple memories and typed function references;
whatever is not here is an error.

Features have the names that clang's target_features section gives them, "" for the first version of WebAssembly.
Ours are "passive-segments" (clang says bulk-memory; copying and filling memory needs no segment), "deep-nesting",
"far-offsets", "many-catches", "many-locals", "many-results", "many-tries", "tag-imports" and "tag-types" (which
link/policy.py refuses),
"catch-all" for the parts of exceptions that C++ needs and C does not, "exnref" for their later form and, as clang has it since version 20, all access to
tables under "reference-types".
"""

from __future__ import annotations

from typing import NamedTuple


class Opcode(NamedTuple):
    """An instruction; `immediates` has a letter for each thing that follows its number.

    u = an index or label, f = a function, t = a type, x = a table that is called through, M = a memory, m = a memory
    argument, s = a block type, r = a heap type, w = a vector of value types, v = a vector of labels, h = a vector of
    catch clauses, i / l = signed 32 / 64 bits, b / 4 / 8 / F = 1, 4, 8, 16 bytes.
    """

    name: str
    immediates: str
    feature: str


_INTEGER = (
    "eqz eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u",
    "clz ctz popcnt add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr",
)
_FLOAT = ("eq ne lt gt le ge", "abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign")
_CONVERSIONS = (
    "i32.wrap_i64 i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u i64.extend_i32_s i64.extend_i32_u"
    " i64.trunc_f32_s i64.trunc_f32_u i64.trunc_f64_s i64.trunc_f64_u f32.convert_i32_s f32.convert_i32_u"
    " f32.convert_i64_s f32.convert_i64_u f32.demote_f64 f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s"
    " f64.convert_i64_u f64.promote_f32 i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32"
    " f64.reinterpret_i64"
)
_LOADS_AND_STORES = (
    "i32.load i64.load f32.load f64.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u i64.load8_s i64.load8_u"
    " i64.load16_s i64.load16_u i64.load32_s i64.load32_u i32.store i64.store f32.store f64.store i32.store8"
    " i32.store16 i64.store8 i64.store16 i64.store32"
)
_SATURATING = (
    "i32.trunc_sat_f32_s i32.trunc_sat_f32_u i32.trunc_sat_f64_s i32.trunc_sat_f64_u"
    " i64.trunc_sat_f32_s i64.trunc_sat_f32_u i64.trunc_sat_f64_s i64.trunc_sat_f64_u"
)


def _shaped(shape: str, names: str) -> str:
    return " ".join(f"{shape}.{name}" for name in names.split())


_COMPARISONS = "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u"

# first opcode, text names of it and its successors ("-": there is none), immediates, feature
_PLAIN = (
    (0x00, "unreachable nop", "", ""),
    (0x02, "block loop if", "s", ""),
    (0x05, "else", "", ""),
    (0x06, "try", "s", "exception-handling"),
    (0x07, "catch throw", "u", "exception-handling"),
    (0x09, "rethrow", "u", "catch-all"),
    (0x0A, "throw_ref", "", "exnref"),
    (0x0B, "end", "", ""),
    (0x0C, "br br_if", "u", ""),
    (0x0E, "br_table", "vu", ""),
    (0x0F, "return", "", ""),
    (0x10, "call", "f", ""),
    (0x11, "call_indirect", "tx", ""),
    (0x12, "return_call", "f", "tail-call"),
    (0x13, "return_call_indirect", "tx", "tail-call"),
    (0x14, "call_ref return_call_ref", "t", "function-references"),
    (0x18, "delegate", "u", "exception-handling"),
    (0x19, "catch_all", "", "catch-all"),
    (0x1A, "drop select", "", ""),
    (0x1C, "select", "w", ""),
    (0x1F, "try_table", "sh", "exnref"),
    (0x20, "local.get local.set local.tee global.get global.set", "u", ""),
    (0x25, "table.get table.set", "u", "reference-types"),
    (0x28, _LOADS_AND_STORES, "m", ""),
    (0x3F, "memory.size memory.grow", "M", ""),
    (0x41, "i32.const", "i", ""),
    (0x42, "i64.const", "l", ""),
    (0x43, "f32.const", "4", ""),
    (0x44, "f64.const", "8", ""),
    (
        0x45,
        " ".join(
            [
                *(_shaped(kind, _INTEGER[0]) for kind in ("i32", "i64")),
                *(_shaped(kind, _FLOAT[0]) for kind in ("f32", "f64")),
                *(_shaped(kind, _INTEGER[1]) for kind in ("i32", "i64")),
                *(_shaped(kind, _FLOAT[1]) for kind in ("f32", "f64")),
                _CONVERSIONS,
            ]
        ),
        "",
        "",
    ),
    (0xC0, "i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s", "", "sign-ext"),
    (0xD0, "ref.null", "r", "reference-types"),
    (0xD1, "ref.is_null", "", "reference-types"),
    (0xD2, "ref.func", "f", "reference-types"),
    (0xD3, "ref.eq", "", "gc"),
    (0xD4, "ref.as_non_null", "", "function-references"),
    (0xD5, "br_on_null br_on_non_null", "u", "function-references"),
)

# By prefix; the numbers after it are LEB128.
_PREFIXED = {
    0xFC: (
        (0, _SATURATING, "", "nontrapping-fptoint"),
        (8, "memory.init", "uM", "passive-segments"),
        (9, "data.drop", "u", "passive-segments"),
        (10, "memory.copy", "MM", "bulk-memory"),
        (11, "memory.fill", "M", "bulk-memory"),
        (12, "table.init", "uu", "reference-types"),
        (13, "elem.drop", "u", "reference-types"),
        (14, "table.copy", "uu", "reference-types"),
        (15, "table.grow table.size table.fill", "u", "reference-types"),
        (19, "i64.add128 i64.sub128 i64.mul_wide_s i64.mul_wide_u", "", "wide-arithmetic"),
    ),
    0xFD: (
        (
            0,
            "v128.load v128.load8x8_s v128.load8x8_u v128.load16x4_s v128.load16x4_u v128.load32x2_s v128.load32x2_u"
            " v128.load8_splat v128.load16_splat v128.load32_splat v128.load64_splat v128.store",
            "m",
            "simd128",
        ),
        (12, "v128.const i8x16.shuffle", "F", "simd128"),
        (
            14,
            "i8x16.swizzle i8x16.splat i16x8.splat i32x4.splat i64x2.splat f32x4.splat f64x2.splat",
            "",
            "simd128",
        ),
        (
            21,
            "i8x16.extract_lane_s i8x16.extract_lane_u i8x16.replace_lane i16x8.extract_lane_s i16x8.extract_lane_u"
            " i16x8.replace_lane i32x4.extract_lane i32x4.replace_lane i64x2.extract_lane i64x2.replace_lane"
            " f32x4.extract_lane f32x4.replace_lane f64x2.extract_lane f64x2.replace_lane",
            "b",
            "simd128",
        ),
        (
            35,
            " ".join(
                [
                    *(_shaped(shape, _COMPARISONS) for shape in ("i8x16", "i16x8", "i32x4")),
                    *(_shaped(shape, "eq ne lt gt le ge") for shape in ("f32x4", "f64x2")),
                    _shaped("v128", "not and andnot or xor bitselect any_true"),
                ]
            ),
            "",
            "simd128",
        ),
        (
            84,
            "v128.load8_lane v128.load16_lane v128.load32_lane v128.load64_lane"
            " v128.store8_lane v128.store16_lane v128.store32_lane v128.store64_lane",
            "mb",
            "simd128",
        ),
        (92, "v128.load32_zero v128.load64_zero", "m", "simd128"),
        (
            94,
            "f32x4.demote_f64x2_zero f64x2.promote_low_f32x4"
            " i8x16.abs i8x16.neg i8x16.popcnt i8x16.all_true i8x16.bitmask i8x16.narrow_i16x8_s i8x16.narrow_i16x8_u"
            " f32x4.ceil f32x4.floor f32x4.trunc f32x4.nearest"
            " i8x16.shl i8x16.shr_s i8x16.shr_u i8x16.add i8x16.add_sat_s i8x16.add_sat_u"
            " i8x16.sub i8x16.sub_sat_s i8x16.sub_sat_u f64x2.ceil f64x2.floor"
            " i8x16.min_s i8x16.min_u i8x16.max_s i8x16.max_u f64x2.trunc i8x16.avgr_u"
            " i16x8.extadd_pairwise_i8x16_s i16x8.extadd_pairwise_i8x16_u"
            " i32x4.extadd_pairwise_i16x8_s i32x4.extadd_pairwise_i16x8_u"
            " i16x8.abs i16x8.neg i16x8.q15mulr_sat_s i16x8.all_true i16x8.bitmask"
            " i16x8.narrow_i32x4_s i16x8.narrow_i32x4_u i16x8.extend_low_i8x16_s i16x8.extend_high_i8x16_s"
            " i16x8.extend_low_i8x16_u i16x8.extend_high_i8x16_u i16x8.shl i16x8.shr_s i16x8.shr_u"
            " i16x8.add i16x8.add_sat_s i16x8.add_sat_u i16x8.sub i16x8.sub_sat_s i16x8.sub_sat_u f64x2.nearest"
            " i16x8.mul i16x8.min_s i16x8.min_u i16x8.max_s i16x8.max_u - i16x8.avgr_u"
            " i16x8.extmul_low_i8x16_s i16x8.extmul_high_i8x16_s i16x8.extmul_low_i8x16_u i16x8.extmul_high_i8x16_u"
            " i32x4.abs i32x4.neg - i32x4.all_true i32x4.bitmask - - i32x4.extend_low_i16x8_s"
            " i32x4.extend_high_i16x8_s i32x4.extend_low_i16x8_u i32x4.extend_high_i16x8_u"
            " i32x4.shl i32x4.shr_s i32x4.shr_u i32x4.add - - i32x4.sub - - - i32x4.mul"
            " i32x4.min_s i32x4.min_u i32x4.max_s i32x4.max_u i32x4.dot_i16x8_s -"
            " i32x4.extmul_low_i16x8_s i32x4.extmul_high_i16x8_s i32x4.extmul_low_i16x8_u i32x4.extmul_high_i16x8_u"
            " i64x2.abs i64x2.neg - i64x2.all_true i64x2.bitmask - - i64x2.extend_low_i32x4_s"
            " i64x2.extend_high_i32x4_s i64x2.extend_low_i32x4_u i64x2.extend_high_i32x4_u"
            " i64x2.shl i64x2.shr_s i64x2.shr_u i64x2.add - - i64x2.sub - - - i64x2.mul"
            " i64x2.eq i64x2.ne i64x2.lt_s i64x2.gt_s i64x2.le_s i64x2.ge_s"
            " i64x2.extmul_low_i32x4_s i64x2.extmul_high_i32x4_s i64x2.extmul_low_i32x4_u i64x2.extmul_high_i32x4_u"
            " f32x4.abs f32x4.neg - f32x4.sqrt f32x4.add f32x4.sub f32x4.mul f32x4.div"
            " f32x4.min f32x4.max f32x4.pmin f32x4.pmax f64x2.abs f64x2.neg - f64x2.sqrt"
            " f64x2.add f64x2.sub f64x2.mul f64x2.div f64x2.min f64x2.max f64x2.pmin f64x2.pmax"
            " i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u f32x4.convert_i32x4_s f32x4.convert_i32x4_u"
            " i32x4.trunc_sat_f64x2_s_zero i32x4.trunc_sat_f64x2_u_zero"
            " f64x2.convert_low_i32x4_s f64x2.convert_low_i32x4_u",
            "",
            "simd128",
        ),
        (
            0x100,
            "i8x16.relaxed_swizzle i32x4.relaxed_trunc_f32x4_s i32x4.relaxed_trunc_f32x4_u"
            " i32x4.relaxed_trunc_f64x2_s_zero i32x4.relaxed_trunc_f64x2_u_zero"
            " f32x4.relaxed_madd f32x4.relaxed_nmadd f64x2.relaxed_madd f64x2.relaxed_nmadd"
            " i8x16.relaxed_laneselect i16x8.relaxed_laneselect i32x4.relaxed_laneselect i64x2.relaxed_laneselect"
            " f32x4.relaxed_min f32x4.relaxed_max f64x2.relaxed_min f64x2.relaxed_max"
            " i16x8.relaxed_q15mulr_s i16x8.relaxed_dot_i8x16_i7x16_s i32x4.relaxed_dot_i8x16_i7x16_add_s",
            "",
            "relaxed-simd",
        ),
    ),
    0xFE: (
        (0, "memory.atomic.notify memory.atomic.wait32 memory.atomic.wait64", "m", "atomics"),
        (3, "atomic.fence", "b", "atomics"),
        (
            0x10,
            "i32.atomic.load i64.atomic.load i32.atomic.load8_u i32.atomic.load16_u i64.atomic.load8_u"
            " i64.atomic.load16_u i64.atomic.load32_u i32.atomic.store i64.atomic.store i32.atomic.store8"
            " i32.atomic.store16 i64.atomic.store8 i64.atomic.store16 i64.atomic.store32",
            "m",
            "atomics",
        ),
        (
            0x1E,
            " ".join(
                f"{kind}.atomic.rmw{part}.{name}{'_u' if part else ''}"
                for name in ("add", "sub", "and", "or", "xor", "xchg", "cmpxchg")
                for kind, part in (
                    *(("i32", ""), ("i64", ""), ("i32", "8"), ("i32", "16")),
                    *(("i64", "8"), ("i64", "16"), ("i64", "32")),
                )
            ),
            "m",
            "atomics",
        ),
    ),
}


def _table() -> dict[tuple[int, int], Opcode]:
    table = {}
    for first, names, immediates, feature in _PLAIN:
        for code, name in enumerate(names.split(), first):
            table[code, -1] = Opcode(name, immediates, feature)
    for prefix, rows in _PREFIXED.items():
        for first, names, immediates, feature in rows:
            for number, name in enumerate(names.split(), first):
                if name != "-":
                    table[prefix, number] = Opcode(name, immediates, feature)
    return table


# By (opcode, -1), or by (prefix, number after it).
OPCODES = _table()
PREFIXES = frozenset(_PREFIXED)
