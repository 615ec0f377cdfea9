"""The version tables are as the command that adds a version writes them, and the documentation agrees with them."""

from __future__ import annotations

import json
import os
import pathlib
import re

import pytest

_ROOT = pathlib.Path(os.environ["TEST_SRCDIR"]) / os.environ["TEST_WORKSPACE"]
_TABLES = _ROOT / "rules" / "toolchains"
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
    exec_platforms = text[text.index("EXEC_PLATFORMS = {") : text.index("\n}\n")]
    assert sorted(re.findall(r'^    "(\w+)": \[', exec_platforms, re.MULTILINE)) == sorted(_PLATFORMS)
    releases = json.loads((_TABLES / "releases.json").read_text())
    assert [list(releases[tool]["files"]) for tool in ("wasi_sdk", "wabt")] == [_PLATFORMS, _PLATFORMS]


def test_file_names_are_those_of_the_releases() -> None:
    releases = json.loads((_TABLES / "releases.json").read_text())
    for tool, version, full in (("wasi_sdk", "34", "34.0"), ("wabt", "1.0.41", "")):
        entry = releases[tool]
        for platform, archive in entry["versions"][version]["archives"].items():
            name = entry["files"][platform].replace("{full_version}", full).replace("{version}", version)
            assert name == archive["file"]


def test_documentation_lists_the_versions() -> None:
    text = (_ROOT / "docs" / "toolchains.md").read_text()
    for tag, source, table in (
        ("wasi_sdk", "zig", "wheels.json"),
        ("wasi_sdk", "release", "releases.json"),
        ("wabt", "wheel", "wheels.json"),
        ("wabt", "release", "releases.json"),
    ):
        (listed,) = re.findall(rf"^\| `rlbox\.{tag}` \| `{source}`[^|]*\| ([0-9., ]+)", text, re.MULTILINE)
        versions = json.loads((_TABLES / table).read_text())[tag]["versions"]
        assert listed.strip() == ", ".join(versions), f"docs/toolchains.md: rlbox.{tag}, {source}"


def test_documentation_downloads_the_default_wheels() -> None:
    text = (_TABLES / "private" / "toolchains.bzl").read_text()
    wheels = json.loads((_TABLES / "wheels.json").read_text())
    (defaults,) = re.findall(r"^DEFAULT_VERSIONS = \{(.*?)^\}", text, re.MULTILINE | re.DOTALL)
    pinned = {f"{wheels[tool]['package']}=={version}" for tool, version in re.findall(r'"(\w+)": "(.+)"', defaults)}
    assert len(pinned) == 2
    offline = (_ROOT / "docs" / "offline.md").read_text()
    assert set(re.findall(r"\S+==\S+", offline)) == pinned
