"""The text of `<module>.rlbox.h`; see gen_module_header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Optional

from headers.description import Struct
from wasm.abi import DESTRUCTORS, STACK_POINTER, UNCAUGHT, WASI
from wasm.module import Limits
from wasm.reader import printable

from codegen.function_text import function_member, function_name, left_out_members
from codegen.module_shape import ModuleShape
from codegen.named_calls_text import NO_CALLS, Calls, call_lines, descriptor_member, forward_declaration
from codegen.struct_text import REST, Part, struct_lines
from codegen.wasm2c_names import declarations, mangle, module_prefix

_WIDTH = 96
# What the generated C and everything that depends on it are compiled with. These change layouts and checks, so all code of
# one program must agree. The bundled runtime's headers see to that themselves; upstream's do not.
_SETTINGS = (
    "WASM_RT_USE_MMAP",
    "WASM_RT_SKIP_SIGNAL_RECOVERY",
    "WASM_RT_NONCONFORMING_UNCHECKED_STACK_EXHAUSTION",
)


def noop_header(
    module: str,
    headers: Sequence[str],
    *,
    structs: Sequence[Struct] = (),
    parts: Optional[Mapping[str, Sequence[Part]]] = None,
    rest: str = REST,
    notes: Sequence[str] = (),
    standard: Sequence[str] = (),
    extern_c: bool = False,
    calls: Optional[Calls] = None,
    left_out: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """The header for the backend that isolates nothing; `parts` and `rest` are as in struct_lines, and `notes` are comments.

    `standard` are headers of the C library that the library's headers need first. `calls` are the calls by name, None for
    upstream's RLBox, which has none; `left_out` are functions that only say why they cannot be called.
    """
    lines = [
        f"// {module}.rlbox.h: the sandbox '{module}', backend noop. Written by gen_module_header; do not edit.",
        "//",
        "// The noop backend isolates NOTHING: the library runs as ordinary native code. It is for porting only.",
        *opening(module),
        *static_calls("rlbox_noop_sandbox_lookup_symbol"),
        '#include "rlbox_noop_sandbox.hpp"',
        "",
        '#include "rlbox.hpp"',
        *library_includes(headers, standard, extern_c=extern_c),
        "",
        *(
            [f"RLBOX_DEFINE_BASE_TYPES_FOR({module}, noop);"]
            if calls is None
            else _noop_types(module, calls, left_out)
        ),
        *notes,
        *struct_lines(module, structs, None, rest, parts),
        "",
        f"#endif  // {guard(module)}",
    ]
    return "\n".join(lines) + "\n"


def _noop_types(module: str, calls: Calls, left_out: Mapping[str, str]) -> list[str]:
    """The sandbox's types, and what describes the library to them."""
    return [
        "namespace rlbox_modules {",
        "",
        *forward_declaration(module, calls),
        f"struct {_struct(module)} {{",
        f'  static constexpr const char* module_name = "{module}";',
        *descriptor_member(module, calls),
        *left_out_members(module, left_out),
        "};",
        "",
        f"using {module} = {_struct(module)};",
        "",
        "}  // namespace rlbox_modules",
        *call_lines(module, calls, _struct(module), direct=True),
        "",
        f"RLBOX_DEFINE_BASE_TYPES_FOR_TYPE({module}, rlbox::rlbox_noop_module_sandbox<rlbox_modules::{module}>);",
    ]


def wasm2c_header(
    module: str,
    headers: Sequence[str],
    shape: ModuleShape,
    *,
    structs: Sequence[Struct] = (),
    parts: Optional[Mapping[str, Sequence[Part]]] = None,
    aliases: Sequence[tuple[str, str]] = (),
    left_out: Mapping[str, str] = MappingProxyType({}),
    longs: Mapping[str, Sequence[str]] = MappingProxyType({}),
    standard: Sequence[str] = (),
    extern_c: bool = False,
    calls: Calls = NO_CALLS,
) -> str:
    """The header for the wasm2c backend.

    `parts` is as in struct_lines. `aliases` are pairs of a function's name in C and its name in the module, where these differ. `left_out` are the
    functions that the headers declare and the module does not export, each with the reason for who calls it. `longs` has, for a
    function's name in the module, what Function.longs is. `standard` are headers of the C library that the library's headers need first. `calls` are
    the calls by name. Nothing in it changes with the inside of a function, so that an edit of the library does not compile the application again.
    """
    sandbox = f"rlbox::rlbox_wasm2c_module_sandbox<rlbox_modules::{module}>"
    lines = [
        f"// {module}.rlbox.h: the sandbox '{module}', backend wasm2c. Written by gen_module_header; do not edit.",
        "//",
        *summary(shape),
        *opening(module),
        *static_calls("rlbox_wasm2c_module_lookup_symbol"),
        *declarations(module),
        "",
        '#include "rlbox_wasm2c_module.hpp"',
        "",
        '#include "rlbox.hpp"',
        *library_includes(headers, standard, extern_c=extern_c),
        "",
        "struct w2c_env;",
        "struct w2c_wasi__snapshot__preview1;",
        "",
        "namespace rlbox_modules {",
        "",
        *forward_declaration(module, calls),
        "// Not named like the module, so that no module name can clash with a member's.",
        f"struct {_struct(module)} {{",
        *_members(module, shape, aliases, longs),
        *descriptor_member(module, calls),
        *left_out_members(module, left_out),
        "};",
        "",
        f"using {module} = {_struct(module)};",
        "",
        "}  // namespace rlbox_modules",
        *call_lines(module, calls, _struct(module), direct=False),
        "",
        f"RLBOX_DEFINE_BASE_TYPES_FOR_TYPE({module}, {sandbox});",
        *struct_lines(module, structs, sandbox, parts=parts),
        "",
        f"#endif  // {guard(module)}",
    ]
    return "\n".join(lines) + "\n"


