"""The part of the user's cache that has unpacked packages, and which packages are unpacked together."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bootstrap import apt, debian, unpack
from bootstrap.console import SetupError

WORK_PREFIX = "packages-tmp-"
"""How folders for work begin: not like the launcher's, which the launcher removes when it sets up a Bazel."""


class _Apt(apt.PrivateApt):
    """apt with a state of its own, which follows dependencies."""

    def find_suite(self, mirrors: Iterable[str], suite: str) -> None:
        """Points apt to a suite of the first mirror that has it."""
        failures = []
        for uri in mirrors:
            failure = self._update(uri, suite)
            if not failure:
                return
            failures.append(f"{uri}: {failure}")
        raise SetupError(
            f"no mirror has Debian {suite} ({'; '.join(failures)})",
            "check the network, or name a Debian mirror with BAZEL_BOOTSTRAP_MIRROR",
        )

    def closure(self, packages: Sequence[str], followed: re.Pattern[str]) -> list[str]:
        """Returns packages and what they need, as far as `followed` matches the names."""
        command = ["apt-cache", "depends", "--recurse", "--important", *packages]
        graph = dependencies(apt.run(*command, config=self._config).stdout)
        found: dict[str, None] = {}
        pending = list(packages)
        while pending:
            package = pending.pop()
            if package not in found:
                found[package] = None
                pending += matching(graph.get(package, ()), followed)
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


def matching(packages: Iterable[str], followed: re.Pattern[str]) -> list[str]:
    """Returns those of a package's dependencies whose whole name matches."""
    return [name for name in packages if followed.fullmatch(name)]


def base_folder() -> Path:
    """Returns the folder in which tools/bazel keeps what it sets up."""
    named = os.environ.get("BAZEL_BOOTSTRAP_DIR")
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(named) if named else Path(cache, "bazel-bootstrap")


def once(name: str, make: Callable[[Path, Path], None]) -> Path:
    """Returns a folder of the cache, whole; concurrent runs wait for the one that makes it.

    Args:
        name: the folder's name; what the folder is made of must be part of it.
        make: called if there is no such folder yet, with a folder for work that exists and the folder to make.
    """
    base = base_folder()
    final = base / name
    with _lock(base):
        if not (final / ".complete").is_file():
            # Runs that were killed leave these.
            for stale in [final, *base.glob(f"{WORK_PREFIX}*")]:
                shutil.rmtree(stale, ignore_errors=True)
            with tempfile.TemporaryDirectory(prefix=WORK_PREFIX, dir=base) as work:
                make(Path(work), final)
            (final / ".complete").touch()
    return final


@contextmanager
def _lock(base: Path) -> Iterator[None]:
    base.mkdir(parents=True, exist_ok=True)
    with (base / "packages.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def unpacked(
    work: Path, packages: Sequence[str], followed: re.Pattern[str], left_out: Sequence[str], suite: str = ""
) -> Path:
    """Downloads packages with what they need and unpacks them.

    Args:
        work: an empty folder for work.
        packages: the packages that are wanted.
        followed: which of their dependencies come along, by the whole name.
        left_out: patterns of files that are not unpacked, as tar takes them.
        suite: the suite of Debian's that has the packages; by default the one that the launcher takes Bazel from.

    Returns:
        The root of the unpacked files, in `work`.

    Raises:
        SetupError: if a package cannot be downloaded or unpacked, or the machine has no apt.
    """
    debian.check_tools()
    source = _Apt(work / "apt", debian.architecture(), debian.keyring())
    named = os.environ.get("BAZEL_BOOTSTRAP_MIRROR")
    suites = os.environ.get("BAZEL_BOOTSTRAP_SUITES", "").split() or debian.DEFAULT_SUITES
    mirrors = [named.rstrip("/")] if named else apt.mirrors()
    if suite:
        source.find_suite(mirrors, suite)
    else:
        # The suite that the launcher takes Bazel from has the other programs, too.
        source.find_bazel(mirrors, suites)
    tree = work / "tree"
    unpack.unpack(source.download(source.closure(packages, followed), what="packages for tests"), tree, left_out)
    return tree
