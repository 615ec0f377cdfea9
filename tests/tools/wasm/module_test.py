"""Tests of tools/wasm/module.py, sections.py, entries.py and model.py."""

import contextlib

import pytest
import wasm_builder as wb
from hypothesis import given, settings
from hypothesis import strategies as st
from wasm.module import Export, FuncType, GlobalType, Import, Limits, TableType, WasmError, parse
from wasm_builder import ModuleBuilder, custom, encode_name, encode_unsigned, section, vector


def complete() -> ModuleBuilder:
    """A module with something of everything."""
    made = ModuleBuilder()
    made.add_import("env", "memory", "memory", wb.limits(2, 9))
    made.add_import("env", "__indirect_function_table", "table", b"\x70" + wb.limits(1))
    made.add_import("wasi_snapshot_preview1", "fd_write", "function", (["i32"] * 4, ["i32"]))
    made.add_import("env", "g", "global", b"\x7f\0")
    made.add_global(initial=262144)
    made.add_global("i64", mutable=False, initial=-5)
    first = made.add_function(name="start")
    second = made.add_function((["f32", "f64", "v128"], ["i64", "i32"]), wb.call(first), name="two", export="two")
    made.add_export("sp", "global", 1)
    made.add_export("mem", "memory", 0)
    made.start = first
    made.add_elements([second, 0])
    made.add_data(b"hello")
    made.customs.append(
        custom("target_features", vector([b"+" + encode_name("simd128"), b"-" + encode_name("atomics")]))
    )
    made.customs.append(custom("producers", b"anything"))
    return made


def test_a_complete_module():
    data = complete().build()
    module = parse(data)
    assert list(module.types) == [
        FuncType(("i32",) * 4, ("i32",)),
        FuncType((), ()),
        FuncType(("f32", "f64", "v128"), ("i64", "i32")),
    ]
    assert module.imports == [
        Import("env", "memory", "memory", 0),
        Import("env", "__indirect_function_table", "table", 0),
        Import("wasi_snapshot_preview1", "fd_write", "function", 0),
        Import("env", "g", "global", 0),
    ]
    assert list(module.functions) == [0, 1, 2]
    assert module.imported_functions == 1
    assert module.function_type(2) == module.types[2]
    assert str(module.types[2]) == "(f32, f64, v128) -> (i64, i32)"
    assert module.memories == [Limits(2, 9)]
    assert module.tables == [TableType("funcref", Limits(1, None))]
    assert module.globals == [
        GlobalType("i32", False),
        GlobalType("i32", True, 262144),
        GlobalType("i64", False, -5),
    ]
    assert module.exports == [Export("two", "function", 2), Export("sp", "global", 1), Export("mem", "memory", 0)]
    assert module.start == 1
    assert list(module.referenced) == [1, 0, 1]
    assert module.data_size == 5
    assert module.code_size == len(complete().code_section())
    assert [data[body.start : body.end] for body in module.bodies] == [b"\0\x0b", b"\0\x10\1\x0b"]
    assert (module.name, dict(module.function_names)) == ("made", {1: "start", 2: "two"})
    assert (module.function_name(2), module.function_name(0)) == ("two", "function 0")
    assert module.features == ["+simd128", "-atomics"]
    assert [s.name for s in module.sections] == [
        *("type", "import", "function", "global", "export", "start", "element", "code", "data"),
        *("name", "target_features", "producers"),
    ]
    assert [data[s.payload : s.end] for s in module.custom("producers")] == [b"anything"]


def test_names_can_be_left_out():
    assert parse(complete().build(), with_names=False).function_names == {}


def test_the_empty_module():
    module = parse(wb.MAGIC)
    assert (list(module.types), module.exports, module.start, module.name) == ([], [], None, "")


def test_kinds_of_segments():
    made = ModuleBuilder()
    for _ in range(9):
        made.add_function()
    made.add_table(4)
    made.add_memory()
    zero, ref = b"\x41\0\x0b", [b"\xd2" + bytes([i]) + b"\x0b" for i in range(9)]
    made.elements = [
        b"\0" + zero + vector([b"\0"]),
        b"\1\0" + vector([b"\1"]),
        b"\2\0" + zero + b"\0" + vector([b"\2"]),
        b"\3\0" + vector([b"\3"]),
        b"\4" + zero + vector([ref[4]]),
        b"\5\x70" + vector([ref[5]]),
        b"\6\0" + zero + b"\x70" + vector([ref[6], b"\xd0\x70\x0b"]),
        b"\7\x70" + vector([ref[7]]),
    ]
    made.data = [b"\0" + zero + b"\2ab", b"\1\3cde", b"\2\0" + zero + b"\1f"]
    module = parse(made.build())
    assert list(module.referenced) == [1] * 8 + [0]
    assert module.data_size == 6


