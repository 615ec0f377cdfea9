"""The arguments that a copy of Bazel gets."""

from __future__ import annotations

from pathlib import Path

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
    return arguments_in(machine.folder, machine, *words, **environment)


def arguments_in(folder: Path, machine: Machine, *words: str, **environment: str) -> list[str]:
    """The same, in a folder."""
    result = machine.run_in(folder, *words, **environment)
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


_MODULE = """\
module(name = "app")
# local_path_override(module_name = "rules_java", path = "no")
bazel_dep(name = "zlib", version = "1.3.1")  # local_path_override(
local_path_override(
    module_name = "zlib",
    path = "third_party/zlib",
)
archive_override(urls = ["https://example.org/a.tar.gz"], module_name = 'rules_cc')
local_path_override(module_name = "mine", path = "mine")
single_version_override(module_name = "protobuf", version = "1")
"""


@pytest.mark.parametrize("below", ["", "a/b"])
def test_a_workspaces_own_overrides_win(ready: Machine, below: str) -> None:
    workspace = ready.folder / f"workspace{len(below)}"
    folder = workspace / below
    folder.mkdir(parents=True)
    (workspace / "MODULE.bazel").write_text(_MODULE)
    assert arguments_in(folder, ready, "build", "//a") == [
        "--bazelrc=COPY/without-zlib+rules_cc.bazelrc",
        "build",
        "//a",
    ]
    assert (ready.copy / "without-zlib+rules_cc.bazelrc").read_text() == (
        "common --override_module=zlib=\ncommon --override_module=rules_cc=\n"
    )
    assert arguments_in(folder, ready, "info", BAZEL_BOOTSTRAP_MODULES="registry") == ["(registry)", "info"]


def test_an_override_in_an_included_file_wins_too(ready: Machine) -> None:
    workspace = ready.folder / "including"
    workspace.mkdir()
    (workspace / "MODULE.bazel").write_text('include("//:deps.MODULE.bazel")')
    (workspace / "deps.MODULE.bazel").write_text('git_override(remote = "r", commit = "c", module_name = "zlib")')
    assert arguments_in(workspace, ready, "info") == ["--bazelrc=COPY/without-zlib.bazelrc", "info"]


def test_a_workspace_without_overrides_and_a_folder_outside_of_one(ready: Machine) -> None:
    workspace = ready.folder / "plain"
    workspace.mkdir()
    (workspace / "WORKSPACE").touch()
    assert arguments_in(workspace, ready, "info") == ["info"]
    assert arguments(ready, "info") == ["info"]


def test_a_copy_that_cannot_be_written_is_said(ready: Machine) -> None:
    workspace = ready.folder / "read_only"
    workspace.mkdir()
    (workspace / "MODULE.bazel").write_text('local_path_override(module_name = "buildozer", path = "b")')
    (ready.copy / "without-buildozer.bazelrc").mkdir()
    result = ready.run_in(workspace, "info")
    assert (result.returncode, result.stderr) == (
        0,
        f"tools/bazel: warning: cannot write {ready.copy}/without-buildozer.bazelrc, so the workspace's own "
        "buildozer is not used; make the folder writable\n",
    )
