"""Tests of tools/codegen/gen_module_header.py, header_text.py and function_text.py."""

import pytest
import wasm_builder as wb
from header_maker import error_of, run, sandbox


def test_noop(tmp_path):
    assert run(tmp_path, backend="noop", headers=["a/b.h", "c.h"]) == (
        """\
// mylib.rlbox.h: the sandbox 'mylib', backend noop. Written by gen_module_header; do not edit.
//
// The noop backend isolates NOTHING: the library runs as ordinary native code. It is for porting only.

#ifndef RLBOX_MODULE_mylib_RLBOX_H_
#define RLBOX_MODULE_mylib_RLBOX_H_

// Functions are found at compile time, by name.
#ifndef RLBOX_USE_STATIC_CALLS
#define RLBOX_USE_STATIC_CALLS() rlbox_noop_sandbox_lookup_symbol
#endif

#include "rlbox_noop_sandbox.hpp"

#include "rlbox.hpp"

// The library's own headers, for the types of its functions.
#include "a/b.h"
#include "c.h"

namespace rlbox_modules {

struct rlbox_module_mylib {
  static constexpr const char* module_name = "mylib";
};

using mylib = rlbox_module_mylib;

}  // namespace rlbox_modules

RLBOX_DEFINE_BASE_TYPES_FOR_TYPE(mylib, rlbox::rlbox_noop_module_sandbox<rlbox_modules::mylib>);

#endif  // RLBOX_MODULE_mylib_RLBOX_H_
"""
    )