@pytest.mark.parametrize(
    ("code", "value"),
    [
        (b"\x41\x7f", -1),
        (b"\x42\x80\x01", 128),
        (b"\x43abcd", None),
        (b"\x44abcdefgh", None),
        (b"\x23\0", None),
        (b"\x41\1\x41\2\x6a", None),
        (b"\xd0\x70", None),
        (b"\xfd\x0c" + b"x" * 16, None),
    ],
)
def test_constant_expressions(code, value):
    made = ModuleBuilder()
    made.add_global()
    made.globals.append(b"\x7f\0" + code + b"\x0b")
    assert parse(made.build()).globals[1:] == [GlobalType("i32", False, value)]


def test_tables_with_an_initial_value_and_tags():
    data = wb.MAGIC + section(1, vector([wb.func_type(wb.VOID)])) + section(4, vector([b"\x40\0\x70\0\1\xd0\x70\x0b"]))
    data += section(5, vector([wb.limits(1)])) + section(13, vector([b"\0\0"])) + section(7, vector([b"\1t\4\0"]))
    module = parse(data)
    assert module.tables == [TableType("funcref", Limits(1, None))]
    assert (list(module.tags), module.exports) == ([0], [Export("t", "tag", 0)])


def test_kinds_of_memories():
    made = ModuleBuilder()
    made.memories = [wb.limits(1, 2, 2), wb.limits(1, 2**48, 4), b"\x08\5\0"]
    assert parse(made.build()).memories == [
        Limits(1, 2, shared=True),
        Limits(1, 2**48, is64=True),
        Limits(5, None, page_size_log2=0),
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a WebAssembly module but an empty file"),
        (b"hello", "not a WebAssembly module"),
        (b"\0asm", "not a WebAssembly module but WebAssembly of a version other than 1, or cut short"),
        (b"\0asm\2\0\0\0", "not a WebAssembly module but WebAssembly of a version other than 1, or cut short"),
        (b"\0asm\x0d\0\1\0", "not a WebAssembly module but a WebAssembly component, where a core module is needed"),
        (b"\x7fELF\2", "not a WebAssembly module but an ELF file, that is code for a native platform"),
        (b"\xcf\xfa\xed\xfe", "not a WebAssembly module but a Mach-O file, that is code for a native platform"),
        (b"MZ", "not a WebAssembly module but a Windows executable"),
        (b"!<arch>\n", "not a WebAssembly module but an archive"),
        (b"!<thin>\n", "not a WebAssembly module but a thin archive"),
        (b"BC\xc0\xde", "not a WebAssembly module but LLVM bitcode"),
        (b"(module)", "not a WebAssembly module but WebAssembly text (wat2wasm translates it)"),
    ],
)
def test_other_formats(data, message):
    with pytest.raises(WasmError) as error:
        parse(data)
    assert str(error.value) == message


