"""Builds the WASI libraries of a sysroot with zig: an action of the zig-based wasi-sdk.

zig carries the sources of wasi-libc, libc++ and compiler-rt and compiles them the first time that
a program is linked for wasm32-wasi, as zig calls wasm32-wasip1. This tool links such a program in a scratch folder, takes the
libraries out of zig's cache and archives them again under plain member names, so that the same
zig gives the same bytes in any folder on any machine.

    --language c:    libc.a (with zig's own part of libc, and the files of --source), libc-printscan-long-double.a,
                     libclang_rt.builtins-wasm32.a, crt1-command.o, crt1-reactor.o, and the empty libraries
                     that POSIX linker options such as -lm and -lpthread name
    --language c++:  libc++.a, libc++abi.a
    --language c++-exceptions: the same two, which throw and catch

Exit code 1 and one line on stderr when zig fails or builds something else than expected.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import os
import pathlib
import shutil
import sys
import tempfile
from collections.abc import Iterable, Sequence
from typing import Optional

from sdk.cxx_libraries import Headers, compile_library
from sdk.printscan import FULL_PRECISION, MEMBERS, compile_printscan
from sdk.zig import C_OPTIONS, Member, SysrootError, Zig

_AR_MAGIC = b"!<arch>\n"

# Part of libc here: options such as -lm must link, and there is nothing in them.
EMPTY_LIBRARIES = (
    *("crypt", "dl", "m", "pthread", "resolv", "rt", "util", "xnet"),
    *("wasi-emulated-getpid", "wasi-emulated-mman", "wasi-emulated-process-clocks", "wasi-emulated-signal"),
)

# Members of zig's libc.a that a source of ours takes the place of, for each such source in tools/sdk/sysroot.
_REPLACED = {
    "mman.c": ("mman.o",),
    "threads.c": (
        "pthread_barrier_wait.o",
        "pthread_cond_init.o",
        "pthread_cond_timedwait.o",
        "pthread_cond_wait.o",
        "pthread_getspecific.o",
        "pthread_key_create.o",
        "pthread_mutex_lock.o",
        "pthread_mutex_timedlock.o",
        "pthread_mutex_trylock.o",
        "pthread_mutex_unlock.o",
        "pthread_setspecific.o",
    ),
}


def archive_members(data: bytes) -> list[tuple[str, bytes]]:
    """Returns the members of a GNU-style ar archive: base name and contents, sorted.

    Raises:
      SysrootError: if the data is not such an archive.
    """
    if not data.startswith(_AR_MAGIC):
        raise SysrootError("zig built a library that is not an ar archive")
    members = []
    long_names = b""
    offset = len(_AR_MAGIC)
    while offset < len(data):
        header = data[offset : offset + 60]
        if len(header) != 60 or header[58:] != b"`\n":
            raise SysrootError(f"zig built an ar archive with a bad member header at offset {offset}")
        name = header[:16].rstrip()
        size = int(header[48:58])
        contents = data[offset + 60 : offset + 60 + size]
        offset += 60 + size + size % 2
        if name == b"//":
            long_names = contents
        elif name not in (b"/", b"/SYM64/"):
            if name.startswith(b"/"):
                start = int(name[1:])
                name = long_names[start : long_names.index(b"/\n", start)]
            members.append((name.rstrip(b"/").decode().rsplit("/", 1)[-1], contents))
    return sorted(members)


def compile_c(zig: Zig, source: pathlib.Path) -> Member:
    """Compiles a source of ours as zig compiles wasi-libc; returns a member for write_archive.

    -c, without a name for the output in a folder of its own: the object says nothing of the path.
    """
    folder = pathlib.Path(tempfile.mkdtemp(dir=zig.scratch))
    shutil.copyfile(source, folder / source.name)
    zig.run(["cc", *C_OPTIONS, "-c", source.name, "-o", "object.o"], cwd=folder)
    return f"rlbox_{source.stem}.o", (folder / "object.o").read_bytes()


def write_archive(zig: Zig, members: Iterable[Member], output: pathlib.Path) -> None:
    """Writes an archive, byte for byte the same everywhere.

    Args:
      zig: the program that has an archiver.
      members: the objects.
      output: the archive to write.
    """
    folder = pathlib.Path(tempfile.mkdtemp(dir=zig.scratch))
    names: list[str] = []
    for name, contents in sorted(members):
        stem, extension = os.path.splitext(name)
        count = 1
        while name in names:  # e.g. two errno.o, of musl's and of wasi's part of libc
            count += 1
            name = f"{stem}-{count}{extension}"
        (folder / name).write_bytes(contents)
        names.append(name)
    archive = folder / "archive"
    # A fixed order and D (deterministic: no owner, no time); a response file for the length.
    (folder / "names").write_text("\n".join(names))
    zig.run(["ar", "rcsD", "archive", "@names"], cwd=folder)
    shutil.move(str(archive), output)


def built_members(zig: Zig, *libraries: str) -> list[Member]:
    """Returns the members of libraries in zig's cache."""
    return [member for library in libraries for member in archive_members(zig.built(library).read_bytes())]


