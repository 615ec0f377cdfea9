"""Starts and stops servers."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Callable, Optional

LIFETIME = 3600
"""Seconds after which a server ends by itself, even if the test that started it was killed."""

_START = 60
_STOP = 5


class ServerError(Exception):
    """A server does not start; the text has the end of its log."""


def free_port() -> int:
    """Returns a port of the loopback interface that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Tells whether something accepts connections on a port of the loopback interface."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Process:
    """A running server; a context manager that stops it.

    Args:
        command: what to run.
        log: the file for what it prints.
        env: its whole environment.
        ready: asked until it says that the server can be used.
    """

    def __init__(self, command: Sequence[str], log: Path, env: Mapping[str, str], ready: Callable[[], bool]) -> None:
        self._log = log
        self._name = Path(command[0]).name
        # timeout ends the server whatever happens to the test, and hands on the signal that stops it before.
        timeout = [shutil.which("timeout") or "timeout", f"--kill-after={_STOP}", str(LIFETIME)]
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [*timeout, *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(env),
                cwd=log.parent,
                start_new_session=True,
            )
        end = time.monotonic() + _START
        while not ready():
            if self._process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise ServerError(f"{self._name} does not start: {self.log()[-2000:]}")
            time.sleep(0.05)

    @property
    def pid(self) -> int:
        """The process, which leads a group of its own."""
        return self._process.pid

    def log(self) -> str:
        """Returns what the server has printed so far."""
        return self._log.read_text(errors="replace")

    def stop(self) -> None:
        """Stops the server and waits for its end."""
        if self._process.poll() is None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP)
        # What it started and did not wait for is in its group.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(_STOP)

    def __enter__(self) -> Process:
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.stop()
