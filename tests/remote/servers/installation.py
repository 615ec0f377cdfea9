"""Gets the servers: Debian packages and Python wheels, unpacked and relocated in the user's cache."""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bootstrap import apt, debian, elf, relocate, unpack
from bootstrap.console import SetupError

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

# Not what the launcher's folders for work are called: it removes those when it sets up a Bazel.
_WORK_PREFIX = "servers-tmp-"

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


class _Apt(apt.PrivateApt):
    """apt with a state of its own, which follows dependencies."""

    def closure(self, packages: Sequence[str]) -> list[str]:
        """Returns packages and all libraries that they need."""
        command = ["apt-cache", "depends", "--recurse", "--important", *packages]
        graph = dependencies(apt.run(*command, config=self._config).stdout)
        found: dict[str, None] = {}
        pending = list(packages)
        while pending:
            package = pending.pop()
            if package not in found:
                found[package] = None
                pending += followed(graph.get(package, ()))
        return list(found)


def dependencies(text: str) -> dict[str, list[str]]:
    """Reads what `apt-cache depends --recurse` prints: each package with what it depends on.

    Of alternatives and of those that provide a virtual package, all are listed.
    """
    graph: dict[str, list[str]] = {}
    current: list[str] = []
    follows = False
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip(" "))
        words = line.replace("|", " ").split()
        if indent == 0 and len(words) == 1:
            current = graph.setdefault(words[0], [])
        elif len(words) == 2 and words[0].endswith(":"):
            follows = words[0] in ("Depends:", "PreDepends:")
            if follows:
                current.append(words[1])
        elif follows and len(words) == 1:
            current.append(words[0])
    return graph


def followed(packages: Iterable[str]) -> list[str]:
    """Returns those of a package's dependencies that a program needs to run."""
    return [name for name in packages if _FOLLOWED.fullmatch(name)]


def base_folder() -> Path:
    """Returns the folder in which tools/bazel keeps what it sets up."""
    named = os.environ.get("BAZEL_BOOTSTRAP_DIR")
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(named) if named else Path(cache, "bazel-bootstrap")


def install() -> Installation:
    """Returns the installation; makes it first if this user has none.

    Raises:
        UnsupportedError: on a machine that is not Debian or Ubuntu.
        SetupError: if something cannot be downloaded or unpacked.
    """
    try:
        debian.check_tools()
        architecture = debian.architecture()
        keyring = debian.keyring()
    except SetupError as error:
        raise UnsupportedError(f"the servers come from Debian's packages: {error}") from error
    recipe = "\n".join([*PACKAGES, PYTHON_VERSION, REQUIREMENTS.read_text()])
    digest = hashlib.sha256(recipe.encode()).hexdigest()[:12]
    final = base_folder() / f"servers{LAYOUT}-{platform.machine()}-{digest}"
    with _lock(base_folder()):
        if not (final / ".complete").is_file():
            # Runs that were killed leave these.
            for stale in [final, *base_folder().glob(f"{_WORK_PREFIX}*")]:
                shutil.rmtree(stale, ignore_errors=True)
            with tempfile.TemporaryDirectory(prefix=_WORK_PREFIX, dir=base_folder()) as work:
                _unpack_debian(Path(work), final, architecture, keyring)
                _install_wheels(Installation(final, architecture), Path(work, "wheels"))
            (final / ".complete").touch()
    return Installation(final, architecture)


@contextmanager
def _lock(base: Path) -> Iterator[None]:
    base.mkdir(parents=True, exist_ok=True)
    with (base / "servers.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _unpack_debian(work: Path, final: Path, architecture: debian.Architecture, keyring: Path) -> None:
    source = _Apt(work / "apt", architecture, keyring)
    named = os.environ.get("BAZEL_BOOTSTRAP_MIRROR")
    suites = os.environ.get("BAZEL_BOOTSTRAP_SUITES", "").split() or debian.DEFAULT_SUITES
    # The suite that the launcher takes Bazel from has the other programs, too.
    source.find_bazel([named.rstrip("/")] if named else apt.mirrors(), suites)
    tree = work / "tree"
    unpack.unpack(source.download(source.closure(PACKAGES)), tree)
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
