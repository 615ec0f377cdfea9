"""A machine for the launcher to run on: a PATH with nothing but what a test puts there."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Optional

import fake_packages
from bootstrap.debian import ARCHITECTURES, Architecture

HERE = Path(__file__).absolute().parent
LAUNCHER = HERE.parents[1] / "tools" / "bazel"

_PROGRAMS = ("bash", "env", "mv", "readlink", "sleep", "tar", "timeout", "uname")
_APT = ("apt-cache", "apt-config", "apt-get", "dpkg", "dpkg-deb")
MIRROR = "fake:/debian"
ARCHITECTURE: Architecture = ARCHITECTURES[{"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]]

_SETTINGS: dict[str, Any] = {
    "architecture": ARCHITECTURE.name,
    "index_targets": f"fake:/security|Debian|main\n{MIRROR}|Debian|main\nfake:/other|Other|main",
    "uris": "",
    "working_mirrors": [MIRROR],
    "suites": {"forky": {"versions": {"bazel-bootstrap": "7.7.1+ds-8"}}},
    "depends": fake_packages.DEPENDS,
    "download_error": "",
    "apt_config": 'Acquire::http::Proxy "fake:/proxy";\nAcquire::Languages "en";',
}


class Machine:
    """A fake machine, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        """Makes a machine without Bazel and without apt."""
        self.folder = folder
        self.path = folder / "bin"
        self.home = folder / "home"
        self.debian = folder / "debian"
        self.copies = self.home / ".cache" / "bazel-bootstrap"
        for new in (self.path, self.home, self.debian):
            new.mkdir()
        (folder / "keyring.gpg").touch()
        for name in _PROGRAMS:
            program = shutil.which(name)
            assert program, name
            (self.path / name).symlink_to(program)
        self.script("python3", f'exec "{sys.executable}" "$@"')
        self.environment = {
            "PATH": str(self.path),
            "HOME": str(self.home),
            "FAKE_DEBIAN": str(self.debian),
            "SSL_CERT_FILE": str(folder / "certificates.pem"),
            "BAZEL_BOOTSTRAP_KEYRING": str(folder / "keyring.gpg"),
        }
        self.settings = json.loads(json.dumps(_SETTINGS))

    def script(self, name: str, text: str, folder: Optional[Path] = None) -> Path:
        """Puts a bash script on PATH, or into another folder."""
        place = folder or self.path
        place.mkdir(exist_ok=True)
        file = place / name
        file.unlink(missing_ok=True)
        file.write_text(f"#!/usr/bin/env bash\n{text}\n")
        file.chmod(0o755)
        return file

    def bazel(self, version: str, name: str = "bazel", folder: Optional[Path] = None) -> Path:
        """Puts a Bazel on PATH that prints a name for itself, `<name>-<version>`, and its arguments."""
        text = f'if [ "$*" = --version ]; then echo "bazel {version}"; else printf "%s\\n" "{name}-{version}" "$@"; fi'
        return self.script(name, text, folder)

    def apt(self) -> None:
        """Puts apt on PATH, with all packages that a set-up downloads."""
        fake_packages.write_packages(self.debian / "packages", ARCHITECTURE)
        self.save_settings()
        for name in _APT:
            # A script finds the name that it is called by in the name of its file.
            self.script(name, f'exec "{sys.executable}" -B -I -S "{self.folder / "as" / name}" "$@"')
            (self.folder / "as").mkdir(exist_ok=True)
            (self.folder / "as" / name).symlink_to(HERE / "fake_debian.py")

    def save_settings(self) -> None:
        """Makes changes to the settings known to the fake apt."""
        (self.debian / "settings.json").write_text(json.dumps(self.settings))

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Starts the launcher in a process group of its own."""
        return self._start_in(self.folder, arguments, environment)

    def _start_in(
        self, folder: Path, arguments: Sequence[str], environment: Mapping[str, str]
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["bash", str(LAUNCHER), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder,
            env={**self.environment, **environment},
            executable=shutil.which("bash"),
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
        )

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Runs the launcher."""
        return self.run_in(self.folder, *arguments, **environment)

    def run_in(self, folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Runs the launcher in a folder."""
        process = self._start_in(folder, arguments, environment)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    @property
    def copy(self) -> Path:
        """The copy that a set-up makes."""
        (found,) = self.copies.glob("v*")
        return found

    def calls(self, program: str) -> list[str]:
        """Returns the calls of one of the fake programs."""
        log = self.debian / "calls"
        lines = log.read_text().splitlines() if log.exists() else []
        return [line for line in lines if line.startswith(f"{program} ")]

    def wait_for_pause(self, point: str) -> tuple[int, int]:
        """Waits until a program has stopped at a point; returns the process ids of it and its parent."""
        file = self.debian / f"paused-{point}"
        end = time.monotonic() + 30
        while not file.exists():
            assert time.monotonic() < end, f"nothing came to {point}"
            time.sleep(0.01)
        own, parent = file.read_text().split()
        return int(own), int(parent)

    def resume(self) -> None:
        """Lets every program that has stopped go on, and none stop any more."""
        (self.debian / "resume").touch()


@contextlib.contextmanager
def killed_at_the_end(process: subprocess.Popen[str]) -> Iterator[None]:
    """Kills what is left of a process group, whatever comes of the test."""
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
