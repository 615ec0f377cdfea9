"""Gets the linters, each in a pinned version, into the user's cache."""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent

_REQUIREMENTS = HERE / "requirements.txt"
_NPM_FILES = (HERE / "package.json", HERE / "package-lock.json")

# Node.js has certificates of its own and looks at the machine's only if it is told to.
_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


class LinterError(Exception):
    """A linter is not to be had; the text says why and what to do."""


def cache_folder() -> Path:
    """Returns the folder for linters and for what they remember between runs."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base, "rules_rlbox", "lint")


def python_linters() -> Path:
    """Returns a virtual environment with the linters that are Python packages; makes it if need be."""
    version = f"{platform.machine()}-{sys.version_info.major}.{sys.version_info.minor}"
    return _cached(f"python-{version}", [_REQUIREMENTS], _make_virtual_environment)


def _make_virtual_environment(folder: Path) -> None:
    # Without a pip of its own, which some distributions package apart from Python.
    _run([sys.executable, "-m", "venv", "--without-pip", str(folder)], "install python3 with its venv module")
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "--disable-pip-version-check"]
    options = ["--quiet", "--require-hashes", "--only-binary=:all:", "--no-compile", "--requirement"]
    _run([*pip, "install", *options, str(_REQUIREMENTS)], "install pip >= 22.3 and check the network")


def buildifier() -> Path:
    """Returns the buildifier program; downloads it if need be."""
    folder = _cached(f"npm-{platform.machine()}", _NPM_FILES, _install_npm_packages)
    return folder / "node_modules" / ".bin" / "buildifier"


def _install_npm_packages(folder: Path) -> None:
    if not shutil.which("npm"):
        raise LinterError("npm is not on PATH, which buildifier comes from; install Node.js with npm")
    for file in _NPM_FILES:
        shutil.copy(file, folder)
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"]
    _run(["npm", "ci", "--prefix", str(folder), *options], "check the network")


def _cached(name: str, inputs: Sequence[Path], make: Callable[[Path], None]) -> Path:
    """Returns a folder that `make` fills, once for each content of the input files."""
    digest = hashlib.sha256(b"\0".join(file.read_bytes() for file in inputs)).hexdigest()[:16]
    base = cache_folder()
    final = base / f"{name}-{digest}"
    try:
        with _lock(base):
            if not final.is_dir():
                with tempfile.TemporaryDirectory(prefix="tmp-", dir=base) as work:
                    new = Path(work, "new")
                    new.mkdir()
                    make(new)
                    new.rename(final)
    except OSError as error:
        raise LinterError(f"cannot write to {base}: {error.strerror}; set XDG_CACHE_HOME to another folder") from error
    return final


@contextmanager
def _lock(base: Path) -> Iterator[None]:
    base.mkdir(parents=True, exist_ok=True)
    with (base / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _run(command: Sequence[str], way_out: str) -> None:
    environment = dict(os.environ)
    if _CERTIFICATES.exists():
        environment.setdefault("NODE_EXTRA_CA_CERTS", str(_CERTIFICATES))
    result = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment, check=False
    )
    if result.returncode:
        lines = [line.strip() for line in (result.stderr + result.stdout).splitlines() if line.strip()]
        said = next((line for line in lines if "error" in line.lower()), lines[0] if lines else "it does not say why")
        raise LinterError(f"{' '.join(command[:3])} ... failed ({said}); {way_out}")
