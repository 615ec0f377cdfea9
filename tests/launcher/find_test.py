"""Which Bazel the launcher runs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from fake_machine import LAUNCHER, Machine

WAY_OUT = "install Bazelisk or Bazel >= 7 (https://bazel.build/install), or set BAZEL_REAL to a Bazel"


def test_bazel_real_goes_before_all_else(machine: Machine) -> None:
    real = machine.bazel("6.0.0", "real", machine.folder / "elsewhere")
    machine.bazel("8.0.0")
    result = machine.run("build", "//a b", BAZEL_REAL=str(real))
    assert (result.returncode, result.stdout) == (0, "real-6.0.0\nbuild\n//a b\n")


def test_bazel_real_that_cannot_be_run(machine: Machine) -> None:
    for name in ("missing", "folder", "plain"):
        path = machine.folder / name
        if name == "folder":
            path.mkdir()
        elif name == "plain":
            path.touch()
        result = machine.run("info", BAZEL_REAL=str(path))
        assert (result.returncode, result.stdout) == (1, "")
        assert result.stderr == (
            f"tools/bazel: error: BAZEL_REAL={path} is not an executable file. To fix: set it to a Bazel, or unset it\n"
        )


def test_bazel_real_that_is_the_launcher(machine: Machine) -> None:
    link = machine.folder / "link"
    link.symlink_to(LAUNCHER)
    result = machine.run("info", BAZEL_REAL=str(link))
    assert result.returncode == 1
    assert result.stderr == (
        f"tools/bazel: error: BAZEL_REAL={link} is this launcher itself. To fix: set it to a Bazel, or unset it\n"
    )


@pytest.mark.parametrize("version", ["7.0.0", "7.7.1-", "8.2.0", "10.0.0-pre.20260101.1", "7.7.1+ds-8"])
def test_a_new_enough_bazel_on_path(machine: Machine, version: str) -> None:
    machine.bazel(version)
    assert machine.run("--batch", "build", "").stdout == f"bazel-{version}\n--batch\nbuild\n\n"


def test_bazelisk_goes_before_bazel(machine: Machine) -> None:
    machine.bazel("8.0.0")
    machine.bazel("7.4.0", "bazelisk")
    assert machine.run("info").stdout == "bazelisk-7.4.0\ninfo\n"


def test_bazelisk_does_not_call_the_launcher_back(machine: Machine) -> None:
    machine.script(
        "bazelisk",
        '[ -n "${BAZELISK_SKIP_WRAPPER:-}" ] || exec "$LAUNCHER" "$@"\n'
        'if [ "$1" = --version ]; then echo "bazel 7.4.0"; else echo "ran $1"; fi',
    )
    assert machine.run("info", LAUNCHER=str(LAUNCHER)).stdout == "ran info\n"


def test_the_version_may_come_with_other_lines(machine: Machine) -> None:
    machine.script("bazel", 'echo "WARNING: about bazel 3"; echo "bazel 7.1.0"; echo; echo noise >&2')
    assert machine.run("info").stderr == "noise\n"


def test_the_second_bazel_on_path_is_found(machine: Machine) -> None:
    machine.bazel("4.2.3")
    other = machine.folder / "with a space"
    machine.bazel("7.2.0", "bazel", other)
    assert machine.run("info", PATH=f"{machine.path}:{other}").stdout == "bazel-7.2.0\ninfo\n"


def test_a_bazel_that_reads_its_input_gets_it(machine: Machine) -> None:
    machine.script("bazel", 'if [ "$1" = --version ]; then cat >/dev/null; echo "bazel 7.1.0"; else exec cat; fi')
    (machine.path / "cat").symlink_to("/bin/cat")
    process = machine.start("info")
    assert process.communicate(timeout=60) == ("", "")


def test_the_launcher_on_path_is_not_run(machine: Machine) -> None:
    (machine.path / "bazel").symlink_to(LAUNCHER)
    machine.bazel("7.3.0", "bazel", machine.folder / "later")
    result = machine.run("info", PATH=f"{machine.path}:{machine.folder / 'later'}")
    assert result.stdout == "bazel-7.3.0\ninfo\n"


def test_the_launcher_of_another_checkout_is_not_run(machine: Machine) -> None:
    copy = machine.script("bazel", "")
    copy.write_bytes(LAUNCHER.read_bytes())
    result = machine.run("info", BAZEL_BOOTSTRAP="never")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        f"tools/bazel: error: no Bazel >= 7 found ({copy} is of no known version), and BAZEL_BOOTSTRAP=never. To fix: "
        f"unset it, or {WAY_OUT}\n"
    )


def test_never_says_what_was_tried(machine: Machine) -> None:
    old = machine.bazel("4.2.3")
    broken = machine.script("bazelisk", 'echo "could not resolve the version" >&2; exit 1')
    result = machine.run("info", BAZEL_BOOTSTRAP="never")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        f"tools/bazel: error: no Bazel >= 7 found ({broken} is of no known version, {old} is 4.2.3), "
        f"and BAZEL_BOOTSTRAP=never. To fix: unset it, or {WAY_OUT}\n"
    )


def test_always_ignores_path(debian: Machine) -> None:
    debian.bazel("8.0.0")
    result = debian.run("--version", BAZEL_BOOTSTRAP="always")
    assert (result.returncode, result.stdout) == (0, "bazel 7.7.1\n")


def test_settings_that_are_not_known(machine: Machine) -> None:
    machine.bazel("8.0.0")
    result = machine.run("info", BAZEL_BOOTSTRAP="maybe")
    assert (result.returncode, result.stdout) == (1, "")
    assert (
        result.stderr
        == "tools/bazel: error: BAZEL_BOOTSTRAP=maybe is not known. To fix: set it to auto, always or never\n"
    )
    result = machine.run("info", BAZEL_BOOTSTRAP_MODULES="none")
    assert result.returncode == 1
    assert result.stderr == (
        "tools/bazel: error: BAZEL_BOOTSTRAP_MODULES=none is not known. To fix: set it to debian or registry\n"
    )


def test_a_launcher_that_is_reached_by_a_link_and_by_path(machine: Machine) -> None:
    link = machine.folder / "bazel"
    link.symlink_to(os.path.relpath(LAUNCHER, machine.folder))
    machine.bazel("7.3.0")
    assert machine.run("info", PATH=f"{machine.folder}:{machine.path}").stdout == "bazel-7.3.0\ninfo\n"


def test_exit_codes_are_passed_on(machine: Machine) -> None:
    machine.script("bazel", 'if [ "$1" = --version ]; then echo "bazel 7.1.0"; else exit 37; fi')
    assert machine.run("info").returncode == 37


def test_the_launcher_can_be_run() -> None:
    assert os.access(LAUNCHER, os.X_OK)
    assert Path(LAUNCHER).read_text().startswith("#!/usr/bin/env bash\n")
