"""Packs the default toolchains as other distributions are packed.

The compiler in a stand-in is the default one; the names and places of all files are those of an official release, down to
the links in `bin` and the shared library that the programs need (here the program itself lies in its place, and `bin` has
scripts that run it: without that library among an action's inputs nothing runs); it defines STAND_IN_WASI_SDK. What a build must not take, such as
another target's headers or the libraries for code with exceptions, is there and does not compile.
"""

from __future__ import annotations

import gzip
import os
import pathlib
import platform
import shutil
import tarfile
from dataclasses import dataclass

_SYSROOT = "share/wasi-sysroot"
_POISON_HEADER = b'#error "a build must not find this header"\n'
_POISON_LIBRARY = b"a build must not link this library"


@dataclass(frozen=True)
class SdkLayout:
    """How a release of wasi-sdk is packed.

    Attributes:
      version: the release.
      clang_major: the version in clang's resource directory.
      builtins: where compiler-rt lies, relative to the resource directory.
      other_targets: targets besides wasm32-wasip1.
      exceptions: whether libc++ is there twice, in eh and in noeh.
      config_files: whether `bin` has clang.cfg.
    """

    version: str
    clang_major: str
    builtins: str
    other_targets: tuple[str, ...]
    exceptions: bool
    config_files: bool


_NEW_BUILTINS = "lib/wasm32-unknown-wasip1/libclang_rt.builtins.a"
LAYOUTS = {
    "25": SdkLayout(
        "25", "19", "lib/wasip1/libclang_rt.builtins-wasm32.a", ("wasm32-wasi", "wasm32-wasip2"), False, False
    ),
    "29": SdkLayout("29", "21", _NEW_BUILTINS, ("wasm32-wasi", "wasm32-wasip2"), False, True),
    "33": SdkLayout("33", "22", _NEW_BUILTINS, ("wasm32-wasi", "wasm32-wasip2"), True, True),
    "34": SdkLayout("34", "23", _NEW_BUILTINS, ("wasm32-wasip2", "wasm32-wasip3"), True, True),
}


def exec_platform() -> str:
    """The key of this machine in the version tables."""
    cpu = {"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x86_64")
    return f"{'macos' if platform.system() == 'Darwin' else 'linux'}_{cpu}"


def part_folder(marker: str) -> pathlib.Path:
    """The folder among the runfiles of a test that holds a file, e.g. `bin/zig`."""
    (found,) = pathlib.Path(os.environ["TEST_SRCDIR"]).glob(f"*/{marker}")
    return found.parents[len(pathlib.Path(marker).parts) - 1]


def _script(path: pathlib.Path, text: str) -> None:
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)


def _programs(parts: pathlib.Path, folder: pathlib.Path, layout: SdkLayout) -> None:
    library = f"libLLVM.so.{layout.clang_major}.1-wasi-sdk"
    binaries = folder / "bin"
    binaries.mkdir(parents=True)
    (folder / "lib").mkdir(exist_ok=True)
    shutil.copyfile(parts / "bin" / "zig", folder / "lib" / library)
    (folder / "lib" / library).chmod(0o755)
    run = f'exec "${{0%/*}}/../lib/{library}"'
    _script(
        binaries / f"clang-{layout.clang_major}",
        f'case $0 in *++) set -- --driver-mode=g++ "$@" ;; esac\n{run} clang -B "${{0%/*}}" '
        f'-DSTAND_IN_WASI_SDK={layout.version} "$@"\n',
    )
    _script(binaries / "lld", f'{run} wasm-ld "$@"\n')
    _script(binaries / "llvm-ar", f'{run} ar "$@"\n')
    _script(binaries / "llvm-objcopy", 'echo "the stand-in has no llvm-objcopy" >&2\nexit 1\n')
    for link, target in [
        ("clang", f"clang-{layout.clang_major}"),
        ("clang++", "clang"),
        ("wasm-ld", "lld"),
        ("llvm-strip", "llvm-objcopy"),
    ]:
        (binaries / link).symlink_to(target)
    if layout.config_files:
        for name in ("clang.cfg", "clang++.cfg"):
            (binaries / name).write_text("--sysroot=<CFGDIR>/../share/wasi-sysroot\n")


def _write(path: pathlib.Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _sysroot(parts: pathlib.Path, folder: pathlib.Path, layout: SdkLayout) -> None:
    source = parts / _SYSROOT
    sysroot = folder / _SYSROOT
    include = sysroot / "include" / "wasm32-wasip1"
    lib = sysroot / "lib" / "wasm32-wasip1"
    shutil.copytree(source / "include" / "wasm32-wasip1", include)
    variant = "noeh" if layout.exceptions else "."
    shutil.copytree(source / "include" / "c++", include / variant / "c++", dirs_exist_ok=True)
    (lib / variant).mkdir(parents=True)
    for file in sorted((source / "lib" / "wasm32-wasip1").iterdir()):
        if file.name.startswith("libc++"):
            shutil.copyfile(file, lib / variant / file.name)
        elif "builtins" in file.name:
            builtins = folder / "lib" / "clang" / layout.clang_major / layout.builtins
            builtins.parent.mkdir(parents=True)
            shutil.copyfile(file, builtins)
        else:
            shutil.copyfile(file, lib / file.name)
    if layout.exceptions:
        _write(include / "eh" / "c++" / "v1" / "__config", _POISON_HEADER)
        for name in ("libc++.a", "libc++abi.a", "libunwind.a"):
            _write(lib / "eh" / name, _POISON_LIBRARY)
    for target in layout.other_targets:
        for header in ("stdio.h", "c++/v1/__config"):
            _write(sysroot / "include" / target / header, _POISON_HEADER)
        for name in ("crt1-command.o", "crt1-reactor.o", "libc.a", "libc++.a", "libc++abi.a"):
            _write(sysroot / "lib" / target / name, _POISON_LIBRARY)


def make_wasi_sdk(folder: pathlib.Path, layout: SdkLayout) -> None:
    """Lays the default wasi-sdk out as a release is.

    Args:
      folder: where to; must not exist.
      layout: the release's.
    """
    parts = part_folder("bin/zig")
    _programs(parts, folder, layout)
    (resource_include,) = parts.glob("lib/clang/*/include")
    shutil.copytree(resource_include, folder / "lib" / "clang" / layout.clang_major / "include")
    _sysroot(parts, folder, layout)
    _write(folder / "VERSION", f"{layout.version}.0\n".encode())


def make_wabt(folder: pathlib.Path) -> None:
    """Lays the default wabt out as a release is: the runtime below share, no simde.

    Args:
      folder: where to; must not exist.
    """
    parts = part_folder("bin/wasm2c")
    runtime = folder / "share" / "wabt" / "wasm2c"
    shutil.copytree(parts / "bin", folder / "bin")
    shutil.copytree(parts / "wasm2c", runtime)
    (folder / "include").mkdir()
    for header in ("wasm-rt.h", "wasm-rt-exceptions.h"):
        (runtime / header).rename(folder / "include" / header)


def pack(folder: pathlib.Path, archive: pathlib.Path) -> None:
    """Packs a folder, under its own name, as a .tar.gz: the same bytes for the same files.

    Args:
      folder: what to pack.
      archive: the file to write.
    """

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = member.mtime = 0
        member.uname = member.gname = ""
        return member

    archive.parent.mkdir(parents=True, exist_ok=True)
    # Stored, not compressed: the time would go into 170 MB of compiler.
    with (
        open(archive, "wb") as file,
        gzip.GzipFile("", "wb", compresslevel=0, fileobj=file, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w") as tar,
    ):
        tar.add(folder, arcname=folder.name, filter=plain)
