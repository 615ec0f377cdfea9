"""BuildGrid and a BuildBox worker: a cache and a remote executor that speak the remote execution API."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Callable

from servers.installation import Installation
from servers.process import Process, ServerError, answers, free_port

_CONFIGURATION = """\
server:
  - !channel
    address: 127.0.0.1:{port}
    insecure-mode: true

connections:
  - !sql-connection &sql
    connection-string: "{connection}"
    pool-size: 10

storages:
  - !disk-storage &storage
    path: {folder}/cas

caches:
  - !lru-action-cache &actions
    storage: *storage
    max-cached-refs: 100000
    allow-updates: true
    cache-failed-actions: false

schedulers:
  - !sql-scheduler &scheduler
    sql: *sql
    action-cache: *actions
    storage: *storage
    property-set:
      !dynamic-property-set
      match-property-keys: []
      wildcard-property-keys: []
    assigners:
      - !priority-age-assigner
        count: 1
        interval: 0.05

instances:
  - name: ''
    services:
      - !action-cache
        cache: *actions
      - !execution
        scheduler: *scheduler
      - !cas
        storage: *storage
      - !bytestream
        storage: *storage

thread-pool-size: 200
maximum-concurrent-rpcs: 400
"""

_USER = "nobody"

_BGD = "from buildgrid.server.app import cli; cli()"

# What the worker offers to actions besides their inputs: a C compiler, Python and a shell of the machine. It is the
# exec platform of //docs/remote.md, and what is not in these folders does not exist for an action.
EXEC_PLATFORM = ("/usr", "/bin", "/lib", "/lib64", "/etc/alternatives")


def start_database(installation: Installation, folder: Path) -> Process:
    """Makes and starts a private PostgreSQL with its empty database `postgres`, reached by a socket in the folder."""
    folder.mkdir()
    cluster = folder / "cluster"

    options = ["--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]
    done = subprocess.run(
        [*_not_root(), str(installation.program("initdb")), f"--pgdata={cluster}", f"--username={_USER}", *options],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=installation.environment(),
        cwd="/",
        timeout=60,
        check=False,
    )
    if done.returncode:
        raise ServerError(f"initdb fails: {done.stderr[-2000:]}")
    command = [*_not_root(), str(installation.program("postgres")), "-D", str(cluster), "-k", str(folder)]
    for setting in ("listen_addresses=", "fsync=off", "max_connections=60", "shared_buffers=16MB"):
        command += ["-c", setting]
    log = folder / "postgres.log"
    ready = "ready to accept connections"
    return Process(command, log, installation.environment(), lambda: ready in log.read_text(errors="replace"))


def _not_root() -> list[str]:
    """Returns what to put before a command that refuses to run as root, which then believes to be another user."""
    return ["unshare", "--user", "--map-user=65534", "--map-group=65534"] if os.geteuid() == 0 else []


class BuildGrid:
    """A running BuildGrid.

    Args:
        installation: the installed servers.
        folder: an empty folder with a short path, for the database's socket.
    """

    def __init__(self, installation: Installation, folder: Path) -> None:
        self._installation = installation
        self.folder = folder
        self.port = free_port()
        self._running: list[Process] = []
        (folder / "cas").mkdir(parents=True)
        try:
            self._running.append(start_database(installation, folder / "database"))
            connection = f"postgresql+psycopg:///postgres?host={folder}/database&user={_USER}"
            configuration = folder / "buildgrid.yml"
            configuration.write_text(_CONFIGURATION.format(port=self.port, folder=folder, connection=connection))
            done = subprocess.run(
                installation.python("-c", _BGD, "migrate", "apply", connection),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                env=installation.python_environment(),
                timeout=60,
                check=False,
            )
            if done.returncode:
                raise ServerError(f"BuildGrid cannot set its database up: {done.stderr[-2000:]}")
            command = installation.python("-c", _BGD, "server", "start", str(configuration))
            environment = installation.python_environment()
            self._start("buildgrid", command, environment, lambda: answers(self.port))
        except BaseException:
            self.stop()
            raise

    def _start(self, name: str, command: list[str], environment: dict[str, str], ready: Callable[[], bool]) -> None:
        self._running.append(Process(command, self.folder / f"{name}.log", environment, ready))

    @property
    def url(self) -> str:
        """Where its services are, for Bazel."""
        return f"grpc://127.0.0.1:{self.port}"

    def start_worker(self, jobs: int) -> None:
        """Starts a worker: each action runs in a chroot of its inputs and the folders of the exec platform.

        Args:
            jobs: how many actions run at once.
        """
        program = self._installation.program
        environment = self._installation.environment({"HOME": str(self.folder)})
        # The worker's cache of inputs: the compiler is fetched once and linked into each action's folder.
        socket = self.folder / "casd" / "casd.sock"
        command = [str(program("buildbox-casd")), f"--cas-remote=http://127.0.0.1:{self.port}"]
        command += [f"--bind=unix:{socket}", "--log-level=warning", "--quota-high=20G", str(self.folder / "casd")]
        self._start("casd", command, environment, socket.exists)
        command = [str(program("buildbox-worker")), f"--bots-remote=http://127.0.0.1:{self.port}"]
        command += [f"--cas-remote=unix:{socket}", f"--concurrent-jobs={jobs}", "--log-level=info", "--max-wait-time=5"]
        command += [f"--buildbox-run={program('buildbox-run-bubblewrap')}"]
        mounts = [
            # Not a link, which some of them are on current systems: bubblewrap would look for its target elsewhere.
            f"--ro-bind-mount={Path(folder).resolve()}:{folder}"
            for folder in EXEC_PLATFORM
            if Path(folder).exists()
        ]
        command += [f"--runner-arg={argument}" for argument in ["--staging-mode=copy-or-link", *mounts]]
        command += ["worker"]
        self._start("worker", command, environment, lambda: True)

    def log(self) -> str:
        """Returns the ends of what the servers have printed."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"{log.name}:\n{log.read_text(errors='replace')[-3000:]}" for log in logs)

    def stored_bytes(self) -> int:
        """Returns how many bytes the server stores."""
        return sum(file.stat().st_size for file in (self.folder / "cas").rglob("*") if file.is_file())

    def stop(self) -> None:
        """Stops the servers, the last one started first."""
        while self._running:
            self._running.pop().stop()
