"""The names between a sandbox's module and the runtime: the one place that has them in Python.

rules/private/abi.bzl has those that the linker is given, and the runtime has them in C; tests/tools/wasm/abi_test.py
compares the three.
"""

from __future__ import annotations

from wasm.model import FuncType

WASI = "wasi_snapshot_preview1"  # the module that WASI's functions are imported from

# What the C library's objects call these functions, before the linker makes imports of them. A definition of that name in a
# module stands for the import (runtime/guest/answers).
WASI_SYMBOL = "__imported_wasi_snapshot_preview1_"

# What a module may import besides WASI's functions, by kind: from which module, under which name.
IMPORTED_SPACES = {"memory": ("env", "memory"), "table": ("env", "__indirect_function_table")}

# Exports that every module has, and their types: the runtime allocates the library's memory with them.
REQUIRED_EXPORTS = {"malloc": FuncType(("i32",), ("i32",)), "free": FuncType(("i32",), ())}

# What a module with exceptions may have: describes an exception that leaves it, given the exception's address
# (runtime/guest/exceptions).
UNCAUGHT = "__rlbox_uncaught"

STACK_POINTER = "__stack_pointer"  # a global: where the library's stack has grown to
DESTRUCTORS = "__wasm_call_dtors"  # runs the global destructors

# What a library's maker may export to have constructors run before the first call; the first that is there counts.
INITIALIZERS = ("_initialize", "__wasm_call_ctors")

# Exports that a module may have, and that the runtime or the check of the module uses where they are there.
OPTIONAL_EXPORTS = (STACK_POINTER, DESTRUCTORS, UNCAUGHT, INITIALIZERS[0])

# All exports that are there for the runtime and not for the application.
RUNTIME_EXPORTS = frozenset(
    [*REQUIRED_EXPORTS, *OPTIONAL_EXPORTS, *INITIALIZERS, *(name for _, name in IMPORTED_SPACES.values())]
)
