"""Writes the attack-surface report of a module: JSON for machines, text for people, and the part for a golden file."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from hashlib import sha256
from typing import Optional

import tool_main
from headers import description
from headers.description import HeaderDescription
from link import exports
from link.prototypes import stubs
from tool_main import ToolError
from wasm.reader import WasmError

from report.surface import exports_of, module_report
from report.surface_text import full_text, surface_text

FORMAT = 1
"""The version of the JSON: it changes when a field changes its meaning or goes away."""


class Options(argparse.Namespace):
    """The command line's options."""

    wasm: str
    target: str
    headers: Optional[str]
    exports: Optional[str]
    module_name: Optional[str]
    dropped_flag: list[str]
    tool: list[list[str]]
    json: str
    text: str
    surface: str


def tools_report(tools: Sequence[Sequence[str]]) -> list[dict[str, object]]:
    """The tools, each given as name, version and files, with the SHA-256 of each file."""
    for tool in tools:
        if len(tool) < 2:
            raise ToolError(f"--tool {' '.join(tool)}: a name and a version are needed. To fix: add the version")
    return [
        {
            "files": sorted(
                (
                    {"name": os.path.basename(path), "sha256": sha256(tool_main.read_bytes(path)).hexdigest()}
                    for path in files
                ),
                key=lambda file: (file["name"], file["sha256"]),
            ),
            "name": name,
            "version": version,
        }
        for name, version, *files in sorted(map(tuple, tools))
    ]


def main(arguments: Sequence[str]) -> None:
    """The command line; see --help."""
    parser = tool_main.argument_parser("Writes the attack-surface report of a module.")
    parser.add_argument("--wasm", required=True, help="the module")
    parser.add_argument("--target", required=True, help="the label of the target that the report is about")
    parser.add_argument("--headers", help="the library's header description")
    parser.add_argument("--exports", help="the list of what the module exports and does not")
    parser.add_argument(
        "--dropped-flag",
        action="append",
        default=[],
        metavar="LABEL\tFLAG",
        help="the target of a library, a tab, and a flag in its BUILD file that the toolchain drops",
    )
    parser.add_argument("--module-name", help="the sandbox's name in C++")
    parser.add_argument(
        "--tool",
        action="append",
        nargs="+",
        default=[],
        metavar="WORD",
        help="a tool that took part: its name, its version and its programs, which are hashed",
    )
    parser.add_argument("--json", required=True, help="where to write all of it as JSON")
    parser.add_argument("--text", required=True, help="where to write all of it as text")
    parser.add_argument("--surface", required=True, help="where to write the part that a golden file holds")
    options = parser.parse_args(arguments, namespace=Options())

    module = tool_main.read_module(options.wasm, blame=options.target)
    try:
        content = module_report(module)
    except WasmError as error:
        raise ToolError(
            f"{options.target}: the code of {os.path.basename(options.wasm)} cannot be read: {error}. To fix:"
            " build it without the feature that this instruction belongs to"
        ) from None
    headers = description.read(options.headers) if options.headers else HeaderDescription()
    known = {function.symbol: function.signature for function in headers.functions}
    listed = exports.read(options.exports) if options.exports else exports.Exports([], [], [])
    answered = {item.symbol: item.answered for item in listed.exports if item.answered}
    for item in exports_of(content):
        if item["name"] in known:
            item["declaration"] = known[item["name"]]
        if item["name"] in answered:
            item["answered"] = answered[item["name"]]
    trapping = stubs(module)
    dropped = [item.partition("\t") for item in options.dropped_flag]
    report = {
        "dropped_flags": [{"flag": flag, "target": target} for target, _, flag in dropped],
        "format": FORMAT,
        "left_out": [{"detail": item.detail, "name": item.name, "reason": item.reason} for item in listed.left_out],
        "module_name": options.module_name,
        "prototypes": [
            {"name": item.name, "traps": item.name in trapping, "uses": [use._asdict() for use in item.uses]}
            for item in listed.prototypes
        ],
        "target": options.target,
        "tools": tools_report(options.tool),
        **content,
    }
    tool_main.write_bytes(options.json, (json.dumps(report, indent=2, sort_keys=True) + "\n").encode("ascii"))
    tool_main.write_bytes(options.text, full_text(report).encode("ascii"))
    tool_main.write_bytes(options.surface, surface_text(report).encode("ascii"))


if __name__ == "__main__":
    tool_main.run(main)
