"""Unpacks Debian packages, without what a copy of Bazel has no use for."""

import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bootstrap.apt import cause
from bootstrap.console import SetupError

_LEFT_OUT = (
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


def unpack(packages: Iterable[Path], folder: Path) -> None:
    """Unpacks packages into a folder, and removes each as soon as it is unpacked.

    Two at a time, the largest first: decompression takes most of the time of a set-up.
    """
    folder.mkdir()
    by_size = sorted(packages, key=lambda package: -package.stat().st_size)
    with ThreadPoolExecutor(max_workers=2) as pool:
        for _ in pool.map(lambda package: _unpack_one(package, folder), by_size):
            pass


def _unpack_one(package: Path, folder: Path) -> None:
    command = ["tar", "--extract", "--directory", str(folder), "--no-same-owner"]
    command += [f"--exclude={pattern}" for pattern in _LEFT_OUT]
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
