"""Makes a Java trust store of the machine's certificates.

Java does not read PEM files. Its oldest format of a key store, JKS, is simple enough to be written
here, which takes a hundredth of the time of starting Java's own tool.
"""

import hashlib
import os
import re
import ssl
import struct
from collections.abc import Iterable
from pathlib import Path

from bootstrap.console import SetupError, say

_PASSWORD = "changeit"
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def certificates_in(pem: str) -> list[bytes]:
    """Returns the certificates of a PEM file in DER form.

    Leaves out what is no certificate: Java would refuse a trust store that has one such entry.
    """
    found: list[bytes] = []
    for block in _PEM.findall(pem):
        try:
            der = ssl.PEM_cert_to_DER_cert(block)
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=der)
        except (ValueError, ssl.SSLError):
            continue
        found.append(der)
    return found


def jks(certificates: Iterable[bytes]) -> bytes:
    """Returns the content of a JKS key store with trusted certificates."""
    entries = list(certificates)
    data = struct.pack(">III", 0xFEEDFEED, 2, len(entries))
    for number, certificate in enumerate(entries):
        # kind (a trusted certificate), alias, time of creation, type, certificate
        data += struct.pack(">I", 2) + _utf(f"certificate-{number}") + struct.pack(">Q", 0) + _utf("X.509")
        data += struct.pack(">I", len(certificate)) + certificate
    seal = hashlib.sha1(_PASSWORD.encode("utf-16-be") + b"Mighty Aphrodite" + data, usedforsecurity=False)
    return data + seal.digest()


def _utf(text: str) -> bytes:
    return struct.pack(">H", len(text)) + text.encode("ascii")


def path_in(copy: Path) -> Path:
    """Returns where the Java runtime of a copy of Bazel has its trust store."""
    return copy / "jre" / "lib" / "security" / "cacerts"


def write(copy: Path, certificates: Path) -> None:
    """Makes the trust store of a copy of Bazel.

    It gets the time of the file that it is made of, and that file's path is kept beside it:
    tools/bazel tells by these whether it has to be made again.
    """
    store = path_in(copy)
    try:
        status = certificates.stat()
        found = certificates_in(certificates.read_text(encoding="ascii", errors="replace"))
        if not found:
            raise SetupError(f"{certificates} has no certificate in it", "set SSL_CERT_FILE to a file that has")
        _replace(store.with_name("cacerts.source"), f"{certificates}\n".encode(), status.st_mtime_ns)
        _replace(store, jks(found), status.st_mtime_ns)
    except OSError as error:
        raise SetupError(
            f"cannot make {store} of {certificates}: {error.strerror}", "set SSL_CERT_FILE to a readable file"
        ) from error


def _replace(path: Path, content: bytes, time: int) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        os.utime(temporary, ns=(time, time))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_default(copy: Path) -> None:
    """Makes the trust store of the machine's certificates, for a new copy; says so if it has none."""
    certificates = Path(os.environ.get("SSL_CERT_FILE") or "/etc/ssl/certs/ca-certificates.crt")
    if certificates.is_file():
        write(copy, certificates)
    else:
        say(f"note: there is no {certificates}: Bazel can download nothing over HTTPS until there is")
