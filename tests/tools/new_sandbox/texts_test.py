"""Tests of what is written and printed: main_text.py, callback_text.py, build_text.py, cpp_text.py and summary.py."""

import re

import pytest
from link.exports import Export, Exports, LeftOut
from made_calls import ANYTHING, BYTES, INT, ROOM, SIZE, TEXT, VOID, callback, function, number, pointer, struct
from new_sandbox.build_text import build_text
from new_sandbox.callback_text import callbacks_text, collect
from new_sandbox.calls import Type
from new_sandbox.choice import plan
from new_sandbox.cpp_text import comment, wrapped
from new_sandbox.main_text import main_text
from new_sandbox.request import Label, Request
from new_sandbox.summary import summary

REQUEST = Request(Label("@codec", "", "codec"), "codec", "codec_sandbox")
CALLS = [
    function(
        "codec_info", INT, data=BYTES, size=SIZE, width=pointer(INT), ratio=pointer(number("double", kind="floating"))
    ),
    function("codec_version", TEXT),
    function("codec_hash", number("unsigned long long", "uint64_t"), data=BYTES),
    function("codec_pack", INT, source=TEXT, to=ROOM, size=INT, capacity=INT),
    function("codec_reverse", VOID, text=ROOM),
    function("codec_init", INT, state=pointer(struct("codec"))),
    function(
        "codec_handle", pointer(struct("codec")), pointer(struct("hidden")), INT, flag=number("bool", kind="bool")
    ),
    function("codec_run", VOID),
    function("codec_state", Type("enum", "enum state", name="state"), TEXT),
    function("codec_is", number("bool", kind="bool"), number("float", kind="floating")),
]


def written(call, *, has_callbacks=False):
    made = plan(call, {"codec"})
    assert made is not None
    return main_text("codec", "@codec//:codec", "//codec_sandbox:codec_app", made, has_callbacks=has_callbacks)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_the_program_keeps_to_the_rules(call):
    text = written(call)
    assert f"sandbox.invoke_sandbox_function({call.name}" in re.sub(r"\n *", "", text)
    assert not re.search(r"_cast|unsafe|UNSAFE|unverified", text)
    assert "copy_and_verify" in text
    assert max(map(len, text.splitlines())) <= 100
    assert text.isascii()
    assert "rlbox_wasm2c_trap_policy::survive" in text
    assert "time_limit" in text
    assert text.index("has_trapped()") > text.index("invoke_sandbox_function(")
    assert text.count("{") == text.count("}")
    for helper in ("bounded", "printable"):
        assert (f" {helper}(" in text) == (text.count(helper) > 1)


def test_bytes_and_answers():
    text = written(CALLS[0])
    assert "  const size_t size = sizeof(input);\n" in text
    assert "make_sandbox_unique<unsigned char>(sandbox, sizeof(input));" in text
    assert "  if (!data || !width || !ratio) {\n" in text
    assert "  const tainted_codec<int> width_copy = *width;\n" in text
    assert "return bounded<double>(value, -1000000, 1000000);" in text
    assert text.count("TODO: which numbers can be right?") == 1


def test_a_text_is_made_printable():
    text = written(CALLS[1])
    assert "  const tainted_codec<const char*> result = sandbox.invoke_sandbox_function(codec_version);\n" in text
    assert "printable(std::move(value))" in text


def test_a_64_bit_result_has_the_name_of_the_header():
    assert "const tainted_codec<uint64_t> result =" in written(CALLS[2])


def test_a_number_behind_a_pointer_has_the_words_that_rlbox_wants():
    wide = pointer(Type("integer", "unsigned long long", alias="uint64_t", words="unsigned long long"))
    assert "make_sandbox_unique<unsigned long long>(sandbox);" in written(function("f", VOID, total=wide))


def test_numbers_for_the_library():
    text = written(function("f", INT, samples=pointer(number("float", kind="floating", const=True)), n=SIZE))
    assert "make_sandbox_unique<float>(sandbox, 16);" in text
    assert "  const size_t n = 16;\n" in text
    assert "16 * rlbox_sandbox_codec::sizeof_in_sandbox<float>());" in text


