"""Runs the command that adds a toolchain version, on copies of the version tables and stand-ins of archives."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import pathlib
import tarfile
import zipfile
from typing import NamedTuple

import add_version

_ROOT = pathlib.Path(os.environ["TEST_SRCDIR"]) / os.environ["TEST_WORKSPACE"]
_TABLES = _ROOT / "rules" / "toolchains"
PLATFORMS = ["linux_x86_64", "linux_arm64", "macos_x86_64", "macos_arm64"]
WHEELS = [
    f"ziglang-0.16.0-py3-none-{tags}.whl"
    for tags in (
        "manylinux_2_12_x86_64.manylinux2010_x86_64.musllinux_1_1_x86_64",
        "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
        "macosx_12_0_x86_64",
        "macosx_12_0_arm64",
    )
]
OTHER_WHEELS = [f"ziglang-0.16.0-py3-none-{tag}.whl" for tag in ("win_amd64", "musllinux_1_1_i686")]


def copy_tables(folder: pathlib.Path) -> pathlib.Path:
    """Makes a folder with a copy of the version tables; returns the folder."""
    folder.mkdir()
    for name in ("releases.json", "wheels.json"):
        (folder / name).write_bytes((_TABLES / name).read_bytes())
    return folder


def pack(file: pathlib.Path, member: str) -> str:
    """Makes an archive with one program; returns its SHA-256."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix == ".whl":
        with zipfile.ZipFile(file, "w") as wheel:
            wheel.writestr(member, file.name)
    else:
        with tarfile.open(file, "w:gz") as tar:
            info = tarfile.TarInfo(member)
            info.size = len(file.name)
            tar.addfile(info, io.BytesIO(file.name.encode()))
    return hashlib.sha256(file.read_bytes()).hexdigest()


class Run(NamedTuple):
    """What a run of the command did."""

    code: int
    out: str
    err: str


def add(tables: pathlib.Path, *arguments: str) -> Run:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = add_version.main([f"--tables={tables}", *arguments])
    return Run(code, out.getvalue(), err.getvalue())
