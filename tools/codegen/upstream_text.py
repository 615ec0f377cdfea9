"""The text of `<module>.rlbox.h` for the RLBox project's own framework and wasm2c plugin; see gen_module_header.

That plugin takes one module in a program, of one shape: it imports WASI's functions, and imports its memory and table or
exports both. It calls nothing of the module but malloc, free and what the application asks for. A module that
is smaller than that, has destructors, or exports names that C++ would have to write in another way
than wasm2c does, is adapted here by macros: the plugin pastes its names together, and what is pasted is expanded again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from headers.description import HeaderDescription, Struct
from wasm.abi import DESTRUCTORS, IMPORTED_SPACES, WASI

from codegen.header_text import guard, library_includes, opening, setting_checks, static_calls, summary
from codegen.module_shape import ModuleShape
from codegen.struct_text import PORTABLE_REST, StructChoice, struct_lines
from codegen.wasm2c_names import mangle, module_prefix

_MEMORY, _TABLE = IMPORTED_SPACES["memory"][1], IMPORTED_SPACES["table"][1]
_SANDBOX = "rlbox::rlbox_wasm2c_sandbox"
_TAKEN = "RLBOX_UPSTREAM_SANDBOX"
_WANTED = "upstream's RLBox takes a module that imports both its memory and its table, or exports both"


class Limits(NamedTuple):
    """What upstream's framework cannot do of what the library's headers ask for."""

    left_out: Mapping[str, str]  # structs that are not described, and why
    refused_calls: Mapping[str, str]  # functions that cannot be called, and the identifier that says why


def upstream_limits(
    headers: HeaderDescription, choice: StructChoice, left_out: Mapping[str, str] = MappingProxyType({})
) -> Limits:
    """Finds them: the functions are those that take or return a struct which upstream passes wrongly, or not at all.

    Those that are `left_out` of the exports join them, each with the reason.
    """
    refused = {name: f"rlbox_left_out_{name}__" + re.sub(r"[^A-Za-z0-9]+", "_", why) for name, why in left_out.items()}
    for function in filter(lambda item: item.can_be_called, headers.functions):
        for name in function.by_value:
            if name in choice.left_out:
                refused[function.c_name] = f"upstream_RLBox_cannot_pass_struct_{name}_which_has_an_array_of_structs"
            elif _is_one_scalar(headers.structs, name):
                refused[function.c_name] = f"upstream_RLBox_cannot_pass_struct_{name}_which_has_one_field"
    return Limits(choice.left_out, refused)


def _is_one_scalar(structs: Mapping[str, Struct], name: str) -> bool:
    """Whether WebAssembly passes a struct as its only field, where upstream's plugin passes an address."""
    struct = structs.get(name)
    if struct is None or len(struct.fields) != 1:
        return False
    field = struct.fields[0]
    if field.type.endswith("]") and not field.type.endswith("[1]"):
        return False
    return not field.struct or _is_one_scalar(structs, field.struct)


def limit_notes(limits: Limits) -> list[str]:
    """Comments about the structs that are left out."""
    if not limits.left_out:
        return []
    return ["", *[f"// struct {name} is not described: {why}." for name, why in limits.left_out.items()]]


def upstream_problem(shape: ModuleShape) -> str:
    """Why upstream's plugin cannot use a module, and how to fix that; empty if it can."""
    memory, table = (
        "exports" if shape.memory_export is not None else "imports",
        "has no" if shape.table is None else "imports its" if shape.imports_table else "exports its",
    )
    names = [name for name, _ in shape.functions]
    if shape.memory.is64:
        return "the module's memory has 64-bit addresses, and upstream's RLBox knows only memories with 32-bit addresses. To fix: build the module for wasm32"
    if shape.table is None and memory == "exports":
        return f"the module {memory} its memory and {table} table, but {_WANTED}. To fix: link it with --export-table"
    if shape.table is not None and (memory == "imports") != shape.imports_table:
        return (
            f"the module {memory} its memory and {table} table, but {_WANTED}. To fix:"
            " set import_memory and import_table to the same value"
        )
    if memory == "exports" and "env" in shape.import_modules:
        return "the module imports functions from env and exports its memory. To fix: build it without these imports"
    if memory == "imports" and _MEMORY in names:
        return (
            "the module exports a function called memory, a name that upstream's plugin needs itself. To fix: rename it"
        )
    return ""


