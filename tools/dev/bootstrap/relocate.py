"""Makes unpacked programs run with the loader and the libraries of the copy that they are in."""

import os
import subprocess
from collections.abc import Iterable, Sequence
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
    path_list = [f"{final}/{folder}" for folder in ("lib", "jre/lib", "jre/lib/server")]
    set_loader(assemble.programs(copy), f"{final}/lib/{architecture.loader}", path_list, patchelf)


def set_loader(files: Iterable[Path], loader: str, folders: Sequence[str], patchelf: Sequence[str]) -> None:
    """Sets loader and library path of those files that are dynamic programs.

    Args:
        files: programs, libraries and anything else
        loader: the path of the loader
        folders: where the programs and what they load look for libraries
        patchelf: the command for patchelf
    """
    dynamic = {path: elf.read(path) for path in files}
    targets = [path for path, facts in dynamic.items() if facts and facts.interpreter]
    if not targets:
        return
    for path in targets:
        path.chmod(path.stat().st_mode | 0o200)
    result = subprocess.run(
        [
            *patchelf,
            "--set-interpreter",
            loader,
            "--force-rpath",
            "--set-rpath",
            os.pathsep.join(folders),
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
