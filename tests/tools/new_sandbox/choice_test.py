"""Tests of choice.py."""

import pytest
from made_calls import ANYTHING, BYTES, INT, ROOM, SIZE, TEXT, VOID, callback, function, number, pointer, struct
from new_sandbox import choice
from new_sandbox.calls import Type
from new_sandbox.choice import words

VERSION = function("lib_version", TEXT)
CHECKSUM = function("lib_crc32", SIZE, start=SIZE, data=BYTES, size=SIZE)


def plan(call, allocatable):
    made = choice.plan(call, allocatable)
    assert made is not None
    return made


def chosen(calls):
    made = choice.choose(calls, ())
    assert made is not None
    return made.call


def roles(call, allocatable=()):
    made = choice.plan(call, allocatable)
    return made and [item.role if item.of < 0 else f"{item.role} of {item.of}" for item in made.arguments]


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        (function("f", INT), []),
        (function("f", INT, data=BYTES, size=SIZE), ["bytes", "size of 0"]),
        (function("f", INT, BYTES, SIZE), ["bytes", "size of 0"]),
        (function("f", INT, size=SIZE, data=BYTES), ["size of 1", "bytes"]),
        (function("f", INT, data=BYTES, flags=INT), ["data", "number"]),
        (function("f", INT, text=TEXT), ["text"]),
        (function("f", INT, text=TEXT, length=INT), ["bytes", "size of 0"]),
        (function("f", INT, to=ROOM, size=SIZE, source=BYTES, n=SIZE), ["room", "capacity of 0", "bytes", "size of 2"]),
        (function("f", INT, source=TEXT, to=ROOM, size=INT, max=INT), ["bytes", "room", "size of 0", "capacity of 1"]),
        (function("f", VOID, text=ROOM), ["in_place"]),
        (function("f", VOID, width=pointer(INT), ratio=number("double", kind="floating")), ["out", "number"]),
        (function("f", VOID, state=pointer(struct("s"))), ["nothing"]),
        (function("f", INT, many=pointer(TEXT)), ["nothing"]),
        (function("f", INT, user=ANYTHING, call=callback(ANYTHING)), ["nothing", "nothing"]),
        (
            function("f", INT, samples=pointer(number("float", kind="floating", const=True)), n=SIZE),
            ["numbers", "count of 0"],
        ),
        (function("f", INT, by_value=struct("s")), None),
        (function("f", struct("s")), None),
        (function("f", INT, color=Type("enum", "enum color", name="color")), None),
    ],
)
def test_the_roles_of_parameters(call, wanted):
    assert roles(call) == wanted


def test_a_struct_that_can_be_made():
    call = function("lib_init", INT, pointer(struct("s")))
    assert roles(call, {"s"}) == ["struct"]
    assert roles(call, {"t"}) == ["nothing"]


def test_bytes_come_before_the_version_and_that_before_the_rest():
    other = function("lib_round", INT, INT)
    assert chosen([other, VERSION, CHECKSUM]) is CHECKSUM
    assert chosen([other, VERSION]) is VERSION
    assert chosen([other]) is other
    assert choice.choose([], ()) is None


def test_a_text_that_names_a_file_is_no_made_up_text():
    for call in (function("lib_open", INT, TEXT), function("lib_read", INT, file_name=TEXT)):
        assert chosen([call, VERSION]) is VERSION


def test_a_handle_comes_last():
    handle = function("lib_parse", INT, parser=pointer(struct("parser")), data=BYTES, size=SIZE)
    assert chosen([handle, function("lib_round", INT, INT, INT)]).name == "lib_round"


def test_a_result_that_can_be_verified_is_better():
    gives_pointer = function("lib_parse_tree", pointer(struct("tree")), BYTES, SIZE)
    gives_nothing = function("lib_parse", VOID, BYTES, SIZE)
    assert chosen([gives_nothing, gives_pointer, CHECKSUM]) is CHECKSUM
    assert chosen([gives_nothing, gives_pointer]) is gives_pointer


def test_the_first_of_equals():
    first, second = function("lib_a", INT, TEXT), function("lib_b", INT, TEXT)
    assert chosen([first, second]) is first


def test_names_of_variables():
    call = function("lib_f", INT, **{"class": BYTES, "sandbox": SIZE, "lib_f": TEXT, "_x": TEXT})
    assert [item.name for item in plan(call, ()).arguments] == ["data", "sandbox_2", "lib_f_2", "text"]
    assert [item.name for item in plan(function("f", INT, TEXT, TEXT), ()).arguments] == ["text", "text_2"]


def test_words():
    assert words("cJSON_ParseWithLength") == {"c", "json", "parse", "with", "length"}
    assert words("crc32_z") == {"crc", "z"}


def test_versions_and_checksums_can_be_any_number():
    assert plan(VERSION, ()).any_number_will_do
    assert plan(CHECKSUM, ()).any_number_will_do
    assert plan(function("sqlite3_libversion_number", INT), ()).any_number_will_do
    assert not plan(function("lib_conversion", INT), ()).any_number_will_do
