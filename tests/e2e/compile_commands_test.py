"""`bazel run @rules_rlbox//tools:compile_commands` in a workspace that uses the rules: every command works."""

from __future__ import annotations

import json
import pathlib
import subprocess
from typing import Any

from nested_bazel import STARTUP, NestedBazel, Result, disk_cache, repository_cache


def compile_commands(bazel: NestedBazel, consumer: pathlib.Path, *arguments: str) -> Result:
    """Runs the tool; the Bazel that it starts is the one that runs the tool."""
    startup = [f"--output_user_root={bazel.output_user_root}", *STARTUP]
    return bazel.run(
        "run",
        "@rules_rlbox//tools:compile_commands",
        "--",
        *[f"--startup={option}" for option in startup],
        f"--disk_cache={disk_cache()}",
        f"--repository_cache={repository_cache()}",
        *arguments,
        cwd=consumer,
    )


def write(bazel: NestedBazel, consumer: pathlib.Path, *arguments: str) -> list[dict[str, Any]]:
    result = compile_commands(bazel, consumer, *arguments)
    assert result.returncode == 0, result.stderr
    commands: list[dict[str, Any]] = json.loads((consumer / "compile_commands.json").read_text())
    return commands


def test_every_command_compiles_from_the_workspace(bazel: NestedBazel, consumer: pathlib.Path) -> None:
    commands = write(bazel, consumer, "--build", "//:app")
    by_file: dict[str, list[dict[str, Any]]] = {}
    for command in commands:
        by_file.setdefault(command["file"], []).append(command)
    assert {"app.cc", "reverse.c"} <= set(by_file)
    assert len(by_file["app.cc"]) == 1

    # The library is compiled for both, the host first.
    host, wasm = by_file["reverse.c"]
    assert "--target=wasm32-wasip1" in wasm["arguments"]
    assert "--target=wasm32-wasip1" not in host["arguments"]

    for command in (by_file["app.cc"][0], host, wasm):
        words = list(command["arguments"])
        for option in ("-o", "-MF"):
            place = words.index(option)
            del words[place : place + 2]
        done = subprocess.run(
            [*words, "-fsyntax-only"], cwd=command["directory"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_the_wasm_commands_first(bazel: NestedBazel, consumer: pathlib.Path) -> None:
    commands = [c for c in write(bazel, consumer, "--first=wasm", "//:reverse_wasm") if c["file"] == "reverse.c"]
    assert ["--target=wasm32-wasip1" in command["arguments"] for command in commands] == [True, False]


def test_an_unknown_target(bazel: NestedBazel, consumer: pathlib.Path) -> None:
    before = (consumer / "compile_commands.json").read_text()
    result = compile_commands(bazel, consumer, "//:nothing")
    assert result.returncode == 1
    assert "no such target '//:nothing'" in result.stderr
    assert result.stderr.splitlines()[-1] == (
        "aquery: Bazel failed with exit code 1 and says why above, so compile_commands.json stays as it was. To fix: mend the build"
    )
    assert (consumer / "compile_commands.json").read_text() == before
