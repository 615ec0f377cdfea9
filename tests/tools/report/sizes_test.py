"""Tests of sizes.py: which object file functions and data are from."""

import pytest
from linked_library import Linked
from report.sizes import NOT_KNOWN, place, sizes
from wasm.module import parse

CONFIGURED = "bazel-out/wasm32-opt-ST-1234/bin/"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (CONFIGURED + "examples/libmylib.a(mylib.o)", ("examples/libmylib.a", "mylib.o")),
        (CONFIGURED + "external/_main~shelf~expat/libexpat.a(x/xmlparse.o)", ("libexpat.a", "xmlparse.o")),
        ("external/sdk+/lib/libc.a(puts.o)", ("lib/libc.a", "puts.o")),
        (CONFIGURED + "pkg/_objs/lib/a.o", ("pkg lib", "a.o")),
        ("a.o", ("", "a.o")),
        ("odd(", ("", "odd(")),
        ("<internal>", ("", "(made by the linker: strings of all files, and start-up)")),
    ],
)
def test_paths_without_what_differs_between_builds(path, found):
    assert place(path) == found


def test_sizes():
    linked = Linked(("env", "f"))
    linked.function("a", "lib.a(a.o)", b"\x01" * 100)
    linked.function("b", "lib.a(b.o)", b"\x01" * 10)
    linked.function("c", "lib.a(a.o)", b"\x01" * 30)
    data = f"{1024:8x} {0x300:8x} {500:8x} .bss\n{1024:8x} {0x300:8x} {500:8x}         lib.a(b.o):(.bss.x)\n"
    text = linked.map_text() + data
    linked.made.start = linked.made.add_function()
    found = sizes(parse(linked.made.build()), text)
    assert [(part.name, part.functions, part.code, part.data) for part in found.parts] == [
        ("b.o", 1, 13, 500),
        ("a.o", 2, 136, 0),
        ("(made by the check of the module: start-up)", 1, 3, 0),
    ]  # fmt: skip
    assert found.part_of == {1: 1, 2: 0, 3: 1, 4: 2}


def test_without_a_map():
    linked = Linked()
    linked.function("a", "a.o")
    found = sizes(parse(linked.made.build()), "")
    assert [(part.whole, part.name, part.functions) for part in found.parts] == [("", NOT_KNOWN, 1)]
