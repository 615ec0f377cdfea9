"""Two git repositories that stand in for the RLBox project's framework and plugin, and a workspace that uses them."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess

from nested_bazel import NestedBazel, Result, copy_tree, module_text, runfiles_root

# What the noop backend needs of a header that only the bundled framework has.
_OPTIONS = """\
#pragma once
enum rlbox_wasm2c_trap_reason { RLBOX_WASM2C_TRAP_NONE };
namespace rlbox {
struct rlbox_wasm2c_options {};
}
"""

_REPOSITORIES = 'use_repo(rlbox, "rlbox_upstream_framework", "rlbox_upstream_plugin")\n'


def git(folder: pathlib.Path, *arguments: str) -> str:
    """Runs git as it is without this machine's settings."""
    env = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-c", "user.name=test", "-c", "user.email=test@example.com", *arguments]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=True).stdout.strip()


def commit(folder: pathlib.Path) -> str:
    """Makes a git repository of a folder, or a further commit; returns the commit's id."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=All of it")
    return git(folder, "rev-parse", "HEAD")


class Upstream:
    """The stand-ins of the two repositories, and a workspace that uses them.

    Attributes:
      bazel: the Bazel.
      folder: the workspace.
      framework: the framework's repository, with its commit in framework_commit.
      plugin: the plugin's, with plugin_commit.
    """

    def __init__(self, bazel: NestedBazel) -> None:
        self.bazel = bazel
        sources = runfiles_root() / "tests/e2e/upstream"
        self.folder = bazel.folder / "upstream"
        copy_tree(sources / "workspace", self.folder)
        shutil.copyfile(runfiles_root() / "tests/e2e/consumer/.bazelrc", self.folder / ".bazelrc")
        self.framework = bazel.folder / "git" / "rlbox"
        headers = self.framework / "code" / "include"
        copy_tree(bazel.rules / "runtime" / "include", headers)
        for header in [*headers.glob("*wasm2c*"), *headers.glob("rlbox_internal/wasm2c/*")]:
            header.unlink()
        (headers / "rlbox_wasm2c_options.hpp").write_text(_OPTIONS)
        self.version(self.framework, "a commit")
        # What a build must not see: another package, and another build system's files.
        (headers.parent / "BUILD.bazel").write_text("this is no BUILD file\n")
        (headers.parent / "CMakeLists.txt").touch()
        self.framework_commit = commit(self.framework)
        self.plugin = bazel.folder / "git" / "rlbox_wasm2c_sandbox"
        copy_tree(sources / "stand_in_plugin", self.plugin)
        self.plugin_commit = commit(self.plugin)

    @staticmethod
    def version(checkout: pathlib.Path, name: str) -> None:
        """Marks a checkout of the framework."""
        header = checkout / "code" / "include" / "rlbox.hpp"
        lines = header.read_text().splitlines(keepends=True)
        kept = [line for line in lines if "STAND_IN_VERSION" not in line]
        header.write_text("".join([*kept, f'#define STAND_IN_VERSION "{name}"\n']))

    def tags(self, *others: str, **said: object) -> None:
        """Writes MODULE.bazel with a tag that says where the two parts are, or what is given instead."""
        values = {
            "framework_commit": self.framework_commit,
            "framework_remote": self.framework.as_uri(),
            "plugin_commit": self.plugin_commit,
            "plugin_remote": self.plugin.as_uri(),
        }
        for name in said:
            if name.endswith("_path"):
                del values[name.replace("_path", "_commit")], values[name.replace("_path", "_remote")]
        values.update({name: str(value) for name, value in said.items()})
        tag = ", ".join(f'{name} = "{value}"' for name, value in values.items() if value)
        text = module_text("upstream") + _REPOSITORIES + f"rlbox.upstream({tag})\n" + "".join(others)
        (self.folder / "MODULE.bazel").write_text(text)

    def run(self, command: str, *arguments: str, env: dict[str, str | None] | None = None) -> Result:
        return self.bazel.run(command, *arguments, cwd=self.folder, env=env)

    def error(self, target: str, *arguments: str, env: dict[str, str | None] | None = None) -> str:
        """The error of the first fail() of a build, without Bazel's own words around it."""
        result = self.run("build", "--nobuild", target, *arguments, env=env)
        assert result.returncode == 1, result.stderr
        assert "Error in fail: " in result.stderr, result.stderr
        text = result.stderr.split("Error in fail: ", 1)[1].split("\nERROR", 1)[0].strip()
        return text.replace(str(self.bazel.folder), "FOLDER")

    def output(self, program: str, *arguments: str) -> tuple[str, str]:
        """What a program prints, and what it says on stderr."""
        result = self.run("build", f"//:{program}", *arguments)
        assert result.returncode == 0, result.stderr
        done = subprocess.run(
            [str(self.folder / "bazel-bin" / program)], capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done
        return done.stdout, done.stderr

    def external(self) -> dict[str, pathlib.Path]:
        """The repositories of upstream's that Bazel has fetched, by their own names."""
        result = self.run("info", "output_base")
        folders = (pathlib.Path(result.stdout.strip()) / "external").glob("*rlbox_upstream_*")
        return {path.name[path.name.index("rlbox_upstream_") :]: path for path in folders if path.is_dir()}
