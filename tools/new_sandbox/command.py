"""Writes a first draft of a program that uses a library in a sandbox.

    bazel run @rules_rlbox//tools:new_sandbox -- //path:library [--name=N] [--directory=D] [--files] [--FLAG_OF_BAZEL]...

The library is any cc_library that the workspace can name. It is built for a sandbox with the targets beside this file, so
nothing in the workspace is changed before the draft is there: BUILD.bazel, main.cpp, and stubs of callbacks if the library takes any.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import tool_main
from codegen.identifiers import is_c_identifier
from headers import description
from link import exports
from link.exports import Exports
from tool_main import ToolError
from wasm.wasi_functions import FILE_FUNCTIONS
from workspace_bazel import Bazel, add_options, find_workspace

from new_sandbox import calls
from new_sandbox.build_text import build_text
from new_sandbox.callback_text import callbacks_text, collect
from new_sandbox.calls import Call
from new_sandbox.choice import choose
from new_sandbox.main_text import main_text
from new_sandbox.request import Request, make_request, parse_label, sees
from new_sandbox.summary import summary

_GROUPS = "--output_groups=+rlbox_exports,+rlbox_headers"
_DOWNLOAD = "--remote_download_outputs=toplevel"
_MOST_ALIASES = 16


class Library(NamedTuple):
    """What is known about the library once it is built for a sandbox."""

    exports: Exports
    calls: Sequence[Call]  # the exported functions
    allocatable: frozenset[str]  # structs that the program can make in the sandbox


class Draft:
    """The targets that build the library, and the Bazel that does it.

    Args:
        bazel: the workspace's.
        rules: the repository of rules_rlbox, canonical.
        label: the library's.
        flags: further options for Bazel.
    """

    def __init__(self, bazel: Bazel, rules: str, label: str, flags: Sequence[str]) -> None:
        self._bazel = bazel
        self._package = f"{rules}//tools/new_sandbox"
        self._flags = [*flags, f"--{self._package}:library={label}", _GROUPS, _DOWNLOAD]

    def build(self, name: str) -> dict[str, str]:
        """Builds a target; returns its files by what their names end with."""
        target = f"{self._package}:{name}"
        self._bazel.run("build", *self._flags, "--", target)
        listed = self._bazel.run("cquery", "--output=files", *self._flags, "--", target).split("\n")
        output = self._bazel.run("info", "output_path").strip()
        paths = [output + path[len("bazel-out") :] for path in listed if path.startswith("bazel-out/")]
        return {os.path.basename(path)[len(name) :]: path for path in paths}


def check_library(bazel: Bazel, request: Request) -> None:
    """Checks that the label is a cc_library's, perhaps by an alias, and that the draft may use it.

    Raises:
        ToolError: it is not, or may not.
    """
    label = request.label.text
    rule = _rule(bazel, label)
    code = rule
    for _ in range(_MOST_ALIASES):
        actual = _attribute(code, "actual").get("stringValue", "")
        if code.get("ruleClass") != "alias" or not actual:
            break
        code = _rule(bazel, actual)
    if code.get("ruleClass") not in ("cc_library", "alias"):
        raise ToolError(
            f"{label}: it is {_article(code.get('ruleClass', 'file'))}, and a sandbox is made of a cc_library. To fix: name the cc_library"
            " that has the library's code"
        )
    visibility = _attribute(rule, "visibility").get("stringListValue", [])
    if not sees(request.directory, visibility):
        raise ToolError(
            f'{label}: its visibility leaves out //{request.directory}, where the draft is to be. To fix: add "//{request.directory}:__pkg__"'
            " to its visibility, or choose another folder with --directory=FOLDER"
        )


def _article(kind: str) -> str:
    return f"{'an' if kind[:1] in 'aeiou' else 'a'} {kind}"


def _rule(bazel: Bazel, label: str) -> Mapping[str, Any]:
    """What Bazel says about a rule; nothing for a file."""
    for line in bazel.run("query", "--output=streamed_jsonproto", "--", label).splitlines():
        rule: Mapping[str, Any] = json.loads(line).get("rule", {})
        return rule
    return {}


def _attribute(rule: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found: list[Mapping[str, Any]] = [item for item in rule.get("attribute", []) if item.get("name") == name]
    return found[0] if found else {}


def build_library(draft: Draft, label: str, *, files: bool) -> Library:
    """Builds the library for a sandbox.

    Raises:
        ToolError: that does not work, or nothing in it can be called.
    """
    # The headers first: that is quick, and enough for a library that has nothing to call.
    declared = [call for call in calls.read(draft.build("calls")[".headers.json"]) if is_c_identifier(call.name)]
    if not declared:
        raise ToolError(
            f"{label}: its public headers declare no function with C linkage that a program could call. To fix: write a C interface"
            ' (extern "C") in a cc_library of your own with this one in deps, and name that one'
        )
    name = "draft_with_files" if files else "draft"
    built = draft.build(name)
    listed = exports.read(built[".exports.json"])
    described = description.read(built[".headers.json"])
    names = {item.name for item in listed.exports}
    allocatable = {
        struct.cpp.rpartition("::")[2]
        for struct in described.structs.values()
        if struct.complete and struct.kind == "struct" and not struct.problem and not struct.system
    }
    return Library(listed, [call for call in declared if call.name in names], frozenset(allocatable))


def make_draft(request: Request, library: Library, rules: str, *, files: bool) -> tuple[dict[str, str], list[str]]:
    """The files of the draft by their names, and what to print.

    Raises:
        ToolError: there is no function to call.
    """
    label = request.label.text
    plan = choose(library.calls, library.allocatable)
    if plan is None:
        raise ToolError(
            f"{label}: each of its exported functions takes or gives what a draft cannot make up, such as a struct by value. To fix:"
            " write the program by hand; docs/guide.md of rules_rlbox says how"
        )
    callbacks = collect(library.calls)
    header = callbacks_text(request.name, label, request.guard, callbacks)
    program = f"//{request.directory}:{request.name}_app"
    written = {
        "BUILD.bazel": build_text(request, rules, files=files, has_callbacks=header is not None),
        "main.cpp": main_text(request.name, label, program, plan, has_callbacks=header is not None),
        **({"callbacks.hpp": header} if header is not None else {}),
    }
    needing_files = sum(1 for item in library.exports.left_out if item.needs and FILE_FUNCTIONS.issuperset(item.needs))
    lines = summary(request, library.exports, plan.call.name, list(written), len(callbacks), needing_files)
    return written, lines


def write_folder(workspace: str, directory: str, files: Mapping[str, str]) -> None:
    """Writes the files into a new folder: all of them, or nothing.

    Raises:
        ToolError: the folder is there, or cannot be written.
    """
    target = os.path.join(workspace, directory)
    parent = os.path.dirname(target)
    try:
        os.makedirs(parent, exist_ok=True)
        temporary = tempfile.mkdtemp(prefix=".new_sandbox.", dir=parent)
        try:
            for name, text in files.items():
                with open(os.path.join(temporary, name), "w", encoding="utf-8", newline="\n") as file:
                    file.write(text)
            os.chmod(temporary, 0o777 & ~_umask())
            check_new(workspace, directory)
            os.rename(temporary, target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise ToolError(
            f"{directory}: cannot be written: {error.strerror}. To fix: choose another folder with --directory=FOLDER"
        ) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def check_new(workspace: str, directory: str) -> None:
    """Checks that nothing is where the draft goes.

    Raises:
        ToolError: something is.
    """
    target = os.path.join(workspace, directory)
    if os.path.lexists(target):
        found = [name for name in ("BUILD.bazel", "BUILD", "main.cpp") if os.path.lexists(os.path.join(target, name))]
        raise ToolError(
            f"{'/'.join([directory, *found[:1]])}: exists, and nothing is overwritten. To fix: choose another folder with --directory=FOLDER,"
            f" or remove {directory}"
        )


def main(arguments: Sequence[str]) -> None:
    """The command line; see --help."""
    parser = argparse.ArgumentParser(
        prog="new_sandbox",
        usage="%(prog)s LABEL [OPTION]...",
        description="Writes a first draft of a program that uses the cc_library LABEL in a sandbox. Options that are not known"
        " here go to Bazel.",
        allow_abbrev=False,
    )
    parser.add_argument("--name", help="the sandbox's name in C++; default: the library's")
    parser.add_argument("--directory", help="the new folder; default: NAME_sandbox beside the library")
    parser.add_argument("--files", action="store_true", help="let the library work with files in memory")
    parser.add_argument("--rules", default="@rules_rlbox", help=argparse.SUPPRESS)
    add_options(parser)
    options, rest = parser.parse_known_args(arguments)
    labels = [word for word in rest if not word.startswith("-")]
    if len(labels) != 1:
        raise ToolError(
            "new_sandbox: it takes the label of one library. To fix: bazel run @rules_rlbox//tools:new_sandbox -- //path:library"
        )
    request = make_request(parse_label(labels[0]), options.name, options.directory)
    workspace = find_workspace("new_sandbox")
    check_new(workspace, request.directory)
    label = request.label.text
    nothing = f"{request.directory} is not written"
    check_library(Bazel(options, workspace, f"{nothing}. To fix: name a target that there is"), request)
    stands = f"{options.rules}//tools/new_sandbox:draft stands for {label} in a sandbox"
    way_out = (
        "mend the library, add --files if it works with files, or write the rlbox_sandbox by hand with what it needs"
    )
    bazel = Bazel(options, workspace, f"{nothing} ({stands}). To fix: {way_out}")
    draft = Draft(bazel, options.rules, label, [word for word in rest if word.startswith("-")])
    library = build_library(draft, label, files=options.files)
    written, lines = make_draft(request, library, "@rules_rlbox", files=options.files)
    write_folder(workspace, request.directory, written)
    print("\n".join(lines))


if __name__ == "__main__":
    tool_main.run(main)
