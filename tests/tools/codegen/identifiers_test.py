"""Tests of tools/codegen/identifiers.py, and that rules/private/names.bzl has the same words."""

import os
import re
from pathlib import Path

import pytest
from codegen.identifiers import KEYWORDS, MACROS, is_c_identifier, module_name_problem

ROOT = Path(os.environ.get("TEST_SRCDIR", Path(__file__).parents[4])) / os.environ.get(
    "TEST_WORKSPACE", Path(__file__).parents[3].name
)


@pytest.mark.parametrize(("name", "here"), [("_KEYWORDS", KEYWORDS), ("_MACROS", MACROS)])
def test_the_rules_have_the_same_words(name, here):
    """What would fail in an action fails in analysis, with a label."""
    text = (ROOT / "rules/private/names.bzl").read_text()
    found = re.search(rf'^{name} = """\n(.*?)"""', text, re.M | re.S)
    assert found
    assert set(found[1].split()) == here
    assert len(found[1].split()) == len(here) > 10


@pytest.mark.parametrize("name", ["a", "_", "mylib", "my_lib2", "__x", "L" * 500, "table", "memory"])
def test_good_module_names(name):
    assert module_name_problem(name) == ""


@pytest.mark.parametrize("name", ["", "9a", "a-b", "a.b", "a b", "a\n", "é", "a$", 'a"', "a/*", "²", "٣"])
def test_names_that_are_no_identifiers(name):
    assert not is_c_identifier(name)
    problem = "is not a C identifier (ASCII letters, digits and underscores, no digit first)"
    assert module_name_problem(name) == problem


@pytest.mark.parametrize("name", ["class", "int", "co_await", "char8_t", "restrict", "not", "requires", "try", "while"])
def test_keywords(name):
    assert module_name_problem(name) == "is a keyword of C or C++"


@pytest.mark.parametrize("name", ["errno", "linux", "unix", "NULL", "stdin", "assert"])
def test_macros(name):
    assert module_name_problem(name) == "is a macro of the compiler or the C library"
