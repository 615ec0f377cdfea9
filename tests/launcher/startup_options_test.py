"""The arguments that a copy of Bazel gets."""

from __future__ import annotations

import pytest
from fake_machine import Machine


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine with a copy of Bazel; no test changes it."""
    machine = Machine(tmp_path_factory.mktemp("ready"))
    machine.apt()
    assert machine.run("--version").returncode == 0
    return machine


def arguments(machine: Machine, *words: str, **environment: str) -> list[str]:
    """Returns what the copy's Bazel gets, with the copy's folder as COPY, without what it gets always."""
    result = machine.run(*words, **environment)
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.replace(str(machine.copy), "COPY").splitlines()
    always = ["--install_base=COPY/install", "--trust_install_base", "--server_javabase=COPY/jre"]
    own = ["--bazelrc=COPY/modules.bazelrc", *always]
    if lines[:4] == own:
        return lines[4:]
    assert lines[:3] == always
    return ["(registry)", *lines[3:]]


def test_no_arguments(ready: Machine) -> None:
    assert arguments(ready) == []


@pytest.mark.parametrize(
    "words",
    [
        ["build", "//..."],
        ["--output_base=/x", "build", "-c", "opt", "//a", "--", "-//b", "--ignore_all_rc_files"],
        ["--output_base", "/x y", "--noworkspace_rc", "--bazelrc=mine", "--bazelrc", "other", "run", "//a", "--", ""],
        ["--max_idle_secs", "5", "--host_jvm_args=-Xmx1g", "--host_jvm_args", "-Xms1g", "test"],
        ["--ignore_all_rc_files", "--noignore_all_rc_files", "info"],
        ["--ignore_all_rc_files=true", "--ignore_all_rc_files=false", "info"],
        ["--output_base", "--ignore_all_rc_files", "info"],
        ["--output_base"],
        ["run", "//:tool", "--", "--ignore_all_rc_files"],
    ],
)
def test_the_users_arguments_come_unchanged(ready: Machine, words: list[str]) -> None:
    assert arguments(ready, *words) == words


@pytest.mark.parametrize("option", ["--ignore_all_rc_files", "--ignore_all_rc_files=1", "--ignore_all_rc_files=true"])
def test_ignoring_all_rc_files_spares_the_one_of_the_copy(ready: Machine, option: str) -> None:
    words = ["--output_base", "/x", "--bazelrc", "a", option, "--bazelrc=b", "--batch", "build", "//a"]
    assert arguments(ready, *words) == [
        "--output_base",
        "/x",
        "--batch",
        "--nosystem_rc",
        "--noworkspace_rc",
        "--nohome_rc",
        "build",
        "//a",
    ]


def test_modules_of_a_registry(ready: Machine) -> None:
    assert arguments(ready, "--ignore_all_rc_files", "info", BAZEL_BOOTSTRAP_MODULES="registry") == [
        "(registry)",
        "--ignore_all_rc_files",
        "info",
    ]


def test_exit_codes_are_passed_on(ready: Machine) -> None:
    assert ready.run("build", FAKE_BAZEL_EXIT="3").returncode == 3
