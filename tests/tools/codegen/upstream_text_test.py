"""Tests of the header for the RLBox project's own plugin: upstream_text.py, through gen_module_header."""

from __future__ import annotations

import functools

import header_maker
import pytest
import wasm_builder as wb

run = functools.partial(header_maker.run, api="upstream")
error_of = functools.partial(header_maker.error_of, api="upstream")

P = "0x24my__lib0x2Ewasm"
HEAD = """\
// my_lib.rlbox.h: the sandbox 'my_lib', backend wasm2c of the RLBox project's own plugin.
// Written by gen_module_header; do not edit.
//
//   memory   imported, 2 pages of 64 KiB at first, no limit stated
//   table    imported, 1 entry at first, no limit stated
//   WASI     no function is imported
//   exports  __wasm_call_dtors, _x, free, malloc

#ifndef RLBOX_MODULE_my_lib_RLBOX_H_
#define RLBOX_MODULE_my_lib_RLBOX_H_

#ifdef RLBOX_UPSTREAM_SANDBOX
#error "my_lib.rlbox.h: upstream's RLBox can have one sandbox in a program, and this file includes another. \
To fix: build with --@rules_rlbox//rules/settings:rlbox=bundled"
#else
#define RLBOX_UPSTREAM_SANDBOX

// Functions are found at compile time, by name.
#ifndef RLBOX_USE_STATIC_CALLS
#define RLBOX_USE_STATIC_CALLS() rlbox_wasm2c_sandbox_lookup_symbol
#endif

#include "my_lib.wasm.h"

"""
ADAPTER = f"""\
struct w2c_env;
struct w2c_wasi__snapshot__preview1;
extern "C" {{
inline void rlbox_upstream_instantiate_my_lib(w2c_{P}* instance, w2c_env* env, w2c_wasi__snapshot__preview1*) {{
  wasm2c_{P}_instantiate(instance, env);
}}
inline void rlbox_upstream_free_my_lib(w2c_{P}* instance) {{
  w2c_{P}_0x5F_wasm_call_dtors(instance);
  wasm2c_{P}_free(instance);
}}
}}
#define wasm2c_{P}_instantiate rlbox_upstream_instantiate_my_lib
#define wasm2c_{P}_free rlbox_upstream_free_my_lib

#define w2c_{P}__x w2c_{P}_0x5Fx

#define RLBOX_WASM2C_MODULE_NAME my__lib
#include "rlbox_wasm2c_sandbox.hpp"

#include "rlbox.hpp"

// The library's own headers, for the types of its functions.
#include "mylib.h"

RLBOX_DEFINE_BASE_TYPES_FOR(my_lib, wasm2c);

#endif  // RLBOX_UPSTREAM_SANDBOX
#endif  // RLBOX_MODULE_my_lib_RLBOX_H_
"""


def test_a_lean_module(tmp_path):
    made = header_maker.sandbox()
    made.add_function(name="dtors", export="__wasm_call_dtors")
    made.add_function(export="_x")
    text = run(tmp_path, made, module="my_lib")
    assert text.startswith(HEAD)
    assert text.endswith(ADAPTER)
    between = text[len(HEAD) : -len(ADAPTER)]
    assert between.count("static_assert(WASM_RT_") == 3


def with_wasi(**kwargs):
    made = wb.library(**kwargs)
    made.add_import("wasi_snapshot_preview1", "fd_write", "function", (["i32"] * 4, ["i32"]))
    wb.add_allocator(made)
    return made


def test_a_module_that_needs_no_help(tmp_path):
    text = run(tmp_path, with_wasi())
    assert "rlbox_upstream_" not in text
    assert "#define w2c_" not in text and "#define wasm2c_" not in text


def test_exported_memory(tmp_path):
    made = header_maker.sandbox(imported_memory=False, imported_table=False)
    text = run(tmp_path, made)
    assert (
        "inline void rlbox_upstream_instantiate_mylib(w2c_0x24mylib0x2Ewasm* instance, w2c_wasi__snapshot__preview1*) {\n"
        "  wasm2c_0x24mylib0x2Ewasm_instantiate(instance);\n"
    ) in text
    assert "rlbox_upstream_" not in run(tmp_path, with_wasi_exported())