TYPES = ("u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "f32", "f64")
GOLDEN = """\
// my_lib.rlbox.h: the sandbox 'my_lib', backend wasm2c. Written by gen_module_header; do not edit.
//
//   memory   imported, 2 pages of 64 KiB at first, no limit stated
//   table    imported, 1 entry at first, no limit stated
//   WASI     fd_write
//   exports  __wasm_call_dtors, _x, free, malloc

#ifndef RLBOX_MODULE_my_lib_RLBOX_H_
#define RLBOX_MODULE_my_lib_RLBOX_H_

// Functions are found at compile time, by name.
#ifndef RLBOX_USE_STATIC_CALLS
#define RLBOX_USE_STATIC_CALLS() rlbox_wasm2c_module_lookup_symbol
#endif

// wasm2c's declarations, without its names for C's types: an application may have others of these names.
#include <stdint.h>

#include "wasm-rt.h"

"""
GOLDEN += "".join(f'#pragma push_macro("{name}")\n#undef {name}\n' for name in TYPES)
GOLDEN += """\
#pragma push_macro("WASM_RT_CORE_TYPES_DEFINED")
#undef WASM_RT_CORE_TYPES_DEFINED
#define WASM_RT_CORE_TYPES_DEFINED
#define u8 uint8_t
#define u16 uint16_t
#define u32 uint32_t
#define u64 uint64_t
#define s8 int8_t
#define s16 int16_t
#define s32 int32_t
#define s64 int64_t
#define f32 float
#define f64 double
#include "my_lib.wasm.h"
"""
GOLDEN += "".join(f'#pragma pop_macro("{name}")\n' for name in [*TYPES, "WASM_RT_CORE_TYPES_DEFINED"])
GOLDEN += """\

#include "rlbox_wasm2c_module.hpp"

#include "rlbox.hpp"

// The library's own headers, for the types of its functions.
#include "mylib.h"

struct w2c_env;
struct w2c_wasi__snapshot__preview1;

namespace rlbox_modules {

// Not named like the module, so that no module name can clash with a member's.
struct rlbox_module_my_lib {
  static constexpr const char* module_name = "my_lib";
  using instance_type = ::w2c_0x24my__lib0x2Ewasm;

  // Instantiating runs the constructors (the start function does) and allocates what the module does not import.
  static void instantiate(instance_type* instance, ::w2c_env* env,
                          ::w2c_wasi__snapshot__preview1* wasi) {
    ::wasm2c_0x24my__lib0x2Ewasm_instantiate(instance, env, wasi);
  }
  static void free_instance(instance_type* instance) { ::wasm2c_0x24my__lib0x2Ewasm_free(instance); }
  static constexpr auto get_func_type = &::wasm2c_0x24my__lib0x2Ewasm_get_func_type;

  // Memory, in pages of 64 KiB, and table, in entries.
  static constexpr bool imports_memory = true;
  static constexpr bool imports_table = true;
  static constexpr bool memory_is64 = false;
  static constexpr ::std::uint64_t memory_min_pages = 2u;
  static constexpr ::std::uint64_t memory_max_pages = 65536u;
  static constexpr ::std::uint32_t table_min = 1u;
  static constexpr ::std::uint32_t table_max = 4294967295u;
  static ::wasm_rt_memory_t* memory(instance_type*) { return nullptr; }
  static ::wasm_rt_funcref_table_t* table(instance_type*) { return nullptr; }

  // What runs after the last call.
  static constexpr bool has_call_dtors = true;
  static void call_dtors(instance_type* instance) {
    ::w2c_0x24my__lib0x2Ewasm_0x5F_wasm_call_dtors(instance);
  }

  // The library's own stack pointer and allocator.
  static constexpr bool has_stack_pointer = true;
  static ::std::uint32_t* stack_pointer(instance_type* instance) {
    return ::w2c_0x24my__lib0x2Ewasm_0x5F_stack_pointer(instance);
  }
  static ::std::uint32_t guest_malloc(instance_type* instance, ::std::uint32_t size) {
    return ::w2c_0x24my__lib0x2Ewasm_malloc(instance, size);
  }
  static void guest_free(instance_type* instance, ::std::uint32_t address) {
    ::w2c_0x24my__lib0x2Ewasm_free(instance, address);
  }

  // The exported functions, by their names in C.
  static constexpr auto rlbox_fn___wasm_call_dtors = &::w2c_0x24my__lib0x2Ewasm_0x5F_wasm_call_dtors;
  static constexpr auto rlbox_fn__x = &::w2c_0x24my__lib0x2Ewasm_0x5Fx;
  static constexpr auto rlbox_fn_free = &::w2c_0x24my__lib0x2Ewasm_free;
  static constexpr auto rlbox_fn_malloc = &::w2c_0x24my__lib0x2Ewasm_malloc;

  // The name of an exported function, for reports of traps; nullptr for any other function.
  static const char* function_name(::wasm_rt_function_ptr_t function) {
    struct entry {
      ::wasm_rt_function_ptr_t function;
      const char* name;
    };
    static const entry entries[] = {
        {reinterpret_cast<::wasm_rt_function_ptr_t>(rlbox_fn___wasm_call_dtors), "__wasm_call_dtors"},
        {reinterpret_cast<::wasm_rt_function_ptr_t>(rlbox_fn__x), "_x"},
        {reinterpret_cast<::wasm_rt_function_ptr_t>(rlbox_fn_free), "free"},
        {reinterpret_cast<::wasm_rt_function_ptr_t>(rlbox_fn_malloc), "malloc"},
    };
    for (const entry& candidate : entries) {
      if (candidate.function == function) return candidate.name;
    }
    return nullptr;
  }
};

using my_lib = rlbox_module_my_lib;

}  // namespace rlbox_modules

RLBOX_DEFINE_BASE_TYPES_FOR_TYPE(my_lib, rlbox::rlbox_wasm2c_module_sandbox<rlbox_modules::my_lib>);

#endif  // RLBOX_MODULE_my_lib_RLBOX_H_
"""


def test_wasm2c(tmp_path):
    made = wb.library()
    made.add_import("wasi_snapshot_preview1", "fd_write", "function", (["i32"] * 4, ["i32"]))
    wb.add_allocator(made)
    made.add_export("__stack_pointer", "global", made.add_global())
    made.add_function(name="dtors", export="__wasm_call_dtors")
    made.add_function((["i64"], ["f32"]), b"\x43\0\0\0\0", export="_x")
    text = run(tmp_path, made, module="my_lib")
    assert text == GOLDEN
    assert run(tmp_path, made, module="my_lib") == text


def test_exported_memory_and_table(tmp_path):
    made = wb.ModuleBuilder()
    made.add_export("memory", "memory", made.add_memory(1, 4))
    made.add_export("__indirect_function_table", "table", made.add_table(2, 3))
    wb.add_allocator(made)
    text = run(tmp_path, made)
    for line in (
        "//   memory   exported, 1 page of 64 KiB at first, at most 4",
        "//   table    exported, 2 entries at first, at most 3",
        "//   WASI     no function is imported",
        "  static constexpr bool imports_memory = false;",
        "  static constexpr bool imports_table = false;",
        "  static constexpr ::std::uint64_t memory_max_pages = 4u;",
        "  static constexpr ::std::uint32_t table_min = 2u;",
        "  static constexpr ::std::uint32_t table_max = 3u;",
        "    return ::w2c_0x24mylib0x2Ewasm_memory(instance);",
        "    return ::w2c_0x24mylib0x2Ewasm_0x5F_indirect_function_table(instance);",
        "    ::wasm2c_0x24mylib0x2Ewasm_instantiate(instance);",
        "  static void instantiate(instance_type* instance, ::w2c_env*,",
        "                          ::w2c_wasi__snapshot__preview1*) {",
    ):
        assert line in text.split("\n")


def test_no_table_and_no_header(tmp_path):
    made = wb.ModuleBuilder()
    made.add_import("env", "memory", "memory", wb.limits(1))
    wb.add_allocator(made)
    text = run(tmp_path, made, headers=())
    assert "//   table    none\n" in text
    assert "imports_table = false;" in text and "table_max = 0u;" in text
    assert "(instance, env);" in text
    assert "library's own headers" not in text


def test_a_memory_of_64_bits_is_stated(tmp_path):
    made = wb.ModuleBuilder()
    made.add_import("env", "memory", "memory", wb.limits(1, 2, 4))
    wb.add_allocator(made)
    assert "memory_is64 = true;" in run(tmp_path, made)


HOSTILE = ['"; system("x"); //', "a\nb", "*/ int x; /*", "a\\", "??/", "", "9", "é", "x" * 70_000 + "-", "#include <x>"]


def test_hostile_export_names_stay_out(tmp_path):
    made = sandbox()
    for name in HOSTILE:
        made.add_function(export=name)
    plain = run(tmp_path, sandbox())
    text = run(tmp_path, made)
    assert f"//            and {len(HOSTILE)} with names that are no C identifiers, which cannot be called\n" in text
    kept = [line for line in text.split("\n") if "no C identifiers" not in line]
    assert kept == plain.split("\n")


def test_hostile_import_names_are_shown_in_one_line(tmp_path):
    made = wb.library()
    for name in HOSTILE:
        made.add_import("wasi_snapshot_preview1", name, "function", wb.VOID)
    wb.add_allocator(made)
    text = run(tmp_path, made)
    plain = run(tmp_path, sandbox())
    code = text.index("#ifndef")
    assert all(line.startswith("//") for line in text[:code].splitlines() if line)
    assert not any(line.endswith(("\\", "??/")) for line in text[:code].splitlines())
    assert (
        text[code:].replace("(instance, env, wasi)", "(instance, env)").replace("* wasi)", "*)")
        == (plain[plain.index("#ifndef") :])
    )


def test_keywords_and_odd_identifiers_can_be_called(tmp_path):
    made = sandbox()
    for name in ("class", "_Z5helloi", "a__b", "errno"):
        made.add_function(export=name)
    text = run(tmp_path, made)
    for name, mangled in (("class", "class"), ("_Z5helloi", "0x5FZ5helloi"), ("a__b", "a_0x5Fb"), ("errno", "errno")):
        assert f"rlbox_fn_{name} = &::w2c_0x24mylib0x2Ewasm_{mangled};" in text


def test_long_lists_are_wrapped(tmp_path):
    made = sandbox()
    for place in range(40):
        made.add_function(export=f"function_number_{place}")
    comment = run(tmp_path, made).partition("#ifndef")[0].splitlines()
    assert max(map(len, comment)) <= 100
    assert comment[-2].startswith("//            ")


@pytest.mark.parametrize("backend", ["wasm2c", "noop"])
@pytest.mark.parametrize(
    ("name", "start", "problem"),
    [
        ("my-lib", "my-lib", "is not a C identifier (ASCII letters, digits and underscores, no digit first)"),
        ("", "module_name", "is not a C identifier (ASCII letters, digits and underscores, no digit first)"),
        ("class", "class", "is a keyword of C or C++"),
        ("errno", "errno", "is a macro of the compiler or the C library"),
    ],
)
def test_bad_module_names(tmp_path, backend, name, start, problem):
    made = sandbox() if backend == "wasm2c" else None
    assert error_of(tmp_path, made, module=name, backend=backend) == (
        f"{start}: the module name '{name}' {problem}. To fix: set module_name to one like 'mylib'"
    )


@pytest.mark.parametrize(
    ("header", "shown"),
    [("", "''"), ('a"b.h', "'a\"b.h'"), ("a\nb.h", r"'a\nb.h'"), ("a\\b.h", r"'a\\b.h'"), ("<a>", "'<a>'")],
)
def test_bad_headers(tmp_path, header, shown):
    assert error_of(tmp_path, backend="noop", headers=[header]) == (
        f"mylib: the header name {shown} cannot be written into #include. To fix: rename the file"
    )


def test_no_module_for_wasm2c(tmp_path):
    assert error_of(tmp_path) == "mylib: the wasm2c backend needs the module. To fix: pass --wasm"


def test_not_a_module(tmp_path):
    assert (
        error_of(tmp_path, b"int x;")
        == "DIR/in.wasm: not a WebAssembly module. To fix: name a file that was linked for wasm32"
    )
