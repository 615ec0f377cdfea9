"""Lays a copy of Bazel out of unpacked Debian packages.

Every function takes `tree`, the root of the unpacked packages, and `copy`, the folder of the copy
while it is made. Files are moved where that is possible, so the tree is of no use afterwards.
"""

import os
import shutil
from pathlib import Path
from typing import Optional

from bootstrap import elf, jars
from bootstrap.console import WAY_OUT, SetupError
from bootstrap.debian import Architecture

# Loaded by name at run time, so no file says that it is linked with them: what the C library looks
# names up with, and the parts of it that older Java libraries open.
_LOADED_BY_NAME = ("libnss_files.so.2", "libnss_dns.so.2", "libpthread.so.0", "libdl.so.2", "librt.so.1")

_CLASS_PATH = "bazel_classpath_debian_depends.txt"


def _unexpected(what: str) -> SetupError:
    return SetupError(f"Debian's packages of Bazel are not laid out as expected: {what}", WAY_OUT)


def library_folders(tree: Path, architecture: Architecture) -> list[Path]:
    """Returns the folders of a tree that can have shared libraries."""
    names = (f"usr/lib/{architecture.triplet}", f"lib/{architecture.triplet}", "usr/lib64", "lib64", "usr/lib", "lib")
    return [tree / name for name in names if (tree / name).is_dir()]


def loader(tree: Path, architecture: Architecture) -> Path:
    """Returns the loader in a tree."""
    for folder in library_folders(tree, architecture):
        if (folder / architecture.loader).is_file():
            return folder / architecture.loader
    raise _unexpected(f"there is no {architecture.loader}")


def place_bazel(tree: Path, copy: Path) -> None:
    """Makes bin/ and install/: Bazel's client and its install base."""
    share, client = tree / "usr/share/bazel", tree / "usr/bin/bazel"
    for path in (share / "A-server.jar", client):
        if not path.is_file():
            raise _unexpected(f"there is no {path.relative_to(tree)}")
    resolve_links(share, tree)
    (copy / "bin").mkdir()
    shutil.move(client, copy / "bin" / "bazel")
    shutil.move(share, copy / "install")


def place_java(tree: Path, copy: Path) -> None:
    """Makes jre/: the Java runtime, with its settings, which Debian keeps in /etc."""
    runtime = next((path.parent.parent for path in sorted(tree.glob("usr/lib/jvm/*/bin/java"))), None)
    if not runtime:
        raise _unexpected("there is no Java runtime")
    runtime = runtime.resolve()
    resolve_links(runtime, tree)
    shutil.move(runtime, copy / "jre")
    (copy / "jre/lib/security").mkdir(parents=True, exist_ok=True)


def resolve_links(folder: Path, tree: Path) -> None:
    """Replaces the links of a folder that lead out of it by what they lead to in the tree.

    Links to nothing, such as those to the packages' documentation, are removed.
    """
    for parent, folders, files in os.walk(folder):
        for link in (Path(parent, name) for name in folders + files):
            if not link.is_symlink():
                continue
            target = os.readlink(link)
            place = Path(tree, target.lstrip("/")) if target.startswith("/") else link.parent / target
            if not place.exists():
                link.unlink()
            elif folder not in Path(os.path.normpath(place)).parents:
                link.unlink()
                if place.is_file():
                    shutil.copy2(place, link)


def place_jars(tree: Path, copy: Path, final: Path) -> None:
    """Makes jars/, and the class path that Bazel's client gives to its server.

    The server takes its version from a file that Debian leaves out: without it,
    native.bazel_version would be empty.
    """
    label = copy / "jars" / "label"
    label.mkdir(parents=True)
    version = (copy / "install" / "build-label.txt").read_text().strip()
    (label / "build-data.properties").write_text(f"build.label={version}\n")

    class_path = copy / "install" / _CLASS_PATH
    names = [Path(line).name for line in class_path.read_text().split()]
    entries = [f"{final}/jars/label/"]
    for jar in jars.in_dependency_order(names, tree / "usr/share/java"):
        shutil.copy(jar, copy / "jars" / jar.name)
        entries.append(f"{final}/jars/{jar.name}")
    class_path.unlink()
    class_path.write_text("".join(f"{entry}\n" for entry in entries))


def programs(copy: Path) -> list[Path]:
    """Returns the ELF files of a copy, except for those in lib/."""
    found: list[Path] = []
    for top in ("bin", "install", "jre"):
        for parent, _, names in os.walk(copy / top):
            files = (Path(parent, name) for name in names)
            found.extend(file for file in files if not file.is_symlink() and elf.is_elf(file))
    return sorted(found)


def place_libraries(tree: Path, copy: Path, architecture: Architecture) -> None:
    """Makes lib/: the loader, and the shared libraries that the programs of the copy need."""
    folders = library_folders(tree, architecture)
    java = [copy / "jre/lib/server", copy / "jre/lib"]
    by_name = [file for name in _LOADED_BY_NAME if (file := _first(folders, name))]
    needed = elf.needed_libraries([*programs(copy), *by_name], [*java, *folders])
    libraries = {name: file for name, file in needed.items() if tree in file.parents}
    libraries.update({file.name: file for file in by_name})
    (copy / "lib").mkdir()
    for name, file in libraries.items():
        shutil.copy(file, copy / "lib" / name)
    shutil.copy(loader(tree, architecture), copy / "lib" / architecture.loader)


def _first(folders: list[Path], name: str) -> Optional[Path]:
    return next((folder / name for folder in folders if (folder / name).is_file()), None)
