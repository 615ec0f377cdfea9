"""What each function of a module reaches: other functions, imports, and calls through pointers.

The graph is that of the checked module itself, so it holds for a prebuilt module as well, and after whatever the linker
left out or merged. Two kinds of steps are told apart:

* a call that names its function (also `ref.func`). These steps are in the code, and nothing can change them;
* a call through a pointer. WebAssembly lets it reach the functions in the table that have the type that the call names,
  and no others. Which of these it is stands in the sandbox's memory, so an attacker chooses among all of them. The
  functions that an application registers as callbacks are in the table, too.

RlboxSelectExports asks another question, before the link: which functions would make the linker keep a call of WASI
(link/reachability.py). It follows addresses through data, which a linked module no longer tells from numbers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Optional

from wasm.instructions import references
from wasm.model import FuncType, WasmModule

# Of a module whose calls are followed: functions and types of calls together, since the sets take the square of these in bits;
# imports, of which WASI has half as many.
MOST_NODES = 15_000
MOST_IMPORTS = 100


class Step(NamedTuple):
    """A function on the way to another one. `by_pointer`: the call that leads to it goes through a pointer."""

    function: int
    by_pointer: bool


class Reach:
    """The calls of a module. Nodes are functions by their index and, after these, the types of calls through pointers."""

    def __init__(self, functions: int, calls: Sequence[Sequence[int]], types: Mapping[FuncType, Sequence[int]]) -> None:
        self.functions = functions
        self.types = list(types)  # of node `functions`, and so on
        named = [*calls, *([] for _ in types)]
        anyhow = [*calls, *types.values()]
        self.by_calls = closure(named)
        self.by_any = closure(anyhow)
        self._users_by_calls = _users(named)
        self._users = _users(anyhow)

    def callers(self, target: int) -> Sequence[int]:
        """The nodes from which a single step leads to `target`, sorted."""
        return self._users.get(target, ())

    def ways(self, target: int) -> Ways:
        """The shortest ways to `target`."""
        return Ways(self.functions, _towards(self._users_by_calls, target), _towards(self._users, target))


def reach_of(module: WasmModule) -> Optional[Reach]:
    """The calls of `module`; None if there are too many to follow.

    Raises:
        WasmError: the code cannot be read.
    """
    functions = len(module.functions)
    if functions > MOST_NODES or module.imported_functions > MOST_IMPORTS:
        return None
    calls: list[list[int]] = [[] for _ in range(functions)]
    numbers: dict[FuncType, int] = {}
    for index in range(module.imported_functions, functions):
        found: dict[int, None] = {}
        for use in references(module, index):
            target = use.target
            if use.how == "indirect":
                target = functions + numbers.setdefault(module.types[target], len(numbers))
            found[target] = None
        calls[index] = list(found)
        if functions + len(numbers) > MOST_NODES:
            return None
    pointed: dict[FuncType, list[int]] = {signature: [] for signature in numbers}
    for index, taken in enumerate(module.referenced):
        if taken and module.function_type(index) in pointed:
            pointed[module.function_type(index)].append(index)
    return Reach(functions, calls, pointed)


class Ways:
    """The shortest ways to a function, from wherever there is one: for each node the next one."""

    def __init__(self, functions: int, named: dict[int, int], anyhow: dict[int, int]) -> None:
        self._functions = functions
        self._named = named
        self._any = anyhow

    def way(self, start: int) -> list[Step]:
        """The steps after `start`, the last one being the target; through pointers only if there is no other way."""
        following = self._named if start in self._named else self._any
        steps: list[Step] = []
        node: Optional[int] = start if start in following else None
        by_pointer = start >= self._functions
        while node is not None and following[node] != node:
            node = following[node]
            if node >= self._functions:
                by_pointer = True
            else:
                steps.append(Step(node, by_pointer))
                by_pointer = False
        return steps


def members(bits: int) -> list[int]:
    """The numbers in a set, sorted."""
    return [number for number, bit in enumerate(bin(bits)[:1:-1]) if bit == "1"]


def count(bits: int) -> int:
    """How many numbers are in a set."""
    return bin(bits).count("1")


def _users(following: Sequence[Sequence[int]]) -> dict[int, list[int]]:
    """For each node those that refer to it, sorted."""
    users: dict[int, list[int]] = {}
    for node, targets in enumerate(following):
        for other in targets:
            users.setdefault(other, []).append(node)
    return users


def _towards(users: Mapping[int, Sequence[int]], target: int) -> dict[int, int]:
    """The nodes from which `target` is reached, each with the next one on a shortest way."""
    found = {target: target}
    queue = deque([target])
    while queue:
        node = queue.popleft()
        for user in users.get(node, ()):
            if user not in found:
                found[user] = node
                queue.append(user)
    return found


def closure(following: Sequence[Sequence[int]]) -> list[int]:
    """For each node the set of those that it reaches, with itself: bit N stands for node N.

    Tarjan's algorithm without recursion: nodes that reach each other share one set, which is made when all that the
    nodes lead to have theirs.
    """
    reached = [0] * len(following)
    number = [0] * len(following)  # 0: not seen
    lowest = [0] * len(following)
    done = bytearray(len(following))
    waiting: list[int] = []
    seen = 0
    for root in range(len(following)):
        if number[root]:
            continue
        way = [root]
        left = [iter(following[root])]
        seen += 1
        number[root] = lowest[root] = seen
        waiting.append(root)
        while way:
            node = way[-1]
            target = next((t for t in left[-1] if not done[t]), None)
            if target is None:
                way.pop()
                left.pop()
                if way:
                    lowest[way[-1]] = min(lowest[way[-1]], lowest[node])
                if lowest[node] == number[node]:
                    _finish(node, waiting, following, reached, done)
            elif number[target]:
                lowest[node] = min(lowest[node], number[target])
            else:
                seen += 1
                number[target] = lowest[target] = seen
                waiting.append(target)
                way.append(target)
                left.append(iter(following[target]))
    return reached


def _finish(
    node: int, waiting: list[int], following: Sequence[Sequence[int]], reached: list[int], done: bytearray
) -> None:
    """Takes from `waiting` the nodes that reach each other, `node` being the first, and gives them their set."""
    place = len(waiting) - 1
    while waiting[place] != node:
        place -= 1
    together = waiting[place:]
    del waiting[place:]
    bits = 0
    for member in together:
        done[member] = 1
        bits |= 1 << member
        for target in following[member]:
            bits |= reached[target]
    for member in together:
        reached[member] = bits
