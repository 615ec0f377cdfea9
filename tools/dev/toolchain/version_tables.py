"""The version tables: rules/toolchains/releases.json and wheels.json."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

PLATFORMS = ("linux_x86_64", "linux_arm64", "macos_x86_64", "macos_arm64")
"""The exec platforms, in the order of the tables."""


class VersionError(Exception):
    """What is wrong and how to fix it, in one line."""


def load(path: Path) -> dict[str, Any]:
    """Reads a version table.

    Args:
        path: a JSON file.

    Raises:
        VersionError: the file is missing, or is no table.
    """
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise VersionError(
            f"{path}: cannot be read: {error.strerror}; name the folder of the tables with --tables"
        ) from None
    except ValueError as error:
        raise VersionError(f"{path}: not JSON: {error}; restore the file") from None
    if not isinstance(table, dict):
        raise VersionError(f"{path}: not a version table; restore the file")
    return table


def dump(table: Mapping[str, Any]) -> str:
    """Formats a version table as the repository has it: two spaces, keys as they stand, a line end."""
    return json.dumps(table, indent=2, ensure_ascii=False) + "\n"


def save(path: Path, table: Mapping[str, Any]) -> None:
    """Writes a version table: the whole file, or nothing.

    Raises:
        VersionError: the file cannot be written.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(dump(table), encoding="utf-8")
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise VersionError(f"{path}: cannot be written: {error.strerror}; check the folder's permissions") from None


def version_key(version: str) -> list[int]:
    """Sorts versions by their numbers: 25 < 29 < 30, 1.0.9 < 1.0.42."""
    return [int(number) for number in version.split(".")]


def check_version(version: str) -> None:
    """Checks that a version consists of numbers and dots.

    Raises:
        VersionError: the version has anything else.
    """
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)*", version):
        raise VersionError(f"{version}: a version consists of numbers and dots, as in 35 or 1.0.42; leave out any v")


def parse_platforms(text: str) -> list[str]:
    """Reads a comma-separated list of exec platforms.

    Returns:
        The platforms in the order of the tables; all of them for an empty text.

    Raises:
        VersionError: the text names an unknown platform.
    """
    names = [name.strip() for name in text.split(",")] if text else list(PLATFORMS)
    for name in names:
        if name not in PLATFORMS:
            raise VersionError(f"--platforms: unknown platform {name!r}; known: {', '.join(PLATFORMS)}")
    return in_order(names)


def in_order(platforms: Iterable[str]) -> list[str]:
    """Returns the platforms, each once, in the order of the tables."""
    return sorted(set(platforms), key=PLATFORMS.index)


def add_entry(versions: dict[str, Any], version: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the versions of a tool with one more, sorted by version."""
    return dict(sorted({**versions, version: entry}.items(), key=lambda item: version_key(item[0])))
