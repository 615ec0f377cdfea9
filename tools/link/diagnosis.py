"""Finds out whom to blame for what is wrong with a linked module. Loaded only once an error is certain.

Its answers are as good as the linker's map and the objects' symbol tables; without them they are vaguer, never wrong.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Iterable, Sequence
from typing import Optional

from wasm.instructions import callees
from wasm.model import WasmModule
from wasm.objects import Symbol, WasmObject, short_name
from wasm.reader import WasmError, printable

from link.library_symbols import LibrarySymbols, not_defined
from link.link_map import Origin, origins

_NOT_SEEN = -1
_CHAIN = 3  # names of a call chain that are shown before the middle is left out
_THREADS = "a sandbox has no threads. To fix: build the library without them"
_REASONS = (
    (r"(pthread|thrd|mtx|cnd|tss|sem)_\w+|__wasi_thread_spawn", _THREADS),
    (
        r"__cxa_(throw|rethrow|allocate_exception|begin_catch|end_catch)|_Unwind_\w+|__cpp_exception",
        "C++ exceptions are off. To fix: set exceptions = True, or build the library with the flags of the sandbox's toolchain alone: a throw is then a trap",
    ),
    (
        r"(sig|_)?(set|long)jmp|__wasm_(set|long)jmp\w*|__c_longjmp",
        "its header was not included, or other compiler flags were used. To fix: include <setjmp.h> where setjmp and longjmp are called, and build the library with the sandbox's own toolchain and flags",
    ),
    (
        r"fork|vfork|exec[lv]p?e?|system|popen|posix_spawnp?|wait(pid)?|kill",
        "a sandbox starts no processes. To fix: build the library without that",
    ),
    (r"dlopen|dlsym|dlclose", "a sandbox loads no code. To fix: build the library without plugins"),
    (
        r"socket|connect|bind|listen|getaddrinfo|gethostbyname|sendto|recvfrom",
        "a sandbox has no network. To fix: take that call out",
    ),
    (r"signal|sigaction|sigprocmask|raise|alarm", "a sandbox has no signals. To fix: take that call out"),
    (r"mmap|munmap|mprotect", "a sandbox maps no files or memory. To fix: use malloc"),
    (r"mkstemp|tmpfile|tmpnam|chmod|chown|umask|dup2?|pipe", "a sandbox has no files. To fix: take that call out"),
)


def way_out_of_undefined(symbol: str) -> str:
    """Why the function `symbol` is undefined, and how to fix that."""
    for pattern, reason in _REASONS:
        if re.fullmatch(pattern, symbol):
            return reason
    return "no library in deps defines it. To fix: add the one that does"


def _without_configuration(path: str) -> str:
    """The path without the folder of the build's configuration, which path mapping leaves out of command lines alone."""
    return re.sub(r"^bazel-out/[^/]+/", "bazel-out/", path)


