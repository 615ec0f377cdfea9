"""Builds the WASI libraries of a sysroot with zig: an action of the zig-based wasi-sdk.

zig carries the sources of wasi-libc, libc++ and compiler-rt and compiles them the first time that
a program is linked for wasm32-wasi. This tool links such a program in a scratch folder, takes the
libraries out of zig's cache and archives them again under plain member names, so that the same
zig gives the same bytes in any folder on any machine.

    --language c:    libc.a (with zig's own part of libc), libclang_rt.builtins-wasm32.a,
                     crt1-command.o, crt1-reactor.o, and the empty libraries that POSIX linker
                     options such as -lm and -lpthread name
    --language c++:  libc++.a, libc++abi.a

Exit code 1 and one line on stderr when zig fails or builds something else than expected.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from typing import Optional

_AR_MAGIC = b"!<arch>\n"

# Part of libc in wasi: options such as -lm must link, and there is nothing in them.
EMPTY_LIBRARIES = ("crypt", "dl", "m", "pthread", "resolv", "rt", "util", "xnet")

_PROGRAM = "int main(void) { return 0; }\n"


class SysrootError(Exception):
    """zig could not build a library, or its cache does not hold what is expected."""


class Zig:
    """zig, run in a scratch folder with a cache of its own.

    Args:
      executable: the zig program.
      lib: zig's library folder (the sources).
      scratch: an empty folder that may be written to.
    """

    def __init__(self, executable: pathlib.Path, lib: pathlib.Path, scratch: pathlib.Path) -> None:
        self._executable = executable.absolute()
        self.scratch = scratch
        self.cache = scratch / "cache"
        self._environment = {
            "HOME": str(scratch),
            "PATH": os.environ.get("PATH", ""),
            "TMPDIR": str(scratch),
            "ZIG_GLOBAL_CACHE_DIR": str(self.cache),
            "ZIG_LIB_DIR": str(lib.absolute()),
            "ZIG_LOCAL_CACHE_DIR": str(self.cache),
        }

    def run(self, arguments: list[str], cwd: Optional[pathlib.Path] = None) -> None:
        """Runs zig with the given arguments.

        Raises:
          SysrootError: if zig's exit code is not 0.
        """
        result = subprocess.run(
            [str(self._executable), *arguments],
            cwd=cwd or self.scratch,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if result.returncode != 0:
            output = " / ".join(result.stdout.decode(errors="replace").strip().splitlines()[-4:])
            raise SysrootError(f"zig {arguments[0]} failed with exit code {result.returncode}: {output}")

    def link_program(self, language: str, options: list[str]) -> None:
        """Links an empty program, which makes zig build what it links against."""
        source = self.scratch / ("program.cpp" if language == "c++" else "program.c")
        source.write_text(_PROGRAM)
        command = "c++" if language == "c++" else "cc"
        self.run([command, "--target=wasm32-wasi", "-O2", "-s", *options, source.name, "-o", "program.wasm"])

    def built(self, name: str) -> pathlib.Path:
        """Returns a file from the cache.

        Raises:
          SysrootError: if there is none, or if there are several that differ.
        """
        found = sorted(self.cache.glob(f"o/*/{name}"))
        if len({hashlib.sha256(path.read_bytes()).hexdigest() for path in found}) != 1:
            raise SysrootError(f"zig built {len(found)} different files called {name} where one was expected")
        return found[0]


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


def write_archive(zig: Zig, sources: list[str], output: pathlib.Path) -> None:
    """Merges libraries from zig's cache into one archive, byte for byte the same everywhere.

    Args:
      zig: where the libraries were built.
      sources: their names.
      output: the archive to write.
    """
    folder = pathlib.Path(tempfile.mkdtemp(dir=zig.scratch))
    names: list[str] = []
    for name, contents in sorted(m for s in sources for m in archive_members(zig.built(s).read_bytes())):
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


def build_c(zig: Zig, output: pathlib.Path) -> None:
    """Builds the C part of the sysroot into a folder."""
    zig.link_program("c", [])
    zig.link_program("c", ["-mexec-model=reactor"])
    write_archive(zig, ["libc.a", "libzigc.a"], output / "libc.a")
    write_archive(zig, ["libcompiler_rt.a"], output / "libclang_rt.builtins-wasm32.a")
    for name in ("crt1-command.o", "crt1-reactor.o"):
        shutil.copyfile(zig.built(name), output / name)
    for library in EMPTY_LIBRARIES:
        (output / f"lib{library}.a").write_bytes(_AR_MAGIC)


def build_cxx(zig: Zig, output: pathlib.Path) -> None:
    """Builds the C++ part of the sysroot into a folder."""
    zig.link_program("c++", [])
    write_archive(zig, ["libc++.a"], output / "libc++.a")
    write_archive(zig, ["libc++abi.a"], output / "libc++abi.a")


def main(argv: Optional[list[str]] = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(description="Build the libraries of a WASI sysroot with zig.")
    parser.add_argument("--zig", required=True, type=pathlib.Path, help="the zig executable")
    parser.add_argument("--zig-lib", required=True, type=pathlib.Path, help="zig's library folder")
    parser.add_argument("--language", required=True, choices=("c", "c++"), help="which libraries")
    parser.add_argument("--output", required=True, type=pathlib.Path, help="an existing folder")
    options = parser.parse_args(argv)
    output = options.output.absolute()
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="sysroot-"))
    try:
        zig = Zig(options.zig, options.zig_lib, scratch)
        (build_cxx if options.language == "c++" else build_c)(zig, output)
    except (SysrootError, OSError, ValueError) as error:
        print(f"{options.zig}: cannot build the {options.language} sysroot: {error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
