"""Tests of tools/wasm/objects.py."""

import time

import pytest
import wasm_builder as wb
from hypothesis import given
from hypothesis import strategies as st
from wasm.module import WasmError
from wasm.objects import archive_index, archive_members, member_at, read_objects, short_name, symbols

OBJECT = wb.object_file(
    [
        wb.symbol("add", index=1),
        wb.symbol("hidden_static", flags=2),
        wb.symbol("weak", flags=1 | 4),
        wb.symbol("imported", flags=0x10, explicit=False),
        wb.symbol("renamed", flags=0x10),
        wb.symbol("table_of_numbers", 1),
        wb.symbol("elsewhere", 1, flags=0x10),
        wb.symbol("", 3),
        wb.symbol("__stack_pointer", 2, flags=0x10),
    ]
)


def facts(found):
    return [(s.name, s.kind, s.defined, s.local, s.weak, s.hidden) for s in found]


def test_symbols():
    assert facts(symbols(OBJECT)) == [
        ("add", "function", True, False, False, False),
        ("hidden_static", "function", True, True, False, False),
        ("weak", "function", True, False, True, True),
        ("imported", "function", False, False, False, False),
        ("renamed", "function", False, False, False, False),
        ("table_of_numbers", "data", True, False, False, False),
        ("elsewhere", "data", False, False, False, False),
        ("__stack_pointer", "global", False, False, False, False),
    ]


def test_a_module_that_is_no_object_has_no_symbols():
    assert symbols(wb.MAGIC) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (wb.linking([], version=1), "the object's linking section has version 1, not 2 (at byte 0x12)"),
        (wb.linking([b"\x09\0\0"]), "there is no kind of symbol 9 (at byte 0x19)"),
        (wb.linking([b"\0\0\0\7a"]), "7 bytes are announced but only 1 are left (at byte 0x1d)"),
        (wb.custom("linking", b"\2\x08\x7f"), "127 bytes are announced but only 0 are left (at byte 0x15)"),
    ],
)
def test_broken_symbol_tables(content, message):
    with pytest.raises(WasmError) as error:
        symbols(wb.MAGIC + content)
    assert str(error.value) == message


def test_too_many_symbols():
    data = wb.MAGIC + wb.custom(
        "linking", b"\2" + wb.section(8, wb.encode_unsigned(1_000_001) + b"\1\x10\0" * 1_000_001)
    )
    with pytest.raises(WasmError, match=r"^there are 1000001 symbols, more than the 1000000 allowed "):
        symbols(data)


def test_many_tables_take_no_more_time_than_their_size():
    made = wb.ModuleBuilder()
    for _ in range(20_000):
        made.add_import("", "", "function", ([], []))
    made.customs.append(wb.custom("linking", b"\2" + wb.section(8, b"\0") * 20_000))
    data = made.build()
    start = time.process_time()
    assert symbols(data) == []
    assert time.process_time() - start < 10  # seconds; minutes where each table costs as much as the imports


LONG = "a_name_of_more_than_fifteen_bytes.o"
MEMBERS = [("a.o", b"odd"), (LONG, b"even"), ("b.o", b""), ("folder/with_a_long_name/c.o", OBJECT)]


@pytest.mark.parametrize("style", ["gnu", "bsd"])
def test_archives(style):
    assert list(archive_members(wb.archive(MEMBERS, style=style))) == MEMBERS


def test_an_empty_archive():
    assert list(archive_members(b"!<arch>\n")) == []


def header(name: bytes, size: bytes) -> bytes:
    return wb.member_header(name, 0)[:48] + b"%-10s`\n" % size


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not an archive"),
        (b"!<thin>\n", "a thin archive only names its members; make one that holds them (ar without T)"),
        (b"!<arch>\nshort", "an archive member's header is damaged (at byte 0x8)"),
        (
            b"!<arch>\n" + header(b"a/", b"5") + b"abc",
            "an archive member has 5 bytes but only 3 are left (at byte 0x8)",
        ),
        (b"!<arch>\n" + header(b"a/", b"-1"), "an archive member's header is damaged (at byte 0x8)"),
        (b"!<arch>\n" + header(b"a/", b""), "an archive member's header is damaged (at byte 0x8)"),
        (b"!<arch>\n" + header(b"a/", b"\xc2\xb2"), "an archive member's header is damaged (at byte 0x8)"),
        (b"!<arch>\n" + header(b"/7", b"0"), "an archive member's name is outside of the table of names (at byte 0x8)"),
        (
            b"!<arch>\n" + header(b"#1/9", b"2") + b"ab",
            "an archive member's name is longer than the member (at byte 0x8)",
        ),
    ],
)
def test_broken_archives(data, message):
    with pytest.raises(WasmError) as error:
        list(archive_members(data))
    assert str(error.value) == message


