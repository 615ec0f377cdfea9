"""Compiles what reads and prints floating-point numbers in wasi-libc, with the precision of double.

`long double` has 128 bits on WebAssembly, and every operation on one is a call of a function. wasi-libc can do without: its
`printscan.h` makes the working type a double. As it is, that header ends the program where a `long double` is read or printed.
Here, such a number has the precision of a double instead. The functions with full precision go into a library of their own, of
the name that it has in the wasi-sdk's releases.
"""

from __future__ import annotations

import concurrent.futures
import os
import pathlib
import tempfile

from sdk.zig import C_OPTIONS, Member, SysrootError, Zig

FULL_PRECISION = "libc-printscan-long-double.a"
"""The library with the functions of full precision."""

# The sources, and what each does where wasi-libc's header says that a long double is not supported.
_SOURCES = {
    "internal/floatscan": "",
    "stdio/vfprintf": "arg->f = va_arg(*ap, long double)",
    "stdio/vfscanf": "*(long double*)dest = y",
    "stdio/vfwprintf": "arg->f = va_arg(*ap, long double)",
    "stdlib/strtod": "return strtox(s, p, 1)",
    "stdlib/wcstod": "return wcstox(s, p, 1)",
}

MEMBERS = tuple(source.rsplit("/", 1)[1] + ".o" for source in _SOURCES)
"""The names that the objects have in zig's libc.a, too."""

_HEADER = """\
#pragma once
#include_next "printscan.h"
#define long_double_not_supported() RLBOX_LONG_DOUBLE
"""

# Folders of headers in lib/libc: wasi-libc's own, and those that it shares with musl.
_INCLUDES = (
    "wasi/libc-top-half/headers/private",
    "wasi/libc-top-half/musl/src/include",
    "wasi/libc-top-half/musl/src/internal",
    "musl/src/include",
    "musl/src/internal",
    "wasi/libc-top-half/musl/arch/wasm32",
    "musl/arch/generic",
)


def compile_printscan(zig: Zig, lib: pathlib.Path) -> list[Member]:
    """Compiles the functions with the precision of double.

    Args:
      zig: the zig program.
      lib: zig's library folder.

    Returns:
      The objects, in the order of MEMBERS.

    Raises:
      SysrootError: if a source is missing or does not compile.
    """
    libc = lib.absolute() / "libc"
    folder = pathlib.Path(tempfile.mkdtemp(dir=zig.scratch))
    (folder / "printscan.h").write_text(_HEADER)
    options = [
        *C_OPTIONS,
        "-w",
        "-D__wasilibc_printscan_no_long_double",
        '-D__wasilibc_printscan_full_support_option=""',
        "-I.",
        *(f"-I{libc / include}" for include in _INCLUDES),
    ]

    def compiled(source: str) -> Member:
        path = libc / "wasi/libc-top-half/musl/src" / f"{source}.c"
        if "__wasilibc_printscan_no_long_double" not in path.read_text(encoding="utf-8"):
            raise SysrootError(f"{path} does not know how to do without long double")
        name = f"{path.stem}.o"
        zig.run(["cc", *options, f"-DRLBOX_LONG_DOUBLE={_SOURCES[source]}", "-c", str(path), "-o", name], cwd=folder)
        return name, (folder / name).read_bytes()

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(compiled, _SOURCES))
