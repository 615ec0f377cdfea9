"""Reads Bazel's execution log: what ran, where, with which inputs and outputs."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Spawn:
    """One command of one action.

    Attributes:
      mnemonic: the action's kind; with "(wasm)" after it if it compiles, links or archives for the sandbox.
      target: the label of the target that it belongs to.
      runner: what ran it, e.g. `linux-sandbox`, `remote`, `remote cache hit`.
      inputs: the size of each input in bytes, by path.
      outputs: SHA-256 of each output, by path.
      output_bytes: the size of all outputs.
    """

    mnemonic: str
    target: str
    runner: str
    inputs: dict[str, int]
    outputs: dict[str, str]
    output_bytes: int

    @property
    def hit(self) -> bool:
        """Whether the outputs came from a remote cache."""
        return self.runner == "remote cache hit"

    @property
    def remote(self) -> bool:
        """Whether a remote executor ran it."""
        return self.runner == "remote"

    @property
    def input_bytes(self) -> int:
        """The size of all inputs."""
        return sum(self.inputs.values())


def read(log: pathlib.Path) -> list[Spawn]:
    """Reads a file that --execution_log_json_file has written: JSON objects one after the other."""
    return [_spawn(entry) for entry in _objects(log.read_text())]


def _objects(text: str) -> Iterator[dict[str, Any]]:
    decoder = json.JSONDecoder()
    start = 0
    while start < len(text):
        if text[start].isspace():
            start += 1
            continue
        entry, start = decoder.raw_decode(text, start)
        yield entry


def _spawn(entry: dict[str, Any]) -> Spawn:
    mnemonic = entry["mnemonic"]
    if mnemonic.startswith("Cpp") and "wasi_sdk" in entry["commandArgs"][0]:
        mnemonic += " (wasm)"
    outputs = entry.get("actualOutputs", [])
    return Spawn(
        mnemonic=mnemonic,
        target=entry.get("targetLabel", ""),
        runner=entry["runner"],
        inputs={i["path"]: _size(i) for i in entry.get("inputs", [])},
        outputs={o["path"]: o.get("digest", {}).get("hash", "") for o in outputs},
        output_bytes=sum(_size(o) for o in outputs),
    )


def _size(file: dict[str, Any]) -> int:
    return int(file.get("digest", {}).get("sizeBytes", 0))


def differences(first: Iterable[Spawn], second: Iterable[Spawn]) -> list[str]:
    """Compares the outputs of two builds; returns a line for each that differs, with the action that made it."""
    made = {path: (digest, spawn) for spawn in second for path, digest in spawn.outputs.items()}
    found = []
    for spawn in first:
        for path, digest in spawn.outputs.items():
            if path not in made:
                found.append(f"{spawn.mnemonic} of {spawn.target}: {path} was made by one build only")
            elif made[path][0] != digest:
                found.append(f"{spawn.mnemonic} of {spawn.target}: {path} differs")
    return found


def mnemonics(spawns: Iterable[Spawn]) -> dict[str, list[Spawn]]:
    """Groups spawns by mnemonic, sorted."""
    found: dict[str, list[Spawn]] = {}
    for spawn in sorted(spawns, key=lambda s: s.mnemonic):
        found.setdefault(spawn.mnemonic, []).append(spawn)
    return found


def scenario_table(name: str, spawns: list[Spawn], wire: str) -> list[str]:
    """Says how many actions a build had, and what became of them, as the lines of a table.

    Args:
      name: what was built, and how.
      spawns: the build's spawns.
      wire: what is known of the bytes that were sent.
    """
    lines = [f"{name}: {wire}", f"  {'mnemonic':24}{'actions':>8}{'hits':>6}{'remote':>8}{'local':>7}{'output MB':>11}"]
    for mnemonic, group in [*mnemonics(spawns).items(), ("all", spawns)]:
        hits = sum(s.hit for s in group)
        remote = sum(s.remote for s in group)
        made = sum(s.output_bytes for s in group) / 1e6
        local = len(group) - hits - remote
        lines.append(f"  {mnemonic:24}{len(group):>8}{hits:>6}{remote:>8}{local:>7}{made:>11.2f}")
    return lines


def input_table(spawns: list[Spawn]) -> list[str]:
    """Says how large the inputs of the largest action of each mnemonic are, as the lines of a table."""
    lines = [f"  {'mnemonic':24}{'files':>7}{'input MB':>10}{'of which the largest file':>30}"]
    for mnemonic, group in mnemonics(spawns).items():
        largest = max(group, key=lambda s: s.input_bytes)
        path, size = max(largest.inputs.items(), key=lambda item: item[1], default=("", 0))
        name = f"{path.rsplit('/', 1)[-1]} {size / 1e6:.2f}"
        lines.append(f"  {mnemonic:24}{len(largest.inputs):>7}{largest.input_bytes / 1e6:>10.2f} {name:>29}")
    return lines
