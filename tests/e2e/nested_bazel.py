"""Runs Bazel in other workspaces, from a test.

The workspace under test is a copy of what a release holds, with the workspaces that use it where a checkout has them:

    <folder>/rules_rlbox                        the copy
    <folder>/rules_rlbox/tests/e2e/<workspace>  what a test adds
    <folder>/output                             Bazel's output user root

Downloads and action results come from the caches of whoever runs the test (HOME is passed on), so a nested build costs
seconds and not minutes; nothing else is shared. Every command gets the flags in NESTED_BAZEL_FLAGS, e.g. for other
versions of modules (docs/compatibility.md).
"""

from __future__ import annotations

import os
import pathlib
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from typing import Optional

_COMMAND_TIMEOUT = 540

# A server that lives for a minute is not worth the second compiler of Java's code, and two of them share two cores.
STARTUP = (
    "--max_idle_secs=60",
    "--host_jvm_args=-Xmx1g",
    "--host_jvm_args=-XX:TieredStopAtLevel=1",
    "--host_jvm_args=-XX:+UseSerialGC",
)


@dataclass(frozen=True)
class Result:
    """What a command printed, and its exit code."""

    returncode: int
    stdout: str
    stderr: str

    def errors(self) -> list[str]:
        """The lines of stderr that are neither Bazel's progress nor its information."""
        noise = ("INFO:", "Loading:", "Analyzing:", "Computing main repo", "[", "Starting local", "DEBUG:")
        return [line for line in self.stderr.splitlines() if line and not line.startswith(noise)]


def runfiles_root() -> pathlib.Path:
    """The folder that the main repository's files are in, for this test."""
    return pathlib.Path(os.environ["TEST_SRCDIR"]) / os.environ["TEST_WORKSPACE"]


def copy_tree(source: pathlib.Path, target: pathlib.Path) -> None:
    """Copies a tree of runfiles (links to files) as ordinary files."""
    shutil.copytree(source, target, symlinks=False, dirs_exist_ok=True)


def module_text(name: str) -> str:
    """The MODULE.bazel of a workspace beside the copy of the rules, for tags of the extension to follow.

    Args:
      name: the module's name.

    Returns:
      The text.
    """
    return f"""\
module(name = "{name}")

# Its C++ toolchain compiles C++17.
bazel_dep(name = "rules_cc", version = "0.0.11")
bazel_dep(name = "rules_rlbox")
local_path_override(
    module_name = "rules_rlbox",
    path = "../rules_rlbox",
)

rlbox = use_extension("@rules_rlbox//rules:extensions.bzl", "rlbox")
"""


class NestedBazel:
    """A folder with a copy of rules_rlbox, and Bazel to run in and beside it.

    Args:
      folder: where everything goes; should be empty.
    """

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.rules = folder / "rules_rlbox"
        self.output_user_root = folder / "output"
        self._started: set[tuple[pathlib.Path, pathlib.Path, tuple[str, ...]]] = set()
        for name in (".bazelrc", "BUILD.bazel", "LICENSE", "MODULE.bazel"):
            self.rules.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(runfiles_root() / name, self.rules / name)
        for name in ("examples", "rules", "runtime", "tools"):
            copy_tree(runfiles_root() / name, self.rules / name)

    def add(self, workspace: str) -> pathlib.Path:
        """Copies a workspace of tests/e2e into the copy of the rules; returns where it is."""
        target = self.rules / "tests" / "e2e" / workspace
        copy_tree(runfiles_root() / "tests" / "e2e" / workspace, target)
        return target

    def run(
        self,
        command: str,
        *arguments: str,
        cwd: pathlib.Path,
        startup: tuple[str, ...] = (),
        env: dict[str, str | None] | None = None,
        output_user_root: Optional[pathlib.Path] = None,
        timeout: float = _COMMAND_TIMEOUT,
    ) -> Result:
        """Runs a Bazel command.

        Args:
          command: `build`, `run`, `aquery`, ...
          *arguments: what follows it.
          cwd: the workspace.
          startup: further startup options.
          env: changes to the environment; None removes a variable.
          output_user_root: instead of the default one, e.g. for a build that shares nothing.
          timeout: how many seconds it may take.

        Returns:
          The result; a failure is not an exception.
        """
        environment = dict(os.environ)
        for name in list(environment):  # what the outer test runner sets is not the nested one's business
            if name.startswith(("TEST_", "RUNFILES_", "BUILD_", "JAVA_RUNFILES", "PYTHON_RUNFILES", "BAZEL_TEST")):
                del environment[name]
        for name, value in (env or {}).items():
            if value is None:
                environment.pop(name, None)
            else:
                environment[name] = value
        root = output_user_root or self.output_user_root
        self._started.add((cwd, root, startup))
        launcher = self.rules / "tools" / "bazel"
        launcher.chmod(0o755)
        done = subprocess.run(
            [
                str(launcher),
                f"--output_user_root={root}",
                *STARTUP,
                *startup,
                command,
                "--color=no",
                "--curses=no",
                "--noshow_progress",
                f"--disk_cache={disk_cache()}",
                f"--repository_cache={repository_cache()}",
                *shlex.split(environment.get("NESTED_BAZEL_FLAGS", "")),
                *arguments,
            ],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def shutdown(self) -> None:
        """Stops the servers that run() started and makes their folders removable."""
        launcher = self.rules / "tools" / "bazel"
        for cwd, root, startup in self._started:
            subprocess.run(
                [str(launcher), f"--output_user_root={root}", *STARTUP, *startup, "shutdown"],
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=60,
                check=False,
            )
        subprocess.run(["chmod", "-R", "u+w", str(self.folder)], capture_output=True, check=False)


def disk_cache() -> pathlib.Path:
    """The disk cache that .bazelrc names."""
    return pathlib.Path(os.path.expanduser("~/.cache/rules_rlbox/disk_cache"))


def repository_cache() -> pathlib.Path:
    """Where Bazel keeps downloads by default."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return pathlib.Path(base) / "bazel" / f"_bazel_{os.environ.get('USER', 'root')}" / "cache" / "repos" / "v1"
