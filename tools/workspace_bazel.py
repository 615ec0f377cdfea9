"""Asks the Bazel of the workspace in which people run a tool: bazel run @rules_rlbox//tools:NAME."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess

from tool_main import ToolError

# Where rules_rlbox's own launcher is.
RULES = os.path.dirname(os.path.realpath(__file__))

# What `bazel run` and Python's launcher add to the environment; not the business of the Bazel that this runs.
_OWN_VARIABLES = re.compile(r"BUILD_|RUNFILES_|JAVA_RUNFILES|PYTHON_RUNFILES|PYTHONPATH$|PYTHONSAFEPATH$")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options that say which Bazel is asked, for `Bazel`."""
    parser.add_argument(
        "--bazel",
        help="the Bazel to ask; default: the workspace's tools/bazel, or the one on PATH, or rules_rlbox's tools/bazel",
    )
    parser.add_argument("--startup", action="append", default=[], metavar="OPTION", help="a startup option for it")


def find_workspace(tool: str) -> str:
    """The folder of the workspace, as `bazel run` tells the tool.

    Raises:
        ToolError: the tool was started in another way.
    """
    workspace = os.environ.get("BUILD_WORKSPACE_DIRECTORY")
    if not workspace:
        raise ToolError(f"{tool}: not started by Bazel. To fix: bazel run @rules_rlbox//tools:{tool}")
    return workspace


def find_bazel(workspace: str, rules: str) -> str:
    """The launcher of the workspace, the Bazel on PATH, or the launcher in the folder `rules` of rules_rlbox."""
    launcher = os.path.join(workspace, "tools", "bazel")
    if os.access(launcher, os.X_OK):
        return launcher
    found = shutil.which("bazel") or shutil.which("bazelisk")
    if found:
        return found
    own = os.path.join(rules, "bazel")
    if os.access(own, os.X_OK):
        return own
    raise ToolError("bazel: neither bazel nor bazelisk is on PATH. To fix: name Bazel with --bazel=PATH")


class Bazel:
    """The Bazel of the workspace.

    Args:
        options: what the options of `add_options` say.
        workspace: the folder to run it in.
        consequence: how the line about a command that fails goes on: what that means, and how to fix it.
    """

    def __init__(self, options: argparse.Namespace, workspace: str, consequence: str) -> None:
        self._command = [options.bazel or find_bazel(workspace, RULES), *options.startup]
        self._workspace = workspace
        self._consequence = consequence

    def run(self, *arguments: str) -> str:
        """What a command prints; its progress and errors go to stderr.

        Raises:
            ToolError: Bazel cannot be run, or the command fails.
        """
        environment = {name: value for name, value in os.environ.items() if not _OWN_VARIABLES.match(name)}
        try:
            done = subprocess.run(
                [*self._command, *arguments],
                cwd=self._workspace,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                check=False,
            )
        except OSError as error:
            raise ToolError(
                f"{self._command[0]}: cannot be run: {error.strerror}. To fix: name Bazel with --bazel=PATH"
            ) from None
        if done.returncode:
            raise ToolError(
                f"{arguments[0]}: Bazel failed with exit code {done.returncode} and says why above, so {self._consequence}"
            )
        return done.stdout.decode("utf-8")
