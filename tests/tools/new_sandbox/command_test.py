"""Tests of command.py with a stand-in for Bazel; tests/e2e has one with Bazel itself."""

import json
import os
import sys

import pytest
from headers import description
from headers.description import HeaderDescription, Struct
from link import exports
from link.exports import Export, LeftOut
from made_calls import ANYTHING, BYTES, INT, SIZE, VOID, callback, function, struct
from new_sandbox import calls, command
from tool_main import ToolError

CALLS = [
    function("codec_parse", INT, data=BYTES, size=SIZE),
    function("codec_listen", VOID, callback(ANYTHING, alias="listener")),
    function("codec_open", INT, BYTES, SIZE),
]

# What it prints for each command is in files beside its log.
FAKE_BAZEL = """\
#!{python} -I
import json, os, sys
words = [word for word in sys.argv[1:] if not word.startswith("--output_base")]
with open({folder!r} + "/log", "a") as log:
    log.write(json.dumps(words) + "\\n")
target = words[-1].replace("/", "_")
fails = os.path.join({folder!r}, "answers", "fails")
if os.path.exists(fails) and open(fails).read() == words[0] + target:
    sys.exit(1)
for name in (words[0] + target, words[0]):
    path = os.path.join({folder!r}, "answers", name)
    if os.path.exists(path):
        print(open(path).read())
        sys.exit(0)
sys.exit(0 if words[0] == "build" else "ERROR: no such target")
"""


def rule(kind="cc_library", *, visibility=("//visibility:public",), actual=""):
    attributes = [{"name": "visibility", "stringListValue": list(visibility)}]
    if actual:
        attributes.append({"name": "actual", "stringValue": actual})
    return json.dumps({"type": "RULE", "rule": {"ruleClass": kind, "attribute": attributes}})


class Workspace:
    def __init__(self, folder):
        self.folder = folder
        self.answers = folder / "answers"
        self.answers.mkdir()
        bazel = folder / "tools" / "bazel"
        bazel.parent.mkdir()
        bazel.write_text(FAKE_BAZEL.format(python=sys.executable, folder=str(folder)))
        bazel.chmod(0o755)
        self.answer("query", rule())
        self.built(CALLS)

    def answer(self, name, text):
        (self.answers / name).write_text(text)

    def built(self, declared, left_out=()):
        output = self.folder / "out"
        output.mkdir(exist_ok=True)
        self.answer("info", str(output))
        calls.write(str(output / "calls.headers.json"), declared)
        names = {item.name for item in left_out}
        exported = [Export(call.name, call.name) for call in declared if call.name not in names]
        exports.write(str(output / "draft.exports.json"), "//x", exported, left_out)
        described = HeaderDescription(
            structs={"s": Struct("s", "::s", "struct", "x.h", 1, system=False, complete=True)}
        )
        description.write(str(output / "draft.headers.json"), described)
        for name in ("draft", "draft_with_files"):
            for ending in ("exports.json", "headers.json"):
                if name != "draft":
                    (output / f"{name}.{ending}").write_bytes((output / f"draft.{ending}").read_bytes())
            self.answer(
                f"cquery@r___tools_new_sandbox:{name}",
                f"bazel-out/{name}.exports.json\nbazel-out/{name}.headers.json\nbazel-out/{name}.wasm\n",
            )
        self.answer("cquery@r___tools_new_sandbox:calls", "bazel-out/calls.headers.json\n")

    def run(self, *arguments):
        command.main(["--rules=@r_", *arguments])

    def log(self):
        return [json.loads(line) for line in (self.folder / "log").read_text().splitlines()]

    def error(self, *arguments):
        before = sorted(path for path in self.folder.rglob("*") if path.name != "log")
        with pytest.raises(ToolError) as caught:
            self.run(*arguments)
        assert sorted(path for path in self.folder.rglob("*") if path.name != "log") == before
        assert "\n" not in str(caught.value)
        return str(caught.value)


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("BUILD_WORKSPACE_DIRECTORY", str(tmp_path))
    return Workspace(tmp_path)


def test_the_draft(workspace, capsys):
    refused = LeftOut("codec_open", "c.h", "refused_import", "...", ["path_open"])
    workspace.built(CALLS, [refused])
    workspace.run("//lib:codec")
    folder = workspace.folder / "lib" / "codec_sandbox"
    assert sorted(path.name for path in folder.iterdir()) == ["BUILD.bazel", "callbacks.hpp", "main.cpp"]
    assert os.listdir(workspace.folder / "lib") == ["codec_sandbox"]
    assert 'deps = ["//lib:codec"]' in (folder / "BUILD.bazel").read_text()
    assert "codec_parse" in (folder / "main.cpp").read_text()
    assert "on_listener" in (folder / "callbacks.hpp").read_text()
    said = capsys.readouterr().out
    assert said.startswith("//lib:codec: 2 exported: codec_listen, codec_parse\n1 left out:\n")
    assert "bazel run //lib/codec_sandbox:codec_app" in said
    assert "With files = True on the rlbox_sandbox (or --files here) 1 more can be exported" in said


