"""Stands in for apt-get, apt-cache, apt-config, dpkg and dpkg-deb; linked under each of these names.

The folder $FAKE_DEBIAN holds settings.json (what to pretend), packages/ (the .deb files) and calls
(written here: one line for each call). $FAKE_PAUSE names a point at which a program stops, until
there is a file named `resume`; the file paused-<point> then holds its own and its parent's process id.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import time
import zlib
from pathlib import Path
from typing import Any, NoReturn

FOLDER = Path(os.environ["FAKE_DEBIAN"])
SETTINGS: dict[str, Any] = json.loads((FOLDER / "settings.json").read_text())


def fail(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    sys.exit(100)


def pause(point: str) -> None:
    if os.environ.get("FAKE_PAUSE") != point or (FOLDER / "resume").exists():
        return
    temporary = FOLDER / f"paused-{point}.new"
    temporary.write_text(f"{os.getpid()} {os.getppid()}")
    temporary.rename(FOLDER / f"paused-{point}")
    end = time.monotonic() + 60
    while not (FOLDER / "resume").exists() and time.monotonic() < end:
        time.sleep(0.01)


def configured(option: str) -> str:
    config = Path(os.environ["APT_CONFIG"]).read_text()
    match = re.search(rf'^{re.escape(option)} "(.*)";$', config, re.MULTILINE)
    return match.group(1) if match else ""


def suite() -> dict[str, Any]:
    name = Path(configured("Dir::State"), "suite").read_text()
    found: dict[str, Any] = SETTINGS["suites"][name]
    return found


def update(arguments: list[str]) -> None:
    if "--print-uris" in arguments:
        print(SETTINGS["uris"])
        return
    pause("update")
    source = Path(configured("Dir::Etc::sourcelist")).read_text()
    match = re.fullmatch(r"deb \[signed-by=\S+\] (\S+) (\S+) main\n", source)
    assert match, source
    uri, name = match.groups()
    if uri not in SETTINGS["working_mirrors"] or name not in SETTINGS["suites"]:
        fail(f"W: something\nE: Failed to fetch {uri}/dists/{name}/InRelease  Could not resolve the host.")
    late = SETTINGS["suites"][name].get("expired") and "Acquire::Check-Valid-Until=false" not in arguments
    if late:
        fail(f"E: Release file for {uri}/dists/{name}/InRelease is expired (invalid since 2d 3h 4min 5s).")
    Path(configured("Dir::State"), "suite").write_text(name)


def download(names: list[str]) -> None:
    pause("download")
    if SETTINGS["download_error"]:
        fail(SETTINGS["download_error"])
    for name in names:
        package = FOLDER / "packages" / f"{name}_1_all.deb"
        if not package.exists():
            fail(f"E: Unable to locate package {name}")
        shutil.copy(package, Path.cwd())


def apt_get(arguments: list[str]) -> None:
    words = [word for word in arguments if not word.startswith("-") and "=" not in word]
    if words[0] == "indextargets":
        print(SETTINGS["index_targets"])
    elif words[0] == "update":
        update(arguments)
    elif words[0] == "download":
        download(words[1:])
    else:
        fail(f"E: Invalid operation {words[0]}")


def apt_cache(arguments: list[str]) -> None:
    command, package = arguments[0], arguments[-1]
    if command == "show":
        if package not in suite()["versions"]:
            fail("E: No packages found")
        print(f"Package: {package}\nVersion: {suite()['versions'][package]}\nArchitecture: all")
    elif command == "depends":
        print(package)
        for name in SETTINGS["depends"].get(package, []):
            print(f"  Depends: {name}")


def dpkg_deb(arguments: list[str]) -> None:
    pause("unpack")
    assert arguments[0] == "--fsys-tarfile"
    data = Path(arguments[1]).read_bytes()
    if not data.startswith(b"!<arch>\n"):
        fail(f"dpkg-deb: error: '{arguments[1]}' is not a Debian format archive")
    at = 8
    while at < len(data):
        name, size = data[at : at + 16].decode().strip(), int(data[at + 48 : at + 58])
        body = data[at + 60 : at + 60 + size]
        if name == "data.tar.gz":
            try:
                sys.stdout.buffer.write(zlib.decompress(body, 31))
            except zlib.error:
                fail("dpkg-deb: error: unexpected end of file")
            return
        at += 60 + size + size % 2
    fail("dpkg-deb: error: no data member")


def main() -> None:
    program, arguments = Path(sys.argv[0]).name, sys.argv[1:]
    with (FOLDER / "calls").open("a") as calls:
        calls.write(f"{program} {' '.join(arguments)}\n")
    if program == "apt-get":
        apt_get(arguments)
    elif program == "apt-cache":
        apt_cache(arguments)
    elif program == "apt-config":
        print(SETTINGS["apt_config"])
    elif program == "dpkg":
        print(SETTINGS["architecture"])
    elif program == "dpkg-deb":
        dpkg_deb(arguments)


if __name__ == "__main__":
    main()
