"""A new workspace that has nothing but MODULE.bazel, BUILD.bazel and a source, built with the launcher."""

from __future__ import annotations

import pathlib

import pytest
from nested_bazel import NestedBazel

_BUILD = """\
load("@rules_rlbox//rules:defs.bzl", "rlbox_cc_binary", "rlbox_sandbox")

cc_library(name = "lib", srcs = ["lib.c"], hdrs = ["lib.h"], deps = ["@zlib//:mine"])
rlbox_sandbox(name = "lib_sandbox", module_name = "lib", deps = [":lib"])
rlbox_cc_binary(name = "app", srcs = ["main.cc"], copts = ["-std=c++17"], sandboxes = [":lib_sandbox"])
"""
_MODULE = """\
bazel_dep(name = "rules_rlbox")
local_path_override(module_name = "rules_rlbox", path = "../rules_rlbox")

bazel_dep(name = "zlib", version = "1.3.1")
local_path_override(module_name = "zlib", path = "third_party/zlib")
"""
_FILES = {
    "MODULE.bazel": _MODULE,
    "BUILD.bazel": _BUILD,
    "lib.h": "int twice(int n);\n",
    "lib.c": '#include "lib.h"\n#include "mine.h"\nint twice(int n) { return FACTOR * n; }\n',
    "main.cc": """\
#include <cstdio>
#include "lib.rlbox.h"
int main() {
  rlbox_sandbox_lib sandbox;
  sandbox.create_sandbox();
  std::printf("%d\\n", sandbox.invoke_sandbox_function(twice, 21).copy_and_verify([](int n) { return n; }));
  sandbox.destroy_sandbox();
}
""",
    # A module of the workspace's own, of a name that the launcher has a module for as well.
    "third_party/zlib/MODULE.bazel": 'module(name = "zlib", version = "9")\n',
    "third_party/zlib/BUILD.bazel": (
        'cc_library(name = "mine", hdrs = ["mine.h"], includes = ["."], visibility = ["//visibility:public"])\n'
    ),
    "third_party/zlib/mine.h": "#define FACTOR 2\n",
    "below/README": "A folder without a package.\n",
}


@pytest.fixture(scope="module")
def workspace(bazel: NestedBazel) -> pathlib.Path:
    folder = bazel.folder / "bare"
    for name, text in _FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_it_builds_and_takes_its_own_module(bazel: NestedBazel, workspace: pathlib.Path) -> None:
    """Without an rc file: Bazel must not ask the network for WORKSPACE's suffix, and the workspace's own zlib wins."""
    result = bazel.run("run", "//:app", cwd=workspace / "below")
    assert (result.returncode, result.stdout) == (0, "42\n"), result.stderr
