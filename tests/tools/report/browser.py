"""A real browser for tests: Chromium without a window, told what to do through a pipe (the DevTools protocol)."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import pathlib
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any, Optional

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_LONGEST = 60.0  # seconds for an answer: the first start on a busy machine takes ten
_KEYS = {"Tab": ("\t", 9), "Enter": ("\r", 13), "Escape": ("", 27)}


def find() -> Optional[str]:
    """The browser's program; None if the machine has none."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


class BrowserError(Exception):
    """The browser does not answer, or answers with an error."""


class Browser:
    """A running browser with one page."""

    def __init__(self, program: str, folder: pathlib.Path) -> None:
        ours, theirs = _pipes()
        options = [
            "--headless",
            "--remote-debugging-pipe",
            "--no-first-run",
            "--disable-gpu",
            "--disable-dev-shm-usage",
        ]
        options += ["--disable-background-networking", "--disable-component-update", "--disable-extensions"]
        if os.geteuid() == 0:
            options.append("--no-sandbox")  # it refuses to run as root with one
        self._process = subprocess.Popen(
            [program, *options, f"--user-data-dir={folder / 'profile'}", "about:blank"],
            env={**os.environ, "HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=(folder / "stderr").open("wb"),
            pass_fds=(3, 4),
            preexec_fn=lambda: _as_3_and_4(theirs),
            start_new_session=True,
        )
        for end in theirs:
            os.close(end)
        self._read, self._write = ours
        self._stderr = folder / "stderr"
        self._rest = b""
        self._number = 0
        self._session = ""
        self.events: list[dict[str, Any]] = []
        target = next(t for t in self.send("Target.getTargets")["targetInfos"] if t["type"] == "page")
        session = self.send("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = session["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: object) -> dict[str, Any]:
        """A command; returns its result."""
        self._number += 1
        message: dict[str, object] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        answer = self._until(lambda found: found.get("id") == self._number)
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error']}")
        result = answer.get("result", {})
        assert isinstance(result, dict)
        return result

    def open(self, address: str) -> None:
        """Goes to a page and waits until it is loaded, and half a second longer for what it does then."""
        self.send("Page.navigate", url="about:blank")
        self._until_loaded()
        self.events.clear()
        self.send("Page.navigate", url=address)
        self._until_loaded()
        time.sleep(0.5)
        self.value("0")  # and what it has said until then

    def _until_loaded(self) -> None:
        if not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self._until(lambda found: found.get("method") == "Page.loadEventFired")
        self.events = [event for event in self.events if event.get("method") != "Page.loadEventFired"]

    def value(self, expression: str) -> Any:
        """The value of an expression of JavaScript; the page's policy does not hold for it."""
        found = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise BrowserError(f"{expression}: {found['exceptionDetails']}")
        return found["result"].get("value")

    def press(self, key: str, modifiers: int = 0) -> None:
        """Presses a key on the keyboard."""
        text, code = _KEYS.get(key, (key, ord(key[0].upper())))
        sent = {"key": key, "modifiers": modifiers, "windowsVirtualKeyCode": code}
        self.send("Input.dispatchKeyEvent", type="keyDown", text=text, **sent)
        self.send("Input.dispatchKeyEvent", type="keyUp", **sent)

    def requests(self) -> list[str]:
        """The addresses that the page asked for, also those that something forbade."""
        return [
            event["params"]["request"]["url"] for event in self.events if event["method"] == "Network.requestWillBeSent"
        ]

    def complaints(self) -> list[str]:
        """What a person would read in the browser's console: errors, violations of the policy; and dialogs."""
        kinds = (
            "Log.entryAdded",
            "Runtime.exceptionThrown",
            "Runtime.consoleAPICalled",
            "Page.javascriptDialogOpening",
        )
        return [json.dumps(event["params"]) for event in self.events if event["method"] in kinds]

    def look(self, *, width: int = 1200, height: int = 900, dark: bool = False, media: str = "screen") -> None:
        """Sets the size of the window and what the person likes."""
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.send("Emulation.setEmulatedMedia", media=media, features=scheme)

    def screenshot(self, path: pathlib.Path) -> bytes:
        """Writes a picture of the whole page as PNG."""
        data = base64.b64decode(self.send("Page.captureScreenshot", captureBeyondViewport=True)["data"])
        path.write_bytes(data)
        return data

    def close(self) -> None:
        """Ends the browser."""
        with contextlib.suppress(BrowserError, OSError):
            self._session = ""
            self.send("Browser.close")
        for end in (self._read, self._write):
            os.close(end)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Reads messages up to one that is wanted; keeps the others."""
        end = time.monotonic() + _LONGEST
        while True:
            for message in self._messages(end):
                if "method" in message:
                    self.events.append(message)
                if wanted(message):
                    return message

    def _messages(self, end: float) -> Iterator[dict[str, Any]]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._read], [], [], max(0.0, end - time.monotonic()))
            block = os.read(self._read, 1 << 20) if ready else b""
            if not block:
                raise BrowserError(f"no answer; {self._stderr.read_text(errors='replace')[-2000:]}")
            self._rest += block
        while b"\0" in self._rest:
            message, _, self._rest = self._rest.partition(b"\0")
            found = json.loads(message)
            assert isinstance(found, dict)
            yield found
            # What is wanted may be followed by others, which stay in `_rest`.


def _pipes() -> tuple[tuple[int, int], tuple[int, int]]:
    """Two pipes: (what we read, what we write), and the ends of the browser (what it reads, what it writes)."""
    commands, answers = os.pipe(), os.pipe()
    return (answers[0], commands[1]), (commands[0], answers[1])


def _as_3_and_4(ends: tuple[int, int]) -> None:
    """Where the browser looks for them."""
    high = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in ends]
    for number, end in zip((3, 4), high):
        os.dup2(end, number)
        os.close(end)
