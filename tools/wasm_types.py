"""What a WebAssembly module is made of, as plain data; wasm_module reads it from bytes."""

from __future__ import annotations

from typing import NamedTuple, Optional


class FuncType(NamedTuple):
    """A function's signature, as names of value types."""

    params: tuple[str, ...]
    results: tuple[str, ...]

    def __str__(self) -> str:
        return f"({', '.join(self.params)}) -> ({', '.join(self.results)})"


class Limits(NamedTuple):
    """The size of a memory, in pages, or of a table, in entries."""

    minimum: int
    maximum: Optional[int]
    shared: bool = False
    is64: bool = False
    page_size_log2: int = 16


class TableType(NamedTuple):
    """A table's element type and size."""

    element: str
    limits: Limits


class GlobalType(NamedTuple):
    """A global variable's type and, where it is defined as a plain number, its initial value."""

    value: str
    mutable: bool
    initial: Optional[int] = None


class Import(NamedTuple):
    """An import; `number` is that in the index space of its kind."""

    module: str
    name: str
    kind: str
    number: int


class Export(NamedTuple):
    """An export; `number` is that in the index space of its kind."""

    name: str
    kind: str
    number: int


class Section(NamedTuple):
    """A section: `start` is its id byte's offset, `data[payload:end]` its content (after a custom one's name)."""

    id: int
    name: str
    start: int
    payload: int
    end: int


class Body(NamedTuple):
    """A function body: `record` is the offset of its size field, `data[start:end]` its locals and code."""

    record: int
    start: int
    end: int


class WasmModule:
    """What `parse` found. The lists are the index spaces, imports first."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.sections: list[Section] = []
        self.types: list[FuncType] = []
        self.imports: list[Import] = []
        self.functions: list[int] = []  # indices into types
        self.tables: list[TableType] = []
        self.table_limits: list[tuple[int, int]] = []  # where in data each table's limits lie
        self.memories: list[Limits] = []
        self.globals: list[GlobalType] = []
        self.tags: list[int] = []  # indices into types
        self.exports: list[Export] = []
        self.start: Optional[int] = None
        self.imported_functions = 0
        self.bodies: list[Body] = []  # of the functions from imported_functions on
        self.referenced: set[int] = set()  # functions in element segments: their address is taken
        self.code_size = 0
        self.data_size = 0
        self.name = ""
        self.function_names: dict[int, str] = {}
        self.features: list[str] = []  # of the target_features section: "+bulk-memory", ...

    def function_type(self, index: int) -> FuncType:
        """The signature of function `index`."""
        return self.types[self.functions[index]]

    def function_name(self, index: int) -> str:
        """The name that the name section gives function `index`, or a made-up one."""
        return self.function_names.get(index) or f"function {index}"

    def custom(self, name: str) -> list[Section]:
        """The custom sections called `name`."""
        return [section for section in self.sections if section.id == 0 and section.name == name]
