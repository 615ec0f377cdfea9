"""Tests of tools/dev/docs: the generator of the rule reference."""

import pytest
import reference
from build_settings import build_settings
from textproto import TextprotoError, parse

# ---------------------------------------------------------------- text protos


def test_fields_of_every_kind():
    message = parse('a: "x"\nb: true  # a comment\nc: STRING_LIST\nd: -5\ne { a: "y" e { } }\ne: { a: \'z"\' }\n')
    assert [message.text(name) for name in "abcd"] == ["x", "true", "STRING_LIST", "-5"]
    assert [inner.text("a") for inner in message.messages("e")] == ["y", 'z"']
    assert message.messages("e")[0].messages("e")[0].text("a", "none") == "none"


def test_repeated_strings():
    assert parse('values: "a"\nvalues: "b"').texts("values") == ["a", "b"]


def test_escapes():
    assert parse(r'a: "it\'s \"so\"\n\tback\\slash \303\251"').text("a") == 'it\'s "so"\n\tback\\slash é'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('a: "x', "line 1 cannot be read"),
        ("a {", "a field's name is expected, not ''"),
        ("}", "a field's name is expected, not '}'"),
        ("a: }", "a value of a is expected, not '}'"),
        ("\n\na: ?", "line 3 cannot be read"),
    ],
)
def test_bad_text(text, message):
    with pytest.raises(TextprotoError, match=message):
        parse(text)


# ---------------------------------------------------------------- build settings

SETTINGS = '''
"""Doc."""
load(":x.bzl", "string_flag")

# Which one:
#   a    the first
#   b    the other
string_flag(
    name = "which",
    build_setting_default = "a",
    values = ["a", "b"],
    visibility = PUBLIC,
)

config_setting(name = "is_a", flag_values = {":which": "a"})

# Whether.
bool_flag(name = "whether", build_setting_default = False)
'''


def test_build_settings():
    which, whether = build_settings(SETTINGS)
    assert which == ("which", "string_flag", "a", ["a", "b"], "Which one:\n  a    the first\n  b    the other")
    assert whether == ("whether", "bool_flag", "False", [], "Whether.")


def test_build_settings_of_a_list():
    text = """
# Which tool.
[
    choice_flag(name = tool, build_setting_default = "default", values = NAMES[tool])
    for tool in ["a", "b"]
]
[genrule(name = n) for n in ["c"]]
"""
    assert list(build_settings(text)) == [(name, "choice_flag", "default", [], "Which tool.") for name in ("a", "b")]


def test_a_build_setting_that_cannot_be_read():
    with pytest.raises(ValueError, match="line 2: name and build_setting_default of bool_flag must be literals"):
        list(build_settings('# Doc.\nbool_flag(name = "x", build_setting_default = DEFAULT)\n'))


def test_a_build_setting_without_comment():
    with pytest.raises(ValueError, match="the build setting x has no comment above it; say there what it is for"):
        list(build_settings('\nbool_flag(name = "x", build_setting_default = True)\n'))


def test_the_section_of_a_build_setting():
    which, whether = build_settings(SETTINGS)
    assert list(reference.setting_section(which, "//s")) == [
        "### //s:which",
        "",
        "Which one:",
        "",
        "* `a`: the first",
        "* `b`: the other",
        "",
        "A string, one of `a`, `b`. Default: `a`.",
        "",
    ]
    assert "A bool. Default: `False`." in reference.setting_section(whether, "//s")


# ---------------------------------------------------------------- the reference