def test_a_null_pointer_is_marked():
    text = written(CALLS[6])
    assert "// TODO: what the null pointers stand for" in text
    assert "invoke_sandbox_function(codec_handle, nullptr, 1, /*flag=*/true);" in re.sub(r"\n *", " ", text)


def test_callbacks_are_included():
    assert '#include "callbacks.hpp"' in written(CALLS[1], has_callbacks=True)
    assert "callbacks" not in written(CALLS[1])


def test_stubs():
    start = callback(ANYTHING, TEXT, alias="start_handler")
    read = callback(ANYTHING, SIZE, result=INT)
    calls = [
        function("set", VOID, on_start=start, read=read),
        function("set_again", VOID, start),
        function("other", VOID, callback(callback(INT), alias="takes_a_function")),
        function("value", VOID, callback(struct("s"), alias="takes_a_struct")),
    ]
    found = collect(calls)
    assert [item.name for item in found] == ["on_start_handler", "on_set_read"]
    assert found[0].takers == ["set (parameter on_start)", "set_again (parameter 1)"]
    text = callbacks_text("codec", "@codec//:codec", "CODEC_HPP_", found)
    assert text is not None
    assert "/// set (parameter on_start), set_again (parameter 1) take it.\n" in text
    assert (
        "inline void on_start_handler(rlbox_sandbox_codec& /*sandbox*/, tainted_codec<void*>,\n"
        "                             tainted_codec<const char*>) {\n"
    ) in text
    assert "inline tainted_codec<int> on_set_read(" in text
    assert "  return 0;\n" in text
    assert max(map(len, text.splitlines())) <= 100
    assert callbacks_text("codec", "@codec//:codec", "CODEC_HPP_", []) is None


def test_the_build_file():
    text = build_text(REQUEST, "@rules_rlbox", files=False, has_callbacks=False)
    assert 'load("@rules_rlbox//rules:defs.bzl", "rlbox_cc_binary", "rlbox_sandbox")\n' in text
    assert '    module_name = "codec",\n    deps = ["@codec//:codec"],\n' in text
    assert '    srcs = ["main.cpp"],\n' in text
    assert "files" not in text
    text = build_text(REQUEST, "@rules_rlbox", files=True, has_callbacks=True)
    assert "    files = True,\n" in text
    assert '    srcs = [\n        "callbacks.hpp",\n        "main.cpp",\n    ],\n' in text


def test_lines():
    assert comment("word " * 40, "/// ", 50) == ["/// " + " ".join(["word"] * 9)] * 4 + ["/// word word word word"]
    assert wrapped("f(", [], ");") == ["f();"]
    assert wrapped("f(", ["a" * 60, "b" * 60], ");") == ["f(" + "a" * 60 + ",", "  " + "b" * 60 + ");"]


def test_the_summary():
    exports = Exports(
        [Export("b", "b"), Export("a", "a")],
        [
            LeftOut("open", "x.h", "refused_import", "...", ["path_open"]),
            LeftOut("printf_like", "x.h", "variadic", "..."),
            LeftOut("new", "x.h", "a_new_reason", "something new"),
        ],
        [],
    )
    lines = summary(REQUEST, exports, "a", ["BUILD.bazel", "main.cpp"], 2, 1)
    assert lines[:5] == [
        "@codec//:codec: 2 exported: a, b",
        "3 left out:",
        "  - 1: they can reach calls of the system that no sandbox allows by default: open",
        "  - 1: a variable number of arguments cannot cross the boundary: printf_like",
        "  - 1: something new: new",
    ]
    assert "wrote codec_sandbox/main.cpp" in lines
    place = lines.index("1. Run the program, which calls a with made-up arguments:")
    assert lines[place + 1] == "     bazel run //codec_sandbox:codec_app"
    assert any("--files here" in line for line in lines)
    assert any("2 stubs" in line for line in lines)
    assert max(map(len, lines)) <= 100
