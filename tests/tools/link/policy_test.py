"""Tests of tools/link/policy.py and tools/wasm/features.py, and of what the check says: declarations, messages, import types."""

import pytest
import wasm_builder as wb
from link.policy import _REFUSED, ALLOWED, ON_REQUEST, violation
from linked_library import Linked
from wasm.features import used_features
from wasm.module import WasmError, parse
from wasm.opcodes import OPCODES

TABLES = "take out the code (inline assembly, __builtin_wasm_table_*, __externref_t) that handles tables or references"
TAIL_CALL = "compile without -mtail-call, and take musttail attributes out"
ONE_CLAUSE = "give each try block one clause, as clang does; wasm2c translates a second one wrongly"
EXNREF = "compile with -mllvm -wasm-use-legacy-eh=true; a sandbox takes exceptions in their first form"
V128 = b"\xfd\x0c" + bytes(16) + b"\x1a"


def test_the_lists_have_each_feature_once():
    known = {opcode.feature for opcode in OPCODES.values()} - {""}
    lists = [*ALLOWED, *ON_REQUEST, *_REFUSED]
    assert len(lists) == len(set(lists))
    assert known <= set(lists)


# ---------------------------------------------------------------- code


@pytest.mark.parametrize(
    ("code", "instruction", "feature", "way_out"),
    [
        (b"\x12\1", "return_call", "tail-call", TAIL_CALL),
        (b"\x41\0\x13\0\0", "return_call_indirect", "tail-call", TAIL_CALL),
        (b"\x41\0\x25\0\x1a", "table.get", "reference-types", TABLES),
        (b"\x41\0\xd0\x70\x26\0", "ref.null", "reference-types", TABLES),
        (b"\xd0\x70\x41\1\xfc\x0f\0\x1a", "ref.null", "reference-types", TABLES),
        (b"\xfc\x10\0\x1a", "table.size", "reference-types", TABLES),
        (b"\xd2\1\x1a", "ref.func", "reference-types", TABLES),
        (b"\x41\0\x41\0\x41\0\xfc\x0e\0\0", "table.copy", "reference-types", TABLES),
        (b"\x41\0\x11\0\1", "call_indirect", "reference-types", TABLES),
        (b"\x41\0\x11\0\x81\x80\x80\x80\0", "call_indirect", "reference-types", TABLES),
        (b"\x02\x70\0\x0b\x1a", "block", "reference-types", TABLES),
        (b"\0\x1c\1\x6f\x1a", "select", "reference-types", TABLES),
        (b"\xfe\3\0", "atomic.fence", "atomics", "compile without -pthread and -matomics; a sandbox has no threads"),
        (
            b"\x06\x40\x07\0\x1a\x07\0\x1a\x0b",
            "a second catch",
            "many-catches",
            ONE_CLAUSE,
        ),
        (b"\x06\x40\x07\0\x1a\x19\x0b", "a second catch", "many-catches", ONE_CLAUSE),
        (b"\x06\x40\x06\x40\x07\0\x1a\x0b\x07\0\x1a\x19\x0b", "a second catch", "many-catches", ONE_CLAUSE),
        (b"\x1f\x40\0\x0b", "try_table", "exnref", EXNREF),
        (b"\0\x0a", "throw_ref", "exnref", EXNREF),
        (
            b"\x41\0\x28\x42\1\0\x1a",
            "i32.load",
            "multimemory",
            "compile without -mmultimemory; a sandbox has one memory",
        ),
        (
            b"\x41\0\x28\2\xf1\xff\xff\xff\x0f\x1a",
            "i32.load",
            "far-offsets",
            "compile without addresses of more than 4294967280 in loads and stores; the memory ends there",
        ),
        (
            b"\x41\0\0\xfd\x0b\0\xff\xff\xff\xff\x0f",
            "v128.store",
            "far-offsets",
            "compile without addresses of more than 4294967280 in loads and stores; the memory ends there",
        ),
        (b"\x3f\1\x1a", "memory.size", "multimemory", "compile without -mmultimemory; a sandbox has one memory"),
        (b"\x41\0\x28\2\x80\x80\x80\x80\x10\x1a", "i32.load", "memory64", "compile for wasm32, not for wasm64"),
        (b"\x41\0\x28\2\x80\x80\x80\x80\x80\0\x1a", "i32.load", "memory64", "compile for wasm32, not for wasm64"),
        (
            b"\xfc\x09\0",
            "data.drop",
            "passive-segments",
            "link without --shared-memory; only threads need passive segments",
        ),
        (
            b"\0\xfd\x80\2\x1a",
            "i8x16.relaxed_swizzle",
            "relaxed-simd",
            "compile without -mrelaxed-simd; what its instructions give depends on the host",
        ),
        (b"\0\xfc\x13\x1a\x1a", "i64.add128", "wide-arithmetic", "compile without -mwide-arithmetic"),
    ],
)
@pytest.mark.parametrize("linked_here", [True, False])
def test_refused_instructions(tmp_path, code, instruction, feature, way_out, linked_here):
    linked = Linked().allocator()
    linked.function("parse", "bin/lib/parser.o", b"\x01" + code)
    message = linked.error(tmp_path, "--simd", "--export-all", files=linked_here)
    place = "parser.o" if linked_here else "in.wasm"
    assert (
        message
        == f"parse() in {place} uses {instruction} (feature {feature}), which no sandbox allows. To fix: {way_out}"
    )


