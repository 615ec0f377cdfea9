"""Tests of tools/codegen/module_shape.py, through the header that is made of the shape."""

import pytest
import wasm_builder as wb
from header_maker import error_of, run, sandbox


@pytest.mark.parametrize(("value", "mutable"), [("i32", False), ("i64", True)])
def test_a_stack_pointer_of_another_type_is_none(tmp_path, value, mutable):
    made = sandbox()
    made.add_export("__stack_pointer", "global", made.add_global(value, mutable))
    assert "has_stack_pointer = false;" in run(tmp_path, made)


def without_memory():
    return wb.ModuleBuilder()


def with_private_memory():
    made = wb.ModuleBuilder()
    made.add_memory()
    return made


def with_two_memories():
    made = wb.library()
    made.add_memory()
    return made


def with_two_tables():
    made = wb.library()
    made.add_table()
    return made


def with_memory_from_elsewhere():
    made = wb.ModuleBuilder()
    made.add_import("js", "mem", "memory", wb.limits(1))
    return made


def with_shared_memory():
    made = wb.ModuleBuilder()
    made.add_import("env", "memory", "memory", wb.limits(1, 2, 2))
    return made


def with_small_pages():
    made = wb.ModuleBuilder()
    made.add_import("env", "memory", "memory", b"\x08\1\0")
    return made


def with_foreign_import():
    made = wb.library()
    made.add_import("js", "al\nert", "function", wb.VOID)
    wb.add_allocator(made)
    return made


def with_odd_malloc():
    made = wb.library()
    made.add_function((["i64"], ["i32"]), export="malloc")
    return made


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (without_memory, "the module has no memory. To fix: link it with --import-memory"),
        (
            with_private_memory,
            "the module neither imports nor exports its memory. To fix: link it with --import-memory or --export-memory",
        ),
        (
            with_two_memories,
            "the module has 2 memories, and a sandbox has one. To fix: build it without multiple memories",
        ),
        (with_two_tables, "the module has 2 tables, and a sandbox has one. To fix: build it without multiple tables"),
        (
            with_memory_from_elsewhere,
            "the module imports its memory as 'js' 'mem', not as 'env' 'memory'. To fix: link it with wasm-ld's --import-memory",
        ),
        (
            with_shared_memory,
            "the module's memory is shared between threads, and a sandbox has none. To fix: build it without -pthread",
        ),
        (with_small_pages, "the module's memory has pages of one byte. To fix: build it without custom page sizes"),
        (
            with_foreign_import,
            r"the module imports 'al\nert' from 'js', but a sandbox can import only from 'env' and"
            " 'wasi_snapshot_preview1'. To fix: build it without that import",
        ),
        (
            with_odd_malloc,
            "the module does not export malloc as a function (i32) -> (i32), which RLBox needs. To fix: link it with --export=malloc",
        ),
        (
            wb.library,
            "the module does not export malloc as a function (i32) -> (i32), which RLBox needs. To fix: link it with --export=malloc",
        ),
    ],
)
def test_modules_that_cannot_be_sandboxes(tmp_path, make, message):
    assert error_of(tmp_path, make()) == f"DIR/in.wasm: {message}"
