"""Writes docs/size.md: how large sandboxes are, from their reports and their generated C."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_HEADING = """\
# Sizes

`bazel run //docs:size_test.update` generates this page. The numbers come from the attack-surface reports and the generated C of the sandboxes.

By default a module exports the functions that the library's public headers declare. RLBox's own recipe exports every function (`export_all` in the table).
Every exported function, and every part of libc that it reaches, stays in the module, in the generated C, in the program and in the attack surface.

"""

_COLUMNS = (
    ("exports", "exports"),
    ("wasi_imports", "WASI imports"),
    ("functions", "functions"),
    ("wasm_bytes", "module, bytes"),
    ("c_bytes", "generated C, bytes"),
)


def row(name: str, title: str, report: Mapping[str, Any], c_bytes: int) -> dict[str, int | str]:
    """The numbers about a sandbox."""
    return {
        "name": name,
        "title": title,
        "exports": sum(item["kind"] == "function" for item in report["exports"]),
        "wasi_imports": sum(item["module"] == "wasi_snapshot_preview1" for item in report["imports"]),
        "functions": report["sizes"]["functions"],
        "wasm_bytes": report["sizes"]["module_bytes"],
        "c_bytes": c_bytes,
    }


def page(rows: Sequence[Mapping[str, int | str]]) -> str:
    """The page with the table."""
    lines = [
        "| sandbox | " + " | ".join(title for _, title in _COLUMNS) + " |",
        "|---|" + "---:|" * len(_COLUMNS),
    ]
    for entry in rows:
        lines.append(f"| {entry['title']} | " + " | ".join(f"{entry[key]:,}" for key, _ in _COLUMNS) + " |")
    return _HEADING + "\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> int:
    """The command line; see --help."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sandbox",
        action="append",
        nargs="+",
        required=True,
        metavar="WORD",
        help="a sandbox: its name, its title, its report (JSON) and its C files",
    )
    parser.add_argument("--markdown", required=True, help="the page to write")
    parser.add_argument("--json", required=True, help="where to write the numbers")
    options = parser.parse_args(arguments)
    rows = []
    for words in options.sandbox:
        if len(words) < 4:
            parser.error(f"--sandbox {' '.join(words)}: a name, a title, a report and C files are needed")
        name, title, report, *sources = words
        c_bytes = sum(Path(source).stat().st_size for source in sources)
        rows.append(row(name, title, json.loads(Path(report).read_text(encoding="ascii")), c_bytes))
    Path(options.markdown).write_text(page(rows), encoding="utf-8")
    Path(options.json).write_text(json.dumps(rows, indent=1) + "\n", encoding="ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
