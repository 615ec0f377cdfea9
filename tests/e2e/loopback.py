"""A web server on the loopback interface that serves a folder, in place of a site on the network."""

from __future__ import annotations

import base64
import functools
import hashlib
import http.server
import io
import pathlib
import threading
from typing import BinaryIO

PASSWORD = ("builder", "opensesame")
"""User and password for what is below /private/."""


class _Handler(http.server.SimpleHTTPRequestHandler):
    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Asks for the password first, where there is one."""
        wanted = "Basic " + base64.b64encode(":".join(PASSWORD).encode()).decode()
        if self.path.startswith("/private/") and self.headers.get("Authorization") != wanted:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="private"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        return super().send_head()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing: pytest shows what a failing test printed."""


class Site:
    """A running server.

    Args:
      folder: what it serves; what is in its folder `private` needs PASSWORD.
    """

    def __init__(self, folder: pathlib.Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        handler = functools.partial(_Handler, directory=str(folder))
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stops the server."""
        self._server.shutdown()
        self._server.server_close()


def sha256(file: pathlib.Path) -> str:
    """A file's SHA-256, hexadecimal."""
    digest = hashlib.sha256()
    with open(file, "rb") as data:
        for block in iter(lambda: data.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()