@pytest.mark.parametrize(
    "code",
    [
        b"\x41\0\x11\0\0",
        b"\x41\0\x11\0\x80\x80\x80\x80\0",  # as clang writes it for the linker
        b"\x41\0\xc0\x1a",
        b"\x43" + bytes(4) + b"\xfc\0\x1a",
        b"\x41\0\x41\0\x41\0\xfc\x0a\0\0",
        b"\x41\0\x41\0\x41\0\xfc\x0b\0",
        b"\x02\0\x0b",
        b"\x41\0\x41\0\x41\0\x1c\1\x7f\x1a",
        b"\x41\0\x28\x82\0\xf0\xff\xff\xff\x0f\x1a",
    ],
)
def test_what_clang_makes_passes(tmp_path, code):
    linked = Linked().allocator()
    linked.function("f", "bin/a.o", code)
    assert linked.check(tmp_path, "--export-all")


@pytest.mark.parametrize(
    "code",
    [
        b"\x41\0\x08\0",
        b"\x06\x40\x07\0\x1a\x0b" * 2,
        b"\x06\x40\x06\x40\x18\0\x07\0\x1a\x06\x40\x07\0\x1a\x0b\x0b",
    ],
)
def test_setjmp_and_longjmp_pass(tmp_path, code):
    linked = Linked().allocator()
    linked.made.add_tag((["i32"], []))
    linked.function("f", "bin/a.o", code)
    assert linked.check(tmp_path, "--export-all").tags


@pytest.mark.parametrize(
    ("code", "instruction"),
    [
        (b"\x06\x40\x19\x0b", "catch_all"),
        (b"\x06\x40\x07\0\x1a\x09\0\x0b", "rethrow"),
        (b"\x06\x40\x06\x40\x19\x06\x40\x18\1\x09\0\x0b\x19\x0b", "catch_all"),
    ],
)
def test_exceptions_are_allowed_on_request(tmp_path, code, instruction):
    linked = Linked().allocator()
    linked.made.add_tag((["i32"], []))
    linked.function("f", "bin/a.o", code)
    assert linked.error(tmp_path, "--export-all") == (
        f"f() in a.o uses {instruction} (feature catch-all), which needs exceptions = True. To fix: set the attribute, or compile without this feature"
    )
    assert linked.check(tmp_path, "--exceptions", "--export-all").tags


@pytest.mark.parametrize(
    ("code", "feature"),
    [
        (b"\x06\x40\x07\0\x1a\x19\x0b", "many-catches"),
        (b"\x06\x40\x07\0\x1a\x07\0\x1a\x0b", "many-catches"),
        (b"\x1f\x40\0\x0b", "exnref"),
        (b"\x06\x40" * 101 + b"\x19\x0b" * 101, "deep-nesting"),
        (b"\x06\x40\x19\x0b" * 101, "many-tries"),
    ],
)
def test_what_is_refused_with_exceptions(tmp_path, code, feature):
    linked = Linked().allocator()
    linked.made.add_tag((["i32"], []))
    linked.function("f", "bin/a.o", code)
    assert f"(feature {feature}), which no sandbox allows" in linked.error(tmp_path, "--exceptions", "--export-all")


