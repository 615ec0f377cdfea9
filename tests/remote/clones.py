"""Clones of the repository, built as by people who have nothing in common but a cache."""

from __future__ import annotations

import os
import pathlib
from dataclasses import dataclass

import spawns
from nested_bazel import NestedBazel, Result, copy_tree, runfiles_root
from packages import store

# What is built: the second list is built and tested in fastbuild; the third, which has every kind of action once more, in opt.
EXAMPLES = ("//examples:all",)
WITH_TESTS = (*EXAMPLES, "//tests/examples:hostile_test")
IN_OPT = ("//examples:myapp",)

# Seconds for a build from nothing, also on a machine that does other things.
_TIMEOUT = 1500

_SINCE = 981173106
"""A time of last change that no file has by itself."""


def megabytes(count: int) -> str:
    """Returns a number of bytes for people."""
    return f"{count / 1_000_000:.1f} MB"


@dataclass(frozen=True)
class Builds:
    """What ran in two builds of one clone, and what was sent."""

    fastbuild: list[spawns.Spawn]
    opt: list[spawns.Spawn]
    wire: str

    @property
    def all(self) -> list[spawns.Spawn]:
        """Both."""
        return self.fastbuild + self.opt


class Clone:
    """A copy of the repository with a home, caches and a Bazel of its own.

    Args:
      folder: an empty folder.
      strange: whether its owner has another name, language, time zone, temporary folder and PATH, and files that were
        all changed at the same time long ago.
    """

    def __init__(self, folder: pathlib.Path, strange: bool) -> None:
        self._bazel = NestedBazel(folder)
        self._logs = 0
        self.root = self._bazel.rules
        for name in ("BUILD.bazel", "pytest.bzl", "pytest_main.py", "pytest_main_test.py", "requirements.txt"):
            (self.root / "tests").mkdir(exist_ok=True)
            (self.root / "tests" / name).write_bytes((runfiles_root() / "tests" / name).read_bytes())
        copy_tree(runfiles_root() / "tests" / "examples", self.root / "tests" / "examples")
        # The documented options, as a user would have them.
        self._recipe = self.root / ".bazelrc.user"
        self._recipe.write_bytes((runfiles_root() / "docs" / "ci" / "remote.bazelrc").read_bytes())
        home = folder / "home"
        home.mkdir()
        self._environment: dict[str, str | None] = {
            "BAZEL_BOOTSTRAP_DIR": str(store.base_folder()),
            "HOME": str(home),
            "XDG_CACHE_HOME": None,
            **_pip_configuration(),
        }
        if strange:
            temporary = folder / "a temporary folder"
            programs = folder / "programs"
            temporary.mkdir()
            programs.mkdir()
            self._environment.update(
                LANG="tr_TR.UTF-8",
                LC_ALL="POSIX",
                LOGNAME="stranger",
                PATH=os.pathsep.join([str(programs), os.environ["PATH"]]),
                TMPDIR=str(temporary),
                TZ="Asia/Kathmandu",
                USER="stranger",
            )
            for path in self.root.rglob("*"):
                os.utime(path, (_SINCE, _SINCE))

    def set_address(self, documented: str, here: str) -> None:
        """Puts an address into the documented options."""
        text = self._recipe.read_text()
        assert f"={documented}\n" in text, f"the documented options have no {documented}"
        self._recipe.write_text(text.replace(f"={documented}\n", f"={here}\n"))

    def bazel(self, command: str, *arguments: str) -> Result:
        """Runs a Bazel command, without a disk cache."""
        return self._bazel.run(command, *arguments, cwd=self.root, env=self._environment, timeout=_TIMEOUT)

    def build(self, command: str, *arguments: str) -> list[spawns.Spawn]:
        """Builds or tests, and returns what ran; the build must succeed."""
        self._logs += 1
        log = self._bazel.folder / f"execution-{self._logs}.json"
        options = ["--disk_cache=", f"--execution_log_json_file={log}", "--verbose_failures", "--keep_going"]
        result = self.bazel(command, *options, *arguments)
        assert result.returncode == 0, result.stderr[-8000:]
        return spawns.read(log)

    def clean(self) -> None:
        """Forgets everything that was built, in this clone."""
        result = self.bazel("clean")
        assert result.returncode == 0, result.stderr

    def stop(self) -> None:
        """Stops its Bazel."""
        self._bazel.shutdown()


def _pip_configuration() -> dict[str, str | None]:
    """Names the user's configuration of pip, which is looked for in the home folder otherwise."""
    if "PIP_CONFIG_FILE" not in os.environ:
        for place in ("~/.config/pip/pip.conf", "~/.pip/pip.conf"):
            if os.path.isfile(os.path.expanduser(place)):
                return {"PIP_CONFIG_FILE": os.path.expanduser(place)}
    return {}
