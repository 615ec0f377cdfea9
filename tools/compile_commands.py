"""Writes compile_commands.json for editors and clang tools, from Bazel's own action graph.

    bazel run @rules_rlbox//tools:compile_commands -- [TARGET]... [--FLAG_OF_BAZEL]...

A library that is also sandboxed is compiled twice, for the host and for WebAssembly; both commands are written.
"""

from __future__ import annotations

import argparse
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Optional

import tool_main
from tool_main import ToolError
from workspace_bazel import Bazel, add_options, find_workspace

_MNEMONICS = "CppCompile|ObjcCompile"

# gcc's alone; clang tools complain.
_UNKNOWN_TO_CLANG = frozenset(("-fno-canonical-system-headers",))

# With a cache, Bazel leaves outputs there that nothing asks for; editors want what is generated.
_FETCH_SOURCES = r"--remote_download_regex=.*\.(c|cc|cpp|cxx|h|hh|hpp|hxx|inc|inl|ipp)$"

# A path in Bazel's output base, at the start of an argument or after an option.
_IN_OUTPUT_BASE = re.compile(r"(^|=|^-I|^-L|^-B|^-F|^-isystem|^-iquote|^-idirafter|^@)(bazel-out|external)/")


class Folders(NamedTuple):
    """Where things are, as absolute paths."""

    workspace: str
    """The sources; commands are relative to it."""

    bazel_out: str
    """What `bazel-out` stands for."""

    external: str
    """What `external` stands for."""


def absolute(argument: str, folders: Folders) -> str:
    """`argument` with a path into Bazel's output base made absolute."""
    return _IN_OUTPUT_BASE.sub(
        lambda match: f"{match[1]}{folders.bazel_out if match[2] == 'bazel-out' else folders.external}/", argument
    )


def _after(arguments: Sequence[str], option: str) -> Optional[str]:
    """What follows an option; None if it is not there."""
    try:
        return arguments[arguments.index(option) + 1]
    except (ValueError, IndexError):
        return None


def _without_files(action: Mapping[str, Any]) -> list[str]:
    """The arguments of an action, with those in files in the places of the files' names."""
    files = {f"@{file['execPath']}": file.get("arguments", []) for file in action.get("paramFiles", [])}
    return [inner for word in action.get("arguments", []) for inner in files.get(word, [word])]


class Entry(NamedTuple):
    """A compile command."""

    wasm: bool
    file: str
    configuration: int
    json: dict[str, object]


def entries(graph: Mapping[str, Any], folders: Folders) -> Iterator[Entry]:
    """The compile commands of an action graph (`aquery --output=jsonproto`), but for those of tools."""
    configurations = {item["id"]: item for item in graph.get("configuration", [])}
    for action in graph.get("actions", []):
        configuration = configurations.get(action.get("configurationId"), {})
        if configuration.get("isTool") or "-exec" in configuration.get("mnemonic", ""):
            continue
        arguments = _without_files(action)
        source, output = _after(arguments, "-c"), _after(arguments, "-o")
        if source is None:
            continue
        words = [absolute(word, folders) for word in arguments if word not in _UNKNOWN_TO_CLANG]
        content: dict[str, object] = {
            "arguments": words,
            "directory": folders.workspace,
            "file": absolute(source, folders),
        }
        if output is not None:
            content["output"] = absolute(output, folders)
        is_wasm = any(word.startswith("--target=wasm32") for word in arguments)
        yield Entry(is_wasm, source, action.get("configurationId", 0), content)


def database(found: Sequence[Entry], first: str) -> list[dict[str, object]]:
    """The commands in the order of their files, each file once for each configuration (not also position-independent).

    Args:
        found: the commands.
        first: `host` or `wasm`: which command of a file comes first, because most tools look at the first only.
    """
    unique: dict[tuple[str, int], Entry] = {}
    for entry in found:
        unique.setdefault((entry.file, entry.configuration), entry)
    order = sorted(
        unique.values(), key=lambda entry: (entry.file, entry.wasm == (first == "host"), entry.configuration)
    )
    return [entry.json for entry in order]


def query(targets: Sequence[str]) -> str:
    """The query for the compile actions of targets and of what they depend on."""
    for target in targets:
        if not re.fullmatch(r"[^\s\"'()]+", target):
            raise ToolError(f"{target!r}: is no target pattern. To fix: name one like //my/package:target or //...")
    return f'mnemonic("^({_MNEMONICS})$", deps(set({" ".join(targets)})))'


def main(arguments: Sequence[str]) -> None:
    """The command line; see --help."""
    parser = argparse.ArgumentParser(
        usage="%(prog)s [OPTION]... [TARGET]...",
        description="Writes compile_commands.json with the commands of the targets (default: //...) and of what they"
        " depend on. Options that are not known here go to Bazel.",
        allow_abbrev=False,
    )
    add_options(parser)
    parser.add_argument("--first", choices=("host", "wasm"), default="host", help="which command of a file comes first")
    parser.add_argument("--build", action="store_true", help="build the targets first, so that generated headers exist")
    parser.add_argument("--output", default="compile_commands.json", help="the file, relative to the workspace")
    options, rest = parser.parse_known_args(arguments)
    flags = [word for word in rest if word.startswith("-")]

    workspace = find_workspace("compile_commands")
    targets = [word for word in rest if not word.startswith("-")] or ["//..."]
    expression = query(targets)
    bazel = Bazel(options, workspace, "compile_commands.json stays as it was. To fix: mend the build")
    if options.build:
        bazel.run("build", _FETCH_SOURCES, *flags, "--", *targets)
    text = bazel.run(
        "aquery",
        "--output=jsonproto",
        "--include_artifacts=false",
        "--include_param_files",
        *flags,
        "--",
        expression,
    )
    places = dict(line.split(": ", 1) for line in bazel.run("info", "output_base", "output_path").splitlines())
    folders = Folders(workspace, places["output_path"], os.path.join(places["output_base"], "external"))
    commands = database(list(entries(json.loads(text), folders)), options.first)
    if not commands:
        raise ToolError(f"{' '.join(targets)}: nothing in there is compiled from C or C++. To fix: name other targets")
    content = json.dumps(commands, indent=1, sort_keys=True) + "\n"
    tool_main.write_bytes(str(Path(workspace, options.output)), content.encode("utf-8"))
    print(f"wrote {options.output}: {len(commands)} commands")


if __name__ == "__main__":
    tool_main.run(main)
