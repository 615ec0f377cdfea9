"""The trust store of a copy's Java."""

from __future__ import annotations

import hashlib
import os
import ssl
import struct
from pathlib import Path

import pytest
from bootstrap import trust_store
from bootstrap.console import SetupError
from fake_machine import Machine

# Made for this test, with OpenSSL: "test one" and "test two", elliptic curve keys, valid until 2126.
ONE = """\
-----BEGIN CERTIFICATE-----
MIIBfjCCASOgAwIBAgIUR7Ae+7RBxx5vFs6MZLkZJz72AJUwCgYIKoZIzj0EAwIw
EzERMA8GA1UEAwwIdGVzdCBvbmUwIBcNMjYxMTI0MDAxMjMyWhgPMjEyNjEwMzEw
MDEyMzJaMBMxETAPBgNVBAMMCHRlc3Qgb25lMFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAEPCS6PBtsZs1Y3GkOIFpxM7wrIT14YUSG7UtJ2RcsiblSQMfVp7tExc/7
Tapj85DEmb0CowbpJn+Ftl/Kn1LMoaNTMFEwHQYDVR0OBBYEFGi3E5Js3gWZyk43
EsiphNTvebCkMB8GA1UdIwQYMBaAFGi3E5Js3gWZyk43EsiphNTvebCkMA8GA1Ud
EwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhANxymjxTvEvwWs7CrOe7K7TC
WHHo6LXhd1tb6jVLHf75AiEA0HqTMZhM0UdiIZFsz2ovtp479Wl47YzulbOyMSgC
3O0=
-----END CERTIFICATE-----
"""

TWO = """\
-----BEGIN CERTIFICATE-----
MIIBfTCCASOgAwIBAgIUG1v8IpMcoWR+3bcCs2265pVjg7wwCgYIKoZIzj0EAwIw
EzERMA8GA1UEAwwIdGVzdCB0d28wIBcNMjYxMTI0MDAxMjMyWhgPMjEyNjEwMzEw
MDEyMzJaMBMxETAPBgNVBAMMCHRlc3QgdHdvMFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAEMvWoE9piHgmv3c4L01IvmogGVOi/hrS/n2Ll8FGlFcPgqMsGSHR90SRq
09v8x+73rw1WatnpdrfgvMfWjQ+tbaNTMFEwHQYDVR0OBBYEFL56idDDB59OAjZv
f0LUTiBQgBrmMB8GA1UdIwQYMBaAFL56idDDB59OAjZvf0LUTiBQgBrmMA8GA1Ud
EwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhALoOgklJl9dLPafpoCzQVSQl
8KHKiOykWk4p1471PvpuAiAeK92MyKswvC7IwkFHFiCioVKYZdRB4mbNNaruvm0D
pA==
-----END CERTIFICATE-----
"""

BROKEN = "-----BEGIN CERTIFICATE-----\nTm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n"


def read_jks(data: bytes) -> dict[str, bytes]:
    """Reads a trust store as Java does, and checks its seal."""
    body, seal = data[:-20], data[-20:]
    salted = "changeit".encode("utf-16-be") + b"Mighty Aphrodite" + body
    assert hashlib.sha1(salted).digest() == seal
    magic, version, count = struct.unpack_from(">III", body)
    assert (magic, version) == (0xFEEDFEED, 2)
    at = 12
    found: dict[str, bytes] = {}
    for _ in range(count):
        (kind, length) = struct.unpack_from(">IH", body, at)
        assert kind == 2
        alias = body[at + 6 : at + 6 + length].decode()
        at += 6 + length + 8
        (length,) = struct.unpack_from(">H", body, at)
        assert body[at + 2 : at + 2 + length] == b"X.509"
        at += 2 + length
        (length,) = struct.unpack_from(">I", body, at)
        found[alias] = body[at + 4 : at + 4 + length]
        at += 4 + length
    assert at == len(body)
    return found


def test_the_content_of_a_trust_store() -> None:
    certificates = trust_store.certificates_in(f"# comment\n{ONE}{BROKEN}noise\n{TWO}")
    assert certificates == [ssl.PEM_cert_to_DER_cert(ONE), ssl.PEM_cert_to_DER_cert(TWO)]
    assert read_jks(trust_store.jks(certificates)) == {
        "certificate-0": certificates[0],
        "certificate-1": certificates[1],
    }


