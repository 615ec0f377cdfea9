"""nginx as Bazel's HTTP cache, with the configuration that the documentation shows."""

from __future__ import annotations

import base64
import hashlib
import http.client
from pathlib import Path

from servers.installation import Installation
from servers.process import Process, answers, free_port

WRITER = ("ci", "a-secret-of-the-test")
"""Name and password of the one who may write."""

_AROUND = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{}}
http {{
  log_format bytes '$request_method $uri $status $request_length $bytes_sent';
  access_log {folder}/access.log bytes;
  client_body_temp_path {folder}/tmp;
  fastcgi_temp_path {folder}/tmp;
  proxy_temp_path {folder}/tmp;
  scgi_temp_path {folder}/tmp;
  uwsgi_temp_path {folder}/tmp;
{server}
}}
"""


class HttpCache:
    """A running nginx.

    Args:
        installation: the installed servers.
        folder: an empty folder for what it stores and logs.
        configuration: the server block of the documentation.
    """

    def __init__(self, installation: Installation, folder: Path, configuration: str) -> None:
        self.folder = folder
        self.files = folder / "files"
        self._access_log = folder / "access.log"
        self.port = free_port()
        (folder / "tmp").mkdir(parents=True)
        self.files.mkdir()
        name, password = WRITER
        digest = base64.b64encode(hashlib.sha1(password.encode(), usedforsecurity=False).digest()).decode()
        (folder / "writers").write_text(f"{name}:{{SHA}}{digest}\n")
        for documented, here in (
            ("listen 8080;", f"listen 127.0.0.1:{self.port};"),
            ("/srv/bazel-cache;", f"{self.files};"),
            ("/etc/nginx/bazel-cache.writers;", f"{folder}/writers;"),
        ):
            if configuration.count(documented) != 1:
                raise ValueError(f"the documented nginx configuration does not have one {documented!r}")
            configuration = configuration.replace(documented, here)
        (folder / "nginx.conf").write_text(_AROUND.format(folder=folder, server=configuration))
        self.process = Process(
            [str(installation.program("nginx")), "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")],
            folder / "nginx.log",
            installation.environment(),
            lambda: answers(self.port),
        )

    @property
    def url(self) -> str:
        """Where it is, for Bazel."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def credentials(self) -> str:
        """The option that lets Bazel write, as the documentation shows it."""
        return f"--remote_header=Authorization=Basic {base64.b64encode(':'.join(WRITER).encode()).decode()}"

    def requests(self) -> list[tuple[str, str, int, int, int]]:
        """Returns what was asked so far: method, path, status, bytes received and bytes sent."""
        found = []
        for line in self._access_log.read_text().splitlines():
            method, path, status, received, sent = line.split(" ")
            found.append((method, path, int(status), int(received), int(sent)))
        return found

    def traffic(self) -> tuple[int, int]:
        """Returns how many bytes it received and sent so far."""
        requests = self.requests()
        return sum(r[3] for r in requests), sum(r[4] for r in requests)

    def client_connection(self) -> http.client.HTTPConnection:
        """Returns a connection of someone without credentials."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)

    def stop(self) -> None:
        """Stops it."""
        self.process.stop()
