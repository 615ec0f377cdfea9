"""Tests of tools/compile_commands.py with a stand-in for Bazel; tests/e2e has one with Bazel itself."""

from __future__ import annotations

import json
import sys

import compile_commands
import pytest
import workspace_bazel
from tool_main import ToolError

GRAPH = {
    "configuration": [
        {"id": 1, "mnemonic": "k8-fastbuild"},
        {"id": 2, "mnemonic": "k8-opt-exec-ST-1", "isTool": True},
        {"id": 3, "mnemonic": "k8-opt-exec"},
        {"id": 4, "mnemonic": "k8-opt-ST-2"},
    ],
    "actions": [
        {
            "configurationId": 1,
            "arguments": ["gcc", "@bazel-out/a.params"],
            "paramFiles": [
                {
                    "execPath": "bazel-out/a.params",
                    "arguments": ["-c", "a/x.cc", "-o", "bazel-out/k8/bin/a/x.pic.o"],
                }
            ],
        },
        {"configurationId": 1, "arguments": ["gcc", "-c", "a/x.cc", "-o", "bazel-out/k8/bin/a/x.o"]},
        {
            "configurationId": 1,
            "arguments": [
                "gcc",
                "-fno-canonical-system-headers",
                "-iquote",
                "external/lib~",
                "-isystem",
                "bazel-out/k8/bin/a",
                "-Ibazel-out/k8/bin",
                "--sysroot=external/sdk/sysroot",
                "-DTEXT=external",
                "-c",
                "a/lib.c",
            ],
        },
        {"configurationId": 2, "arguments": ["gcc", "-c", "tool.cc"]},
        {"configurationId": 3, "arguments": ["gcc", "-c", "tool.cc"]},
        {"configurationId": 4, "arguments": ["external/sdk/bin/clang", "--target=wasm32-wasi", "-c", "a/lib.c"]},
        {"configurationId": 4, "arguments": ["generator", "--mode"]},
    ],
}