def test_an_empty_trust_store() -> None:
    assert read_jks(trust_store.jks([])) == {}


@pytest.mark.parametrize("text", ["", BROKEN, "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"])
def test_a_file_without_certificates(tmp_path: Path, text: str) -> None:
    (tmp_path / "jre/lib/security").mkdir(parents=True)
    (tmp_path / "ca.pem").write_text(text)
    with pytest.raises(SetupError) as error:
        trust_store.write(tmp_path, tmp_path / "ca.pem")
    assert str(error.value) == (
        f"{tmp_path}/ca.pem has no certificate in it. To fix: set SSL_CERT_FILE to a file that has"
    )
    assert list((tmp_path / "jre/lib/security").iterdir()) == []


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as error:
        trust_store.write(tmp_path, tmp_path / "ca.pem")
    store = tmp_path / "jre/lib/security/cacerts"
    assert str(error.value) == (
        f"cannot make {store} of {tmp_path}/ca.pem: No such file or directory. To fix: set SSL_CERT_FILE to a readable file"
    )


def stored(machine: Machine) -> list[bytes]:
    return list(read_jks(trust_store.path_in(machine.copy).read_bytes()).values())


def test_the_trust_store_follows_the_machines_certificates(debian: Machine) -> None:
    file = debian.folder / "certificates.pem"
    file.write_text(ONE)
    assert debian.run("--version").stderr.count("tools/bazel: note") == 0
    assert stored(debian) == [ssl.PEM_cert_to_DER_cert(ONE)]

    python = (debian.path / "python3").read_text()
    (debian.path / "python3").unlink()  # an unchanged file takes no Python
    assert debian.run("--version").stderr == ""
    debian.script("python3", python)

    file.write_text(ONE + TWO)
    os.utime(file, (2_000_000_000, 2_000_000_000))  # newer, even in the future
    assert debian.run("--version").stderr == ""
    assert len(stored(debian)) == 2

    file.write_text(TWO)
    os.utime(file, (1_000_000_000, 1_000_000_000))  # older, as when a package is downgraded
    assert debian.run("--version").stderr == ""
    assert stored(debian) == [ssl.PEM_cert_to_DER_cert(TWO)]

    other = debian.folder / "other.pem"
    other.write_text(ONE)
    os.utime(other, (1_000_000_000, 1_000_000_000))  # another file of the same time
    assert debian.run("--version", SSL_CERT_FILE=str(other)).stderr == ""
    assert stored(debian) == [ssl.PEM_cert_to_DER_cert(ONE)]


def test_certificates_that_cannot_be_read_are_a_warning(debian: Machine) -> None:
    file = debian.folder / "certificates.pem"
    file.write_text(ONE)
    assert debian.run("--version").returncode == 0
    file.write_text(BROKEN)
    os.utime(file, (2_000_000_000, 2_000_000_000))
    result = debian.run("--version")
    assert (result.returncode, result.stdout) == (0, "bazel 7.7.1\n")
    assert result.stderr == (
        f"tools/bazel: warning: the certificates of Bazel's Java are out of date: {file} has no certificate in it. To fix: "
        "set SSL_CERT_FILE to a file that has\n"
    )
    assert stored(debian) == [ssl.PEM_cert_to_DER_cert(ONE)]


def test_a_trust_store_that_cannot_be_renewed_for_want_of_python(debian: Machine) -> None:
    assert debian.run("--version").returncode == 0
    (debian.folder / "certificates.pem").write_text(ONE)
    (debian.path / "python3").unlink()
    result = debian.run("--version")
    assert (result.returncode, result.stdout) == (0, "bazel 7.7.1\n")
    assert result.stderr == (
        "tools/bazel: warning: the certificates of Bazel's Java are out of date. To fix: install python3, which renews them\n"
    )


def test_certificates_that_appear_later(debian: Machine) -> None:
    file = debian.folder / "certificates.pem"
    assert f"note: there is no {file}" in debian.run("--version").stderr
    file.write_text(ONE)
    assert debian.run("--version").stderr == ""
    assert len(stored(debian)) == 1
