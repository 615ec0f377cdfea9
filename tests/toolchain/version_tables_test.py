"""The version tables are as the command that adds a version writes them."""

from __future__ import annotations

import json
import os
import pathlib
import re

import pytest

_TABLES = pathlib.Path(os.environ["TEST_SRCDIR"]) / os.environ["TEST_WORKSPACE"] / "rules" / "toolchains"
_PLATFORMS = ["linux_x86_64", "linux_arm64", "macos_x86_64", "macos_arm64"]


@pytest.mark.parametrize("name", ["releases.json", "wheels.json"])
def test_tables_are_as_the_command_writes_them(name: str) -> None:
    text = (_TABLES / name).read_text()
    table = json.loads(text)
    assert text == json.dumps(table, indent=2, ensure_ascii=False) + "\n"
    for tool in ("wasi_sdk", "wabt"):
        versions = list(table[tool]["versions"])
        assert versions == sorted(versions, key=lambda version: [int(number) for number in version.split(".")])
        for entry in table[tool]["versions"].values():
            archives = entry["wheels" if name == "wheels.json" else "archives"]
            assert list(archives) == [platform for platform in _PLATFORMS if platform in archives]


def test_platforms_are_those_of_the_rules() -> None:
    text = (_TABLES / "private" / "platforms.bzl").read_text()
    assert sorted(re.findall(r'^    "(\w+)": \[', text, re.MULTILINE)) == sorted(_PLATFORMS)
    releases = json.loads((_TABLES / "releases.json").read_text())
    assert [list(releases[tool]["files"]) for tool in ("wasi_sdk", "wabt")] == [_PLATFORMS, _PLATFORMS]


def test_file_names_are_those_of_the_releases() -> None:
    releases = json.loads((_TABLES / "releases.json").read_text())
    for tool, version, full in (("wasi_sdk", "34", "34.0"), ("wabt", "1.0.41", "")):
        entry = releases[tool]
        for platform, archive in entry["versions"][version]["archives"].items():
            name = entry["files"][platform].replace("{full_version}", full).replace("{version}", version)
            assert name == archive["file"]
