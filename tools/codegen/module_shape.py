"""What a runtime must know about a sandbox's module: its memory, its table, what it imports and can be asked to do."""

from __future__ import annotations

from typing import NamedTuple, Optional

from wasm.instructions import reachable
from wasm.module import Export, FuncType, Limits, WasmModule
from wasm.reader import printable
from wasm.wasi_functions import WASI

from codegen.wasm2c_names import is_c_identifier

MEMORY_IMPORT = ("env", "memory")
TABLE_IMPORT = ("env", "__indirect_function_table")
_NOTHING = FuncType((), ())


class ModuleFacts(NamedTuple):
    """The facts; names of exports are as in the module, and None means that there is no such export."""

    import_modules: list[str]  # sorted: the order of the arguments of wasm2c's instantiate function
    wasi_imports: list[str]
    memory: Limits
    memory_export: Optional[str]  # None: the memory is imported
    table: Optional[Limits]
    table_export: Optional[str]
    imports_table: bool
    functions: list[tuple[str, FuncType]]  # the exported functions that C can name, sorted
    unnameable: int  # how many other functions are exported
    initializer: Optional[str]  # the export that still has to be called after instantiation
    destructor: bool
    stack_pointer: bool


def module_facts(module: WasmModule) -> ModuleFacts:
    """Collects the facts of `module`.

    Raises:
        ValueError: the module cannot be a sandbox; the message says why, and the way out.
    """
    memory = _only(module, "memory", MEMORY_IMPORT)
    table = _only(module, "table", TABLE_IMPORT)
    if memory is None:
        raise ValueError("the module has no memory; link it with --import-memory")
    memory_limits = module.memories[0]
    if memory_limits.shared:
        raise ValueError(
            "the module's memory is shared between threads; a sandbox has no threads, so build it without -pthread"
        )
    if memory_limits.page_size_log2 != 16:
        raise ValueError("the module's memory has pages of one byte; build it without custom page sizes")
    exports = {export.name: export for export in module.exports}
    for name, signature in (("malloc", FuncType(("i32",), ("i32",))), ("free", FuncType(("i32",), ()))):
        if not _is_function(module, exports.get(name), signature):
            raise ValueError(
                f"the module does not export {name} as a function {signature}, which RLBox needs;"
                f" link it with --export={name}"
            )
    stack_pointer = exports.get("__stack_pointer")
    named = [e for e in module.exports if e.kind == "function" and is_c_identifier(e.name)]
    return ModuleFacts(
        import_modules=_import_modules(module),
        wasi_imports=sorted({i.name for i in module.imports if i.module == WASI}),
        memory=memory_limits,
        memory_export=memory.name if isinstance(memory, Export) else None,
        table=module.tables[0].limits if table else None,
        table_export=table.name if isinstance(table, Export) else None,
        imports_table=table is not None and not isinstance(table, Export),
        functions=sorted((e.name, module.function_type(e.number)) for e in named),
        unnameable=sum(e.kind == "function" for e in module.exports) - len(named),
        initializer=_initializer(module, exports),
        destructor=_is_function(module, exports.get("__wasm_call_dtors"), _NOTHING),
        stack_pointer=stack_pointer is not None
        and stack_pointer.kind == "global"
        and module.globals[stack_pointer.number][:2] == ("i32", True),
    )


def _only(module: WasmModule, kind: str, wanted: tuple[str, str]) -> object:
    """The import or export of the module's one memory or table; None if it has none."""
    space = module.memories if kind == "memory" else module.tables
    if not space:
        return None
    if len(space) > 1:
        many = "memories" if kind == "memory" else "tables"
        raise ValueError(f"the module has {len(space)} {many}; a sandbox has one, so build it without multiple {many}")
    for item in module.imports:
        if item.kind == kind:
            if (item.module, item.name) != wanted:
                found = f"{printable(item.module)} {printable(item.name)}"
                raise ValueError(
                    f"the module imports its {kind} as {found}, not as {' '.join(map(printable, wanted))};"
                    f" link it with wasm-ld's --import-{kind}"
                )
            return item
    for export in module.exports:
        if export.kind == kind:
            return export
    if kind == "table":
        return None
    raise ValueError(
        "the module neither imports nor exports its memory; link it with --import-memory or --export-memory"
    )


def _is_function(module: WasmModule, export: Optional[Export], signature: FuncType) -> bool:
    return export is not None and export.kind == "function" and module.function_type(export.number) == signature


def _import_modules(module: WasmModule) -> list[str]:
    names = sorted({item.module for item in module.imports})
    for name in names:
        if name not in ("env", WASI):
            item = next(i for i in module.imports if i.module == name)
            raise ValueError(
                f"the module imports {printable(item.name)} from {printable(name)}, but a sandbox can import only"
                f" from 'env' and '{WASI}'; build it without that import"
            )
    return names


def _initializer(module: WasmModule, exports: dict[str, Export]) -> Optional[str]:
    already = set() if module.start is None else reachable(module, module.start)
    for name in ("_initialize", "__wasm_call_ctors"):
        export = exports.get(name)
        if export is not None and _is_function(module, export, _NOTHING):
            return None if export.number in already else name
    return None