def test_vectors_are_allowed_on_request(tmp_path):
    linked = Linked().allocator()
    linked.function("f", "bin/a.o", b"\x01", signature=(["v128"], []))
    assert linked.error(tmp_path, "--export-all") == (
        "type 2 of in.wasm needs the feature simd128, which needs simd = True. To fix: set the attribute, or compile without this feature"
    )
    linked.made.bodies[-1] = wb.body(V128, b"\1\1\x7b")
    linked.made.globals.append(b"\x7b\0\xfd\x0c" + bytes(16) + b"\x0b")
    assert linked.check(tmp_path, "--simd", "--export-all")
    (tmp_path / "out.wasm").unlink()
    linked = Linked().allocator()
    linked.function("f", "bin/a.o", V128)
    assert linked.error(tmp_path, "--export-all") == (
        "f() in a.o uses v128.const (feature simd128), which needs simd = True. To fix: set the attribute, or compile without this feature"
    )


@pytest.mark.parametrize(
    ("value", "feature"),
    [(0x7B, "simd128"), (0x70, "reference-types"), (0x6F, "reference-types"), (0x69, "exnref")],
)
def test_local_variables_have_types(tmp_path, value, feature):
    linked = Linked().allocator()
    linked.function("f", "bin/a.o")
    linked.made.bodies[-1] = wb.body(b"", bytes([2, 1, 0x7F, 1, value]))
    message = linked.error(tmp_path, "--export-all")
    assert message.startswith("f() in a.o uses a local variable of type ") and f"(feature {feature})" in message


@pytest.mark.parametrize(
    ("code", "declared_locals", "problem"),
    [
        (b"\xfb\0", b"\0", "instruction 0xfb is not known (at byte 0x70)"),
        (b"\xfc\x12\0", b"\0", "instruction 0xfc 18 is not known (at byte 0x70)"),
        (b"\x06", b"\1\1\x64", "there is no value type 0x64, or it is not supported (at byte 0x71)"),
        (b"", b"\1\xd1\x86\3\x7f", "a function has 50001 locals, more than the 50000 allowed (at byte 0x70)"),
        (b"\x02\x64\x70\x0b", b"\0", "there is no value type 0x64, or it is not supported (at byte 0x71)"),
        (b"\x02\xf0\x7f\x0b", b"\0", "a block type is not known (at byte 0x71)"),
        (b"\x10\x07", b"\0", "there is no function 7 (at byte 0x70)"),
    ],
)
def test_unknown_code_is_refused(tmp_path, code, declared_locals, problem):
    linked = Linked().allocator()
    linked.function("odd", "bin/a.o")
    linked.made.bodies[-1] = wb.body(code, declared_locals)
    assert linked.error(tmp_path, "--export-all") == (
        f"the code of odd() in a.o cannot be read: {problem}; no sandbox allows unknown instructions. To fix:"
        " compile without the feature that this one belongs to"
    )


def test_a_function_without_end():
    made = wb.library()
    made.add_function()
    made.bodies[-1] = b"\3\0\1\1"
    with pytest.raises(WasmError, match=r"^a function does not end with an end instruction"):
        violation(parse(made.build()))


# ---------------------------------------------------------------- declarations

ZERO = b"\x41\0\x0b"
REF = b"\xd2\0\x0b"


def with_attribute(name, entry):
    made = wb.library()
    made.add_function()
    getattr(made, name).append(entry)
    if name == "tables":
        made.imports.pop()
    return made


def with_imported_tag():
    made = wb.library()
    made.add_import("env", "tag", "tag", b"\0" + bytes([made.type((["i32"], []))]))
    return made


def with_tag(*parameters):
    made = wb.library()
    made.add_tag((parameters, []))
    return made


def with_type(params, results):
    made = wb.library()
    made.type((params, results))
    return made


