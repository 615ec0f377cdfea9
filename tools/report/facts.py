"""What the page says about calls: for each way into the module what it reaches, and the groups that the picture shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Optional

from wasm.model import WasmModule

from report.reach import Reach, count, members, reach_of
from report.sizes import Sizes

START = "(start)"  # instead of a name: what runs when a sandbox is created
_ORDER = ("application", "start", "runtime", "others")


class Entry(NamedTuple):
    """A way into the module. `purpose`: "application", "runtime" or "start"."""

    name: str
    purpose: str
    function: int


class Group(NamedTuple):
    """Entries that reach the same gates. `gates`: number and whether calls alone lead there, sorted."""

    purpose: str
    entries: list[Entry]
    gates: list[tuple[int, bool]]


class Gate(NamedTuple):
    """Functions that call the same imports themselves; without functions: calls through pointers."""

    functions: list[int]
    imports: list[int]


class Facts:
    """What the module's calls tell. `reach` is None if the module is too large.

    Raises:
        WasmError: the code cannot be read.
    """

    def __init__(self, module: WasmModule, sizes: Sizes, purposes: Sequence[str]) -> None:
        self.module = module
        self.sizes = sizes
        self.reach: Optional[Reach] = reach_of(module)
        self.imports = list(range(module.imported_functions))
        self.import_names = [item.name for item in module.imports if item.kind == "function"]
        self.entries = [
            Entry(item.name, purpose, item.number)
            for item, purpose in zip(sorted(module.exports), purposes)
            if item.kind == "function"
        ]
        if module.start is not None:
            self.entries.append(Entry(START, "start", module.start))
        self.entries.sort(key=lambda entry: (_ORDER.index(entry.purpose), entry.name))
        self._code = [body.end - body.record for body in module.bodies]
        self._bytes: dict[int, int] = {}

    def name(self, function: int) -> str:
        """A function's name; an import's is that which it is imported by."""
        if function < len(self.import_names):
            return self.import_names[function]
        return self.module.function_name(function)

    def own(self, bits: int) -> int:
        """The set without imports and types of calls: the module's own functions."""
        first = self.module.imported_functions
        return bits >> first << first & (1 << len(self.module.functions)) - 1

    def code(self, bits: int) -> int:
        """The bytes of code of a set of functions."""
        own = self.own(bits)
        if own not in self._bytes:
            self._bytes[own] = sum(self._code[index - self.module.imported_functions] for index in members(own))
        return self._bytes[own]

    def pointer_types(self, bits: int) -> int:
        """How many types of calls through pointers are in a set."""
        return count(bits >> len(self.module.functions))

    def by_part(self, bits: int) -> dict[int, int]:
        """How many functions of a set are from each part, by the part's number; those with most first."""
        found: dict[int, int] = {}
        for index in members(self.own(bits)):
            part = self.sizes.part_of[index]
            found[part] = found.get(part, 0) + 1
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def size(self, function: int) -> int:
        """The bytes of code of a function of the module's own."""
        return self._code[function - self.module.imported_functions]

    def users(self, function: int) -> list[Entry]:
        """The entries that reach a function, by whatever calls."""
        found = self.reach.by_any if self.reach else None
        return [entry for entry in self.entries if found and found[entry.function] >> function & 1]

    # The picture.

    def gates(self, most: int) -> list[Gate]:
        """What stands between the entries and the imports; with more than `most`, the last are put into one.

        Calls through pointers come after these, if there are any.
        """
        if self.reach is None:
            return []
        calling: dict[int, list[int]] = {}
        pointed = []
        for number in self.imports:
            for node in self.reach.callers(number):
                if node < self.reach.functions:
                    calling.setdefault(node, []).append(number)
                elif number not in pointed:
                    pointed.append(number)
        alike: dict[tuple[int, ...], list[int]] = {}
        for function, numbers in sorted(calling.items()):
            alike.setdefault(tuple(numbers), []).append(function)
        gates = [Gate(functions, list(numbers)) for numbers, functions in sorted(alike.items())]
        if len(gates) > most:
            rest = gates[most - 1 :]
            functions = sorted(function for gate in rest for function in gate.functions)
            gates[most - 1 :] = [Gate(functions, sorted({number for gate in rest for number in gate.imports}))]
        return [*gates, Gate([], pointed)] if self.reach.types else gates

    def groups(self, gates: Sequence[Gate], most: int) -> list[Group]:
        """The entries by the gates that they reach; with more than `most` groups, the smallest are put into one."""
        if self.reach is None:
            return []
        first_type = self.reach.functions
        masks = [
            sum(1 << function for function in gate.functions) or (1 << len(self.reach.types)) - 1 << first_type
            for gate in gates
        ]
        found: dict[tuple[str, tuple[tuple[int, bool], ...]], list[Entry]] = {}
        for entry in self.entries:
            calls, anyhow = self.reach.by_calls[entry.function], self.reach.by_any[entry.function]
            reached = tuple((n, bool(calls & mask)) for n, mask in enumerate(masks) if anyhow & mask)
            found.setdefault((entry.purpose, reached), []).append(entry)
        groups = [Group(purpose, entries, list(reached)) for (purpose, reached), entries in found.items()]
        if len(groups) > most:
            groups.sort(key=lambda group: (-len(group.entries), group.entries[0].name))
            groups[most - 1 :] = [_merged(groups[most - 1 :])]
        return sorted(groups, key=lambda group: (_ORDER.index(group.purpose), group.entries[0].name))


def _merged(groups: Sequence[Group]) -> Group:
    """One group of all these: a gate counts as reached by calls alone only where that holds for each."""
    gates: dict[int, bool] = {}
    for group in groups:
        for gate, sure in group.gates:
            gates[gate] = sure and gates.get(gate, True)
    entries = sorted(entry for group in groups for entry in group.entries)
    return Group("others", entries, sorted(gates.items()))
