"""Runs pytest the way Bazel's test runner expects; the main file of every `pytest_test`."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence

import pytest


class _Shard:
    """Keeps every n-th test: Bazel's test sharding."""

    def __init__(self, index: int, total: int) -> None:
        self._index = index
        self._total = total

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = items[self._index :: self._total]


def set_hypothesis_profiles() -> None:
    """The same examples on each run, none remembered from run to run, and no files in the checkout."""
    scratch = os.environ.get("TEST_TMPDIR") or os.path.join(tempfile.gettempdir(), f"hypothesis-{os.getuid()}")
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", scratch)
    try:
        from hypothesis import settings
    except ImportError:
        return
    settings.register_profile("fixed", derandomize=True, database=None, deadline=None)
    settings.register_profile("random", database=None, deadline=None, print_blob=True)
    settings.load_profile("fixed")


def main(arguments: Sequence[str]) -> int:
    """Runs pytest with `arguments` and what Bazel asks for in the environment; returns the exit code."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # none from the machine's own site-packages
    os.environ.pop("PYTEST_ADDOPTS", None)
    sys.dont_write_bytecode = True
    options = ["-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin", "-c", os.devnull, "--rootdir", os.getcwd()]
    options += ["--import-mode=importlib", "-rfExX", "--color=yes" if sys.stdout.isatty() else "--color=no"]
    plugins: list[object] = []
    env = os.environ
    if "XML_OUTPUT_FILE" in env:
        options += ["--junit-xml", env["XML_OUTPUT_FILE"], "-o", "junit_family=xunit1"]
    if "TEST_TMPDIR" in env:
        options += ["--basetemp", os.path.join(env["TEST_TMPDIR"], "pytest")]
    if env.get("TESTBRIDGE_TEST_ONLY"):
        options += ["-k", env["TESTBRIDGE_TEST_ONLY"]]
    if env.get("TESTBRIDGE_TEST_RUNNER_FAIL_FAST") == "1":
        options += ["--exitfirst"]
    total = int(env.get("TEST_TOTAL_SHARDS", "1"))
    if total > 1:
        if "TEST_SHARD_STATUS_FILE" in env:
            with open(env["TEST_SHARD_STATUS_FILE"], "wb"):
                pass
        plugins.append(_Shard(int(env["TEST_SHARD_INDEX"]), total))
    set_hypothesis_profiles()
    code = int(pytest.main([*options, *arguments], plugins=plugins))
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        if total > 1:
            return 0  # a shard without a test of its own; the others have them
        print("pytest_main: no test was collected, which counts as a failure", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