FAKE_BAZEL = """\
#!{python} -I
import json, os, sys
words = sys.argv[1:]
with open({log!r}, "a") as log:
    log.write(json.dumps([words, os.getcwd(), sorted(n for n in os.environ if n.startswith(("BUILD_", "RUNFILES")))]) + "\\n")
command = next(word for word in words if not word.startswith("-"))
if command == {fails!r}:
    sys.exit("ERROR: no such target")
if command == "aquery":
    print({graph!r})
if command == "info":
    print("output_base: /base\\noutput_path: /base/execroot/_main/bazel-out")
"""


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """A workspace with a stand-in for Bazel; returns the folder and a function that makes the stand-in."""
    monkeypatch.setenv("BUILD_WORKSPACE_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("RUNFILES_DIR", "/somewhere")

    def make(graph=GRAPH, fails=""):
        path = tmp_path / "tools" / "bazel"
        path.parent.mkdir(exist_ok=True)
        log = str(tmp_path / "log")
        path.write_text(FAKE_BAZEL.format(python=sys.executable, graph=json.dumps(graph), fails=fails, log=log))
        path.chmod(0o755)
        return path

    return tmp_path, make


def calls(folder):
    return [json.loads(line) for line in (folder / "log").read_text().splitlines()]


def test_the_commands(workspace, capsys):
    folder, make = workspace
    make()
    compile_commands.main([])
    assert json.loads((folder / "compile_commands.json").read_text()) == [
        {
            "arguments": [
                "gcc",
                "-iquote",
                "/base/external/lib~",
                "-isystem",
                "/base/execroot/_main/bazel-out/k8/bin/a",
                "-I/base/execroot/_main/bazel-out/k8/bin",
                "--sysroot=/base/external/sdk/sysroot",
                "-DTEXT=external",
                "-c",
                "a/lib.c",
            ],
            "directory": str(folder),
            "file": "a/lib.c",
        },
        {
            "arguments": ["/base/external/sdk/bin/clang", "--target=wasm32-wasi", "-c", "a/lib.c"],
            "directory": str(folder),
            "file": "a/lib.c",
        },
        {
            "arguments": ["gcc", "-c", "a/x.cc", "-o", "/base/execroot/_main/bazel-out/k8/bin/a/x.pic.o"],
            "directory": str(folder),
            "file": "a/x.cc",
            "output": "/base/execroot/_main/bazel-out/k8/bin/a/x.pic.o",
        },
    ]
    assert capsys.readouterr().out == "wrote compile_commands.json: 3 commands\n"
    ((words, directory, variables), _) = calls(folder)
    assert directory == str(folder)
    assert variables == []
    assert words[-1] == 'mnemonic("^(CppCompile|ObjcCompile)$", deps(set(//...)))'


def test_what_goes_to_bazel(workspace):
    folder, make = workspace
    make()
    compile_commands.main(["//a", "--config=x", "//b:all", "--build", "--startup=--output_base=/o", "--output=x.json"])
    assert [words[:3] for words, _, _ in calls(folder)] == [
        ["--output_base=/o", "build", compile_commands._FETCH_SOURCES],
        ["--output_base=/o", "aquery", "--output=jsonproto"],
        ["--output_base=/o", "info", "output_base"],
    ]
    words = calls(folder)[1][0]
    assert "--config=x" in words
    assert words[-1].endswith("deps(set(//a //b:all)))")
    assert calls(folder)[0][0][-4:] == ["--config=x", "--", "//a", "//b:all"]
    assert (folder / "x.json").exists()


def test_the_wasm_command_first(workspace):
    folder, make = workspace
    make()
    compile_commands.main(["--first=wasm"])
    found = json.loads((folder / "compile_commands.json").read_text())
    assert [command["arguments"][0] for command in found[:2]] == ["/base/external/sdk/bin/clang", "gcc"]


def test_bazel_on_path(workspace, monkeypatch):
    folder, make = workspace
    other = folder / "bin"
    other.mkdir()
    make().rename(other / "bazelisk")
    monkeypatch.setenv("PATH", str(other))
    assert workspace_bazel.find_bazel(str(folder), "/nowhere") == str(other / "bazelisk")


def test_the_launcher_of_the_rules(workspace, monkeypatch):
    """Started with rules_rlbox's launcher from a workspace without one, on a machine without Bazel."""
    folder, make = workspace
    rules = folder / "rules"
    rules.mkdir()
    make().rename(rules / "bazel")
    monkeypatch.setenv("PATH", "/nowhere")
    assert workspace_bazel.find_bazel(str(folder), str(rules)) == str(rules / "bazel")


# ---------------------------------------------------------------- bad input


def error(folder, *arguments):
    (folder / "compile_commands.json").write_text("old")
    with pytest.raises(ToolError) as caught:
        compile_commands.main(arguments)
    assert (folder / "compile_commands.json").read_text() == "old"
    return str(caught.value)


def test_not_started_by_bazel(workspace, monkeypatch):
    monkeypatch.delenv("BUILD_WORKSPACE_DIRECTORY")
    assert error(workspace[0]) == (
        "compile_commands: not started by Bazel. To fix: bazel run @rules_rlbox//tools:compile_commands"
    )


def test_no_bazel(workspace, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(workspace_bazel, "RULES", "/nowhere")
    assert error(workspace[0]) == "bazel: neither bazel nor bazelisk is on PATH. To fix: name Bazel with --bazel=PATH"


def test_a_bazel_that_is_not_there(workspace):
    assert error(workspace[0], "--bazel=/no/bazel") == (
        "/no/bazel: cannot be run: No such file or directory. To fix: name Bazel with --bazel=PATH"
    )


def test_bazel_fails(workspace):
    folder, make = workspace
    make(fails="aquery")
    assert error(folder) == (
        "aquery: Bazel failed with exit code 1 and says why above, so compile_commands.json stays as it was. To fix: mend the build"
    )


def test_nothing_is_compiled(workspace):
    folder, make = workspace
    make(graph={"actions": GRAPH["actions"][3:5], "configuration": GRAPH["configuration"]})
    assert (
        error(folder, "//a", "//b") == "//a //b: nothing in there is compiled from C or C++. To fix: name other targets"
    )


@pytest.mark.parametrize("target", ["//a b", "deps(//a)", '"//a"', ""])
def test_no_target_pattern(workspace, target):
    message = error(workspace[0], target)
    assert message == f"{target!r}: is no target pattern. To fix: name one like //my/package:target or //..."
