"""Which of Debian's packages make up a copy of Bazel."""

import dataclasses
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Optional

from bootstrap.console import WAY_OUT, SetupError

MIN_MAJOR = 7
"""The lowest major version of Bazel that will do."""

BAZEL = "bazel-bootstrap"
"""The package with Bazel's client; it depends on the others."""

JAVA = "default-jre-headless"
"""The package that depends on the suite's Java runtime."""

DEFAULT_SUITES = ("forky", "sid")

TOOLS = ("apt-get", "apt-cache", "dpkg-deb", "tar")
"""The programs of the machine that the set-up calls."""

KEYRINGS = tuple(Path("/usr/share/keyrings/debian-archive-keyring").with_suffix(end) for end in (".pgp", ".gpg"))
"""Where the package debian-archive-keyring has the keys; newer ones first."""

# bazel-bootstrap depends on much that only its Java and C++ rules need: a JDK, build-essential and
# more. Of its dependencies, these are what its client is linked with, and the sources of modules.
_WANTED_DEPENDENCIES = re.compile(r"bazel-.+|zlib1g|lib(absl|c6|gcc-s|grpc|protobuf|stdc)\S*(?<!-java)(?<!-dev)")

# Needed besides: patchelf for the set-up itself, what the libraries above need, modules that
# bazel-bootstrap does not depend on, and the jars that are not part of Bazel's server.
_ALWAYS = (
    "patchelf",
    "libcares2",
    "bazel-rules-java",
    "bazel-rules-shell",
    "libasync-profiler-java",
    "libcaffeine-java",
    "libcommons-compress-java",
    "libcommons-io-java",
    "libcommons-pool2-java",
    "libdiffutils-java",
    "liberror-prone-java",
    "libgoogle-auth-java",
    "libgoogle-flogger-java",
    "libgoogle-gson-java",
    "libgoogle-http-client-java",
    "libgrpc-java",
    "libjsr305-java",
    "libperfmark-java",
    "libreactive-streams-java",
    "librx-java",
    "libxz-java",
)


@dataclasses.dataclass(frozen=True)
class Architecture:
    """One of the processor architectures that a copy can be made for."""

    name: str
    """Debian's name."""

    triplet: str
    """The name of the folder with shared libraries."""

    loader: str
    """The file name of the loader."""


ARCHITECTURES: Mapping[str, Architecture] = {
    "amd64": Architecture("amd64", "x86_64-linux-gnu", "ld-linux-x86-64.so.2"),
    "arm64": Architecture("arm64", "aarch64-linux-gnu", "ld-linux-aarch64.so.1"),
}


def architecture() -> Architecture:
    """Returns the machine's architecture."""
    name = _dpkg_architecture() or platform.machine()
    if name not in ARCHITECTURES:
        raise SetupError(f"there is no set-up for the architecture {name}, only for amd64 and arm64", WAY_OUT)
    return ARCHITECTURES[name]


def _dpkg_architecture() -> Optional[str]:
    try:
        result = subprocess.run(
            ["dpkg", "--print-architecture"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return result.stdout.strip()


def check_tools() -> None:
    """Raises an error unless the machine has the programs that the set-up calls."""
    for tool in TOOLS:
        if not shutil.which(tool):
            raise SetupError(f"there is no set-up without {tool}: it needs Debian or Ubuntu", WAY_OUT)


def keyring() -> Path:
    """Returns the file with the keys that Debian signs its package lists with."""
    named = os.environ.get("BAZEL_BOOTSTRAP_KEYRING")
    for file in [Path(named)] if named else KEYRINGS:
        if file.is_file():
            return file
    raise SetupError(
        f"there is no {named}" if named else "Debian's archive keys are not on this machine",
        f"install the package debian-archive-keyring, or {WAY_OUT}",
    )


def wanted_packages(dependencies: Iterable[str], java: str) -> list[str]:
    """Returns the packages to download.

    Args:
        dependencies: the packages that bazel-bootstrap depends on
        java: the package with the Java runtime
    """
    chosen = [name for name in dependencies if _WANTED_DEPENDENCIES.fullmatch(name)]
    return list(dict.fromkeys([BAZEL, java, *chosen, *_ALWAYS]))
