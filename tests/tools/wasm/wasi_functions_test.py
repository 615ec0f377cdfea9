"""The names and types in tools/wasm/wasi_functions.py are those of the rules and of the runtime's C."""

import os
import re
from pathlib import Path

from wasm.wasi_functions import FILE_FUNCTIONS, SIGNATURES

ROOT = Path(os.environ.get("TEST_SRCDIR", Path(__file__).parents[4])) / os.environ.get(
    "TEST_WORKSPACE", Path(__file__).parents[3].name
)
C_TYPES = {"u32": "i32", "uint32_t": "i32", "u64": "i64", "uint64_t": "i64"}


def listed(file, name):
    """The strings in a list of a Starlark file."""
    text = (ROOT / "rules" / "private" / file).read_text()
    found = re.search(rf"^{name} = (?:\w+ \+ )?\[\n(.*?)^\]", text, re.M | re.S)
    assert found, f"{file} has no list {name}"
    return re.findall(r'"(\w+)"', found[1])


def test_the_rules_have_the_same_names():
    default, files = listed("abi.bzl", "DEFAULT_ALLOWED_IMPORTS"), listed("abi.bzl", "FILE_IMPORTS")
    assert sorted(default + files + listed("abi.bzl", "OTHER_WASI")) == sorted(SIGNATURES)


def test_the_rules_have_the_same_functions_for_files():
    default = listed("abi.bzl", "DEFAULT_ALLOWED_IMPORTS")
    assert listed("abi.bzl", "FILE_IMPORTS") == sorted(FILE_FUNCTIONS - set(default))


def definitions():
    """Name -> (types of the parameters after the context, whether there is a result), of every WASI function in C."""
    found = {}
    for path in sorted((ROOT / "runtime" / "src").glob("wasm2c_rt_minwasi*.c")):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        plain = re.findall(r"^(\w+) WASI\((\w+)\)\(wasi_context\s?\*\s?wasi(?:,\s*([^)]*))?\)\s*\{", text, re.M)
        denied = re.findall(r"^(?:DENIED\((\w+),|FILES\((\w+),\s*\([^)]*\),)\s*([^)]*)\)", text, re.M)
        denied = [("u32", name or other, rest) for name, other, rest in denied]
        for result, name, rest in plain + denied:
            assert name not in found
            types = tuple(C_TYPES[part.split()[0]] for part in rest.split(",")) if rest else ()
            found[name] = (types, () if result == "void" else (C_TYPES[result],))
    return found


def test_the_runtime_defines_each_with_the_same_type():
    assert definitions() == {name: tuple(signature) for name, signature in SIGNATURES.items()}


def test_all_46_are_there():
    """As many as preview 1 has, with sock_accept."""
    assert len(SIGNATURES) == 46
