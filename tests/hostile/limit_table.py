"""Gives a module's table an upper limit: `limit_table IN OUT ENTRIES`, where ENTRIES come on top of the library's own."""

from __future__ import annotations

import pathlib
import sys

from link.start import with_max_table
from wasm.module import parse


def main() -> None:
    """The command line."""
    source, target, entries = sys.argv[1:]
    module = parse(pathlib.Path(source).read_bytes())
    limit = module.tables[0].limits.minimum + int(entries)
    pathlib.Path(target).write_bytes(with_max_table(module, limit))


if __name__ == "__main__":
    main()