def guard(module: str) -> str:
    """The macro that guards the header."""
    return f"RLBOX_MODULE_{module}_RLBOX_H_"


def _struct(module: str) -> str:
    return f"rlbox_module_{module}"


def opening(module: str) -> list[str]:
    """The guard's first lines."""
    return ["", f"#ifndef {guard(module)}", f"#define {guard(module)}", ""]


def static_calls(lookup: str) -> list[str]:
    """The lines that choose how functions are found."""
    return [
        "// Functions are found at compile time, by name.",
        "#ifndef RLBOX_USE_STATIC_CALLS",
        f"#define RLBOX_USE_STATIC_CALLS() {lookup}",
        "#endif",
        "",
    ]


def library_includes(headers: Sequence[str], standard: Sequence[str] = (), *, extern_c: bool = False) -> list[str]:
    """The lines that include the library's headers, after those of the C library that must come first.

    `extern_c` says that they are C and do not say so to C++.
    """
    if not headers:
        return []
    first = ["", "// What they need first.", *[f"#include <{name}>" for name in standard]] if standard else []
    return [
        *first,
        "",
        "// The library's own headers, for the types of its functions.",
        *(['extern "C" {'] if extern_c else []),
        *[f'#include "{h}"' for h in headers],
        *(["}"] if extern_c else []),
    ]


def _sizes(limits: Limits, unit: tuple[str, str]) -> str:
    most = f"at most {limits.maximum}" if limits.maximum is not None else "no limit stated"
    return f"{limits.minimum} {unit[0] if limits.minimum == 1 else unit[1]} at first, {most}"


def summary(shape: ModuleShape) -> list[str]:
    """A comment that tells a reviewer what the sandbox can do."""
    memory = "imported" if shape.memory_export is None else "exported"
    table = "none" if shape.table is None else _sizes(shape.table, ("entry", "entries"))
    lines = [
        f"//   memory   {memory}, {_sizes(shape.memory, ('page of 64 KiB', 'pages of 64 KiB'))}",
        f"//   table    {'' if shape.table is None else 'imported, ' if shape.imports_table else 'exported, '}{table}",
    ]
    imports = [printable(name)[1:-1] for name in shape.wasi_imports]
    lines += _wrapped("//   WASI     ", imports or ["no function is imported"])
    lines += _wrapped("//   exports  ", [name for name, _ in shape.functions])
    if shape.unnameable:
        lines.append(
            f"//            and {shape.unnameable} with names that are no C identifiers, which cannot be called"
        )
    return lines


def _wrapped(head: str, words: Sequence[str]) -> list[str]:
    lines = []
    line = head
    for place, word in enumerate(words):
        item = word + ("," if place + 1 < len(words) else "")
        if len(line) + len(item) > _WIDTH and line.strip("/ "):
            lines.append(line.rstrip())
            line = "//" + " " * (len(head) - 2)
        line += item + " "
    return [*lines, line.rstrip()]


