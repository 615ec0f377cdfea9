"""Compares a module's exports and imports with two lists; reads the JSON that sandbox_report writes.

The main file of wasm_exports_test, so it is on its own: it imports nothing of its neighbours.
"""

from __future__ import annotations

import argparse
import difflib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def _shown(item: Mapping[str, Any]) -> str:
    if item["kind"] != "function":
        return f" ({item['kind']})"
    return f"({', '.join(item['params'])}) -> {', '.join(item['results']) or 'nothing'}"


def exports_of(report: Mapping[str, Any]) -> dict[str, str]:
    """The exports that a list must name, each with its signature."""
    return {item["name"]: _shown(item) for item in report["exports"] if item["for"] == "application"}


def runtime_exports_of(report: Mapping[str, Any]) -> set[str]:
    """The exports that a list may name."""
    return {item["name"] for item in report["exports"] if item["for"] == "runtime"}


def imports_of(report: Mapping[str, Any]) -> dict[str, str]:
    """The imports that a list must name, each with its signature."""
    return {
        item["name"] if item["provided_by"] == "wasi" else f"{item['module']}.{item['name']}": _shown(item)
        for item in report["imports"]
        if item["provided_by"] != "runtime"
    }


def differences(what: str, found: Mapping[str, str], listed: Sequence[str], ignored: set[str]) -> Iterator[str]:
    """A line for each thing that is only found or only listed."""
    for name in sorted(set(found) - set(listed)):
        yield f"  additional {what}: {ascii(name)[1:-1]}{found[name]}"
    for name in sorted(set(listed) - set(found) - ignored):
        near = difflib.get_close_matches(name, sorted(set(found) - set(listed)), 1)
        yield f"  missing {what}: {name}" + (f" (did you mean {near[0]}?)" if near else "")


def main(arguments: Sequence[str]) -> int:
    """The command line; see --help."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--report", required=True, help="the JSON about the module")
    parser.add_argument("--test", required=True, help="the label of the test, for messages")
    parser.add_argument("--export", action="append", default=[], help="something that the module exports")
    parser.add_argument("--import", action="append", default=[], dest="imports", help="something that it imports")
    options = parser.parse_args(arguments)
    with open(options.report, encoding="ascii") as file:
        report = json.load(file)
    found = [
        *differences("export", exports_of(report), options.export, runtime_exports_of(report)),
        *differences("import", imports_of(report), options.imports, set()),
    ]
    if not found:
        return 0
    print(f"The module of {report['target']} does not export and import exactly what {options.test} lists:")
    print("\n".join(found))
    print(f"If that is meant to be so, change exports and imports of {options.test}.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
