"""What a set-up says when it fails: one line with the way out, and nothing left behind."""

from __future__ import annotations

import os
from typing import Any, Callable

import pytest
from bootstrap import set_up
from bootstrap.console import SetupError
from fake_machine import ARCHITECTURE, MIRROR, Machine

WAY_OUT = "install Bazelisk or Bazel >= 7 (https://bazel.build/install), or set BAZEL_REAL to a Bazel"
NETWORK = f"check the network, or name a Debian mirror with BAZEL_BOOTSTRAP_MIRROR, or {WAY_OUT}"


def error_of(machine: Machine, **environment: str) -> str:
    """Runs the launcher, which has to fail; returns the error, which has to be its last line and its only one."""
    result = machine.run("build", "//a", **environment)
    assert (result.returncode, result.stdout) == (1, "")
    lines = result.stderr.splitlines()
    assert [line for line in lines if line.startswith("tools/bazel: error: ")] == lines[-1:]
    if machine.copies.is_dir():
        assert [path.name for path in machine.copies.iterdir()] in ([], ["lock"])
    return lines[-1].removeprefix("tools/bazel: error: ")


def remove(*names: str) -> Callable[[Machine], None]:
    def change(machine: Machine) -> None:
        for name in names:
            (machine.path / name).unlink()

    return change


def settings(**values: Any) -> Callable[[Machine], None]:
    def change(machine: Machine) -> None:
        machine.settings.update(values)
        machine.save_settings()

    return change


def truncate_package(machine: Machine) -> None:
    package = machine.debian / "packages" / "bazel-bootstrap-data_1_all.deb"
    package.write_bytes(package.read_bytes()[:-40])


def spoil_package(machine: Machine) -> None:
    (machine.debian / "packages" / "bazel-bootstrap-data_1_all.deb").write_text("<html>Please log in</html>")


def empty_package(name: str) -> Callable[[Machine], None]:
    def change(machine: Machine) -> None:
        package = machine.debian / "packages" / f"{name}_1_all.deb"
        package.write_bytes((machine.debian / "packages" / "libcares2_1_all.deb").read_bytes())

    return change


RETRY = "check the space on the disk, and run the command again"
UNEXPECTED = "Debian's packages of Bazel are not laid out as expected"


@pytest.mark.parametrize(
    ("change", "environment", "expected"),
    [
        pytest.param(
            remove("python3"),
            {},
            f"no Bazel >= 7 found, and no Python >= 3.9 that sets one up. To fix: install python3, or {WAY_OUT}",
            id="python",
        ),
        pytest.param(
            remove("apt-get"),
            {},
            f"there is no set-up without apt-get: it needs Debian or Ubuntu. To fix: {WAY_OUT}",
            id="apt",
        ),
        pytest.param(
            settings(architecture="riscv64"),
            {},
            f"there is no set-up for the architecture riscv64, only for amd64 and arm64. To fix: {WAY_OUT}",
            id="architecture",
        ),
        pytest.param(
            settings(index_targets="fake:/other|Ubuntu|main"),
            {},
            f"the machine's apt is configured with no Debian mirror. To fix: name one with BAZEL_BOOTSTRAP_MIRROR, or {WAY_OUT}",
            id="mirror",
        ),
        pytest.param(
            settings(),
            {"BAZEL_BOOTSTRAP_KEYRING": "/no/keys"},
            f"there is no /no/keys. To fix: install the package debian-archive-keyring, or {WAY_OUT}",
            id="keys",
        ),
        pytest.param(
            settings(working_mirrors=[]),
            {"BAZEL_BOOTSTRAP_SUITES": "forky"},
            f"cannot get Bazel >= 7 from Debian ({MIRROR} forky: Failed to fetch {MIRROR}/dists/forky/InRelease  "
            f"Could not resolve the host). To fix: {NETWORK}",
            id="network",
        ),
        pytest.param(
            settings(suites={"a": {"versions": {}}, "b": {"versions": {"bazel-bootstrap": "4.2.3+ds"}}}),
            {"BAZEL_BOOTSTRAP_SUITES": "a b"},
            f"cannot get Bazel >= 7 from Debian ({MIRROR} a has no bazel-bootstrap; "
            f"{MIRROR} b has 4.2.3+ds bazel-bootstrap). To fix: {NETWORK}",
            id="no_suite",
        ),
        pytest.param(
            settings(download_error="W: a warning\nE: Failed to fetch fake:/x.deb  Hash Sum mismatch\nE: more"),
            {},
            "the download of Bazel's packages failed (Failed to fetch fake:/x.deb  Hash Sum mismatch). To fix: "
            "check the network and the space on the disk, and run the command again",
            id="download",
        ),
        pytest.param(
            truncate_package,
            {},
            f"cannot unpack bazel-bootstrap-data_1_all.deb (dpkg-deb: error: unexpected end of file). To fix: {RETRY}",
            id="truncated",
        ),
        pytest.param(
            empty_package("libc6"),
            {},
            f"{UNEXPECTED}: there is no LOADER. To fix: {WAY_OUT}",
            id="no_loader",
        ),
        pytest.param(
            empty_package("bazel-bootstrap"),
            {},
            f"{UNEXPECTED}: there is no usr/bin/bazel. To fix: {WAY_OUT}",
            id="no_bazel",
        ),
        pytest.param(
            empty_package("openjdk-99-jre-headless"),
            {},
            f"{UNEXPECTED}: there is no Java runtime. To fix: {WAY_OUT}",
            id="no_java",
        ),
        pytest.param(
            settings(),
            {"FAKE_PATCHELF_BROKEN": "1"},
            f"patchelf failed (patchelf: cannot patch). To fix: {WAY_OUT}",
            id="patchelf",
        ),
        pytest.param(
            settings(),
            {"FAKE_JAVA_BROKEN": "1"},
            "the Bazel just set up does not run (COPY/jre/bin/java: java: cannot run). To fix: if programs may not run "
            f"from COPIES, set BAZEL_BOOTSTRAP_DIR to another folder, or {WAY_OUT}",
            id="does_not_run",
        ),
    ],
)
def test_errors(debian: Machine, change: Callable[[Machine], None], environment: dict[str, str], expected: str) -> None:
    change(debian)
    error = error_of(debian, **environment)
    error = error.replace(f"{debian.copies}/v4-{os.uname().machine}", "COPY").replace(str(debian.copies), "COPIES")
    assert error.replace(ARCHITECTURE.loader, "LOADER") == expected