def test_what_goes_to_bazel(workspace):
    workspace.run("@codec", "--config=x", "--files", "--name=other", "--directory=a/b")
    log = workspace.log()
    assert [words[0] for words in log] == ["query", "build", "cquery", "info", "build", "cquery", "info"]
    assert log[0][-1] == "@codec//:codec"
    assert "--config=x" in log[1]
    assert "--@r_//tools/new_sandbox:library=@codec//:codec" in log[1]
    assert log[4][-1] == "@r_//tools/new_sandbox:draft_with_files"
    text = (workspace.folder / "a" / "b" / "BUILD.bazel").read_text()
    assert "    files = True,\n" in text
    assert 'name = "other_sandbox"' in text


def test_an_alias(workspace):
    workspace.answer("query__a:b", rule("alias", actual="//c:d"))
    workspace.answer("query__c:d", rule())
    workspace.run("//a:b")
    workspace.answer("query__c:d", rule("cc_binary"))
    assert workspace.error("//a:b", "--name=x").startswith("//a:b: it is a cc_binary, ")


# ---------------------------------------------------------------- bad input


def test_no_library_or_two(workspace):
    for arguments in ([], ["//a:b", "//c:d"]):
        assert workspace.error(*arguments) == (
            "new_sandbox: it takes the label of one library. To fix: bazel run @rules_rlbox//tools:new_sandbox -- //path:library"
        )


def test_not_started_by_bazel(workspace, monkeypatch):
    monkeypatch.delenv("BUILD_WORKSPACE_DIRECTORY")
    assert workspace.error("//a:b") == (
        "new_sandbox: not started by Bazel. To fix: bazel run @rules_rlbox//tools:new_sandbox"
    )


def test_a_target_that_is_not_there(workspace):
    os.remove(workspace.answers / "query")
    assert workspace.error("//a:b") == (
        "query: Bazel failed with exit code 1 and says why above, so a/b_sandbox is not written. To fix: name a target that there is"
    )


def test_a_library_that_does_not_build(workspace):
    (workspace.answers / "fails").write_text("build@r___tools_new_sandbox:draft")
    assert workspace.error("//a:b") == (
        "build: Bazel failed with exit code 1 and says why above, so a/b_sandbox is not written (@r_//tools/new_sandbox:draft stands"
        " for //a:b in a sandbox). To fix: mend the library, add --files if it works with files, or write the rlbox_sandbox by hand"
        " with what it needs"
    )


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (rule("cc_binary"), "a cc_binary"),
        (rule("apple_framework"), "an apple_framework"),
        ('{"type": "SOURCE_FILE"}', "a file"),
    ],
)
def test_no_cc_library(workspace, answer, what):
    workspace.answer("query", answer)
    assert workspace.error("//a:b") == (
        f"//a:b: it is {what}, and a sandbox is made of a cc_library. To fix: name the cc_library that has the library's code"
    )


def test_a_library_that_the_draft_may_not_use(workspace):
    workspace.answer("query", rule(visibility=["//visibility:private"]))
    assert workspace.error("//a:b") == (
        '//a:b: its visibility leaves out //a/b_sandbox, where the draft is to be. To fix: add "//a/b_sandbox:__pkg__" to its'
        " visibility, or choose another folder with --directory=FOLDER"
    )


def test_a_library_without_a_c_interface(workspace):
    workspace.built([])
    assert workspace.error("//a:b") == (
        "//a:b: its public headers declare no function with C linkage that a program could call. To fix: write a C interface"
        ' (extern "C") in a cc_library of your own with this one in deps, and name that one'
    )


def test_nothing_that_can_be_made_up(workspace):
    workspace.built([function("f", struct("s"))])
    assert workspace.error("//a:b").startswith(
        "//a:b: each of its exported functions takes or gives what a draft cannot make up"
    )


@pytest.mark.parametrize("name", ["BUILD.bazel", "BUILD", "main.cpp", "something"])
def test_a_folder_that_is_there(workspace, name):
    path = workspace.folder / "a" / "b_sandbox" / name
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    shown = "" if name == "something" else f"/{name}"
    assert workspace.error("//a:b") == (
        f"a/b_sandbox{shown}: exists, and nothing is overwritten. To fix: choose another folder with --directory=FOLDER,"
        " or remove a/b_sandbox"
    )
    assert path.read_text() == "mine"
    assert not (workspace.folder / "log").exists()


def test_a_folder_that_comes_meanwhile(workspace, monkeypatch):
    original = command.make_draft

    def slow(*arguments, **named):
        (workspace.folder / "a" / "b_sandbox").mkdir(parents=True)
        return original(*arguments, **named)

    monkeypatch.setattr(command, "make_draft", slow)
    with pytest.raises(ToolError, match="exists, and nothing is overwritten"):
        workspace.run("//a:b")
    assert os.listdir(workspace.folder / "a") == ["b_sandbox"]
    assert os.listdir(workspace.folder / "a" / "b_sandbox") == []


def test_a_file_in_the_way(workspace):
    (workspace.folder / "a").write_text("mine")
    assert workspace.error("//a:b") == (
        "a/b_sandbox: cannot be written: File exists. To fix: choose another folder with --directory=FOLDER"
    )
