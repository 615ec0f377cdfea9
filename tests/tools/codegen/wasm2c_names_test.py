"""Tests of tools/codegen/wasm2c_names.py. The expected names are those that wasm2c 1.0.42 wrote."""

import pytest
from codegen.wasm2c_names import mangle, module_prefix
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("name", "mangled"),
    [
        ("foo", "foo"),
        ("foo_bar", "foo_bar"),
        ("_foo", "0x5Ffoo"),
        ("__foo", "0x5F_foo"),
        ("___", "0x5F_0x5F"),
        ("foo__bar", "foo_0x5Fbar"),
        ("a___b", "a_0x5F_b"),
        ("foo_", "foo0x5F"),
        ("foo__", "foo_0x5F"),
        ("_", "0x5F"),
        ("__", "0x5F0x5F"),
        ("__wasm_call_ctors", "0x5F_wasm_call_ctors"),
        ("__indirect_function_table", "0x5F_indirect_function_table"),
        ("_initialize", "0x5Finitialize"),
        ("Foo$x", "Foo0x24x"),
        ("foo.bar", "foo0x2Ebar"),
        ("a-b", "a0x2Db"),
        ("é", "0xC30xA9"),
        ("", ""),
        ("9a", "9a"),
        ("fooZ0", "fooZ0"),
        ("a_0x5Fb", "a_0x0x35Fb"),
        ("00x5F", "00x5F"),
        ("0x0x5", "0x0x30x5"),
        ("0xa", "0xa"),
        ("0xF", "0x0x46"),
        ("x0x5", "x0x0x35"),
        ("0xABC", "0x0x41BC"),
        ("0x.5", "0x0x2E5"),
        ("0X5", "0X5"),
        ("_0x5F", "0x5F0x0x35F"),
        ("000x1", "000x0x31"),
    ],
)
def test_export_names(name, mangled):
    assert mangle(name) == mangled


@pytest.mark.parametrize(
    ("module", "prefix"),
    [
        ("mylib", "0x24mylib0x2Ewasm"),
        ("my_mod", "0x24my__mod0x2Ewasm"),
        ("_my", "0x24__my0x2Ewasm"),
        ("__my_", "0x24__0x5Fmy__0x2Ewasm"),
        ("my__mod", "0x24my__0x5Fmod0x2Ewasm"),
        ("a_", "0x24a__0x2Ewasm"),
        ("A9_b_", "0x24A9__b__0x2Ewasm"),
    ],
)
def test_module_names(module, prefix):
    assert module_prefix(module) == prefix


@given(st.text())
def test_mangled_names_are_safe_in_c(name):
    assert all(char.isascii() and (char.isalnum() or char == "_") for char in mangle(name))
