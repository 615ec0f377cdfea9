"""What a runtime must know about a sandbox's module: its memory, its table, what it imports and can be asked to do."""

from __future__ import annotations

from typing import NamedTuple, Optional

from wasm.abi import DESTRUCTORS, IMPORTED_SPACES, REQUIRED_EXPORTS, STACK_POINTER, UNCAUGHT, WASI
from wasm.description import Space, exported_functions, spaces
from wasm.module import FuncType, Limits, WasmModule
from wasm.reader import printable

from codegen.identifiers import is_c_identifier


class ModuleShape(NamedTuple):
    """The shape; names of exports are as in the module, and None means that there is no such export."""

    import_modules: list[str]  # sorted: the order of the arguments of wasm2c's instantiate function
    wasi_imports: list[str]
    memory: Limits
    memory_export: Optional[str]  # None: the memory is imported
    table: Optional[Limits]
    table_export: Optional[str]
    imports_table: bool
    functions: list[tuple[str, FuncType]]  # the exported functions that C can name, sorted
    unnameable: int  # how many other functions are exported
    destructor: bool
    stack_pointer: bool
    uncaught: bool  # whether the module describes exceptions that leave it


def module_shape(module: WasmModule) -> ModuleShape:
    """Collects the shape of `module`.

    Raises:
        ValueError: the module cannot be a sandbox; the message says why, and how to fix that.
    """
    memory, table = _only(module, "memory"), _only(module, "table")
    if memory is None:
        raise ValueError("the module has no memory. To fix: link it with --import-memory")
    if memory.limits.shared:
        raise ValueError(
            "the module's memory is shared between threads, and a sandbox has none. To fix: build it without -pthread"
        )
    if memory.limits.page_size_log2 != 16:
        raise ValueError("the module's memory has pages of one byte. To fix: build it without custom page sizes")
    functions = exported_functions(module)
    for name, signature in REQUIRED_EXPORTS.items():
        if functions.get(name) != signature:
            raise ValueError(
                f"the module does not export {name} as a function {signature}, which RLBox needs. To fix:"
                f" link it with --export={name}"
            )
    named = sorted((name, signature) for name, signature in functions.items() if is_c_identifier(name))
    return ModuleShape(
        import_modules=_import_modules(module),
        wasi_imports=sorted({i.name for i in module.imports if i.module == WASI}),
        memory=memory.limits,
        memory_export=memory.exported_as if memory.imported_as is None else None,
        table=table.limits if table else None,
        table_export=table.exported_as if table and table.imported_as is None else None,
        imports_table=table is not None and table.imported_as is not None,
        functions=named,
        unnameable=len(functions) - len(named),
        destructor=functions.get(DESTRUCTORS) == FuncType((), ()),
        stack_pointer=_has_stack_pointer(module),
        uncaught=functions.get(UNCAUGHT) == FuncType(("i32",), ()),
    )


def _only(module: WasmModule, kind: str) -> Optional[Space]:
    """The module's one memory or table; None if it has none, or a table that nobody outside can reach."""
    found = spaces(module, kind)
    if not found:
        return None
    if len(found) > 1:
        many = "memories" if kind == "memory" else "tables"
        raise ValueError(
            f"the module has {len(found)} {many}, and a sandbox has one. To fix: build it without multiple {many}"
        )
    (space,) = found
    wanted = IMPORTED_SPACES[kind]
    if space.imported_as not in (None, wanted):
        as_found, as_wanted = (" ".join(map(printable, names)) for names in (space.imported_as or (), wanted))
        raise ValueError(
            f"the module imports its {kind} as {as_found}, not as {as_wanted}. To fix: link it with wasm-ld's --import-{kind}"
        )
    if space.imported_as is None and space.exported_as is None:
        if kind == "table":
            return None
        raise ValueError(
            "the module neither imports nor exports its memory. To fix: link it with --import-memory or --export-memory"
        )
    return space


def _has_stack_pointer(module: WasmModule) -> bool:
    return any(
        export.name == STACK_POINTER and export.kind == "global" and module.globals[export.number][:2] == ("i32", True)
        for export in module.exports
    )


def _import_modules(module: WasmModule) -> list[str]:
    names = sorted({item.module for item in module.imports})
    for name in names:
        if name not in ("env", WASI):
            item = next(i for i in module.imports if i.module == name)
            raise ValueError(
                f"the module imports {printable(item.name)} from {printable(name)}, but a sandbox can import only"
                f" from 'env' and '{WASI}'. To fix: build it without that import"
            )
    return names
