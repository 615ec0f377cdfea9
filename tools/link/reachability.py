"""Which functions of a library can reach a WASI call: the graph by which the linker keeps or drops functions and data.

A function refers to what it calls, to functions whose address it takes, and to data; data refer to the functions whose
addresses they hold. So a call through a pointer counts wherever the pointer may come from. Like the linker, this takes
archives' members as they are needed, prefers definitions that are not weak, and runs the constructors of an object as
soon as one of its functions is used. The graph ends at the functions that are imported from WASI, and at those that
stand for them in the module (runtime/guest/answers): a definition takes the place of the import of the same name.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple, Optional

from wasm.abi import INITIALIZERS, REQUIRED_EXPORTS, WASI, WASI_SYMBOL
from wasm.module import MAGIC
from wasm.objects import Entry, archive_index, archive_members, member_at
from wasm.reader import WasmError
from wasm.relocations import References, piece_of, read_references
from wasm.wasi_functions import SIGNATURES

_ARCHIVE = b"!<arch>\n"
_WHOLE = ".lo"  # an archive of a cc_library with alwayslink: all members are linked
_FUNCTION = 0  # kind of a symbol
THREADS = "pthread_create"  # of the C library, which has no threads: the call fails
_MOST_CALLS = 100  # WASI has half as many; a way through the whole graph is looked for from each


class Reach(NamedTuple):
    """How a function reaches a WASI call or THREADS: its name, and the functions between the two."""

    wasi: str
    path: tuple[str, ...]


class _Loaded:
    """An object that is linked. Its pieces, and the object itself, are nodes of the graph: numbers from `first` on."""

    def __init__(self, references: References, first: int) -> None:
        pieces = [0, *references.pieces, *[piece_of(symbol) or 0 for symbol in references.symbols]]
        self.references = references
        self._zero = first - min(pieces)
        self.itself = self._zero + max(pieces) + 1

    def node(self, piece: int) -> int:
        """The number of a piece's node."""
        return self._zero + piece

    def node_of(self, symbol: Entry) -> int:
        """The number of the node that a symbol is in; 0 for none."""
        piece = piece_of(symbol)
        return 0 if piece is None else self._zero + piece


