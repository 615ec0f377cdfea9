"""Writes the attack-surface report as one HTML page, from the report's JSON, the module and the linker's map."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Optional

import tool_main
from tool_main import ToolError
from wasm.reader import WasmError

from report.facts import Facts
from report.page import page
from report.sandbox_report import FORMAT
from report.sizes import sizes


class Options(argparse.Namespace):
    """The command line's options."""

    report: str
    wasm: str
    map: Optional[str]
    output: str


def read_report(path: str) -> dict[str, Any]:
    """The report in the file `path`.

    Raises:
        ToolError: it is no report, or one of another format.
    """
    try:
        report = json.loads(tool_main.read_bytes(path))
        if report["format"] != FORMAT:
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise ToolError(f"{path}: it is no report of format {FORMAT}. To fix: build it again") from None
    assert isinstance(report, dict)
    return report


def main(arguments: Sequence[str]) -> None:
    """The command line; see --help."""
    parser = tool_main.argument_parser("Writes the attack-surface report of a module as an HTML page.")
    parser.add_argument("--report", required=True, help="the report as JSON")
    parser.add_argument("--wasm", required=True, help="the module that it is about")
    parser.add_argument("--map", help="the linker's map of the module")
    parser.add_argument("--output", required=True, help="the page to write")
    options = parser.parse_args(arguments, namespace=Options())

    report = read_report(options.report)
    target = report["target"]
    module = tool_main.read_module(options.wasm, blame=target)
    if report["sha256"] != sha256(module.data).hexdigest():
        raise ToolError(
            f"{target}: {os.path.basename(options.report)} is about another module than"
            f" {os.path.basename(options.wasm)}. To fix: build both again"
        )
    text = tool_main.read_bytes(options.map).decode("utf-8", "replace") if options.map else ""
    try:
        facts = Facts(module, sizes(module, text), [item["for"] for item in report["exports"]])
    except WasmError as error:
        raise ToolError(
            f"{target}: the code of {os.path.basename(options.wasm)} cannot be read: {error}. To fix:"
            " build it without the feature that this instruction belongs to"
        ) from None
    tool_main.write_bytes(options.output, page(report, facts).encode("ascii"))


if __name__ == "__main__":
    tool_main.run(main)