def setting_checks(module: str) -> list[str]:
    """The lines that stop a file which is compiled in another way than the sandbox."""
    lines = [
        "// These settings change layouts and checks, so the application must be compiled with those of the sandbox."
    ]
    for setting in _SETTINGS:
        lines += [
            f"static_assert({setting} == 1,",
            f'              "{module}: compile this file with {setting}=1, as the sandbox is");',
        ]
    return [*lines, ""]


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _members(
    module: str, shape: ModuleShape, aliases: Sequence[tuple[str, str]], longs: Mapping[str, Sequence[str]]
) -> list[str]:
    prefix = module_prefix(module)
    memory_max = shape.memory.maximum
    table = shape.table or Limits(0, 0)
    lines = [
        f'static constexpr const char* module_name = "{module}";',
        f"using instance_type = ::w2c_{prefix};",
        "",
        "// Instantiating runs the constructors (the start function does) and allocates what the module does not import.",
        *_instantiate(prefix, shape),
        f"static void free_instance(instance_type* instance) {{ ::wasm2c_{prefix}_free(instance); }}",
        f"static constexpr auto get_func_type = &::wasm2c_{prefix}_get_func_type;",
        "",
        "// Memory, in pages of 64 KiB, and table, in entries.",
        f"static constexpr bool imports_memory = {_flag(shape.memory_export is None)};",
        f"static constexpr bool imports_table = {_flag(shape.imports_table)};",
        f"static constexpr bool memory_is64 = {_flag(shape.memory.is64)};",
        f"static constexpr ::std::uint64_t memory_min_pages = {shape.memory.minimum}u;",
        f"static constexpr ::std::uint64_t memory_max_pages = {65536 if memory_max is None else memory_max}u;",
        f"static constexpr ::std::uint32_t table_min = {table.minimum}u;",
        f"static constexpr ::std::uint32_t table_max = {_table_max(table)}u;",
        *_accessor("::wasm_rt_memory_t*", "memory", prefix, shape.memory_export),
        *_accessor("::wasm_rt_funcref_table_t*", "table", prefix, shape.table_export),
        "",
        "// What runs after the last call.",
        f"static constexpr bool has_call_dtors = {_flag(shape.destructor)};",
        *_procedure("call_dtors", prefix, DESTRUCTORS if shape.destructor else None),
        "",
        "// The library's own stack pointer and allocator.",
        f"static constexpr bool has_stack_pointer = {_flag(shape.stack_pointer)};",
        *_accessor("::std::uint32_t*", "stack_pointer", prefix, STACK_POINTER if shape.stack_pointer else None),
        *_uncaught(prefix, shape),
        "static ::std::uint32_t guest_malloc(instance_type* instance, ::std::uint32_t size) {",
        f"  return ::w2c_{prefix}_malloc(instance, size);",
        "}",
        "static void guest_free(instance_type* instance, ::std::uint32_t address) {",
        f"  ::w2c_{prefix}_free(instance, address);",
        "}",
        "",
        "// The exported functions, by their names in C.",
        *[function_member(prefix, name, longs.get(name, ())) for name, _ in shape.functions],
        *[f"static constexpr auto rlbox_fn_{name} = rlbox_fn_{other};" for name, other in aliases],
        "",
        "// The name of an exported function, for reports of traps; nullptr for any other function.",
        *function_name({name: longs.get(name, ()) for name, _ in shape.functions}),
    ]
    return [f"  {line}" if line else "" for line in lines]


def _table_max(limits: Limits) -> int:
    return 0xFFFFFFFF if limits.maximum is None else min(limits.maximum, 0xFFFFFFFF)


def _instantiate(prefix: str, shape: ModuleShape) -> list[str]:
    env = " env" if "env" in shape.import_modules else ""
    wasi = " wasi" if WASI in shape.import_modules else ""
    arguments = ", ".join(["instance", *[name.strip() for name in (env, wasi) if name]])
    return [
        f"static void instantiate(instance_type* instance, ::w2c_env*{env},",
        f"                        ::w2c_wasi__snapshot__preview1*{wasi}) {{",
        f"  ::wasm2c_{prefix}_instantiate({arguments});",
        "}",
    ]


def _accessor(result: str, name: str, prefix: str, export: Optional[str]) -> list[str]:
    if export is None:
        return [f"static {result} {name}(instance_type*) {{ return nullptr; }}"]
    return [
        f"static {result} {name}(instance_type* instance) {{",
        f"  return ::w2c_{prefix}_{mangle(export)}(instance);",
        "}",
    ]


def _procedure(name: str, prefix: str, export: Optional[str]) -> list[str]:
    if export is None:
        return [f"static void {name}(instance_type*) {{}}"]
    return [
        f"static void {name}(instance_type* instance) {{",
        f"  ::w2c_{prefix}_{mangle(export)}(instance);",
        "}",
    ]


def _uncaught(prefix: str, shape: ModuleShape) -> list[str]:
    """The member that describes an exception which leaves the module; without exceptions there is none."""
    if not shape.uncaught:
        return []
    return [
        "static void describe_exception(instance_type* instance, ::std::uint32_t thrown) {",
        f"  ::w2c_{prefix}_{mangle(UNCAUGHT)}(instance, thrown);",
        "}",
    ]