MODULE = """
func_info {
  function_name: "make_it"
  parameter { name: "name" doc_string: "the target's\\nname." mandatory: true }
  parameter { name: "how" doc_string: "a|b" default_value: "\\"a\\"" }
  parameter { name: "kwargs" doc_string: "everything else." }
  doc_string: "A macro."
}
func_info {
  function_name: "two"
  parameter { name: "name" doc_string: "its name." mandatory: true }
  parameter { name: "size" doc_string: "how large." default_value: "1" }
  parameter { name: "kwargs" doc_string: "as the rule." }
  doc_string: "See the rule."
}
rule_info {
  rule_name: "two_rule"
  doc_string: "What two does."
  attribute { name: "name" doc_string: "A name." type: NAME mandatory: true }
  attribute { name: "size" doc_string: "Not told." type: INT mandatory: true }
  attribute { name: "srcs" doc_string: "Sources." type: LABEL_LIST default_value: "[]" }
  attribute { name: "mode" doc_string: "The mode." type: STRING mandatory: true values: "x" values: "y" }
}
rule_info { rule_name: "my_toolchain" doc_string: "A toolchain." }
provider_info { provider_name: "MyInfo" doc_string: "Facts." field_info { name: "f" doc_string: "wasm-rt.h." } }
module_extension_info {
  extension_name: "ext"
  doc_string: "An extension."
  tag_class {
    tag_name: "tool"
    doc_string: "A tag."
    attribute { name: "path" doc_string: "A path." type: STRING default_value: "\\"\\"" }
  }
}
"""


def test_the_reference():
    text = reference.reference(
        [parse(MODULE), parse(MODULE)], [("//s", setting) for setting in build_settings(SETTINGS)]
    )
    assert text.count("### make_it\n") == 1
    assert "* Rules and macros: [make_it](#make_it), [two](#two)\n" in text
    assert "* Build settings: [//s:which](#swhich), [//s:whether](#swhether)\n" in text
    for line in (
        "| `name` | mandatory | The target's name. |",
        '| `how` | `"a"` | a\\|b |',
        "| `**kwargs` |  | Everything else. |",
        "What two does.",
        "| `size` | `1` | How large. |",
        "| `srcs` | list of labels | `[]` | Sources. |",
        "| `mode` | string | mandatory | The mode. One of `x`, `y`. |",
        "| `f` | wasm-rt.h. |",
        "#### ext.tool",
        '| `path` | string | `""` | A path. |',
    ):
        assert line in text.splitlines(), line
    # A macro's own argument takes the place of the rule's attribute, and the rule is told under the macro's name.
    assert "Not told." not in text
    assert "two_rule" not in text
    assert text.index("## Toolchain rules") < text.index("### my_toolchain")
    assert not [line for line in text.splitlines() if line != line.rstrip()]


@pytest.mark.parametrize(
    ("removed", "message"),
    [
        (' doc_string: "a|b"', "the argument how of make_it has no documentation; write a docstring or doc"),
        ('doc_string: "A macro."', "make_it has no documentation; write a docstring or doc"),
        (' doc_string: "Sources."', "the attribute srcs of two has no documentation; write a docstring or doc"),
        (' doc_string: "wasm-rt.h."', "the field f of MyInfo has no documentation; write a docstring or doc"),
        (' doc_string: "A path."', "the attribute path of ext.tool has no documentation; write a docstring or doc"),
        ('doc_string: "A tag."', "ext.tool has no documentation; write a docstring or doc"),
    ],
)
def test_what_is_not_documented(tmp_path, removed, message):
    assert removed in MODULE
    (tmp_path / "m").write_text(MODULE.replace(removed, ""))
    with pytest.raises(SystemExit) as caught:
        reference.main([f"--module={tmp_path / 'm'}", f"--output={tmp_path / 'out'}"])
    assert str(caught.value) == message
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_read(tmp_path):
    (tmp_path / "m").write_text("a: }")
    with pytest.raises(SystemExit, match=r"m: a value of a is expected, not '}'"):
        reference.main([f"--module={tmp_path / 'm'}", f"--output={tmp_path / 'out'}"])


def test_the_command_line(tmp_path):
    (tmp_path / "m").write_text(MODULE)
    (tmp_path / "BUILD").write_text(SETTINGS)
    output = tmp_path / "out"
    arguments = [f"--module={tmp_path / 'm'}", f"--settings=//s={tmp_path / 'BUILD'}", f"--output={output}"]
    assert reference.main(arguments) == 0
    assert output.read_text().startswith(
        "# Reference\n\nGenerated from the docstrings by `bazel run //docs:rules_test.update`"
    )
