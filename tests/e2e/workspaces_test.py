"""Bazel is told of every workspace below tests/e2e: .bazelrc of its packages, .bazelignore of the links that a build in it makes.

A new workspace fails here, with the text to write.
"""

from __future__ import annotations

import re
from pathlib import Path

_E2E = Path("tests/e2e")
_LINKS = ("bin", "out", "testlogs")


def test_packages_of_other_workspaces_are_none_of_this_one() -> None:
    packages = sorted(str(build.parent) for build in _E2E.rglob("BUILD.bazel") if build.parent != _E2E)
    assert len(packages) > 3
    (listed,) = re.findall(r"^common --deleted_packages=(.*)$", Path(".bazelrc").read_text(), re.MULTILINE)
    assert listed == ",".join(packages)


def test_links_of_other_workspaces_are_ignored() -> None:
    workspaces = [module.parent for module in _E2E.rglob("MODULE.bazel")]
    links = sorted(f"{folder}/bazel-{link}" for folder in workspaces for link in (*_LINKS, folder.name))
    assert len(links) > 3
    lines = Path(".bazelignore").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == links
