"""The class path of Bazel's server: jars that Debian keeps outside of Bazel's own package."""

import zipfile
from collections.abc import Iterable
from pathlib import Path


def class_path_of(jar: Path) -> list[str]:
    """Returns the names, without folders, that a jar's manifest gives as its class path."""
    try:
        with zipfile.ZipFile(jar) as archive:
            manifest = archive.read("META-INF/MANIFEST.MF").decode()
    except (KeyError, zipfile.BadZipFile):
        return []
    # A line of a manifest goes on in the next one that begins with a space.
    for line in manifest.replace("\r\n", "\n").replace("\n ", "").splitlines():
        key, _, value = line.partition(":")
        if key == "Class-Path":
            return [Path(entry).name for entry in value.split()]
    return []


def in_dependency_order(names: Iterable[str], folder: Path) -> list[Path]:
    """Returns jars of a folder, and the jars of it that they need, each after what it needs.

    A jar's own class path names files of /usr/share/java. A machine may have those, in another
    version: whatever comes first on the class path wins, so the copy's jars have to.

    Args:
        names: names of jars; names that the folder does not have are passed over
        folder: the folder with all jars
    """
    order: dict[str, Path] = {}
    visited: set[str] = set()

    def visit(name: str) -> None:
        jar = folder / name
        if name in visited or not jar.is_file():
            return
        visited.add(name)
        for needed in class_path_of(jar):
            visit(needed)
        order[name] = jar

    for name in names:
        visit(name)
    return list(order.values())
