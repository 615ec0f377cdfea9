"""Makes unpacked programs run with the loader and the libraries of the copy that they are in."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from bootstrap import assemble, elf
from bootstrap.apt import cause
from bootstrap.console import WAY_OUT, SetupError
from bootstrap.debian import Architecture


def patchelf_command(tree: Path, architecture: Architecture) -> list[str]:
    """Returns the command for the patchelf of a tree: it, too, runs with the loader that it came with."""
    libraries = ":".join(map(str, assemble.library_folders(tree, architecture)))
    return [str(assemble.loader(tree, architecture)), "--library-path", libraries, str(tree / "usr/bin/patchelf")]


def relocate(copy: Path, final: Path, architecture: Architecture, patchelf: Sequence[str]) -> None:
    """Sets loader and library path of the programs of a copy.

    The path is a DT_RPATH: unlike DT_RUNPATH, it goes before LD_LIBRARY_PATH and holds for the
    libraries that a program loads, too.

    Args:
        copy: the folder of the copy while it is made
        final: the folder that it will have
        architecture: the machine's architecture
        patchelf: the command for patchelf
    """
    dynamic = {path: elf.read(path) for path in assemble.programs(copy)}
    targets = [path for path, facts in dynamic.items() if facts and facts.interpreter]
    if not targets:
        return
    for path in targets:
        path.chmod(path.stat().st_mode | 0o200)
    path_list = os.pathsep.join(f"{final}/{folder}" for folder in ("lib", "jre/lib", "jre/lib/server"))
    result = subprocess.run(
        [
            *patchelf,
            "--set-interpreter",
            f"{final}/lib/{architecture.loader}",
            "--force-rpath",
            "--set-rpath",
            path_list,
            *map(str, targets),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if result.returncode:
        raise SetupError(f"patchelf failed ({cause(result.stderr + result.stdout)})", WAY_OUT)
