"""What a WebAssembly module is made of, as plain data; module.py reads it from bytes.

What a module can have a million of is kept as numbers and made when it is asked for, so a module in memory takes a few
times its own size.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Optional, overload

from wasm.reader import Reader

VALUE_TYPES = {
    0x7F: "i32",
    0x7E: "i64",
    0x7D: "f32",
    0x7C: "f64",
    0x7B: "v128",
    0x70: "funcref",
    0x6F: "externref",
    0x69: "exnref",
}
MAX_RESULTS = 16  # of a function, and of parameters of a block: each is a line of C wherever it is called or left

_TYPE_FEATURES = {
    "v128": "simd128",
    "funcref": "reference-types",
    "externref": "reference-types",
    "exnref": "exnref",
}


def feature_of_type(value: str) -> str:
    """The feature that a value type belongs to; '' for the first ones."""
    return _TYPE_FEATURES.get(value, "")


class FuncType(NamedTuple):
    """A function's signature, as names of value types."""

    params: tuple[str, ...]
    results: tuple[str, ...]

    def __str__(self) -> str:
        return f"({', '.join(self.params)}) -> ({', '.join(self.results)})"


# What an exception may carry: the address of what longjmp hands over; the text of a trap's report. The runtime
# has room for these and no more (wasm2c_rt_exceptions.c).
TAG_TYPES = (FuncType(("i32",), ()), FuncType(("i64",) * 16, ()))


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


class Types(Sequence[FuncType]):
    """The type section: where each type is in the file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._offsets = array("I")

    def add(self, offset: int) -> None:
        """Adds the type whose parameters are at `offset`."""
        self._offsets.append(offset)

    def __len__(self) -> int:
        return len(self._offsets)

    @overload
    def __getitem__(self, index: int) -> FuncType: ...

    @overload
    def __getitem__(self, index: slice) -> list[FuncType]: ...

    def __getitem__(self, index: int | slice) -> FuncType | list[FuncType]:
        if isinstance(index, slice):
            return [self._read(offset) for offset in self._offsets[index]]
        return self._read(self._offsets[index])

    def _read(self, offset: int) -> FuncType:
        reader = Reader(self._data, offset)
        params, results = (tuple(VALUE_TYPES[code] for code in reader.take(reader.u32())) for _ in range(2))
        return FuncType(params, results)


class Bodies(Sequence[Body]):
    """The code section: where the record of each function is in the file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._records = array("I")

    def add(self, record: int) -> None:
        """Adds the body whose size is at `record`; records come in the order of the file."""
        self._records.append(record)

    def at(self, record: int) -> int:
        """The number of the body whose record is at `record`; -1 if there is none."""
        place = bisect_left(self._records, record)
        return place if place < len(self._records) and self._records[place] == record else -1

    def holding(self, offset: int) -> int:
        """The number of the body that the byte at `offset` belongs to; -1 if none."""
        place = bisect_right(self._records, offset) - 1
        return place if place >= 0 and offset < self[place].end else -1

    def __len__(self) -> int:
        return len(self._records)

    @overload
    def __getitem__(self, index: int) -> Body: ...

    @overload
    def __getitem__(self, index: slice) -> list[Body]: ...

    def __getitem__(self, index: int | slice) -> Body | list[Body]:
        if isinstance(index, slice):
            return [self._read(record) for record in self._records[index]]
        return self._read(self._records[index])

    def _read(self, record: int) -> Body:
        reader = Reader(self._data, record)
        size = reader.u32()
        return Body(record, reader.pos, reader.pos + size)


class Names(Mapping[int, str]):
    """The functions' names in the name section: where each is in the file."""

    def __init__(self, data: bytes, functions: int = 0) -> None:
        self._data = data
        self._offsets = array("I", bytes(4 * functions))  # 0: no name
        self._count = 0

    def add(self, function: int, offset: int) -> None:
        """Notes that the name of `function` is at `offset`; functions that do not exist have none."""
        if function < len(self._offsets):
            self._count += not self._offsets[function]
            self._offsets[function] = offset

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[int]:
        return (index for index, offset in enumerate(self._offsets) if offset)

    def __getitem__(self, function: int) -> str:
        if not 0 <= function < len(self._offsets) or not self._offsets[function]:
            raise KeyError(function)
        return Reader(self._data, self._offsets[function]).name()


class Use(NamedTuple):
    """A feature that a module uses: its name, what uses it in words, and where that is in the file.

    `function` is the function with that code; -1 for a declaration.
    """

    feature: str
    what: str
    offset: int
    function: int = -1


class WasmModule:
    """What `parse` found. The lists are the index spaces, imports first."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.sections: list[Section] = []
        self.types = Types(data)
        self.imports: list[Import] = []
        self.functions = array("I")  # indices into types
        self.tables: list[TableType] = []
        self.table_limits: list[tuple[int, int]] = []  # where in data each table's limits lie
        self.memories: list[Limits] = []
        self.globals: list[GlobalType] = []
        self.tags = array("I")  # indices into types
        self.exports: list[Export] = []
        self.start: Optional[int] = None
        self.imported_functions = 0
        self.bodies = Bodies(data)  # of the functions from imported_functions on
        self.referenced = bytearray()  # 1 for each function whose address is taken: by a segment or a constant
        self.uses: dict[str, Use] = {}  # the first declaration that uses a feature, by feature
        self.code_size = 0
        self.data_size = 0
        self.segments = array("I")  # where each data segment is in the file
        self.data_count: Optional[int] = None  # of the data count section
        self.name = ""
        self.function_names = Names(data)
        self.features: list[str] = []  # of the target_features section: "+bulk-memory", ...

    def note(self, feature: str, what: str, offset: int) -> None:
        """Notes that `what`, a declaration at `offset`, uses `feature`; '' is no feature."""
        if feature and feature not in self.uses:
            self.uses[feature] = Use(feature, what, offset)

    def function_type(self, index: int) -> FuncType:
        """The signature of function `index`."""
        return self.types[self.functions[index]]

    def function_name(self, index: int) -> str:
        """The name that the name section gives function `index`, or a made-up one."""
        return self.function_names.get(index) or f"function {index}"

    def custom(self, name: str) -> list[Section]:
        """The custom sections called `name`."""
        return [section for section in self.sections if section.id == 0 and section.name == name]
