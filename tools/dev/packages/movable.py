"""Makes unpacked packages run, and link, wherever they are moved to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from bootstrap import assemble, elf
from bootstrap.debian import Architecture

PROGRAMS = "programs"
"""The folder of a tree that programs are moved to; scripts stand in their places."""

_SCRIPT = """\
#!/bin/sh
here=${{0%/*}}
exec "$here/{loader}" --library-path "{folders}" --argv0 "$0" "$here/{program}" "$@"
"""

_LINKER_SCRIPT = b"/* GNU ld script"


def relative_links(tree: Path) -> None:
    """Makes every link of a tree relative; links to what is not in the tree are removed."""
    for link in _links(tree):
        target = os.readlink(link)
        place = tree / target.lstrip("/") if target.startswith("/") else link.parent / target
        if target.startswith("/"):
            link.unlink()
            link.symlink_to(os.path.relpath(place, link.parent))
    # A link may lead to another one, so what leads nowhere is known at the end.
    dangling = True
    while dangling:
        dangling = False
        for link in _links(tree):
            if not link.exists():
                link.unlink()
                dangling = True


def _links(tree: Path) -> list[Path]:
    found = []
    for parent, folders, files in os.walk(tree):
        found += [path for name in folders + files if (path := Path(parent, name)).is_symlink()]
    return found


def wrap_programs(tree: Path, folders: Sequence[str], architecture: Architecture) -> None:
    """Puts a script in the place of each dynamic program, which runs it with the loader and the libraries of the tree.

    The script finds them by its own place, so the same bytes work in every folder, and in a sandbox of links.

    Args:
        tree: the root of the unpacked packages, with relative links.
        folders: where programs are looked for, relative to the root.
        architecture: the machine's architecture.
    """
    loader = assemble.loader(tree, architecture)
    libraries = assemble.library_folders(tree, architecture)
    found = {path: path.resolve() for folder in folders for path in _programs(tree / folder)}
    moved = {real: tree / PROGRAMS / real.relative_to(tree.resolve()) for real in found.values()}
    for real, place in moved.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        real.rename(place)
    for path, real in found.items():
        path.unlink(missing_ok=True)
        # The place of the script as the kernel sees it: a folder above it may be a link.
        parent = path.parent.resolve()
        script = _SCRIPT.format(
            loader=os.path.relpath(loader.resolve(), parent),
            folders=os.pathsep.join(f"$here/{os.path.relpath(folder.resolve(), parent)}" for folder in libraries),
            program=os.path.relpath(moved[real].resolve(), parent),
        )
        path.write_text(script)
        path.chmod(0o755)


def _programs(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and elf.is_elf(path):
            facts = elf.read(path)
            if facts and facts.interpreter and os.access(path, os.X_OK):
                yield path


def relative_linker_scripts(tree: Path) -> None:
    """Makes text files that stand for libraries name these without folders: the linker looks for them in its own."""
    for path in sorted(tree.rglob("*.so")):
        if path.is_symlink() or not path.is_file():
            continue
        content = path.read_bytes()
        if content.startswith(_LINKER_SCRIPT):
            path.write_text(re.sub(r"(?<=[\s(])/[^\s)]*/", "", _without_comments(content.decode())))


def _without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/\n?", "", text, flags=re.DOTALL)