TYPE = section(1, vector([wb.func_type(wb.VOID)]))
ONE_FUNCTION = TYPE + section(3, b"\1\0")
CODE = section(10, vector([wb.body(b"")]))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x0e\0", "there is no kind of section 14 (at byte 0x8)"),
        (b"\1\5abc", "5 bytes are announced but only 3 are left (at byte 0xa)"),
        (b"\1", "the data ends too early (at byte 0x9)"),
        (b"\0\2\5a", "5 bytes are announced but only 1 are left (at byte 0xb)"),
        (TYPE + TYPE, "the type section is out of order or there twice (at byte 0xe)"),
        (section(3, b"\0") + TYPE, "the type section is out of order or there twice (at byte 0xb)"),
        (section(1, b"\0x"), "1 bytes are left over at the end of the type section (at byte 0xb)"),
        (section(1, b"\1\x5f\0\0"), "type form 0x5f is not supported (only functions are) (at byte 0xb)"),
        (section(1, b"\1\x60\1\x01\0"), "there is no value type 0x1, or it is not supported (at byte 0xd)"),
        (
            section(1, b"\1\x60" + encode_unsigned(1001) + b"\x7f" * 1001 + b"\0"),
            "there are 1001 parameters, more than the 1000 allowed (at byte 0xd)",
        ),
        (section(1, b"\xff\xff\xff\xff\x0f"), "4294967295 types are announced but only 0 bytes are left (at byte 0xa)"),
        (section(2, b"\1\0\0\5\0"), "there is no kind of import 5 (at byte 0xd)"),
        (section(2, b"\1\0\0\0\0"), "there is no type 0 (at byte 0xe)"),
        (section(2, b"\1\0\0\1\x7f\0\0"), "there is no reference type 0x7f, or it is not supported (at byte 0xe)"),
        (section(2, b"\1\0\0\3\x7f\2"), "a global's mutability is 2, not 0 or 1 (at byte 0xf)"),
        (section(2, b"\1\0\0\4\1\0"), "a tag is no exception (at byte 0xe)"),
        (section(3, b"\1\0"), "there is no type 0 (at byte 0xb)"),
        (section(4, b"\1\x70\2\1"), "limits flags 0x2 are not supported (at byte 0xc)"),
        (section(5, b"\1\x10\1"), "limits flags 0x10 are not supported (at byte 0xb)"),
        (section(5, b"\1\0\x81\x80\x04"), "limits from 65537 to None make no sense (at byte 0xb)"),
        (section(5, b"\1\1\2\1"), "limits from 2 to 1 make no sense (at byte 0xb)"),
        (section(5, b"\1\x08\1\3"), "a page size of 2^3 bytes is not supported (at byte 0xb)"),
        (section(6, b"\1\x7f\0\x20\0"), "a constant expression has an instruction that is not constant (at byte 0xd)"),
        (section(6, b"\1\x7f\0\xfd\0"), "a constant expression has an instruction that is not constant (at byte 0xd)"),
        (section(6, b"\1\x7f\0\xd2\0\x0b"), "there is no function 0 (at byte 0xe)"),
        (section(7, b"\1\0\5\0"), "there is no kind of export 5 (at byte 0xb)"),
        (section(7, b"\1\1a\0\0"), "there is no function 0 to export (at byte 0xb)"),
        (ONE_FUNCTION + section(7, b"\2\1a\0\0\1a\0\0") + CODE, "a name is exported twice (at byte 0x19)"),
        (section(8, b"\0"), "there is no function 0 (at byte 0xa)"),
        (
            section(1, b"\1\x60\1\x7f\0") + section(3, b"\1\0") + section(8, b"\0"),
            "the start function has parameters or results (at byte 0x15)",
        ),
        (section(9, b"\1\x08\0"), "there is no kind of element segment 8 (at byte 0xb)"),
        (section(9, b"\1\0\x41\0\x0b\1\0"), "there is no function 0 (at byte 0x10)"),
        (section(11, b"\1\3\0"), "there is no kind of data segment 3 (at byte 0xb)"),
        (section(11, b"\1\1\5a"), "5 bytes are announced but only 1 are left (at byte 0xd)"),
        (ONE_FUNCTION, "1 functions are declared but 0 have code"),
        (CODE, "0 functions are declared but 1 have code"),
        (section(10, b"\1\7\0\x0b"), "7 bytes are announced but only 2 are left (at byte 0xc)"),
        (custom("name", b"\0\2\3a"), "3 bytes are announced but only 1 are left (at byte 0x12)"),
        (custom("target_features", b"\1+"), "1 features are announced but only 1 bytes are left (at byte 0x1a)"),
    ],
)
def test_broken_modules(content, message):
    with pytest.raises(WasmError) as error:
        parse(wb.MAGIC + content)
    assert str(error.value) == message


def test_a_name_that_is_not_utf8():
    with pytest.raises(WasmError, match=r"^a name is not UTF-8 \(at byte 0xa\)$"):
        parse(wb.MAGIC + section(0, b"\1\xff"))


COMPLETE = complete().build()


@settings(max_examples=400)
@given(st.lists(st.tuples(st.integers(0, len(COMPLETE) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_any_mutated_module_is_read_or_refused(changes):
    data = bytearray(COMPLETE)
    for place, value in changes:
        data[place] = value
    try:
        module = parse(bytes(data))
    except WasmError as error:
        assert "\n" not in str(error) and len(str(error)) < 300
    else:  # what was read is bounded by what was there
        assert len(module.functions) + len(module.exports) + len(module.types) + len(module.imports) < len(data)


@given(st.integers(0, len(COMPLETE) - 1))
def test_any_truncated_module_is_read_or_refused(size):
    try:
        parse(COMPLETE[:size])
    except WasmError as error:
        assert error.offset is None or error.offset <= size


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    for content in (data, wb.MAGIC + data):
        with contextlib.suppress(WasmError):
            parse(content)


signatures = st.tuples(*[st.lists(st.sampled_from(sorted(wb.VALUES)), max_size=4)] * 2)


@given(
    st.lists(st.tuples(st.text(max_size=9), signatures), max_size=4),
    st.lists(st.tuples(st.text(max_size=9), signatures), max_size=5, unique_by=lambda item: item[0]),
    st.lists(st.integers(-(2**31), 2**31 - 1), max_size=3),
)
def test_what_was_written_is_read(imports, functions, global_values):
    made = ModuleBuilder()
    for name, signature in imports:
        made.add_import("m", name, "function", signature)
    for name, signature in functions:
        made.add_function(signature, name=name, export=name)
    for value in global_values:
        made.add_global(initial=value)
    module = parse(made.build())
    every = [signature for _, signature in imports + functions]
    assert [module.function_type(i) for i in range(len(every))] == [FuncType(tuple(p), tuple(r)) for p, r in every]
    assert [i.name for i in module.imports] == [name for name, _ in imports]
    first = len(imports)
    assert [(e.name, e.number) for e in module.exports] == [(n, first + i) for i, (n, _) in enumerate(functions)]
    assert [g.initial for g in module.globals] == global_values
    assert [module.function_names.get(first + i, "") for i in range(len(functions))] == [n for n, _ in functions]
