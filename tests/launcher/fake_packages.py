"""Makes tiny Debian packages that are laid out as those of Bazel, of Java and of the C library."""

from __future__ import annotations

import gzip
import io
import shutil
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Union

from bootstrap.debian import Architecture, wanted_packages

DEPENDS = {
    "bazel-bootstrap": [
        "bazel-bootstrap-data",
        "bazel-rules-cc",
        "build-essential",
        "default-jdk-headless",
        "libabsl20990101",
        "libc6",
        "libgrpc-java",
        "zlib1g",
        "zlib1g-dev",
    ],
    "default-jre-headless": ["ca-certificates-java", "openjdk-99-jre-headless"],
}

BAZEL = """\
#!/usr/bin/env bash
for argument; do
  if [ "$argument" = --version ]; then echo "bazel 7.7.1"; exit; fi
done
printf '%s\\n' "$@"
if [ -n "${FAKE_BAZEL_WAIT:-}" ]; then
  trap 'echo interrupted; exit 8' INT
  echo ready
  while :; do sleep 0.05; done
fi
exit "${FAKE_BAZEL_EXIT:-0}"
"""

JAVA = """\
#!/usr/bin/env bash
echo "java $*" >>"$FAKE_DEBIAN/calls"
if [ "${FAKE_PAUSE:-}" = java ] && [ ! -e "$FAKE_DEBIAN/resume" ]; then
  echo "$$ $PPID" >"$FAKE_DEBIAN/paused-java.new" && mv "$FAKE_DEBIAN/paused-java.new" "$FAKE_DEBIAN/paused-java"
  while [ ! -e "$FAKE_DEBIAN/resume" ]; do sleep 0.05; done
fi
if [ -n "${FAKE_JAVA_BROKEN:-}" ]; then echo "java: cannot run" >&2; exit 126; fi
"""

LOADER = """\
#!/usr/bin/env bash
[ "$1" = --library-path ] || exit 1
shift 2
exec "$@"
"""

PATCHELF = """\
#!/usr/bin/env bash
echo "patchelf $*" >>"$FAKE_DEBIAN/calls"
if [ "${FAKE_PAUSE:-}" = patchelf ] && [ ! -e "$FAKE_DEBIAN/resume" ]; then
  echo "$$ $PPID" >"$FAKE_DEBIAN/paused-patchelf.new" && mv "$FAKE_DEBIAN/paused-patchelf.new" "$FAKE_DEBIAN/paused-patchelf"
  while [ ! -e "$FAKE_DEBIAN/resume" ]; do sleep 0.05; done
fi
if [ -n "${FAKE_PATCHELF_BROKEN:-}" ]; then echo "patchelf: cannot patch" >&2; exit 1; fi
"""

Content = Union[str, bytes, "Link"]


class Link(str):
    """A symbolic link; the text is what it leads to."""


def jar(class_path: str = "") -> bytes:
    """Returns a jar whose manifest has a class path, wrapped at 72 bytes as manifests are."""
    line = f"Class-Path: {class_path}"
    wrapped = "\r\n ".join(line[at : at + 70] for at in range(0, len(line), 70))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", f"Manifest-Version: 1.0\r\n{wrapped}\r\n\r\n")
    return buffer.getvalue()


def write_package(path: Path, files: Mapping[str, Content]) -> None:
    """Writes a .deb with these files; those whose content begins with #! or as ELF does can be run."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"./{name}")
            if isinstance(content, Link):
                entry.type, entry.linkname = tarfile.SYMTYPE, content
                archive.addfile(entry)
                continue
            data = content.encode() if isinstance(content, str) else content
            entry.size, entry.mode = len(data), 0o755 if data[:2] == b"#!" or data[:4] == b"\x7fELF" else 0o644
            archive.addfile(entry, io.BytesIO(data))
    with path.open("wb") as file:
        file.write(b"!<arch>\n")
        for member, body in (("debian-binary", b"2.0\n"), ("data.tar.gz", gzip.compress(tar.getvalue()))):
            file.write(f"{member:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(body):<10}`\n".encode())
            file.write(body + b"\n" * (len(body) % 2))


def contents(architecture: Architecture) -> dict[str, dict[str, Content]]:
    """Returns the files of all packages that a set-up downloads."""
    program = Path(shutil.which("true") or "/bin/true").read_bytes()
    libraries = f"usr/lib/{architecture.triplet}"
    java = f"usr/lib/jvm/java-99-openjdk-{architecture.name}"
    packages: dict[str, dict[str, Content]] = {
        name: {} for name in wanted_packages(DEPENDS["bazel-bootstrap"], "openjdk-99-jre-headless")
    }
    packages["bazel-bootstrap"] = {
        "usr/bin/bazel": BAZEL,
        f"usr/libexec/{architecture.triplet}/bazel/linux-sandbox": program,
        "usr/share/bazel/linux-sandbox": Link(f"../../libexec/{architecture.triplet}/bazel/linux-sandbox"),
        "usr/share/man/man1/bazel.1": "left out",
    }
    packages["bazel-bootstrap-data"] = {
        "usr/share/bazel/A-server.jar": jar(),
        "usr/share/bazel/bazel_classpath_debian_depends.txt": "/usr/share/java/grpc-api.jar\n/usr/share/java/guava.jar\n",
        "usr/share/bazel/build-label.txt": "7.7.1\n",
        "usr/share/bazel/embedded_tools/a.cc": "",
        "usr/share/bazel/embedded_tools/b.cc": Link("a.cc"),
    }
    packages["bazel-rules-cc"] = {
        "usr/share/bazel/rules/cc/MODULE.bazel": 'module(\n    name = "rules_cc",\n    version = "0.0.11",\n)\n',
        "usr/share/bazel/rules/cc/BUILD": "",
    }
    packages["libgrpc-java"] = {
        "usr/share/java/grpc-api-1.jar": jar("/usr/share/java/guava.jar " + "/usr/share/java/gson.jar"),
        "usr/share/java/grpc-api.jar": Link("grpc-api-1.jar"),
    }
    packages["libgoogle-gson-java"] = {"usr/share/java/gson.jar": jar()}
    packages["openjdk-99-jre-headless"] = {
        f"{java}/bin/java": JAVA,
        f"{java}/lib/server/libjvm.so": "no library",
        f"{java}/lib/security/cacerts": Link("/etc/ssl/certs/java/cacerts"),
        f"{java}/conf/net.properties": Link("/etc/java-99-openjdk/net.properties"),
        f"{java}/docs": Link("../../../share/doc/openjdk-99-jre-headless"),
        "usr/lib/jvm/java-1.99.0-openjdk": Link(f"java-99-openjdk-{architecture.name}"),
        "etc/java-99-openjdk/net.properties": "http.nonProxyHosts=localhost\n",
    }
    packages["libc6"] = {
        f"{libraries}/{architecture.loader}": LOADER,
        f"{libraries}/libc.so.6": "the C library",
        f"{libraries}/libnss_dns.so.2": "a part of it",
        f"{libraries}/libunused.so.1": "not needed",
    }
    packages["patchelf"] = {"usr/bin/patchelf": PATCHELF}
    return packages


def write_packages(folder: Path, architecture: Architecture) -> None:
    """Writes all packages that a set-up downloads."""
    folder.mkdir()
    for name, files in contents(architecture).items():
        write_package(folder / f"{name}_1_all.deb", files)
