"""Compiles libc++ and libc++abi from the sources that zig carries, with a clang and a configuration of our own.

zig's own build of the two knows no threads and no files on WASI. This one has both switched on in `__config_site`, which
tools/sdk/unpack_zig_wheel.py writes: mutexes, condition variables and thread_local work in a program of one thread.

With exceptions, the two throw and catch as natively. libc++abi then holds the part of libunwind that compiled code calls.
"""

from __future__ import annotations

import concurrent.futures
import os
import pathlib
import tempfile
from collections.abc import Sequence
from typing import NamedTuple

from sdk.zig import Member, SysrootError, Zig


class Headers(NamedTuple):
    """What the libraries are compiled against."""

    sysroot: pathlib.Path
    """The sysroot, with the headers of libc, libc++ and libc++abi."""

    resource_dir: pathlib.Path
    """clang's resource directory."""


_COMMON = (
    "--target=wasm32-wasip1",
    "--driver-mode=g++",
    "--no-default-config",
    "-no-canonical-prefixes",
    "-O2",
    "-DNDEBUG",
    "-std=c++23",
    "-ffunction-sections",
    "-fdata-sections",
    "-fvisibility=hidden",
    "-fvisibility-inlines-hidden",
    "-w",
)

# The instructions for exceptions in their first form: the one that wasm2c reads.
EXCEPTIONS = ("-fwasm-exceptions", "-mllvm", "-wasm-use-legacy-eh=true")

_DEFINES = {
    "libcxx": ("-D_LIBCPP_BUILDING_LIBRARY", "-DLIBCXX_BUILDING_LIBCXXABI"),
    "libcxxabi": ("-D_LIBCXXABI_BUILDING_LIBRARY", "-DLIBCXXABI_NON_DEMANGLING_TERMINATE"),
}

# Sources for other systems, of what is not in a release of libc++, and `operator new`, which libc++abi has.
_LEFT_OUT = {
    "libcxx": ("experimental/", "pstl/", "support/", "new.cpp"),
    "libcxxabi": (),
}

# Sources of libc++abi that are for one of the two, with exceptions (True) and without: left out in the other.
_LEFT_OUT_WITH = {
    False: ("cxa_exception.cpp", "cxa_exception_storage.cpp", "cxa_personality.cpp"),
    True: ("cxa_noexception.cpp",),
}

_UNWIND = "libunwind/src/Unwind-wasm.c"

# Files that are included first. libc++ takes musl to have copy_file_range: tools/sdk/sysroot/files.c has it.
_INCLUDED = {
    "operations.cpp": """\
#include <unistd.h>
extern "C" ssize_t copy_file_range(int, off_t*, int, off_t*, size_t, unsigned);
""",
}


def sources(lib: pathlib.Path, library: str, exceptions: bool = False) -> list[pathlib.Path]:
    """Lists the sources of a library, sorted.

    Args:
      lib: zig's library folder.
      library: "libcxx" or "libcxxabi".
      exceptions: whether the library is to throw and catch.

    Raises:
      SysrootError: if there are none.
    """
    folder = lib / library / "src"
    found = sorted(folder.rglob("*.cpp"))
    left_out = _LEFT_OUT[library] + _LEFT_OUT_WITH[exceptions]
    wanted = [path for path in found if not path.relative_to(folder).as_posix().startswith(left_out)]
    if not wanted:
        raise SysrootError(f"{folder} has no sources")
    return wanted


def compile_library(
    zig: Zig, lib: pathlib.Path, headers: Headers, library: str, exceptions: bool = False, flags: Sequence[str] = ()
) -> list[Member]:
    """Compiles a library.

    Args:
      zig: the zig program, whose clang compiles.
      lib: zig's library folder.
      headers: what it is compiled against.
      library: "libcxx" or "libcxxabi".
      exceptions: whether the library throws and catches; libc++abi then has the part of libunwind for WebAssembly.
      flags: more compiler options, after the others.

    Returns:
      The objects, in the order of their sources' names. No object says where it was compiled.

    Raises:
      SysrootError: if a source does not compile.
    """
    lib = lib.absolute()
    sysroot = headers.sysroot.absolute()
    includes = [lib / library / "src", lib / "libcxx" / "src", lib / "libcxx" / "libc", lib / "libcxxabi" / "include"]
    if exceptions:
        includes.append(lib / "libunwind" / "include")
    options = [
        *_COMMON,
        *(EXCEPTIONS if exceptions else ("-fno-exceptions",)),
        *_DEFINES[library],
        f"--sysroot={sysroot}",
        f"-resource-dir={headers.resource_dir.absolute()}",
        f"-stdlib++-isystem{sysroot}/include/c++/v1",
        *(f"-I{folder}" for folder in includes),
        f"-ffile-prefix-map={lib}=.",
        f"-ffile-prefix-map={sysroot}=.",
        *flags,
    ]
    folder = pathlib.Path(tempfile.mkdtemp(dir=zig.scratch))
    for name, text in _INCLUDED.items():
        (folder / f"{name}.h").write_text(text)

    def compiled(source: pathlib.Path) -> Member:
        name = "-".join(source.relative_to(lib / library / "src").with_suffix(".o").parts)
        included = ["-include", f"{source.name}.h"] if source.name in _INCLUDED else []
        zig.run(["clang", *options, *included, "-c", str(source), "-o", name], cwd=folder)
        return name, (folder / name).read_bytes()

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as threads:
        members = list(threads.map(compiled, sources(lib, library, exceptions)))
    if exceptions and library == "libcxxabi":
        members.append(_compile_unwind(zig, lib, options, folder))
    return members


def _compile_unwind(zig: Zig, lib: pathlib.Path, options: Sequence[str], folder: pathlib.Path) -> Member:
    """Compiles what is between the throw of the C++ library and the instruction; `options` are those for C++."""
    source = lib / _UNWIND
    if not source.exists():
        raise SysrootError(f"{lib} has no {_UNWIND}: this version of zig cannot give a sandbox exceptions")
    of_cxx = ("--driver-mode=", "-std=", "-stdlib++-isystem")
    flags = [option for option in options if not option.startswith(of_cxx)]
    own = ["-D_LIBUNWIND_HIDE_SYMBOLS", f"-I{source.parent}"]
    zig.run(["clang", *flags, *own, "-c", str(source), "-o", "Unwind-wasm.o"], cwd=folder)
    return "Unwind-wasm.o", (folder / "Unwind-wasm.o").read_bytes()