def with_wasi_exported():
    made = wb.ModuleBuilder()
    made.add_import("wasi_snapshot_preview1", "fd_write", "function", (["i32"] * 4, ["i32"]))
    made.add_export("memory", "memory", made.add_memory(2))
    made.add_export("__indirect_function_table", "table", made.add_table(1))
    wb.add_allocator(made)
    return made


def test_exports_of_other_names(tmp_path):
    made = wb.ModuleBuilder()
    made.add_export("mem_", "memory", made.add_memory(2))
    made.add_export("tbl", "table", made.add_table(1))
    wb.add_allocator(made)
    text = run(tmp_path, made)
    assert "#define w2c_0x24mylib0x2Ewasm_memory w2c_0x24mylib0x2Ewasm_mem0x5F\n" in text
    assert "#define w2c_0x24mylib0x2Ewasm_0x5F_indirect_function_table w2c_0x24mylib0x2Ewasm_tbl\n" in text


def test_no_table(tmp_path):
    made = wb.ModuleBuilder()
    made.add_import("env", "memory", "memory", wb.limits(1))
    wb.add_allocator(made)
    text = run(tmp_path, made)
    assert "inline const uint32_t rlbox_upstream_table_mylib = 0;\n" in text
    macro = "wasm2c_0x24mylib0x2Ewasm_min_env_0x5F_indirect_function_table"
    assert f"#define {macro} rlbox_upstream_table_mylib\n" in text


def module(memory, table, memory_flags=0):
    made = wb.ModuleBuilder()
    if memory == "imported":
        made.add_import("env", "memory", "memory", wb.limits(1, 2, memory_flags))
    if table == "imported":
        made.add_import("env", "__indirect_function_table", "table", b"\x70" + wb.limits(1))
    if memory == "exported":
        made.add_export("memory", "memory", made.add_memory(1))
    if table == "exported":
        made.add_export("__indirect_function_table", "table", made.add_table(1))
    wb.add_allocator(made)
    return made


WANTED = "upstream's RLBox takes a module that imports both its memory and its table, or exports both. To fix: "
SAME = "set import_memory and import_table to the same value"


@pytest.mark.parametrize(
    ("made", "problem"),
    [
        (
            module("imported", "imported", 4),
            "the module's memory has 64-bit addresses, and upstream's RLBox knows only memories with 32-bit addresses."
            " To fix: build the module for wasm32",
        ),
        (
            module("imported", "exported"),
            f"the module imports its memory and exports its table, but {WANTED}{SAME}",
        ),
        (
            module("exported", "imported"),
            f"the module exports its memory and imports its table, but {WANTED}{SAME}",
        ),
        (
            module("exported", "none"),
            f"the module exports its memory and has no table, but {WANTED}link it with --export-table",
        ),
    ],
)
def test_modules_that_it_cannot_have(tmp_path, made, problem):
    assert error_of(tmp_path, made) == (f"mylib: {problem}, or build with --@rules_rlbox//rules/settings:rlbox=bundled")
    header_maker.run(tmp_path, made)


def test_functions_that_stand_in_the_way(tmp_path):
    made = header_maker.sandbox()
    made.add_function(export="memory")
    assert error_of(tmp_path, made).startswith(
        "mylib: the module exports a function called memory, a name that upstream's plugin needs itself. To fix: rename it, or"
    )
    made = wb.ModuleBuilder()
    made.add_import("env", "callback", "function", wb.VOID)
    made.add_export("memory", "memory", made.add_memory(1))
    made.add_export("__indirect_function_table", "table", made.add_table(1))
    wb.add_allocator(made)
    assert error_of(tmp_path, made).startswith(
        "mylib: the module imports functions from env and exports its memory. To fix: build it without these imports, or"
    )


def test_noop_is_the_same_but_for_the_sandbox_type(tmp_path):
    start = "\nnamespace rlbox_modules {"
    bundled = header_maker.run(tmp_path, backend="noop")
    assert "rlbox_noop_module_sandbox" in bundled
    assert run(tmp_path, backend="noop") == (
        bundled.partition(start)[0]
        + "\nRLBOX_DEFINE_BASE_TYPES_FOR(mylib, noop);\n\n"
        + bundled[bundled.rindex("#endif") :]
    )
