"""Running zig in a scratch folder."""

from __future__ import annotations

import hashlib
import os
import pathlib
import subprocess
from typing import Optional

Member = tuple[str, bytes]
"""An object of an archive: its name and its contents."""

# How a part of libc is compiled: zig's own driver, so that the object has the flags and the target features of its libc.
C_OPTIONS = ("--target=wasm32-wasi", "-O2", "-std=gnu17", "-fno-strict-aliasing", "-fno-builtin", "-g0")

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
