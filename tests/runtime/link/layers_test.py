"""The object files of the C runtime form the layers that runtime/src/wasm2c_rt_internal.h draws: none calls upwards.

Invariant S19: those of files in memory use nothing of libc that could reach a file of the host.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

DRAWING = Path("runtime/src/wasm2c_rt_internal.h")
# archive:member:[address] kind symbol
# What files in memory may use of libc: memory, the time, and random bytes.
_OF_LIBC = {"calloc", "clock_gettime", "free", "getentropy", "malloc", "realloc"}
_OF_LIBC |= {"memchr", "memcmp", "memcpy", "memmove", "memset"}
# What compilers and sanitizers add.
_ADDED = re.compile(
    r"_GLOBAL_OFFSET_TABLE_|__(stack_chk|asan|ubsan|tls_get_addr|sanitizer|gcov|llvm)\w*|__(mem\w+)_chk"
)
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


def reached_by_files(listing: str) -> list[str]:
    """What the files in memory use besides the runtime and what is harmless, one line each."""
    defined, used = read_symbols(listing)
    return sorted(
        f"{file} uses {symbol}"
        for file in ("files", "tree")
        for symbol in used[file] - _OF_LIBC - set(defined)
        if not _ADDED.fullmatch(symbol)
    )


def callers_of_files(listing: str) -> list[str]:
    """Which other files of the runtime would link the files in memory into a program without any."""
    defined, used = read_symbols(listing)
    return sorted(
        f"{file} uses {symbol}"
        for file, symbols in used.items()
        for symbol in symbols
        if file not in ("files", "tree") and defined.get(symbol) in ("files", "tree")
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


def test_files_in_memory_reach_no_file_of_the_host() -> None:
    assert reached_by_files(_listing()) == []


def test_files_in_memory_are_linked_only_where_they_are_used() -> None:
    assert callers_of_files(_listing()) == []


def test_a_way_to_the_host_is_noticed() -> None:
    listing = (
        "a.a:wasm2c_rt_files.o:                 U memcpy\n"
        "a.a:wasm2c_rt_files.o:                 U fopen\n"
        "a.a:wasm2c_rt_files.o:                 U rlbox_wasm2c_find\n"
        "a.a:wasm2c_rt_tree.o:0000000000000000 T rlbox_wasm2c_find\n"
        "a.a:wasm2c_rt_tree.o:                 U __stack_chk_fail\n"
        "a.a:wasm2c_rt_mem.o:                 U rlbox_wasm2c_find\n"
    )
    assert reached_by_files(listing) == ["files uses fopen"]
    assert callers_of_files(listing) == ["mem uses rlbox_wasm2c_find"]


def test_a_circle_is_noticed() -> None:
    layers = {"text": 1, "trap": 2}
    listing = (
        "a.a:wasm2c_rt_text.o:0000000000000000 T append\n"
        "a.a:wasm2c_rt_text.o:                 U raise\n"
        "a.a:wasm2c_rt_trap.pic.o:                 U append\n"
        "a.a:wasm2c_rt_trap.pic.o:0000000000000010 T raise\n"
    )
    assert upward_calls(layers, listing) == ["text (layer 1) uses raise of trap (layer 2)"]
