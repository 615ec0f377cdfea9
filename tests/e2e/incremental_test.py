"""A change costs what it must and no more: which actions run after an edit, counted in Bazel's execution log."""

from __future__ import annotations

import collections
import hashlib
import json
import pathlib
from typing import Any

import pytest
from nested_bazel import NestedBazel

_FILES = 30
_OUTPUTS = 6

_BUILD = f"""\
load("@rules_cc//cc:cc_library.bzl", "cc_library")
load("@rules_rlbox//rules:defs.bzl", "rlbox_cc_binary", "wasm2c_library", "wasm_library")

cc_library(
    name = "parts",
    srcs = glob(["part_*.c"]),
    hdrs = ["parts.h"],
)

wasm_library(
    name = "parts_wasm",
    exports = ["part_%d" % i for i in range({_FILES})],
    deps = [":parts"],
)

wasm2c_library(
    name = "parts_sandbox",
    module_name = "parts",
    num_outputs = {_OUTPUTS},
    wasm = ":parts_wasm",
)

rlbox_cc_binary(
    name = "app",
    srcs = ["app.cc"],
    sandboxes = [":parts_sandbox"],
)
"""

_PART = """\
#include "big/parts.h"

int part_{number}(int x) {{
  int sum = {start};
  for (int i = 0; i < x; ++i) {{
    sum = sum * {number} + (i ^ x);
  }}
  return sum;
}}
"""

_APP = """\
#include "parts.rlbox.h"

#include <cstdio>

int main() {
  rlbox_sandbox_parts sandbox;
  sandbox.create_sandbox();
  std::printf("GREETING %d\\n", sandbox.invoke_sandbox_function(part_7, 5).UNSAFE_unverified());
  sandbox.destroy_sandbox();
  return 0;
}
"""


class Build:
    """The package with the library of 30 files, and what the last build of its program did."""

    def __init__(self, bazel: NestedBazel, workspace: pathlib.Path) -> None:
        self._bazel = bazel
        self._workspace = workspace
        self.folder = workspace / "big"
        self.folder.mkdir()
        (self.folder / "BUILD.bazel").write_text(_BUILD)
        for number in range(_FILES):
            self.write_part(number)
        declarations = "".join(f"int part_{number}(int x);\n" for number in range(_FILES))
        (self.folder / "parts.h").write_text(
            f'#ifdef __cplusplus\nextern "C" {{\n#endif\n{declarations}#ifdef __cplusplus\n}}\n#endif\n'
        )
        (self.folder / "app.cc").write_text(_APP)

    def write_part(self, number: int, start: int = 1) -> None:
        """Writes a file of the library; `start` is a number in its code."""
        (self.folder / f"part_{number:02}.c").write_text(_PART.format(number=number, start=start))

    def run(self) -> list[dict[str, Any]]:
        """Builds the program; returns the actions that were run (or taken from the disk cache)."""
        log = self._workspace / "execution.json"
        result = self._bazel.run(
            "build",
            "//big:app",
            f"--execution_log_json_file={log}",
            # --remote_download_outputs=all would run compile actions again, whose .d files are nowhere.
            "--remote_download_regex=.*/_rlbox/.*",
            cwd=self._workspace,
        )
        assert result.returncode == 0, result.stderr
        text, place, decoder = log.read_text(), 0, json.JSONDecoder()
        spawns = []
        while place < len(text):
            spawn, place = decoder.raw_decode(text, place)
            spawns.append(spawn)
            while place < len(text) and text[place].isspace():
                place += 1
        return spawns

    def generated(self) -> dict[str, str]:
        """The generated C files, each with a hash of its content."""
        found = (self._workspace / "bazel-bin" / "big" / "_rlbox" / "parts_sandbox").glob("*.c")
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in found}

    def output(self) -> str:
        """What the program prints."""
        return self._bazel.run("run", "//big:app", cwd=self._workspace).stdout


def kinds(spawns: list[dict[str, Any]]) -> dict[str, int]:
    """How many actions of each kind there are."""
    return dict(collections.Counter(spawn["mnemonic"] for spawn in spawns))


def compiled(spawns: list[dict[str, Any]]) -> list[str]:
    """The base names of the objects that were compiled, in order."""
    outputs = [spawn["listedOutputs"] for spawn in spawns if spawn["mnemonic"] == "CppCompile"]
    return sorted(
        pathlib.Path(path).name.split(".o")[0].split(".pic")[0] for o in outputs for path in o if path.endswith(".o")
    )


@pytest.fixture(scope="module")
def build(bazel: NestedBazel, consumer: pathlib.Path) -> Build:
    """The program, built for the first time."""
    made = Build(bazel, consumer)
    first = made.run()
    names = compiled(first)
    assert {f"part_{number:02}" for number in range(_FILES)} <= set(names)
    assert len(made.generated()) == _OUTPUTS
    assert made.run() == []
    return made


def test_a_change_of_one_file_of_the_library(build: Build) -> None:
    before, before_text = build.generated(), build.output()
    build.write_part(7, start=1234)
    spawns = build.run()
    changed = sorted(name for name, digest in build.generated().items() if before[name] != digest)
    assert 1 <= len(changed) <= 2, "wasm2c spreads one function's change over its outputs"

    # The file, once; the C files that differ; nothing else, not even the application.
    assert compiled(spawns) == sorted(["part_07", *(name.removesuffix(".c") for name in changed)])
    found = kinds(spawns)
    del found["CppCompile"]
    for once in ("RlboxCheckModule", "Wasm2c", "RlboxModuleHeader"):
        assert found.pop(once) == 1, once
    assert found.pop("RlboxSelectExports", 1) == 1
    # One for the sandbox; the library's objects need none, but another toolchain may make one.
    assert found.pop("CppArchive") <= 2
    # The module and the program.
    assert found == {"CppLink": 2}
    assert build.output() != before_text


def test_a_change_of_the_application(build: Build) -> None:
    (build.folder / "app.cc").write_text(_APP.replace("GREETING", "hello"))
    spawns = build.run()
    assert kinds(spawns) == {"CppCompile": 1, "CppLink": 1}
    assert compiled(spawns) == ["app"]
    assert build.output().startswith("hello ")


def test_a_comment_in_the_library_stops_at_the_object(build: Build) -> None:
    with (build.folder / "part_03.c").open("a") as file:
        file.write("// Nothing that the compiler would look at.\n")
    spawns = build.run()
    assert compiled(spawns) == ["part_03"]
    assert kinds(spawns) == {"CppCompile": 1}