class Reachability:
    """The graph of what is linked to export `roots`.

    `objects` and `libraries` are the library's objects and archives and then the toolchain's, as (path, content), in the
    order of the link. Files that cannot be read are left out.
    """

    def __init__(
        self, objects: Iterable[tuple[str, bytes]], libraries: Iterable[tuple[str, bytes]], roots: Iterable[str]
    ) -> None:
        self._archives: list[tuple[bytes, dict[str, int]]] = []
        self._taken: set[tuple[int, int]] = set()  # archive and offset
        self._loaded: list[_Loaded] = []
        self._nodes = 1
        self._definitions: dict[str, tuple[_Loaded, Entry]] = {}
        self._imports: dict[str, int] = {}  # WASI's functions, by name: their nodes
        self._names: dict[int, str] = {}
        self._wanted: deque[str] = deque([*REQUIRED_EXPORTS, *INITIALIZERS, *roots])
        self._always: list[_Loaded] = []
        for path, data in [*objects, *libraries]:
            self._file(path, data)
        self._fetch()
        self._users: dict[int, list[int]] = {}
        self._connect()
        fixed = set(self._fixed())
        self._paths = self._all_leading_to(self._imports, fixed)
        self._answers = self._all_leading_to(self._answered(), fixed)

    def reached(self, name: str, allowed: Collection[str]) -> list[Reach]:
        """How the function `name` reaches each WASI call that is not `allowed`, sorted.

        Calls that every module of this library has, because its constructors reach them, are left out.
        """
        return [reach for reach in self._reached(name, self._paths) if reach.wasi not in allowed]

    def answered(self, name: str) -> list[Reach]:
        """How the function `name` reaches each call that the module answers itself, WASI's or THREADS; like `reached`."""
        return self._reached(name, self._answers)

    def _reached(self, name: str, ways: Mapping[str, dict[int, int]]) -> list[Reach]:
        definition = self._definitions.get(name)
        if definition is None:
            return []
        item, symbol = definition
        start = item.node_of(symbol)
        return [Reach(wasi, tuple(self._path(paths[start], paths))) for wasi, paths in ways.items() if start in paths]

    # What is linked.

    def _file(self, path: str, data: bytes) -> None:
        try:
            if data.startswith(_ARCHIVE):
                if path.endswith(_WHOLE):
                    for _, member in archive_members(data):
                        self._load(member, always=True)
                else:
                    self._archives.append((data, archive_index(data)))
            else:
                self._load(data, always=True)
        except WasmError:
            return

    def _load(self, data: bytes, *, always: bool = False) -> None:
        """Links the object `data`; the linker keeps the constructors of one that it need not have taken `always`."""
        if not data.startswith(MAGIC):
            return
        try:
            references = read_references(data)
        except WasmError:
            return
        item = _Loaded(references, self._nodes)
        self._nodes = item.itself + 1
        self._loaded.append(item)
        if always:
            self._always.append(item)
        for symbol in references.symbols:
            if symbol.local or not symbol.name:
                continue
            if symbol.defined:
                known = self._definitions.get(symbol.name)
                if known is None or (known[1].weak and not symbol.weak):
                    self._definitions[symbol.name] = (item, symbol)
            elif not symbol.weak:
                self._wanted.append(symbol.name)

    def _fetch(self) -> None:
        """Takes members from the archives until nothing that they have is missing."""
        while self._wanted:
            name = self._wanted.popleft()
            if name in self._definitions:
                continue
            for number, (data, index) in enumerate(self._archives):
                offset = index.get(name)
                if offset is not None:
                    if (number, offset) not in self._taken:
                        self._taken.add((number, offset))
                        with suppress(WasmError):
                            self._load(member_at(data, offset))
                    break

    @staticmethod
    def _wasi(references: References, symbol: Entry) -> Optional[str]:
        """The function of WASI that an undefined symbol stands for."""
        if symbol.kind != _FUNCTION or symbol.defined:
            return None
        module, name = references.imports.get(symbol.place, ("", ""))
        return name if module == WASI else None

    # What refers to what.

    def _connect(self) -> None:
        """Notes for each node the nodes that refer to it."""
        for item in self._loaded:
            targets = [self._target(item, symbol) for symbol in item.references.symbols]
            for piece, symbols in item.references.pieces.items():
                self._refer(item.node(piece), [targets[symbol] for symbol in symbols])
            constructors = item.references.init_functions
            self._refer(item.itself, [targets[symbol] for symbol in constructors])
            for symbol in item.references.symbols:
                node = item.node_of(symbol)
                if node and symbol.kind == _FUNCTION:
                    self._names.setdefault(node, symbol.name)
                if node and constructors:
                    self._refer(node, [item.itself])

    def _refer(self, node: int, targets: Sequence[int]) -> None:
        for target in targets:
            if target:
                self._users.setdefault(target, []).append(node)

    def _target(self, item: _Loaded, symbol: Entry) -> int:
        """The node that a symbol stands for; 0 for none."""
        wasi = self._wasi(item.references, symbol)
        if wasi is not None and symbol.name not in self._definitions:
            if wasi not in self._imports:
                if len(self._imports) == _MOST_CALLS:
                    return 0
                self._imports[wasi] = self._nodes
                self._nodes += 1
            return self._imports[wasi]
        if symbol.local:
            return item.node_of(symbol)
        definition = self._definitions.get(symbol.name)
        return definition[0].node_of(definition[1]) if definition else 0

    def _fixed(self) -> Iterator[int]:
        """The nodes that are in every module of this library."""
        for name in (*REQUIRED_EXPORTS, *INITIALIZERS):
            if name in self._definitions:
                item, symbol = self._definitions[name]
                yield item.node_of(symbol)
        for item in self._always:
            yield item.itself
        for item in self._loaded:
            for symbol in item.references.symbols:
                if symbol.kept:
                    yield item.node_of(symbol)

    def _answered(self) -> dict[str, int]:
        """The nodes of THREADS, and of the functions that stand for WASI's in the module, by the name of WASI's."""
        symbols = {WASI_SYMBOL + name: name for name in SIGNATURES}
        symbols[THREADS] = THREADS
        found = [(name, self._definitions[symbol]) for symbol, name in symbols.items() if symbol in self._definitions]
        return {name: item.node_of(symbol) for name, (item, symbol) in found if symbol.kind == _FUNCTION}

    def _all_leading_to(self, targets: Mapping[str, int], fixed: Collection[int]) -> dict[str, dict[int, int]]:
        """For each target that no `fixed` node leads to: what _leading_to says, sorted by name."""
        ways = {name: self._leading_to(node) for name, node in sorted(targets.items())}
        return {name: paths for name, paths in ways.items() if not any(node in paths for node in fixed)}

    def _leading_to(self, target: int) -> dict[int, int]:
        """The nodes from which `target` is reached, each with the next one on a shortest way."""
        following = {target: target}
        queue = deque([target])
        while queue:
            node = queue.popleft()
            for user in self._users.get(node, ()):
                if user not in following:
                    following[user] = node
                    queue.append(user)
        return following

    def _path(self, node: int, following: dict[int, int]) -> Iterator[str]:
        """The names of the functions on the way from `node`; data have none."""
        while following[node] != node:
            if node in self._names:
                yield self._names[node]
            node = following[node]
