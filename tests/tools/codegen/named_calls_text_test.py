"""Tests of tools/codegen/named_calls_text.py: which functions can be called by name, and what hostile text becomes."""

import re

import pytest
from codegen.identifiers import KEYWORDS
from codegen.named_calls_text import (
    RLBOX_MEMBERS,
    call_lines,
    comment_lines,
    descriptor_member,
    forward_declaration,
    named_calls,
    parameter_names,
)
from header_maker import run, sandbox
from headers.description import Function, HeaderDescription, write

GOLDEN = """\
template <typename rlbox_base>
class rlbox_calls_mylib : protected rlbox_base {
 public:
  // add: unsigned int (unsigned int, unsigned int)
  // Returns a + b.
  template <typename rlbox_1, typename rlbox_2>
  RLBOX_DETAIL_ALWAYS_INLINE auto add(const rlbox_1& a, const rlbox_2& argument_2) {
    RLBOX_DETAIL_ARGUMENT(rlbox_1, "add", "argument 1 (a)");
    RLBOX_DETAIL_ARGUMENT(rlbox_2, "add", "argument 2");
    return static_cast<::rlbox::rlbox_sandbox<rlbox_base>*>(this)
        ->template INTERNAL_call_by_name<decltype(::rlbox_declared_mylib::rlbox_fn_add<rlbox_base>())>(
            "add", rlbox_module_mylib::rlbox_fn_add, a, argument_2);
  }
  // hello: void (void)
  RLBOX_DETAIL_ALWAYS_INLINE auto hello() {
    return static_cast<::rlbox::rlbox_sandbox<rlbox_base>*>(this)
        ->template INTERNAL_call_by_name<decltype(::rlbox_declared_mylib::rlbox_fn_hello<rlbox_base>())>(
            "hello", rlbox_module_mylib::rlbox_fn_hello);
  }
};
"""


def function(name, parameters=(), **changes):
    known = Function(
        name, name.rpartition("::")[2], "lib.h", 1, "void (void)", "C", False, False, False, [], [], [], parameters
    )
    return known._replace(**changes)


ADD = function("add", ["a", ""], signature="unsigned int (unsigned int, unsigned int)", comment="Returns a + b.")


def header(tmp_path, functions, *, backend, exported=(), api=None):
    write(str(tmp_path / "headers.json"), HeaderDescription(functions=functions))
    made = None
    if backend == "wasm2c":
        made = sandbox()
        for name in exported:
            made.add_function(export=name)
    return run(tmp_path, made, backend=backend, api=api, arguments=[f"--headers={tmp_path / 'headers.json'}"])


def names(*functions, exported=None, left_out=()):
    chosen = named_calls(list(functions), exported, left_out)
    return [call.name for call in chosen.calls], list(chosen.taken), list(chosen.left_out)


def test_the_class(tmp_path):
    text = header(tmp_path, [ADD, function("hello"), function("hidden")], backend="wasm2c", exported=["add", "hello"])
    assert GOLDEN in text
    assert "hidden" not in text
    assert "  using rlbox_calls = rlbox_calls_mylib<rlbox_base>;\n" in text
    assert "::rlbox::detail::undeclared_function add();\n" in text
    assert "::rlbox::detail::undeclared_function hello(::rlbox::detail::undeclared*);\n" in text


def test_the_same_class_without_a_module(tmp_path):
    text = header(tmp_path, [ADD, function("hello")], backend="noop")
    direct = re.sub(r"rlbox_module_mylib::rlbox_fn_(\w+)", r"::rlbox_declared_mylib::rlbox_fn_\1<rlbox_base>()", GOLDEN)
    assert direct in text


@pytest.mark.parametrize("backend", ["wasm2c", "noop"])
def test_upstreams_framework_has_no_calls_by_name(tmp_path, backend):
    text = header(tmp_path, [ADD], backend=backend, exported=["add"], api="upstream")
    assert "rlbox_calls" not in text
    assert "RLBOX_DEFINE_BASE_TYPES_FOR(" in text


def test_without_functions_there_is_no_class(tmp_path):
    chosen = named_calls([], None)
    assert (
        not forward_declaration("m", chosen)
        + descriptor_member("m", chosen)
        + call_lines("m", chosen, "d", direct=True)
    )
    assert "rlbox_calls" not in run(tmp_path, sandbox())


def test_which_functions():
    listed = [function("b"), function("a"), function("c", linkage="C++"), function("d", variadic=True)]
    listed += [function("e", inline=True), function("f", static=True), function("ns::g"), function("h")]
    assert names(*listed) == (["a", "b", "g", "h"], [], [])
    assert names(*listed, exported={"a", "h", "d"}, left_out=["d", "i"]) == (["a", "h"], [], ["d", "i"])