def build_c(zig: Zig, lib: pathlib.Path, output: pathlib.Path, own_sources: Sequence[pathlib.Path]) -> None:
    """Builds the C part of the sysroot into a folder; `lib` is zig's library folder."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as threads:
        own = list(threads.map(lambda source: compile_c(zig, source), own_sources))
    zig.link_program("c", [])
    zig.link_program("c", ["-mexec-model=reactor"])
    own += compile_printscan(zig, lib)
    replaced = {name for source in own_sources for name in _REPLACED.get(source.name, ())}
    built = built_members(zig, "libc.a", "libzigc.a")
    write_archive(zig, [member for member in built if member[0] in MEMBERS], output / FULL_PRECISION)
    kept = [member for member in built if member[0] not in replaced.union(MEMBERS)]
    write_archive(zig, [*kept, *own], output / "libc.a")
    write_archive(zig, built_members(zig, "libcompiler_rt.a"), output / "libclang_rt.builtins-wasm32.a")
    for name in ("crt1-command.o", "crt1-reactor.o"):
        shutil.copyfile(zig.built(name), output / name)
    for library in EMPTY_LIBRARIES:
        (output / f"lib{library}.a").write_bytes(_AR_MAGIC)


def build_cxx(
    zig: Zig, lib: pathlib.Path, headers: Optional[Headers], output: pathlib.Path, exceptions: bool = False
) -> None:
    """Builds the C++ part of the sysroot into a folder.

    Args:
      zig: the zig program.
      lib: zig's library folder.
      headers: what to compile the two libraries against; None to take zig's own build of them.
      output: the folder.
      exceptions: whether the two throw and catch; needs headers.
    """
    if headers is None:
        zig.link_program("c++", [])
        abi, cxx = built_members(zig, "libc++abi.a"), built_members(zig, "libc++.a")
    else:
        abi, cxx = (compile_library(zig, lib, headers, library, exceptions) for library in ("libcxxabi", "libcxx"))
    write_archive(zig, cxx, output / "libc++.a")
    write_archive(zig, abi, output / "libc++abi.a")


def main(argv: Optional[list[str]] = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(description="Build the libraries of a WASI sysroot with zig.")
    parser.add_argument("--zig", required=True, type=pathlib.Path, help="the zig executable")
    parser.add_argument("--zig-lib", required=True, type=pathlib.Path, help="zig's library folder")
    parser.add_argument("--language", required=True, choices=("c", "c++", "c++-exceptions"), help="which libraries")
    parser.add_argument("--source", action="append", default=[], type=pathlib.Path, help="a C source for libc.a")
    parser.add_argument("--sysroot", type=pathlib.Path, help="headers to compile libc++ against; default: zig's build")
    parser.add_argument("--resource-dir", type=pathlib.Path, help="clang's resource directory, with --sysroot")
    parser.add_argument("--output", required=True, type=pathlib.Path, help="an existing folder")
    options = parser.parse_args(argv)
    output = options.output.absolute()
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="sysroot-"))
    try:
        zig = Zig(options.zig, options.zig_lib, scratch)
        if options.language == "c":
            build_c(zig, options.zig_lib, output, options.source)
        else:
            exceptions = options.language == "c++-exceptions"
            headers = Headers(options.sysroot, options.resource_dir) if options.sysroot else None
            if exceptions and headers is None:
                raise SysrootError("libraries with exceptions are compiled against headers: give --sysroot")
            build_cxx(zig, options.zig_lib, headers, output, exceptions)
    except (SysrootError, OSError, ValueError) as error:
        print(f"{options.zig}: cannot build the {options.language} sysroot: {error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
