"""Invariant S14: what a module may be made of, before any C is made of it.

A module is translated only if everything in it is on the list below: what clang and wasm-ld make of C and C++ by
default, and nothing else. This holds for modules that we link and for prebuilt ones alike. Why a list of what may be,
not of what may not: the runtime's own promises (S13: no callback runs that is not registered, the table never moves;
S17: no address of the host can be read) are made of wasm2c's translation of these features, which other features change.

| what | which |
|---|---|
| instructions | those of WebAssembly 1.0, and of the features of ALLOWED; of ON_REQUEST, if the target says so |
| imports | functions of WASI with exactly their type, the memory, the table: check_module.py |
| memory | one, of 32-bit addresses and pages of 64 KiB, not shared |
| table | one, of functions, of at most MAX_TABLE entries at first; code only calls through it |
| globals | of numbers |
| offsets of loads and stores | at most MAX_OFFSET, so that no access leaves the 8 GiB of a memory (S3) |
| segments | active ones, of memory 0 and table 0, at constant offsets; elements are functions |
| exceptions | a tag of the module's own, of one of TAG_TYPES; try blocks with one clause; catch, throw, delegate; on request catch_all, rethrow |
| constant expressions | one constant |
| locals, results, try blocks, nested loops and ifs | so few that what wasm2c writes stays in proportion to the module |

What is on no list is refused, also what these tools do not know. Types, nesting and bounds are wasm2c's to validate;
where wasm2c can refuse one of these features itself, wasm2c_library.bzl has it do that, too.

Exceptions are what setjmp and longjmp are made of. C needs no `catch_all` and no `rethrow`, so a module has them only where
the target asks for C++ exceptions. wasm2c 1.0.42 translates a `catch_all` after a `catch` wrongly: what follows its first
instruction runs after the `catch`, too, with variables of C that nobody has set. So a try block has one clause, also on
request; clang makes no other. What wasm2c keeps for a `rethrow` is the runtime's to make room for: exceptions.h (S18).

Passive data segments, `memory.init` and `data.drop` would do no harm in wasm2c's translation, which checks their
bounds. They are refused all the same: wasm-ld makes them for threads only, so no library needs them.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple, Optional

from wasm.features import MAX_NESTED, MAX_TRIES, feature_uses
from wasm.instructions import MAX_OFFSET
from wasm.model import MAX_RESULTS, Use, WasmModule

# Features that every module may use, and why they are harmless.
ALLOWED = {
    "bulk-memory": "memory.copy and memory.fill, of memory 0, with checked bounds",
    "exception-handling": "leaves frames of the module's own code, of the call that runs: wasm2c_rt_exceptions.c, S18",
    "multivalue": "several results, of functions in the module and of blocks",
    "mutable-globals": "the stack pointer is exported for the runtime, and no global is imported",
    "nontrapping-fptoint": "conversions that give a number where the first ones trap",
    "sign-ext": "arithmetic",
}

# Features that the target asks for, with the attribute that does.
ON_REQUEST = {
    "catch-all": "exceptions",
    "simd128": "simd",
}

_TABLES = "take out the code (inline assembly, __builtin_wasm_table_*, __externref_t) that handles tables or references"

# Known features that no module may use, and how to do without.
_REFUSED = {
    "atomics": "compile without -pthread and -matomics; a sandbox has no threads",
    "custom-page-sizes": "compile without custom page sizes",
    "deep-nesting": f"nest at most {MAX_NESTED} loops and ifs in each other, a try block counting as three; C compilers take no more",
    "exnref": "compile with -mllvm -wasm-use-legacy-eh=true; a sandbox takes exceptions in their first form",
    "extended-const": "compile without -mextended-const and -fPIC",
    "far-offsets": f"compile without addresses of more than {MAX_OFFSET} in loads and stores; the memory ends there",
    "function-references": _TABLES,
    "gc": "compile without garbage collection",
    "many-catches": "give each try block one clause, as clang does; wasm2c translates a second one wrongly",
    "many-locals": "give the functions together at most as many, with parameters, as the module has bytes; no compiler makes more",
    "many-results": f"compile without -mmultivalue; a function may have {MAX_RESULTS} results",
    "many-tries": f"have at most {MAX_TRIES} try blocks in a function; a C compiler takes minutes for more",
    "memory64": "compile for wasm32, not for wasm64",
    "multimemory": "compile without -mmultimemory; a sandbox has one memory",
    "passive-segments": "link without --shared-memory; only threads need passive segments",
    "reference-types": _TABLES,
    "relaxed-simd": "compile without -mrelaxed-simd; what its instructions give depends on the host",
    "tag-imports": "define the tag in the module",
    "tag-types": "throw one address (i32) only, as longjmp does",
    "tail-call": "compile without -mtail-call, and take musttail attributes out",
    "wide-arithmetic": "compile without -mwide-arithmetic",
}

MAX_TABLE = 10_000_000  # entries, as in browsers


class Violation(NamedTuple):
    """Something in a module that is not on the list, and what to do about it: the end of a sentence."""

    use: Use
    way_out: str


def violation(module: WasmModule, requested: Collection[str] = ()) -> Optional[Violation]:
    """The first thing in `module` that is not on the list; None if the module may be translated.

    Args:
        module: the module.
        requested: the attributes of ON_REQUEST that the target sets.

    Raises:
        WasmError: there is code that cannot be read.
    """
    for use in feature_uses(module):
        if use.feature in ALLOWED or ON_REQUEST.get(use.feature) in requested:
            continue
        if use.feature in ON_REQUEST:
            attribute = ON_REQUEST[use.feature]
            return Violation(
                use, f"which needs {attribute} = True. To fix: set the attribute, or compile without this feature"
            )
        return Violation(
            use, f"which no sandbox allows. To fix: {_REFUSED.get(use.feature, 'compile without this feature')}"
        )
    return None


def table_problem(module: WasmModule) -> str:
    """What is wrong with the size of the module's table; '' if nothing is."""
    for table in module.tables:
        if table.limits.minimum > MAX_TABLE:
            return (
                f"the module's table has {table.limits.minimum} entries at first, more than the {MAX_TABLE} allowed. To fix:"
                " link it again, without --table-base"
            )
    return ""
