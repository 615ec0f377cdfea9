"""The set-up of a copy of Bazel, from the first check to the last file."""

import errno
import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bootstrap import apt, assemble, debian, modules, relocate, trust_store
from bootstrap.console import WAY_OUT, SetupError, say
from bootstrap.unpack import unpack

_COMPLETE = ".complete"
_WORK_PREFIX = "tmp-"
_NEEDED_MB = 650  # at the worst moment: package lists, packages and unpacked files
_OTHER_FOLDER = "set BAZEL_BOOTSTRAP_DIR to another folder"


def is_complete(copy: Path) -> bool:
    """Tells whether a folder has a whole copy, as tools/bazel does."""
    return (copy / _COMPLETE).is_file() and os.access(copy / "bin" / "bazel", os.X_OK)


def set_up(copy: Path, why: str) -> None:
    """Makes a copy of Bazel, or waits for the run that is making it.

    Args:
        copy: the folder of the copy, in a folder that is for copies only
        why: what to tell the user before setting up
    """
    try:
        with _lock(copy.parent):
            if not is_complete(copy):
                _set_up_locked(copy, why)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise SetupError(f"there is no space left for a copy of Bazel in {copy.parent}", _OTHER_FOLDER) from error
        raise SetupError(f"cannot write a copy of Bazel to {copy.parent}: {error.strerror}", _OTHER_FOLDER) from error


@contextmanager
def _lock(base: Path) -> Iterator[None]:
    base.mkdir(parents=True, exist_ok=True)
    with (base / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another run is setting Bazel up; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _set_up_locked(copy: Path, why: str) -> None:
    start = time.monotonic()
    # Runs that were killed leave these. What such a run started may still be writing to them.
    for stale in [copy, *copy.parent.glob(f"{_WORK_PREFIX}*")]:
        shutil.rmtree(stale, ignore_errors=True)
    debian.check_tools()
    architecture = debian.architecture()
    keyring = debian.keyring()
    check_space(copy.parent)
    mirrors = _mirrors()

    say(f"{why}; setting one up in {copy}, once (about 100 MB to download)")
    with tempfile.TemporaryDirectory(prefix=_WORK_PREFIX, dir=copy.parent) as work:
        tree, built = Path(work, "tree"), Path(work, "copy")
        packages = _download(Path(work, "apt"), architecture, keyring, mirrors)
        say(f"unpacking {_megabytes(packages)} MB")
        unpack(packages, tree)
        say("putting the copy together")
        built.mkdir()
        build(tree, built, copy, architecture)
        # Programs and lists of files name the final folder, so the copy can only be tried there.
        built.rename(copy)
    version = _try_out(copy)
    (copy / _COMPLETE).write_text(f"{version}\n")
    size = _megabytes(path for path in copy.rglob("*") if not path.is_symlink())
    say(f"{version} is set up ({time.monotonic() - start:.0f} s, {size} MB)")


def check_space(base: Path) -> None:
    """Raises an error if the file system of a folder is too full for a set-up."""
    free = shutil.disk_usage(base).free // 1_000_000
    if free < _NEEDED_MB:
        raise SetupError(f"{base} has {free} MB free, and setting Bazel up takes {_NEEDED_MB} MB", _OTHER_FOLDER)


def _mirrors() -> Sequence[str]:
    named = os.environ.get("BAZEL_BOOTSTRAP_MIRROR")
    found = [named.rstrip("/")] if named else apt.mirrors()
    if not found:
        raise SetupError(
            "the machine's apt is configured with no Debian mirror",
            f"name one with BAZEL_BOOTSTRAP_MIRROR, or {WAY_OUT}",
        )
    return found


def _download(folder: Path, architecture: debian.Architecture, keyring: Path, mirrors: Sequence[str]) -> Sequence[Path]:
    source = apt.PrivateApt(folder, architecture, keyring)
    suites = os.environ.get("BAZEL_BOOTSTRAP_SUITES", "").split() or debian.DEFAULT_SUITES
    version = source.find_bazel(mirrors, suites)
    java = next((name for name in source.dependencies(debian.JAVA) if name.startswith("openjdk-")), debian.JAVA)
    packages = debian.wanted_packages(source.dependencies(debian.BAZEL), java)
    say(f"downloading Bazel {version} and {java} ({len(packages)} packages)")
    return source.download(packages)


def build(tree: Path, built: Path, final: Path, architecture: debian.Architecture) -> None:
    """Makes a copy of Bazel of unpacked packages.

    Args:
        tree: the root of the unpacked packages
        built: the folder to make the copy in
        final: the folder that the copy will be moved to
        architecture: the machine's architecture
    """
    assemble.place_bazel(tree, built)
    assemble.place_java(tree, built)
    assemble.place_jars(tree, built, final)
    assemble.place_libraries(tree, built, architecture)
    relocate.relocate(built, final, architecture, relocate.patchelf_command(tree, architecture))
    modules.place_modules(built, final)
    trust_store.write_default(built)


def _try_out(copy: Path) -> str:
    bazel = [str(copy / "bin/bazel"), "--ignore_all_rc_files", f"--install_base={copy / 'install'}"]
    bazel += ["--trust_install_base", "--version"]
    messages: list[str] = []
    for command in ([str(copy / "jre/bin/java"), "-version"], bazel):
        try:
            result = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                cwd="/",
                check=False,
            )
        except OSError as error:
            messages.append(f"{command[0]}: {error.strerror}")
            continue
        if result.returncode:
            messages.append(f"{command[0]}: {apt.cause(result.stderr + result.stdout)}")
        version = result.stdout.strip()
    if messages:
        shutil.rmtree(copy, ignore_errors=True)
        raise SetupError(
            f"the Bazel just set up does not run ({messages[0]})",
            f"if programs may not run from {copy.parent}, {_OTHER_FOLDER}, or {WAY_OUT}",
        )
    return version


def _megabytes(files: "Iterator[Path] | Sequence[Path]") -> int:
    return sum(file.lstat().st_size for file in files) // 1_000_000
