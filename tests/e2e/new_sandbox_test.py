"""`bazel run @rules_rlbox//tools:new_sandbox` in a workspace that uses the rules: its draft compiles as written, and runs."""

from __future__ import annotations

import pathlib
import shutil
from collections.abc import Iterator

import pytest
from nested_bazel import STARTUP, NestedBazel, Result, disk_cache, repository_cache

BUILD = """\
load("@rules_cc//cc:cc_library.bzl", "cc_library")

cc_library(
    name = "measure",
    srcs = ["measure.c"],
    hdrs = ["measure.h"],
    visibility = ["//measure:__subpackages__"],
)

cc_library(
    name = "hidden",
    hdrs = ["measure.h"],
)
"""

HEADER = """\
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
typedef int (*measure_progress)(void *user, size_t done);
int measure_text(const char *text, size_t size, unsigned *words);
void measure_watch(measure_progress progress, void *user);
int measure_printf(const char *format, ...);
#ifdef __cplusplus
}
#endif
"""

SOURCE = """\
#include "measure.h"

static measure_progress watcher;

int measure_text(const char *text, size_t size, unsigned *words) {
  *words = size > 0;
  for (size_t i = 0; i < size; ++i) *words += text[i] == ' ';
  return (int)size;
}

void measure_watch(measure_progress progress, void *user) {
  watcher = progress;
  if (watcher) watcher(user, 0);
}

int measure_printf(const char *format, ...) { return format != NULL; }
"""


@pytest.fixture(scope="module")
def library(consumer: pathlib.Path) -> Iterator[pathlib.Path]:
    """A library in a package of its own, without a word about sandboxes."""
    folder = consumer / "measure"
    folder.mkdir()
    for name, text in {"BUILD.bazel": BUILD, "measure.h": HEADER, "measure.c": SOURCE}.items():
        (folder / name).write_text(text)
    yield folder
    shutil.rmtree(folder)


def new_sandbox(bazel: NestedBazel, consumer: pathlib.Path, *arguments: str) -> Result:
    """Runs the tool; the Bazel that it starts is the one that runs the tool."""
    startup = [f"--output_user_root={bazel.output_user_root}", *STARTUP]
    return bazel.run(
        "run",
        "@rules_rlbox//tools:new_sandbox",
        "--",
        *arguments,
        f"--bazel={bazel.rules / 'tools' / 'bazel'}",
        *[f"--startup={option}" for option in startup],
        f"--disk_cache={disk_cache()}",
        f"--repository_cache={repository_cache()}",
        cwd=consumer,
    )


def last_line(result: Result) -> str:
    assert result.returncode == 1, result.stdout
    return result.stderr.splitlines()[-1]


def test_the_draft_builds_and_runs(bazel: NestedBazel, consumer: pathlib.Path, library: pathlib.Path) -> None:
    result = new_sandbox(bazel, consumer, "//measure")
    assert result.returncode == 0, result.stderr
    assert "//measure:measure: 2 exported: measure_text, measure_watch\n1 left out:\n" in result.stdout
    folder = library / "measure_sandbox"
    assert sorted(path.name for path in folder.iterdir()) == ["BUILD.bazel", "callbacks.hpp", "main.cpp"]

    # Whether a stub can be registered is seen when it is.
    main = folder / "main.cpp"
    created = "  sandbox.create_sandbox(options);\n"
    text = main.read_text()
    assert created in text
    registered = "  auto progress = sandbox.register_callback(on_measure_progress);\n"
    main.write_text(text.replace(created, created + registered))
    strict = r"--per_file_copt=main\.cpp@-Wall,-Wextra,-Wconversion,-Wshadow,-Werror"
    for flags in ([], ["--@rules_rlbox//rules/settings:backend=noop"]):
        ran = bazel.run("run", strict, *flags, "//measure/measure_sandbox:measure_app", cwd=consumer)
        assert ran.returncode == 0, ran.stderr
        assert ran.stdout == "measure_text() = 14\nmeasure_text: words = 2\n"

    again = last_line(new_sandbox(bazel, consumer, "//measure"))
    assert again.startswith("measure/measure_sandbox/BUILD.bazel: exists, and nothing is overwritten. To fix: ")


def test_what_is_refused(bazel: NestedBazel, consumer: pathlib.Path, library: pathlib.Path) -> None:
    assert last_line(new_sandbox(bazel, consumer, "//:app", "--name=x")).startswith(
        "//:app: it is a cc_binary, and a sandbox is made of a cc_library. To fix: "
    )
    assert last_line(new_sandbox(bazel, consumer, "//measure:hidden")).startswith(
        "//measure:hidden: its visibility leaves out //measure/hidden_sandbox, where the draft is to be. To fix: "
    )
    assert last_line(new_sandbox(bazel, consumer, "//measure:nothing")).startswith(
        "query: Bazel failed with exit code 7 and says why above, so measure/nothing_sandbox is not written. To fix: name a target"
    )
    for name in ("hidden", "nothing"):
        assert not (library / f"{name}_sandbox").exists()
