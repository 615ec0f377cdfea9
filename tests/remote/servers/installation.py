"""Gets the servers: Debian packages and Python wheels, unpacked and relocated in the user's cache."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from bootstrap import apt, debian, elf, relocate, unpack
from bootstrap.console import SetupError
from packages import store

LAYOUT = 1
"""Part of the folder's name; raise it whenever an installation is laid out in another way."""

PYTHON_VERSION = "3.13"

PACKAGES = (
    "bubblewrap",
    "buildbox",
    "nginx",
    "patchelf",
    "postgresql-18",
    f"python{PYTHON_VERSION}",
)
"""What is wanted; the libraries that these are linked with come along."""

REQUIREMENTS = Path(__file__).with_name("requirements.txt")

# Of the dependencies, only these are followed: what remains configures machines that the packages are installed on.
_FOLLOWED = re.compile(r"lib(?!.*(-perl|-dev|-java)$)(?!nginx|perl).+|zlib1g|python[\d.]+-minimal")

# Newer ones first: pip takes the wheel of the first platform that has one.
_MANYLINUX = ("manylinux_2_34", "manylinux_2_28", "manylinux_2_17", "manylinux2014", "manylinux_2_12", "manylinux2010")

_PROGRAMS = ("usr/bin", "usr/sbin", "usr/lib/postgresql")


class UnsupportedError(Exception):
    """The machine is none that the servers can be installed on; the text says why."""


class Installation:
    """The installed servers.

    Args:
        root: the folder of the installation.
        architecture: the machine's architecture.
    """

    def __init__(self, root: Path, architecture: debian.Architecture) -> None:
        self.root = root
        self._architecture = architecture

    @property
    def libraries(self) -> Path:
        """The folder with the shared libraries."""
        return self.root / "usr" / "lib" / self._architecture.triplet

    @property
    def loader(self) -> Path:
        """The loader of the installed programs."""
        return self.libraries / self._architecture.loader

    def program(self, name: str) -> Path:
        """Returns a program.

        Raises:
            FileNotFoundError: if it is not installed.
        """
        for folder in ("usr/bin", "usr/sbin", *(f"usr/lib/postgresql/{n}/bin" for n in range(30, 10, -1))):
            if (self.root / folder / name).is_file():
                return self.root / folder / name
        raise FileNotFoundError(f"{self.root} has no program {name}")

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """Returns a small environment for the servers: nothing of the machine's user is in it."""
        path = [str(self.root / "usr/bin"), "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"]
        base = {"LC_ALL": "C.UTF-8", "PATH": os.pathsep.join(path), "TZ": "UTC"}
        return {**base, **(extra or {})}

    def python(self, *arguments: str) -> list[str]:
        """Returns the command that runs the installed Python with the installed wheels."""
        python = str(self.program(f"python{PYTHON_VERSION}"))
        return [str(self.loader), "--library-path", str(self.libraries), "--argv0", python, python, "-s", *arguments]

    def python_environment(self) -> dict[str, str]:
        """Returns the environment for python()."""
        return self.environment({"PYTHONPATH": str(self.root / "site-packages"), "PYTHONUNBUFFERED": "1"})


def followed(packages: Iterable[str]) -> list[str]:
    """Returns those of a package's dependencies that a program needs to run."""
    return store.matching(packages, _FOLLOWED)


def install() -> Installation:
    """Returns the installation; makes it first if this user has none.

    Raises:
        UnsupportedError: on a machine that is not Debian or Ubuntu.
        SetupError: if something cannot be downloaded or unpacked.
    """
    try:
        debian.check_tools()
        architecture = debian.architecture()
        debian.keyring()
    except SetupError as error:
        raise UnsupportedError(f"the servers come from Debian's packages: {error}") from error
    recipe = "\n".join([*PACKAGES, PYTHON_VERSION, REQUIREMENTS.read_text()])
    digest = hashlib.sha256(recipe.encode()).hexdigest()[:12]

    def make(work: Path, final: Path) -> None:
        _unpack_debian(work, final, architecture)
        _install_wheels(Installation(final, architecture), work / "wheels")

    return Installation(store.once(f"servers{LAYOUT}-{platform.machine()}-{digest}", make), architecture)


def _unpack_debian(work: Path, final: Path, architecture: debian.Architecture) -> None:
    tree = store.unpacked(work, PACKAGES, _FOLLOWED, unpack.LEFT_OUT)
    programs = [
        path
        for folder in _PROGRAMS
        for path in sorted((tree / folder).rglob("*"))
        if path.is_file() and not path.is_symlink() and elf.is_elf(path)
    ]
    libraries = final / "usr" / "lib" / architecture.triplet
    patchelf = relocate.patchelf_command(tree, architecture)
    # Debian's Python is linked for a fixed address, where patchelf finds no room: python() names the loader.
    targets = [path for path in programs if not path.name.startswith(("patchelf", "python"))]
    relocate.set_loader(targets, str(libraries / architecture.loader), [str(libraries)], patchelf)
    tree.rename(final)


def _install_wheels(installation: Installation, work: Path) -> None:
    """Unpacks the wheels for the installed Python, downloaded with the machine's pip, which may be an older one's."""
    version = PYTHON_VERSION.replace(".", "")
    command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-input", "--quiet"]
    command += ["--no-deps", "--only-binary=:all:", "--require-hashes"]
    command += ["--python-version", PYTHON_VERSION, "--implementation", "cp"]
    command += [word for abi in (f"cp{version}", "abi3", "none") for word in ("--abi", abi)]
    for name in _MANYLINUX:
        command += ["--platform", f"{name}_{platform.machine()}"]
    command += ["--dest", str(work), "--requirement", str(REQUIREMENTS)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupError(
            f"pip cannot download BuildGrid ({_pip_cause(done.stderr)})",
            "check the network, or name an index that has it in pip's configuration",
        )
    for wheel in sorted(work.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(installation.root / "site-packages")


def _pip_cause(log: str) -> str:
    errors = [line for line in log.splitlines() if line.startswith("ERROR")]
    return errors[0] if errors else apt.cause(log)
