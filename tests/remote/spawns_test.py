"""The reader of the execution log, on small logs."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import spawns


def entry(mnemonic: str, runner: str, output: str, digest: str = "00", **more: Any) -> dict[str, Any]:
    return {
        "mnemonic": mnemonic,
        "targetLabel": "//a:b",
        "runner": runner,
        "commandArgs": ["external/rlbox~wasi_sdk_1/bin/clang" if more.get("wasm") else "/usr/bin/gcc"],
        "inputs": [
            {"path": "bin/zig", "digest": {"hash": "11", "sizeBytes": "2000000"}},
            {"path": "a link", "symlinkTargetPath": "bin/zig"},
        ],
        "actualOutputs": [{"path": output, "digest": {"hash": digest, "sizeBytes": "500000"}}],
    }


def read(folder: pathlib.Path, *entries: dict[str, Any]) -> list[spawns.Spawn]:
    log = folder / "log.json"
    log.write_text("\n".join(json.dumps(e, indent=2) for e in entries) + "\n")
    return spawns.read(log)


def test_a_log_is_read(tmp_path: pathlib.Path) -> None:
    found = read(
        tmp_path,
        entry("CppCompile", "remote cache hit", "a.o", wasm=True),
        entry("CppCompile", "linux-sandbox", "b.o"),
        entry("Wasm2c", "remote", "c.c", wasm=True),
    )
    assert [s.mnemonic for s in found] == ["CppCompile (wasm)", "CppCompile", "Wasm2c"]
    assert [s.hit for s in found] == [True, False, False]
    assert [s.remote for s in found] == [False, False, True]
    assert {s.input_bytes for s in found} == {2_000_000}
    assert read(tmp_path) == []


def test_differences_are_named_by_action(tmp_path: pathlib.Path) -> None:
    first = read(tmp_path, entry("CppLink", "local", "app"), entry("Wasm2c", "local", "a.c"))
    same = read(tmp_path, entry("Wasm2c", "remote", "a.c"), entry("CppLink", "remote", "app"))
    other = read(tmp_path, entry("CppLink", "local", "app", digest="ff"))
    assert spawns.differences(first, same) == []
    assert spawns.differences(first, other) == [
        "CppLink of //a:b: app differs",
        "Wasm2c of //a:b: a.c was made by one build only",
    ]


def test_tables(tmp_path: pathlib.Path) -> None:
    found = read(tmp_path, entry("A", "remote cache hit", "x"), entry("A", "remote", "y"), entry("B", "local", "z"))
    table = [line.split() for line in spawns.scenario_table("name", found, "3 MB sent")]
    assert table[0] == ["name:", "3", "MB", "sent"]
    assert table[2:] == [
        ["A", "2", "1", "1", "0", "1.00"],
        ["B", "1", "0", "0", "1", "0.50"],
        ["all", "3", "1", "1", "1", "1.50"],
    ]
    assert spawns.input_table(found)[1].split() == ["A", "2", "2.00", "zig", "2.00"]