def test_a_package_that_is_something_else(debian: Machine) -> None:
    spoil_package(debian)
    error = error_of(debian)
    assert error.startswith("cannot unpack bazel-bootstrap-data_1_all.deb (dpkg-deb: error: '")
    assert error.endswith(f"is not a Debian format archive). To fix: {RETRY}")


def test_after_an_error_the_next_run_succeeds(debian: Machine) -> None:
    debian.settings["download_error"] = "E: no"
    debian.save_settings()
    error_of(debian)
    debian.settings["download_error"] = ""
    debian.save_settings()
    assert debian.run("--version").stdout == "bazel 7.7.1\n"


def test_no_home(debian: Machine) -> None:
    del debian.environment["HOME"]
    assert error_of(debian) == (
        "none of HOME, XDG_CACHE_HOME and BAZEL_BOOTSTRAP_DIR is set. To fix: "
        "set BAZEL_BOOTSTRAP_DIR to a folder for a copy of Bazel"
    )


@pytest.mark.parametrize("name", ["with space", "with:colon", "with\ttab"])
def test_a_folder_with_a_space_or_a_colon(debian: Machine, name: str) -> None:
    path = debian.folder / name
    error = error_of(debian, BAZEL_BOOTSTRAP_DIR=str(path))
    assert error == (
        f"the cache path '{path}' has a space or a colon in it. To fix: set BAZEL_BOOTSTRAP_DIR to another folder"
    )


def test_a_folder_that_cannot_be_made(debian: Machine) -> None:
    (debian.folder / "file").touch()
    path = debian.folder / "file" / "x"
    assert error_of(debian, BAZEL_BOOTSTRAP_DIR=str(path)) == (
        f"cannot write a copy of Bazel to {path}: Not a directory. To fix: set BAZEL_BOOTSTRAP_DIR to another folder"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_not_writable(debian: Machine) -> None:
    debian.copies.mkdir(parents=True)
    debian.copies.chmod(0o500)
    assert error_of(debian) == (
        f"cannot write a copy of Bazel to {debian.copies}: Permission denied. To fix: set BAZEL_BOOTSTRAP_DIR to another folder"
    )


def test_too_little_space(debian: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"free": 649_999_999})
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage)
    with pytest.raises(SetupError) as error:
        set_up.check_space(debian.home)
    assert str(error.value) == (
        f"{debian.home} has 649 MB free, and setting Bazel up takes 650 MB. To fix: set BAZEL_BOOTSTRAP_DIR to another folder"
    )


def test_space_that_runs_out(debian: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_base: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(set_up, "check_space", full)
    monkeypatch.setenv("PATH", str(debian.path))
    monkeypatch.setenv("BAZEL_BOOTSTRAP_KEYRING", str(debian.folder / "keyring.gpg"))
    monkeypatch.setenv("FAKE_DEBIAN", str(debian.debian))
    with pytest.raises(SetupError) as error:
        set_up.set_up(debian.copies / "v3", "why")
    assert str(error.value) == (
        f"there is no space left for a copy of Bazel in {debian.copies}. To fix: set BAZEL_BOOTSTRAP_DIR to another folder"
    )