def test_overloaded_functions_have_no_one_type():
    assert names(function("a"), function("a", linkage="C++")) == ([], ["a"], [])


def test_functions_with_other_names_in_the_module():
    renamed = function("a", symbol="b")
    assert names(renamed, exported={"b"}) == (["a"], [], [])
    assert names(renamed, exported={"a", "b"}) == ([], [], [])


@pytest.mark.parametrize(
    "name",
    sorted(RLBOX_MEMBERS)
    + sorted(KEYWORDS)
    + ["main", "defined", "impl_x", "rlbox_x", "RLBOX_X", "INTERNAL_x", "UNSAFE_x"],
)
def test_names_that_are_not_free(name):
    assert names(function(name), function("a"), left_out=[name]) == (["a"], [name], [])


def test_the_header_says_which_names_are_not_free(tmp_path):
    text = header(tmp_path, [ADD, function("create_sandbox"), function("new")], backend="noop")
    assert "// Names that are RLBox's or C++'s own; use invoke_sandbox_function: create_sandbox, new.\n" in text


@pytest.mark.parametrize(
    ("given", "written"),
    [
        (["a", "b"], ["a", "b"]),
        (["", "b"], ["argument_1", "b"]),
        (["class", "and", "main"], ["argument_1", "argument_2", "argument_3"]),
        (["__s", "_Size", "n_"], ["s", "Size", "n_"]),
        (["__x", "x"], ["argument_1", "argument_2"]),
        (["argument_2", ""], ["argument_1", "argument_2"]),
        (["rlbox_1", "RLBOX_X"], ["argument_1", "argument_2"]),
        (["caf\u00e9", 'x"); }', "1", "__"], ["argument_1", "argument_2", "argument_3", "argument_4"]),
    ],
)
def test_parameter_names(given, written):
    assert parameter_names(given) == written


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("One.\n\n  Two.", ["// One.", "//", "//   Two."]),
        ("*/ int evil; /*", ["// */ int evil; /*"]),
        ("a\rb\vc\fd\x1ce\x85f\u2028g\u2029h", ["// a", "// b", "// c", "// d", "// e", "// f", "// g", "// h"]),
        ("a\\\nb", ["// a", "// b"]),
        ("a\\ \\  ", ["// a"]),
        ("a ??/ ??/\nb", ["// a", "// b"]),
        ("a??/\\ ??/\nb", ["// a", "// b"]),
        ("caf\u00e9 \u2019s\u2026 \u201cx\u201d\u2014\u2013\u00a0\t|", ['// caf? \'s... "x"--  |']),
        ("\u202e\uff0a\uff0f\ufeff\x00\x1b[31m\x7f", ["// ?????[31m?".replace("?????", "??????")]),
    ],
)
def test_comments(text, lines):
    assert comment_lines(text) == lines


def test_no_comment_continues_or_leaves_ascii():
    every = "".join(map(chr, range(0x3000))) + "\\ \\"
    for line in comment_lines(f"{every}\n{every}\\\n"):
        assert line.startswith("//")
        assert line.isascii()
        assert line.isprintable()
        assert not line.rstrip().endswith(("\\", "??/"))


@pytest.mark.parametrize("backend", ["wasm2c", "noop"])
def test_hostile_descriptions_stay_in_comments(tmp_path, backend):
    evil = 'x\n#error evil\n*/ \\\nint evil; ??/\n"\r#pragma GCC evil\u2028int evil;'
    hostile = ADD._replace(comment=evil, signature=evil, parameters=[evil, "a"])
    text = header(tmp_path, [hostile], backend=backend, exported=["add"])
    for line in text.splitlines():
        assert "evil" not in line or line.startswith("  // ")
    assert "(const rlbox_1& argument_1, const rlbox_2& a)" in text


def test_macros_are_put_aside(tmp_path):
    lines = header(tmp_path, [ADD, function("__odd")], backend="noop").splitlines()
    for name in ("a", "add", "argument_2"):
        place = lines.index(f'#pragma push_macro("{name}")')
        assert lines[place + 1] == f"#undef {name}"
        assert lines.index(f'#pragma pop_macro("{name}")') > lines.index(
            "class rlbox_calls_mylib : protected rlbox_base {"
        )
    assert not any("__odd" in line for line in lines if line.startswith("#"))


def test_variadic_functions_say_why_with_both_backends(tmp_path):
    text = header(tmp_path, [ADD, function("print", variadic=True)], backend="noop")
    assert "  RLBOX_DETAIL_LEFT_OUT_FUNCTION(print,\n" in text
    assert (
        "  template <typename... rlbox_types>\n"
        "  auto print(const rlbox_types&...) {\n"
        "    return ::rlbox::detail::call_left_out<rlbox_base>(rlbox_module_mylib::rlbox_fn_print);\n"
        "  }\n"
    ) in text
