"""Fetches archives of toolchains, computes their hashes and looks into them."""

from __future__ import annotations

import hashlib
import http.client
import json
import sys
import tarfile
import urllib.error
import urllib.parse
import urllib.request
import zipfile
import zlib
from pathlib import Path
from typing import Any, Optional

from version_tables import VersionError

_SECONDS = 120
"""How long a server may stay silent."""

_SCHEMES = ("https", "http", "file")


def is_address(place: str) -> bool:
    """Tells an address, with a scheme that can be fetched, from a folder.

    Raises:
        VersionError: the scheme is another one.
    """
    scheme, colon, _ = place.partition("://")
    if colon and scheme not in _SCHEMES:
        raise VersionError(f"{place}: addresses begin with {', '.join(name + '://' for name in _SCHEMES)}")
    return bool(colon)


def mirrored(place: str, path: str) -> str:
    """Returns where a place has the file of a release; rules/toolchains/private/toolchains.bzl does the same for a tag's mirrors.

    Args:
        place: a folder, which holds the file itself; the address of a site, which has the file's path below it; or
            an address with `{path}` or `{file}` in it.
        path: the path on the release's site.
    """
    file = path.rsplit("/", 1)[-1]
    if not is_address(place):
        return str(Path(place, file))
    if "{path}" in place or "{file}" in place:
        return place.replace("{path}", path).replace("{file}", file)
    return f"{place.rstrip('/')}/{path}"


def _open(place: str) -> Any:
    if not is_address(place):
        return open(place, "rb")
    return urllib.request.urlopen(urllib.request.Request(place), timeout=_SECONDS)


def _is_missing(error: OSError) -> bool:
    """Whether the server answered that there is no such file, rather than failed."""
    if isinstance(error, urllib.error.HTTPError):
        return error.code in (404, 410)
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    return isinstance(reason, FileNotFoundError)


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"the server answers {error.code} {error.reason}"
    if isinstance(error, urllib.error.URLError):
        error = error.reason if isinstance(error.reason, Exception) else error
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def fetch(place: str, target: Path) -> Optional[str]:
    """Copies a file to this machine.

    Args:
        place: a path or an address.
        target: the copy.

    Returns:
        The copy's SHA-256, hexadecimal; None if the place has no such file.

    Raises:
        VersionError: the place cannot be reached, or breaks off.
    """
    print(f"fetching {place}", file=sys.stderr, flush=True)
    digest = hashlib.sha256()
    try:
        with _open(place) as source, target.open("wb") as copy:
            size = source.headers.get("Content-Length") if hasattr(source, "headers") else None
            done = 0
            while block := source.read(1 << 20):
                done += len(block)
                digest.update(block)
                copy.write(block)
    except (OSError, http.client.HTTPException) as error:
        if isinstance(error, OSError) and _is_missing(error):
            return None
        raise VersionError(
            f"{place}: cannot be fetched: {_reason(error)}; try again, or name a mirror with --from"
        ) from None
    if size and int(size) != done:
        raise VersionError(f"{place}: the server sent {done} of {size} bytes; try again, or name a mirror with --from")
    return digest.hexdigest()


def fetch_json(address: str, target: Path) -> Optional[Any]:
    """Reads a JSON document.

    Args:
        address: where it is.
        target: a file for the copy.

    Returns:
        The document; None if the place has no such file.

    Raises:
        VersionError: the place cannot be reached, or has something else.
    """
    if fetch(address, target) is None:
        return None
    try:
        return json.loads(target.read_text(encoding="utf-8"))
    except ValueError:
        raise VersionError(f"{address}: not JSON; name the base address of an index's JSON API with --from") from None


def check_contents(archive: Path, place: str, program: str) -> None:
    """Checks that an archive has a program: an error page of a server has none.

    Args:
        archive: a `.tar.gz` file or a wheel.
        place: where it came from, for messages.
        program: the end of a path in the archive, e.g. `bin/clang`.

    Raises:
        VersionError: the file is no archive, or has no such program.
    """
    try:
        if archive.name.endswith(".whl"):
            with zipfile.ZipFile(archive) as wheel:
                found = any(_is_program(name, program) for name in wheel.namelist())
        else:
            with tarfile.open(archive, "r:gz") as tar:
                found = any(_is_program(member.name, program) for member in tar)
    except (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, zlib.error) as error:
        raise VersionError(f"{place}: not an archive that can be read: {error}; try again, or name a mirror") from None
    if not found:
        raise VersionError(f"{place}: the archive has no {program}; name the archive of a release with --from")


def _is_program(name: str, program: str) -> bool:
    return f"/{name}".endswith(f"/{program}")
