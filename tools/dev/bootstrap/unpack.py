"""Unpacks Debian packages, without what a copy of Bazel has no use for."""

import subprocess
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bootstrap.apt import cause
from bootstrap.console import SetupError

LEFT_OUT = (
    "./usr/share/doc*",
    "./usr/share/man*",
    "./usr/share/locale*",
    "./usr/share/lintian*",
    "./usr/share/maven-repo*",
    "./usr/include*",
    "*/jvm/*/legal*",
    "*/ct.sym",  # what javac --release needs
    "*/src.zip",
    "*/classes_*.jsa",  # class data for other settings of the garbage collector
)
"""What a copy of Bazel has no use for, as tar's patterns."""


def unpack(packages: Iterable[Path], folder: Path, left_out: Sequence[str] = LEFT_OUT) -> None:
    """Unpacks packages into a new folder, and removes each as soon as it is unpacked.

    Decompression takes most of the time of a set-up, so there are two at work. Each has a folder of
    its own until the end: two tars that make the same folders at the same time can fail.
    """
    with ThreadPoolExecutor() as pool:
        halves = [Path(f"{folder}.{number}") for number in range(2)]
        for _ in pool.map(_unpack_all, split(packages, len(halves)), halves, [left_out] * len(halves)):
            pass
    folder.mkdir()
    for half in halves:
        merge(half, folder)


def split(packages: Iterable[Path], number: int) -> list[list[Path]]:
    """Splits packages into groups of about the same size."""
    groups: list[list[Path]] = [[] for _ in range(number)]
    sizes = [0] * number
    for package in sorted(packages, key=lambda package: -package.stat().st_size):
        smallest = sizes.index(min(sizes))
        groups[smallest].append(package)
        sizes[smallest] += package.stat().st_size
    return groups


def merge(source: Path, target: Path) -> None:
    """Moves what is in one folder into another; what both have must be folders."""
    for path in list(source.iterdir()):
        place = target / path.name
        if place.is_dir() and path.is_dir() and not path.is_symlink():
            merge(path, place)
        else:
            path.rename(place)
    source.rmdir()


def _unpack_all(packages: Iterable[Path], folder: Path, left_out: Sequence[str]) -> None:
    folder.mkdir()
    for package in packages:
        _unpack_one(package, folder, left_out)


def _unpack_one(package: Path, folder: Path, left_out: Sequence[str]) -> None:
    command = ["tar", "--extract", "--directory", str(folder), "--no-same-owner"]
    command += [f"--exclude={pattern}" for pattern in left_out]
    with subprocess.Popen(
        ["dpkg-deb", "--fsys-tarfile", str(package)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as reader:
        tar = subprocess.run(command, stdin=reader.stdout, capture_output=True, check=False)
        assert reader.stdout and reader.stderr
        reader.stdout.close()
        log = reader.stderr.read()
    if reader.returncode or tar.returncode:
        # A reader that fails leaves tar without an end, a tar that fails leaves the reader without a
        # pipe: the first to fail knows why.
        messages = tar.stderr + log if b"No space" in tar.stderr else log + tar.stderr
        raise SetupError(
            f"cannot unpack {package.name} ({cause(messages.decode(errors='replace'))})",
            "check the space on the disk, and run the command again",
        )
    package.unlink()
