"""Compiles libc++ and libc++abi from the sources that zig carries, with a clang and a configuration of our own.

zig's own build of the two knows no threads and no files on WASI. This one has both switched on in `__config_site`, which
tools/sdk/unpack_zig_wheel.py writes: mutexes, condition variables and thread_local work in a program of one thread.
"""

from __future__ import annotations

import concurrent.futures
import os
import pathlib
import tempfile
from collections.abc import Sequence
from typing import NamedTuple

from sdk.zig import SysrootError, Zig

Member = tuple[str, bytes]
"""An object of an archive: its name and its contents."""


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
    "-fno-exceptions",
    "-ffunction-sections",
    "-fdata-sections",
    "-fvisibility=hidden",
    "-fvisibility-inlines-hidden",
    "-w",
)

_DEFINES = {
    "libcxx": ("-D_LIBCPP_BUILDING_LIBRARY", "-DLIBCXX_BUILDING_LIBCXXABI"),
    "libcxxabi": ("-D_LIBCXXABI_BUILDING_LIBRARY", "-DLIBCXXABI_NON_DEMANGLING_TERMINATE"),
}

# Sources for other systems, of what is not in a release of libc++, and `operator new`, which libc++abi has.
_LEFT_OUT = {
    "libcxx": ("experimental/", "pstl/", "support/", "new.cpp"),
    # Exceptions: cxa_noexception.cpp has what is needed without.
    "libcxxabi": ("cxa_exception.cpp", "cxa_exception_storage.cpp", "cxa_personality.cpp"),
}

# Files that are included first. libc++ takes musl to have copy_file_range: tools/sdk/sysroot/files.c has it.
_INCLUDED = {
    "operations.cpp": """\
#include <unistd.h>
extern "C" ssize_t copy_file_range(int, off_t*, int, off_t*, size_t, unsigned);
""",
}


def sources(lib: pathlib.Path, library: str) -> list[pathlib.Path]:
    """Lists the sources of a library, sorted.

    Args:
      lib: zig's library folder.
      library: "libcxx" or "libcxxabi".

    Raises:
      SysrootError: if there are none.
    """
    folder = lib / library / "src"
    found = sorted(folder.rglob("*.cpp"))
    wanted = [path for path in found if not path.relative_to(folder).as_posix().startswith(_LEFT_OUT[library])]
    if not wanted:
        raise SysrootError(f"{folder} has no sources")
    return wanted


def compile_library(
    zig: Zig, lib: pathlib.Path, headers: Headers, library: str, flags: Sequence[str] = ()
) -> list[Member]:
    """Compiles a library.

    Args:
      zig: the zig program, whose clang compiles.
      lib: zig's library folder.
      headers: what it is compiled against.
      library: "libcxx" or "libcxxabi".
      flags: more compiler options, after the others.

    Returns:
      The objects, in the order of their sources' names. No object says where it was compiled.

    Raises:
      SysrootError: if a source does not compile.
    """
    lib = lib.absolute()
    sysroot = headers.sysroot.absolute()
    includes = (lib / library / "src", lib / "libcxx" / "src", lib / "libcxx" / "libc", lib / "libcxxabi" / "include")
    options = [
        *_COMMON,
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
        return list(threads.map(compiled, sources(lib, library)))
