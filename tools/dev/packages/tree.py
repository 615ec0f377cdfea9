"""A folder of the user's cache with packages that are unpacked and run from there."""

from __future__ import annotations

import hashlib
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bootstrap import debian
from bootstrap.console import say

from packages import movable, store

LAYOUT = 1
"""Part of the folder's name; raise it whenever a folder is laid out in another way."""

_LEFT_OUT = (
    "./usr/share/doc*",
    "./usr/share/man*",
    "./usr/share/info*",
    "./usr/share/locale*",
    "./usr/share/lintian*",
)


@dataclass(frozen=True)
class Recipe:
    """What is in the folder."""

    name: str
    """The beginning of the folder's name."""

    packages: Sequence[str]
    """The packages that are wanted."""

    follow: str
    """Which of their dependencies come along: a pattern of the whole name."""

    programs: Sequence[str] = ()
    """Folders whose programs are made to run with the libraries of the packages."""

    leave_out: Sequence[str] = ()
    """Files that are not unpacked: patterns of tar's, from ./ on."""

    suite: str = ""
    """The suite of Debian's; by default the one that the launcher takes Bazel from."""


def fetched(recipe: Recipe) -> Path:
    """Returns the folder, which is made once.

    Raises:
        SetupError: if a package cannot be downloaded or unpacked, or the machine has no apt.
    """
    words = [*recipe.packages, recipe.follow, *recipe.programs, *recipe.leave_out]
    text = "\n".join(words + ([recipe.suite] if recipe.suite else []))
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]

    def make(work: Path, final: Path) -> None:
        say(f"getting {', '.join(recipe.packages)} from Debian")
        left_out = [*_LEFT_OUT, *recipe.leave_out]
        tree = store.unpacked(work, recipe.packages, re.compile(recipe.follow), left_out, recipe.suite)
        movable.relative_links(tree)
        movable.wrap_programs(tree, recipe.programs, debian.architecture())
        movable.relative_linker_scripts(tree)
        tree.rename(final)

    return store.once(f"{recipe.name}{LAYOUT}-{platform.machine()}-{digest}", make)
