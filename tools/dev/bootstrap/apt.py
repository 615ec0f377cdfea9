"""Downloads packages with the machine's apt, but with a state of apt of its own.

Nothing of the machine's own package state is read or changed, so no root is needed, and packages
can come from a suite that the machine does not use.
"""

import os
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Optional

from bootstrap.console import WAY_OUT, SetupError, say
from bootstrap.debian import BAZEL, MIN_MAJOR, Architecture

_MIRROR_WAY_OUT = f"check the network, or name a Debian mirror with BAZEL_BOOTSTRAP_MIRROR, or {WAY_OUT}"


def run(*command: str, config: Optional[Path] = None, cwd: Optional[Path] = None) -> "subprocess.CompletedProcess[str]":
    """Runs one of apt's programs in plain English and returns what it printed, whether it failed or not."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""}
    if config:
        environment["APT_CONFIG"] = str(config)
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        env=environment,
        cwd=cwd,
        check=False,
    )


def cause(log: str) -> str:
    """Returns the line of a program's messages that tells best why it failed."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    for prefix in ("E: ", "W: ", ""):
        for line in lines:
            if line.startswith(prefix):
                return line[len(prefix) :].rstrip(".")
    return "it does not say why"


def mirrors() -> list[str]:
    """Returns Debian mirrors of the machine's own apt configuration, the likeliest first."""
    known = run("apt-get", "indextargets", "--format", "$(REPO_URI)|$(ORIGIN)|$(COMPONENT)", "Created-By: Packages")
    entries = [line.split("|") for line in known.stdout.splitlines()]
    found = [entry[0] for entry in entries if entry[1:] == ["Debian", "main"]]
    if not found:
        # No package list was ever read: there is nothing but the addresses of the lists. Those of
        # other publishers do no harm, for their lists are not signed by Debian.
        lists = run("apt-get", "--print-uris", "update")
        found = re.findall(r"^'([^']+)/dists/[a-z]+/InRelease'", lists.stdout, re.MULTILINE)
    return list(dict.fromkeys(uri.rstrip("/") for uri in found if "security" not in uri))


class PrivateApt:
    """apt with a state of its own in a folder."""

    def __init__(self, folder: Path, architecture: Architecture, keyring: Path) -> None:
        """Lays the state out in `folder`; package lists must be signed by a key of `keyring`."""
        self._folder = folder
        self._keyring = keyring
        self._config = folder / "apt.conf"
        self.archives = folder / "archives"
        for name in ("state/lists/partial", "cache/archives/partial", "etc", "archives"):
            (folder / name).mkdir(parents=True)
        (folder / "status").touch()
        self._config.write_text(_CONFIG.format(folder=folder, keyring=keyring, architecture=architecture.name))
        with self._config.open("a") as config:
            config.writelines(f"{line}\n" for line in machine_settings())

    def find_bazel(self, mirror_uris: Iterable[str], suites: Iterable[str]) -> str:
        """Points apt to the first suite that has a Bazel of the wanted version, and returns the version."""
        uris, names = list(mirror_uris), list(suites)
        failures: list[str] = []
        for suite in names:
            for uri in uris:
                say(f"reading Debian {suite}'s package list")
                failure = self._update(uri, suite)
                if failure:
                    failures.append(f"{uri} {suite}: {failure}")
                    continue
                version = self._version(BAZEL)
                major = re.match(r"\d+", version)
                if major and int(major.group()) >= MIN_MAJOR:
                    return version
                failures.append(f"{uri} {suite} has {version or 'no'} {BAZEL}")
                break
        raise SetupError(f"cannot get Bazel >= {MIN_MAJOR} from Debian ({'; '.join(failures)})", _MIRROR_WAY_OUT)

    def _update(self, uri: str, suite: str) -> str:
        (self._folder / "sources.list").write_text(f"deb [signed-by={self._keyring}] {uri} {suite} main\n")
        command = ["apt-get", "-qq", "-o", "APT::Update::Error-Mode=any"]
        result = run(*command, "update", config=self._config)
        if "is expired" in result.stdout + result.stderr:
            # The list is past its date: the mirror is no longer updated, or the clock is wrong. It
            # is signed all the same.
            result = run(*command, "-o", "Acquire::Check-Valid-Until=false", "update", config=self._config)
            if result.returncode == 0:
                say(f"note: the package list of {uri} {suite} is signed, but past its date")
        return cause(result.stderr + result.stdout) if result.returncode else ""

    def _version(self, package: str) -> str:
        shown = run("apt-cache", "show", "--no-all-versions", package, config=self._config)
        match = re.search(r"^Version: *(\S+)", shown.stdout, re.MULTILINE)
        return match.group(1) if match else ""

    def dependencies(self, package: str) -> list[str]:
        """Returns the packages that a package depends on, of alternatives all."""
        shown = run("apt-cache", "depends", "--important", package, config=self._config)
        return re.findall(r"^ *\|?(?:Pre)?Depends: *([^<>\s]+)$", shown.stdout, re.MULTILINE)

    def download(self, packages: Iterable[str], what: str = "Bazel's packages") -> list[Path]:
        """Downloads packages, which apt checks against the signed list, and returns their files.

        Args:
            packages: the names.
            what: what they are, for the message if that fails.
        """
        result = run("apt-get", "-qq", "download", *packages, config=self._config, cwd=self.archives)
        if result.returncode:
            raise SetupError(
                f"the download of {what} failed ({cause(result.stderr + result.stdout)})",
                "check the network and the space on the disk, and run the command again",
            )
        return sorted(self.archives.glob("*.deb"))


_CONFIG = """\
Dir "{folder}/";
Dir::State "{folder}/state";
Dir::State::status "{folder}/status";
Dir::Cache "{folder}/cache";
Dir::Etc "{folder}/etc";
Dir::Etc::sourcelist "{folder}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::trusted "{keyring}";
APT::Architecture "{architecture}";
APT::Architectures {{ "{architecture}"; }};
APT::Install-Recommends "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
Debug::NoLocking "true";
"""


def machine_settings() -> list[str]:
    """Returns the settings of the machine's apt for reaching mirrors: proxies, certificates, passwords."""
    lines = run("apt-config", "dump").stdout.splitlines()
    settings = [line for line in lines if re.match(r"Acquire::(http|https|ftp)::", line)]
    shown = run("apt-config", "shell", "FILE", "Dir::Etc::netrc/f", "FOLDER", "Dir::Etc::netrcparts/d").stdout
    for name, option in (("FILE", "Dir::Etc::netrc"), ("FOLDER", "Dir::Etc::netrcparts")):
        match = re.search(rf"^{name}='([^']+)'$", shown, re.MULTILINE)
        if match and os.access(match.group(1), os.R_OK):
            settings.append(f'{option} "{match.group(1)}";')
    return settings