@pytest.mark.parametrize(
    ("make", "what", "feature"),
    [
        (lambda: with_attribute("elements", b"\1\0\0"), "element segment 0", "passive-segments"),
        (lambda: with_attribute("elements", b"\3\0\0"), "element segment 0", "passive-segments"),
        (lambda: with_attribute("elements", b"\2\1" + ZERO + b"\0\0"), "element segment 0", "reference-types"),
        (lambda: with_attribute("elements", b"\4" + ZERO + b"\1" + REF), "element segment 0", "reference-types"),
        (lambda: with_attribute("elements", b"\5\x70\0"), "element segment 0", "passive-segments"),
        (lambda: with_attribute("elements", b"\0\x23\0\x0b\0"), None, "a constant expression reads a global"),
        (lambda: with_attribute("elements", b"\0\x41\0\x41\0\x6a\x0b\0"), "element segment 0", "extended-const"),
        (lambda: with_attribute("data", b"\1\0"), "data segment 0", "passive-segments"),
        (lambda: with_attribute("data", b"\2\1" + ZERO + b"\0"), "data segment 0", "multimemory"),
        (lambda: with_attribute("globals", b"\x7f\0\x41\1\x41\1\x6a\x0b"), "global 0", "extended-const"),
        (lambda: with_attribute("globals", b"\x70\0" + REF), "global 0", "reference-types"),
        (lambda: with_attribute("globals", b"\x6f\0\xd0\x6f\x0b"), "global 0", "reference-types"),
        (lambda: with_attribute("memories", wb.limits(1)), "memory 1", "multimemory"),
        (lambda: with_attribute("tables", b"\x6f\0\1"), "table 0", "reference-types"),
        (lambda: with_attribute("tables", b"\x70\4\1"), "table 0", "memory64"),
        (lambda: with_attribute("tables", b"\x40\0\x70\0\1\xd0\x70\x0b"), "table 0", "function-references"),
        (with_imported_tag, "tag 0", "tag-imports"),
        (with_tag, "tag 0", "tag-types"),
        (lambda: with_tag("i64"), "tag 0", "tag-types"),
        (lambda: with_tag("i32", "i32"), "tag 0", "tag-types"),
        (lambda: with_tag(*["i64"] * 17), "tag 0", "tag-types"),
        (lambda: with_type(["externref"], []), "type 0", "reference-types"),
        (lambda: with_type([], ["i32", "funcref"]), "type 0", "reference-types"),
    ],
)
def test_refused_declarations(make, what, feature):
    data = make().build()
    if what is None:
        with pytest.raises(WasmError, match=feature):
            parse(data)
        return
    module = parse(data)
    found = violation(module, ["simd"])
    assert found is not None and (found.use.what, found.use.feature, found.use.function) == (what, feature, -1)
    assert feature in used_features(module)


@pytest.mark.parametrize("parameters", [["i32"], ["i64"] * 16])
def test_exceptions_that_the_runtime_has_room_for(parameters):
    module = parse(with_tag(*parameters).build())
    assert violation(module) is None
    assert used_features(module) == ["exception-handling"]


def test_several_results_are_allowed():
    module = parse(with_type([], ["i32", "i64"]).build())
    assert violation(module) is None
    assert used_features(module) == ["multivalue"]


@pytest.mark.parametrize("segment", [b"\0" + ZERO + b"\1\0", b"\2\0" + ZERO + b"\0\1\0"])
def test_active_segments_are_allowed(segment):
    assert violation(parse(with_attribute("elements", segment).build())) is None


@pytest.mark.parametrize("segment", [b"\0" + ZERO + b"\1x", b"\2\0" + ZERO + b"\1x"])
def test_active_data_is_allowed(segment):
    assert violation(parse(with_attribute("data", segment).build())) is None


def test_a_table_that_no_linker_makes(tmp_path):
    linked = Linked(table=False).allocator()
    linked.made.tables[0] = b"\x70" + wb.limits(10_000_001)
    assert linked.error(tmp_path, "--export-all", table="exported") == (
        "the module's table has 10000001 entries at first, more than the 10000000 allowed. To fix: link it again, without --table-base"
    )
    linked.made.tables[0] = b"\x70" + wb.limits(10_000_000)
    assert linked.check(tmp_path, "--export-all", table="exported").tables[0].limits.minimum == 10_000_000


# ---------------------------------------------------------------- imports
