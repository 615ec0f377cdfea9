"""Tests of tools/wasm/description.py."""

import wasm_builder as wb
from wasm.description import Space, exported_functions, spaces
from wasm.module import Limits, parse


def test_imported_memory_and_table():
    module = parse(wb.library().build())
    (memory,), (table,) = spaces(module, "memory"), spaces(module, "table")
    assert memory == Space(module.memories[0], ("env", "memory"), None)
    assert table == Space(module.tables[0].limits, ("env", "__indirect_function_table"), None)


def test_exported_and_hidden_ones():
    made = wb.ModuleBuilder()
    made.add_import("js", "mem", "memory", wb.limits(3))
    own = made.add_memory(5)
    made.add_export("first", "memory", own)
    made.add_export("second", "memory", own)
    made.add_table(7)
    module = parse(made.build())
    assert spaces(module, "memory") == [
        Space(Limits(3, None), ("js", "mem"), None),
        Space(module.memories[1], None, "first"),
    ]
    assert [(space.imported_as, space.exported_as) for space in spaces(module, "table")] == [(None, None)]


def test_functions():
    made = wb.library()
    wb.add_allocator(made)
    made.add_export("variable", "global", made.add_global())
    assert {name: str(kind) for name, kind in exported_functions(parse(made.build())).items()} == {
        "free": "(i32) -> ()",
        "malloc": "(i32) -> (i32)",
    }