def test_read_objects():
    assert [(o.path, o.shown_name) for o in read_objects("x/y.o", OBJECT)] == [("x/y.o", "y.o")]
    found = list(read_objects("x/lib.a", wb.archive(MEMBERS)))
    path = "x/lib.a(folder/with_a_long_name/c.o)"
    assert [(o.path, o.shown_name, facts(o.symbols)) for o in found] == [(path, "c.o", facts(symbols(OBJECT)))]
    assert list(read_objects("x.bc", b"BC\xc0\xde")) == []


def indexed(symbols_of, members):
    """An archive with a table as GNU's and LLVM's ar write it; `symbols_of` has the names by member."""
    names = [name for name, _ in members]
    size = 4 + sum(4 + len(symbol) + 1 for found in symbols_of.values() for symbol in found)
    offsets, place = {}, 8 + 60 + size + size % 2
    for name, content in members:
        offsets[name] = place
        place += 60 + len(content) + len(content) % 2
    entries = [(symbol, offsets[name]) for name in names for symbol in symbols_of.get(name, ())]
    table = len(entries).to_bytes(4, "big") + b"".join(offset.to_bytes(4, "big") for _, offset in entries)
    table += b"".join(symbol.encode() + b"\0" for symbol, _ in entries)
    parts = [b"!<arch>\n", wb.member_header(b"/", len(table)), table, b"\n" * (len(table) % 2)]
    for name, content in members:
        parts += [wb.member_header(name.encode() + b"/", len(content)), content, b"\n" * (len(content) % 2)]
    return b"".join(parts)


TWO = [("a.o", wb.object_file([wb.symbol("f"), wb.symbol("s", flags=2)])), ("b.o", wb.object_file([wb.symbol("g")]))]


@pytest.mark.parametrize(
    "data",
    [
        indexed({"a.o": ["f"], "b.o": ["g", "f"]}, TWO),
        wb.archive([*TWO, ("c.o", wb.object_file([wb.symbol("f")])), ("d.txt", b"text")]),
        wb.archive([("a_long_name_of_a_member.o", TWO[0][1]), TWO[1]], style="bsd"),
    ],
    ids=["with a table", "with an empty one", "with one of another form"],
)
def test_where_an_archive_has_a_symbol(data):
    index = archive_index(data)
    assert sorted(index) == ["f", "g"]
    assert [member_at(data, index[name]) for name in "fg"] == [content for _, content in TWO]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"!<arch>\n" + wb.member_header(b"/", 4) + b"\0\0\0\7", "an archive's table has 0 bytes for 7 symbols (at byte 0x44)"),
        (b"!<arch>\n" + wb.member_header(b"/", 2) + b"\0\0", "4 bytes are announced but only 2 are left (at byte 0x44)"),
    ],
)  # fmt: skip
def test_broken_tables(data, message):
    with pytest.raises(WasmError) as error:
        archive_index(data)
    assert str(error.value) == message


def test_a_table_that_names_no_member():
    with pytest.raises(WasmError, match="an archive member's header is damaged"):
        member_at(wb.archive(TWO), 9)


def test_short_name():
    assert [short_name(p) for p in ("a/b.o", "b.o", "a/l.a(b.o)", "a/l.a(x/b.o)")] == ["b.o"] * 4


ARCHIVE = wb.archive(MEMBERS)


@given(st.lists(st.tuples(st.integers(0, len(ARCHIVE) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_any_mutated_archive_is_read_or_refused(changes):
    data = bytearray(ARCHIVE)
    for place, value in changes:
        data[place] = value
    try:
        assert sum(len(o.symbols) for o in read_objects("a", bytes(data))) < len(data)
    except WasmError as error:
        assert "\n" not in str(error)