class Diagnosis:
    """What the module, the map and the user's objects together tell. Unreadable objects are left out."""

    def __init__(self, module: WasmModule, map_text: str, objects: Sequence[tuple[str, bytes]]) -> None:
        self._module = module
        self._origins = origins(module, map_text)
        self._paths = [_without_configuration(path) for path, _ in objects]
        self._library = LibrarySymbols(objects)
        self._objects = self._library.objects
        self._calls: Optional[_Callers] = None

    def _callers(self, function: int) -> Sequence[int]:
        if self._calls is None:
            self._calls = _Callers(self._module)
        return self._calls.of(function)

    def symbols(self, name: str) -> list[tuple[WasmObject, Symbol]]:
        """The symbols called `name` in the user's objects."""
        return self._library.named(name)

    def needs(self, function: int) -> tuple[str, bool]:
        """Who needs the imported function number `function`: a clause, or ''; and whether it names the user's code."""
        came_from = array("q", [_NOT_SEEN]) * len(self._module.functions)
        came_from[function] = function
        level = [function]
        seen = [function]
        top = function
        while level:
            for index in level:
                if self._is_users(index):
                    return self._chain(index, came_from), True
            following = []
            for index in level:
                for caller in self._callers(index):
                    if came_from[caller] == _NOT_SEEN:
                        came_from[caller] = index
                        following.append(caller)
            top, level = level[0], following
            seen += following
        uses = self._uses(self._symbols_of(seen))
        if uses:
            return uses, True
        return (self._chain(top, came_from) if top != function else ""), False

    def exports_reaching(self, functions: Sequence[int]) -> list[str]:
        """The names of the exports from which calls lead to one of these functions, sorted."""
        seen = set(functions)
        left = list(functions)
        while left:
            for caller in self._callers(left.pop()):
                if caller not in seen:
                    seen.add(caller)
                    left.append(caller)
        return sorted(item.name for item in self._module.exports if item.kind == "function" and item.number in seen)

    def undefined_user(self, function: int, symbol: str) -> str:
        """Who calls the undefined function `symbol`, which became the import `function`: a clause, or ''."""
        for caller in sorted(self._callers(function), key=lambda index: (not self._is_users(index), index)):
            return f"called by {self._name(caller)}{self._place(caller)}"
        users = [item.shown_name for item, found in self.symbols(symbol) if not found.defined]
        return f"used by {users[0]}" if users else ""

    def shown(self, symbol: str, function: int) -> str:
        """The function's symbol for a message, with its name in C++ where that is known."""
        name = self._module.function_names.get(function, symbol)
        return (
            printable(symbol) if name == symbol or "(" not in name else f"{printable(name)} ({printable(symbol)[1:-1]})"
        )

    def definer(self, function: int) -> str:
        """` in OBJECT` for a function whose object is known, else ''."""
        return self._place(function)

    def function(self, index: int, file: str) -> str:
        """Function `index` for a message: its name, and the object or else the module's `file` that it is in."""
        return f"{self._name(index)}{self._place(index) or ' in ' + file}"

    def missing_export(self, name: str) -> str:
        """What is wrong with the export `name`, which the module does not have, and how to fix that."""
        for item, symbol in self.symbols(name):
            if symbol.kind != "data" and symbol.defined and not symbol.local:
                return f"{printable(name)} is defined in {item.shown_name}, but the linker left it out. To fix: set alwayslink = True on its cc_library"
        return self._library.obstacle(name) or not_defined(name, self._exportable())

    def wrong_call(self, name: str) -> str:
        """Which object calls the function `name` with a type that the linked function does not have; '' if none does.

        wasm-ld links most of these calls to a stub that traps, and some to the function itself, which makes a module that
        no tool translates.
        """
        declared = {_without_configuration(item.path): (item, symbol) for item, symbol in self.symbols(name)}
        for index, origin in self._origins.items():
            if origin.function != name or origin.path == "<internal>":
                continue
            is_a = self._module.function_type(index)
            for caller in self._callers(index):
                path = _without_configuration(self._origins.get(caller, Origin("", "")).path)
                item, symbol = declared.get(path, (None, None))
                if item and symbol and symbol.type not in (None, is_a):
                    return (
                        f"{printable(name)} is {is_a}{self._place(index)}, but {item.shown_name} calls it as {symbol.type}."
                        " To fix: give both files the same prototype, best by a header that both include"
                    )
        return ""

    def _exportable(self) -> set[str]:
        names = {export.name for export in self._module.exports if export.kind == "function"}
        names |= self._library.functions()
        return names | (set(self._module.function_names.values()) if not self._objects else set())

    def _is_users(self, index: int) -> bool:
        if index not in self._origins:
            return False
        origin = _without_configuration(self._origins[index].path)
        return any(origin == path or origin.startswith(path + "(") for path in self._paths)

    def _name(self, index: int) -> str:
        """The function's name for a message: demangled where the linker has done that, with () after it."""
        origin = self._origins.get(index, Origin("", ""))
        name = printable(self._module.function_names.get(index) or origin.function or f"function {index}")[1:-1]
        return name if "(" in name else name + "()"

    def _symbols_of(self, indices: Iterable[int]) -> set[str]:
        """The names that the functions may have as symbols."""
        names = {self._module.function_names.get(index, "") for index in indices}
        return names | {self._origins[index].function for index in indices if index in self._origins}

    def _place(self, index: int) -> str:
        origin = self._origins.get(index)
        return f" in {printable(short_name(origin.path))[1:-1]}" if origin and origin.path != "<internal>" else ""

    def _chain(self, top: int, came_from: Sequence[int]) -> str:
        """`OBJECT: top() calls a -> b -> c`, c being the function that calls the import."""
        chain = array("I")
        index = came_from[top]
        while came_from[index] != index:
            chain.append(index)
            index = came_from[index]
        shown = chain[:1] + chain[-1:] if len(chain) > _CHAIN else chain
        names = [self._name(index).removesuffix("()") for index in shown]
        if len(chain) > _CHAIN:
            names.insert(1, "...")
        origin = self._origins.get(top)
        who = f"{printable(short_name(origin.path))[1:-1]}: " if origin and origin.path != "<internal>" else ""
        return f"{who}{self._name(top)} calls {' -> '.join(names) if names else 'it'}"

    def _uses(self, names: Collection[str]) -> str:
        for item in self._objects:
            for symbol in item.symbols:
                if symbol.kind == "function" and not symbol.defined and symbol.name in names:
                    return f"{item.shown_name} uses {printable(symbol.name)[1:-1]}"
        return ""


class _Callers:
    """Who calls a function or takes its address, as far as the code can be read: two numbers for each use."""

    def __init__(self, module: WasmModule) -> None:
        used, users = array("I"), array("I")
        for index in range(module.imported_functions, len(module.functions)):
            try:
                for callee in callees(module, index):
                    used.append(callee)
                    users.append(index)
            except WasmError:
                continue
        self._ends = array("I", bytes(4 * (len(module.functions) + 1)))
        for callee in used:
            self._ends[callee + 1] += 1
        for index in range(len(module.functions)):
            self._ends[index + 1] += self._ends[index]
        # Sorted by the function that is used: each goes to the first free place of its own.
        free = self._ends[:]
        self._users = array("I", bytes(4 * len(users)))
        for callee, user in zip(used, users):
            self._users[free[callee]] = user
            free[callee] += 1

    def of(self, function: int) -> Sequence[int]:
        """The functions that use `function`, in the order of the code."""
        return self._users[self._ends[function] : self._ends[function + 1]]
