"""The names in tools/wasm/abi.py are those of the rules and of the runtime."""

import os
import re
from pathlib import Path

from codegen.wasm2c_names import mangle
from wasm.abi import (
    DESTRUCTORS,
    IMPORTED_SPACES,
    INITIALIZERS,
    OPTIONAL_EXPORTS,
    REQUIRED_EXPORTS,
    RUNTIME_EXPORTS,
    STACK_POINTER,
    UNCAUGHT,
    WASI,
)

ROOT = Path(os.environ.get("TEST_SRCDIR", Path(__file__).parents[4])) / os.environ.get(
    "TEST_WORKSPACE", Path(__file__).parents[3].name
)


def listed(name):
    """The strings in a list of abi.bzl."""
    found = re.search(rf"^{name} = \[(.*?)\]", (ROOT / "rules/private/abi.bzl").read_text(), re.M | re.S)
    assert found, f"abi.bzl has no list {name}"
    return re.findall(r'"(\w+)"', found[1])


def test_what_the_rules_have_exported():
    assert set(listed("REQUIRED_EXPORTS")) == set(REQUIRED_EXPORTS)
    assert listed("OPTIONAL_EXPORTS") == [STACK_POINTER]
    assert listed("EXCEPTION_EXPORTS") == [UNCAUGHT]
    assert listed("LINKER_EXPORTS") == [DESTRUCTORS]


def runtime():
    """The runtime's headers and sources: those that a program is compiled with."""
    files = [path for path in (ROOT / "runtime").rglob("*") if path.suffix in (".h", ".hpp", ".c", ".cpp", ".cc")]
    assert len(files) > 20
    return "\n".join(path.read_text() for path in files)


def test_the_runtime_has_the_same_names():
    """In C they are mangled: an exported function is w2c_MODULE_NAME, WASI's module the struct w2c_MODULE."""
    text = runtime()
    spaces = [name for _, name in IMPORTED_SPACES.values()]
    assert f"void {UNCAUGHT}(void* thrown)" in text
    for name in (*REQUIRED_EXPORTS, STACK_POINTER, DESTRUCTORS, *INITIALIZERS, *spaces):
        assert re.search(rf"\b_{mangle(name)}\b", text), name
    assert f"struct w2c_{mangle(WASI, is_module=True)} " in text
    for module, name in IMPORTED_SPACES.values():
        assert re.search(rf"w2c_{module}_{mangle(name)}\b", text), name


def test_every_name_belongs_to_the_runtime():
    assert {*REQUIRED_EXPORTS, *OPTIONAL_EXPORTS, *INITIALIZERS} < RUNTIME_EXPORTS
    assert len(RUNTIME_EXPORTS) == 9