def upstream_header(
    module: str,
    headers: Sequence[str],
    shape: ModuleShape,
    *,
    structs: Sequence[Struct],
    aliases: Sequence[tuple[str, str]],
    limits: Limits,
    standard: Sequence[str] = (),
    extern_c: bool = False,
) -> str:
    """The header for upstream's wasm2c plugin and a module without an upstream_problem; `aliases` as in wasm2c_header."""
    prefix = module_prefix(module)
    lines = [
        f"// {module}.rlbox.h: the sandbox '{module}', backend wasm2c of the RLBox project's own plugin.",
        "// Written by gen_module_header; do not edit.",
        "//",
        *summary(shape),
        *opening(module),
        f"#ifdef {_TAKEN}",
        f"#error \"{module}.rlbox.h: upstream's RLBox can have one sandbox in a program, and this file includes another. "
        'To fix: build with --@rules_rlbox//rules/settings:rlbox=bundled"',
        "#else",
        f"#define {_TAKEN}",
        "",
        *static_calls("rlbox_wasm2c_sandbox_lookup_symbol"),
        f'#include "{module}.wasm.h"',
        "",
        *setting_checks(module),
        *_adapter(module, prefix, shape),
        *_names(prefix, shape, aliases, limits.refused_calls),
        f"#define RLBOX_WASM2C_MODULE_NAME {prefix[len('0x24') : -len('0x2Ewasm')]}",
        '#include "rlbox_wasm2c_sandbox.hpp"',
        "",
        '#include "rlbox.hpp"',
        *library_includes(headers, standard, extern_c=extern_c),
        "",
        f"RLBOX_DEFINE_BASE_TYPES_FOR({module}, wasm2c);",
        *limit_notes(limits),
        *struct_lines(module, structs, _SANDBOX, PORTABLE_REST),
        "",
        f"#endif  // {_TAKEN}",
        f"#endif  // {guard(module)}",
    ]
    return "\n".join(lines) + "\n"


def _adapter(module: str, prefix: str, shape: ModuleShape) -> list[str]:
    """Functions that stand between the plugin and the module, for what the plugin does not do itself."""
    functions, macros = [], []

    def stand_in(what: str, parameters: Sequence[str], body: Sequence[str]) -> None:
        name = f"rlbox_upstream_{what}_{module}"
        functions.extend([f"inline void {name}({', '.join(parameters)}) {{", *[f"  {line};" for line in body], "}"])
        macros.append(f"#define wasm2c_{prefix}_{what} {name}")

    instance = f"w2c_{prefix}* instance"
    if WASI not in shape.import_modules:
        imports = [] if shape.memory_export is not None else ["env"]
        parameters = [instance, *[f"w2c_env* {name}" for name in imports], "w2c_wasi__snapshot__preview1*"]
        body = [f"wasm2c_{prefix}_instantiate({', '.join(['instance', *imports])})"]
        stand_in("instantiate", parameters, body)
    if shape.destructor:
        body = [f"w2c_{prefix}_{mangle(DESTRUCTORS)}(instance)", f"wasm2c_{prefix}_free(instance)"]
        stand_in("free", [instance], body)
    if shape.table is None:
        name = f"rlbox_upstream_table_{module}"
        functions.append(f"inline const uint32_t {name} = 0;")
        macros.append(f"#define wasm2c_{prefix}_min_env_{mangle(_TABLE)} {name}")
    if not functions:
        return []
    return [
        "// What the plugin does not do itself: WASI's functions are not imported by every module, and destructors run",
        "// when the sandbox is destroyed.",
        "struct w2c_env;",
        "struct w2c_wasi__snapshot__preview1;",
        'extern "C" {',
        *functions,
        "}",
        *macros,
        "",
    ]


def _names(
    prefix: str, shape: ModuleShape, aliases: Sequence[tuple[str, str]], refused: Mapping[str, str]
) -> list[str]:
    """Macros for the names that the plugin would paste together in another way than wasm2c does."""
    pairs = [(name, name) for name, _ in shape.functions] + list(aliases)
    for name, exported in ((_MEMORY, shape.memory_export), (_TABLE, shape.table_export)):
        if exported is not None:
            pairs.append((mangle(name), exported))
    existing = {mangle(name) for name, _ in shape.functions}
    lines = [
        f"#define w2c_{prefix}_{name} {refused[name]}" for name in sorted(set(refused) - {name for name, _ in pairs})
    ]
    for name, exported in pairs:
        if name in refused:
            lines.append(f"#define w2c_{prefix}_{name} {refused[name]}")
        elif name != mangle(exported) and name not in existing and exported != DESTRUCTORS:
            lines.append(f"#define w2c_{prefix}_{name} w2c_{prefix}_{mangle(exported)}")
    return [*lines, ""] if lines else []
