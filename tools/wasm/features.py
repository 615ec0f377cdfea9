"""Which WebAssembly features beyond the first version a module uses, by the names in opcodes.py, and where."""

from __future__ import annotations

from collections.abc import Iterator

from wasm.instructions import MAX_LOCALS, instructions, local_types
from wasm.model import Use, WasmModule, feature_of_type
from wasm.opcodes import OPCODES

MAX_NESTED = 250  # loops and ifs, by all of which wasm2c indents each line; clang takes 256 brackets

# Try blocks of a function: each is a sigsetjmp, and C compilers take time and memory in proportion to the square of those.
# clang makes one for all calls that follow a setjmp.
MAX_TRIES = 100

_TRY, _CATCH, _END, _DELEGATE, _CATCH_ALL = 0x06, 0x07, 0x0B, 0x18, 0x19
_OPENING = (0x02, 0x03, 0x04, _TRY)

# How many brackets wasm2c has around what is in a block, loop, if, try, and a try whose catch has been seen.
_BRACKETS = {0x02: 0, 0x03: 1, 0x04: 1, _TRY: 3, _CATCH: 3}


def declared_features(module: WasmModule) -> list[str]:
    """The features that the compiler was allowed to use, as the linker has noted them; sorted."""
    return sorted({feature[1:] for feature in module.features if feature[:1] in "+="})


def used_features(module: WasmModule) -> list[str]:
    """The features that the module's code and declarations do use; sorted."""
    found = {use.feature for use in feature_uses(module)}
    return sorted(found | {"mutable-globals"} if _mutable_globals(module) else found)


def feature_uses(module: WasmModule) -> Iterator[Use]:
    """What needs a feature: locals and instructions, then declarations, the first use of each in the file's order.

    Raises:
        WasmError: from the code that cannot be read on.
    """
    seen: set[tuple[int, int]] = set()
    seen_features: set[str] = set()
    parameters = [len(kind.params) for kind in module.types]
    most = len(module.data) + MAX_LOCALS
    variables = sum(parameters[module.functions[e.number]] for e in module.exports if e.kind == "function")
    if variables > most:
        yield Use("many-locals", "the list of exports", 0)
    for index in range(module.imported_functions, len(module.functions)):
        types, count, start = local_types(module, index)
        yield from _uses_of_locals(types, start, index)
        count += parameters[module.functions[index]]
        if variables <= most < variables + count:
            yield Use("many-locals", "a list of local variables", start, index)
        variables += count
        blocks = bytearray()  # the opcodes that are open
        nested = tries = 0
        for offset, code, sub, _, features in instructions(module, index):
            if code <= _END or _DELEGATE <= code <= _CATCH_ALL:
                if code in _OPENING:
                    blocks.append(code)
                    nested += _BRACKETS[code]
                    tries += code == _TRY
                    if tries == MAX_TRIES + 1:
                        yield Use("many-tries", "a try block", offset, index)
                    if nested > MAX_NESTED:
                        yield Use("deep-nesting", OPCODES[code, -1].name, offset, index)
                elif blocks and code in (_END, _DELEGATE):
                    nested -= _BRACKETS[blocks.pop()]
                elif blocks and code in (_CATCH, _CATCH_ALL):
                    if blocks[-1] == _CATCH:
                        yield Use("many-catches", "a second catch", offset, index)
                    blocks[-1] = _CATCH
            if code in _FIRST_VERSION and not features:
                continue
            opcode = OPCODES[code, sub]
            if (code, sub) not in seen and opcode.feature:
                seen.add((code, sub))
                yield Use(opcode.feature, opcode.name, offset, index)
            for feature in features:
                if feature not in seen_features:
                    seen_features.add(feature)
                    yield Use(feature, opcode.name, offset, index)
    yield from module.uses.values()


_FIRST_VERSION = frozenset(code for (code, sub), opcode in OPCODES.items() if sub < 0 and not opcode.feature)


def _uses_of_locals(types: list[str], offset: int, index: int) -> Iterator[Use]:
    for value in {*types}:
        feature = feature_of_type(value)
        if feature:
            yield Use(feature, f"a local variable of type {value}", offset, index)


def _mutable_globals(module: WasmModule) -> bool:
    """Whether a global that can change crosses the module's border."""
    crossing = [item.number for item in module.imports if item.kind == "global"]
    crossing += [item.number for item in module.exports if item.kind == "global"]
    return any(module.globals[number].mutable for number in crossing)
