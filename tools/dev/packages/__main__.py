"""The command line, for rules/private/dev/debian.bzl."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

from bootstrap import debian
from bootstrap.console import SetupError

from packages.tree import Recipe, fetched

UNSUPPORTED = 3
"""The exit code on a machine that has no packages of Debian's, and no way to check them."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="packages", description=__doc__, allow_abbrev=False)
    parser.add_argument("--output", type=Path, required=True, help="an existing folder, which gets the files")
    parser.add_argument("--name", required=True, help="of the folder in the user's cache")
    parser.add_argument("--follow", required=True, help="pattern of dependencies that come along")
    parser.add_argument("--programs", action="append", default=[], help="a folder with programs to make movable")
    parser.add_argument(
        "--leave-out", action="append", default=[], help="files that are not unpacked, as tar takes them"
    )
    parser.add_argument("package", nargs="+")
    return parser


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def main() -> None:
    """Fills a folder with the files of packages."""
    arguments = _parser().parse_args()
    try:
        debian.check_tools()
        debian.keyring()
        debian.architecture()
    except SetupError as error:
        print(error, file=sys.stderr)
        sys.exit(UNSUPPORTED)
    try:
        folder = fetched(
            Recipe(arguments.name, arguments.package, arguments.follow, arguments.programs, arguments.leave_out)
        )
    except SetupError as error:
        sys.exit(f"error: {error}")
    # Files of its own: whoever clears the cache takes nothing away.
    shutil.copytree(folder, arguments.output, symlinks=True, copy_function=_link_or_copy, dirs_exist_ok=True)


if __name__ == "__main__":
    main()
