"""The object files of the C runtime form the layers that runtime/src/wasm2c_rt_internal.h draws: none calls upwards."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

DRAWING = Path("runtime/src/wasm2c_rt_internal.h")
# archive:member:[address] kind symbol
_SYMBOL = re.compile(r":wasm2c_rt_(\w+?)(?:\.pic)?\.o:[0-9a-f]*\s+(\w)\s+(\S+)$")


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def drawn_layers(text: str) -> dict[str, int]:
    """The number of each file's layer, from the drawing."""
    lines = re.findall(r"^ \*   layer (\d): ([\w ]+?)(?:   .*)?$", text, re.MULTILINE)
    return {name: int(number) for number, names in lines for name in names.split()}


def read_symbols(listing: str) -> tuple[dict[str, str], dict[str, set[str]]]:
    """(symbol -> the file that defines it, file -> the symbols that it uses), from what `nm -A` prints of an archive."""
    defined: dict[str, str] = {}
    used: dict[str, set[str]] = {}
    for line in listing.splitlines():
        found = _SYMBOL.search(line)
        assert found, line
        file, kind, symbol = found.groups()
        used.setdefault(file, set())
        if kind == "U":
            used[file].add(symbol)
        elif kind.isupper():
            assert symbol not in defined, f"{symbol} is defined in {defined[symbol]} and in {file}"
            defined[symbol] = file
    return defined, used


def upward_calls(layers: dict[str, int], listing: str) -> list[str]:
    """What the drawing does not allow, one line each."""
    defined, used = read_symbols(listing)
    return sorted(
        f"{file} (layer {layers[file]}) uses {symbol} of {defined[symbol]} (layer {layers[defined[symbol]]})"
        for file, symbols in used.items()
        for symbol in symbols
        if symbol in defined and layers[defined[symbol]] >= layers[file]
    )


def _listing() -> str:
    nm = _run(os.environ["COMPILER"], "-print-prog-name=nm").strip()
    archives = os.environ["ARCHIVES"].split()
    assert len(archives) == 1, archives
    return _run(nm, "-A", *archives)


def test_every_file_is_in_the_drawing() -> None:
    _, used = read_symbols(_listing())
    assert sorted(used) == sorted(drawn_layers(DRAWING.read_text(encoding="utf-8")))


def test_no_file_calls_upwards() -> None:
    assert upward_calls(drawn_layers(DRAWING.read_text(encoding="utf-8")), _listing()) == []


def test_a_circle_is_noticed() -> None:
    layers = {"text": 1, "trap": 2}
    listing = (
        "a.a:wasm2c_rt_text.o:0000000000000000 T append\n"
        "a.a:wasm2c_rt_text.o:                 U raise\n"
        "a.a:wasm2c_rt_trap.pic.o:                 U append\n"
        "a.a:wasm2c_rt_trap.pic.o:0000000000000010 T raise\n"
    )
    assert upward_calls(layers, listing) == ["text (layer 1) uses raise of trap (layer 2)"]
