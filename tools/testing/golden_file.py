"""Compares a text with a golden file, or puts it into the golden file's place in the source tree.

The main file of tests and of their `.update` targets, so it is on its own: it imports nothing of its neighbours.
"""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Sequence
from pathlib import Path


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"{path}: cannot be read: {error}. To fix: build the test again")


def compare(options: argparse.Namespace) -> int:
    """Prints what differs and what to do about it; returns the exit code."""
    actual = _read(options.actual)
    if not os.path.exists(options.golden):
        print(f"There is no golden file {options.golden} yet. Make it, look at it and check it in:")
        print(f"\n  {options.command}")
        return 1
    golden = _read(options.golden)
    if golden == actual:
        return 0
    print(f"{options.what} is not what {options.golden} says (-: golden file, +: now):\n")
    # Whole files: they are short, and the headings tell what a line is about.
    for line in list(difflib.unified_diff(golden.splitlines(), actual.splitlines(), lineterm="", n=1_000_000))[3:]:
        print(line)
    print(f"\nIf that is meant to be so, update the golden file and check it in:\n\n  {options.command}")
    return 1


def update(options: argparse.Namespace) -> int:
    """Writes the golden file; returns the exit code."""
    workspace = os.environ.get("BUILD_WORKSPACE_DIRECTORY")
    if not workspace:
        sys.exit(f"this writes into the source tree. To fix: start it with: {options.command}")
    actual = _read(options.actual)
    target = Path(workspace, options.golden)
    try:
        if target.exists() and target.read_text(encoding="utf-8") == actual:
            print(f"{options.golden} is up to date")
            return 0
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(target.name + ".tmp")
        temporary.write_text(actual, encoding="utf-8")
        os.replace(temporary, target)
    except OSError as error:
        sys.exit(f"{target}: cannot be written: {error.strerror}")
    print(f"wrote {options.golden}")
    return 0


def main(arguments: Sequence[str]) -> int:
    """The command line; see --help."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=("test", "update"))
    parser.add_argument("--actual", required=True, help="the text as it is now")
    parser.add_argument("--golden", required=True, help="the golden file's path in the source tree")
    parser.add_argument("--what", required=True, help="what the text is about, for messages")
    parser.add_argument("--command", required=True, help="the command that updates the golden file")
    options = parser.parse_args(arguments)
    return compare(options) if options.action == "test" else update(options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
