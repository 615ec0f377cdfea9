"""The tools that lay zig out as a wasi-sdk and build its sysroot, on small stand-ins."""

from __future__ import annotations

import pathlib
import stat
import subprocess
import zipfile
from typing import Optional

import pytest
from sdk import build_wasi_sysroot, cxx_libraries, unpack_zig_wheel
from sdk.zig import SysrootError

_FILES = {
    "ziglang/zig": b'#!/bin/sh\necho zig "$@"\n',
    "ziglang/LICENSE": b"MIT",
    "ziglang/lib/zig.h": b"// zig.h",
    "ziglang/lib/include/stddef.h": b"// clang's",
    "ziglang/lib/include/__stddef_size_t.h": b"// clang's",
    "ziglang/lib/include/__float_header_macro.h": b"// clang's",
    "ziglang/lib/include/wasm_simd128.h": b"// clang's",
    "ziglang/lib/include/immintrin.h": b"// clang's, for x86",
    "ziglang/lib/include/openmp_wrappers/math.h": b"// clang's, for GPUs",
    "ziglang/lib/libc/include/generic-musl/stdio.h": b"// musl's",
    "ziglang/lib/libc/include/generic-musl/fcntl.h": b"// musl's",
    "ziglang/lib/libc/include/wasm-wasi-musl/fcntl.h": b"// wasi's",
    "ziglang/lib/libc/include/wasm-wasi-musl/wasi/api.h": b"// wasi's",
    "ziglang/lib/libc/include/x86_64-linux-gnu/fcntl.h": b"// glibc's",
    "ziglang/lib/libc/glibc/a.c": b"int a;",
    "ziglang/lib/libc/musl/b.c": b"int b;",
    "ziglang/lib/libcxx/include/__config": b"// patch\n#include <__configuration/abi.h>\n",
    "ziglang/lib/libcxxabi/include/cxxabi.h": b"// abi",
}


def wheel(folder: pathlib.Path, files: dict[str, bytes]) -> pathlib.Path:
    path = folder / "zig.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def test_layout(tmp_path: pathlib.Path) -> None:
    out = tmp_path / "out"
    assert unpack_zig_wheel.main([str(wheel(tmp_path, _FILES)), str(out), "20"]) == 0
    include = out / "share/wasi-sysroot/include"
    assert (include / "wasm32-wasip1/stdio.h").read_bytes() == b"// musl's"
    assert (include / "wasm32-wasip1/fcntl.h").read_bytes() == b"// wasi's", "wasi's own header wins"
    assert (include / "c++/v1/cxxabi.h").exists()
    assert (
        include / "c++/v1/__config"
    ).read_bytes() == b"// patch\n#include <__config_site>\n#include <__configuration/abi.h>\n"
    site = (include / "c++/v1/__config_site").read_text()
    assert "_LIBCPP_HAS_THREADS 0" in site, "the wheel has no pthread functions"
    assert "_LIBCPP_HAS_FILESYSTEM 0" in site
    for folder in ("lib/clang/20/include", "zig/lib/include"):
        kept = sorted(path.name for path in (out / folder).iterdir())
        assert kept == ["__float_header_macro.h", "__stddef_size_t.h", "stddef.h", "wasm_simd128.h"], (
            "no headers of other processors"
        )
    assert (out / "zig/lib/libc/musl/b.c").exists()
    assert (out / "zig/lib/libcxx/include/__config").read_bytes() == _FILES["ziglang/lib/libcxx/include/__config"], (
        "zig's sources stay"
    )
    assert not (out / "zig/lib/libc/glibc").exists(), "what is for other targets is left out"


def test_layout_of_a_wheel_with_threads(tmp_path: pathlib.Path) -> None:
    out = tmp_path / "out"
    files = {
        **_FILES,
        "ziglang/lib/libc/wasi/thread-stub/pthread_create.c": b"// one thread",
        "ziglang/lib/c.zig": b'    _ = @import("c/malloc.zig");\n    _ = @import("c/math.zig");\n',
        "ziglang/lib/libc/include/wasm-wasi-musl/sys/random.h": (
            b"#ifdef __wasilibc_unmodified_upstream /* WASI has no getrandom, but it does have getentropy */\n"
            b"ssize_t getrandom(void *, size_t, unsigned);\n#else\nint getentropy(void *, size_t);\n#endif\n"
        ),
    }
    assert unpack_zig_wheel.main([str(wheel(tmp_path, files)), str(out), "22"]) == 0
    include = out / "share/wasi-sysroot/include"
    site = (include / "c++/v1/__config_site").read_text()
    for line in ("_LIBCPP_HAS_THREADS 1", "_LIBCPP_HAS_THREAD_API_PTHREAD 1", "_LIBCPP_HAS_FILESYSTEM 1"):
        assert f"#define {line}\n" in site
    assert (out / "zig/lib/c.zig").read_bytes() == b'    \n    _ = @import("c/math.zig");\n', "malloc is ours"
    assert (include / "wasm32-wasip1/sys/random.h").read_bytes() == (
        b"#if 1\nssize_t getrandom(void *, size_t, unsigned);\n#endif\n#if 1\nint getentropy(void *, size_t);\n#endif\n"
    )


def test_wrappers_run_zig_beside_them(tmp_path: pathlib.Path) -> None:
    out = tmp_path / "out"
    unpack_zig_wheel.main([str(wheel(tmp_path, _FILES)), str(out), "20"])
    for wrapper, expected in [
        ("clang", "clang"),
        ("clang++", "clang --driver-mode=g++"),
        ("wasm-ld", "wasm-ld"),
        ("llvm-ar", "ar"),
    ]:
        path = out / "bin" / wrapper
        assert path.stat().st_mode & stat.S_IXUSR
        done = subprocess.run([str(path), "a b", "c"], capture_output=True, text=True, check=True)
        assert done.stdout == f"zig {expected} a b c\n"
    refused = subprocess.run([str(out / "bin/llvm-strip")], capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert (
        refused.stderr
        == 'llvm-strip: the zig-based wasi-sdk has none; link with linkopts = ["-Wl,--strip-all"] instead\n'
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ziglang/zig": None}, "zig.whl has no ziglang/zig: not a ziglang wheel of a known layout"),
        (
            {"ziglang/lib/libcxx/include/__config": b""},
            "libc++'s __config is not as expected: this version of zig needs a change here",
        ),
    ],
)
def test_unknown_wheel(
    tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str], change: dict[str, object], message: str
) -> None:
    files = {name: data for name, data in {**_FILES, **change}.items() if isinstance(data, bytes)}
    path = wheel(tmp_path, files)
    assert unpack_zig_wheel.main([str(path), str(tmp_path / "out"), "20"]) == 1
    assert capsys.readouterr().err == f"{path}: {message}\n"


def test_not_a_wheel(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.whl"
    path.write_bytes(b"nothing")
    assert unpack_zig_wheel.main([str(path), str(tmp_path / "out"), "20"]) == 1
    assert capsys.readouterr().err == f"{path}: File is not a zip file\n"


def archive(members: list[tuple[bytes, bytes]]) -> bytes:
    """A GNU ar archive with a table of long names."""
    names = b"".join(name + b"/\n" for name, _ in members)
    data = (
        b"!<arch>\n" + b"//".ljust(48) + str(len(names)).encode().ljust(10) + b"`\n" + names + b"\n" * (len(names) % 2)
    )
    offset = 0
    for name, contents in members:
        data += (
            f"/{offset}".encode().ljust(48)
            + str(len(contents)).encode().ljust(10)
            + b"`\n"
            + contents
            + b"\n" * (len(contents) % 2)
        )
        offset += len(name) + 2
    return data


def test_archive_members_are_sorted_and_lose_their_folders() -> None:
    data = archive([(b"cache/o/123/b.o", b"BB"), (b"cache/o/456/a.o", b"A")])
    assert build_wasi_sysroot.archive_members(data) == [("a.o", b"A"), ("b.o", b"BB")]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not an ar archive"),
        (b"!<arch", "not an ar archive"),
        (b"!<arch>\nxxx", "bad member header"),
        (archive([(b"a.o", b"A")])[:-20], "bad member header"),
    ],
)
def test_bad_archives(data: bytes, message: str) -> None:
    with pytest.raises(build_wasi_sysroot.SysrootError, match=message):
        build_wasi_sysroot.archive_members(data)


def test_sources_of_libcxx(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "libcxx" / "src"
    for name in ("string.cpp", "new.cpp", "new_helpers.cpp", "filesystem/path.cpp", "experimental/tzdb.cpp", "a.h"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    found = [path.relative_to(folder).as_posix() for path in cxx_libraries.sources(tmp_path, "libcxx")]
    assert found == ["filesystem/path.cpp", "new_helpers.cpp", "string.cpp"]
    with pytest.raises(SysrootError, match="libcxxabi/src has no sources"):
        cxx_libraries.sources(tmp_path, "libcxxabi")


def test_sources_of_libcxxabi_depend_on_exceptions(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "libcxxabi" / "src"
    folder.mkdir(parents=True)
    for name in ("cxa_exception.cpp", "cxa_noexception.cpp", "cxa_personality.cpp", "cxa_vector.cpp"):
        (folder / name).touch()
    for exceptions, wanted in ((False, ["cxa_noexception"]), (True, ["cxa_exception", "cxa_personality"])):
        found = [path.stem for path in cxx_libraries.sources(tmp_path, "libcxxabi", exceptions)]
        assert found == [*wanted, "cxa_vector"]


def test_exceptions_need_headers_and_libunwind(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    zig = tmp_path / "zig"
    # Writes the object that -o names.
    zig.write_text('#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\n: > "$2"\n')
    zig.chmod(0o755)
    for library in ("libcxx", "libcxxabi"):
        (tmp_path / library / "src").mkdir(parents=True)
        (tmp_path / library / "src" / "a.cpp").touch()
    arguments = ["--zig", str(zig), "--zig-lib", str(tmp_path), "--language", "c++-exceptions"]
    arguments += ["--output", str(tmp_path)]
    assert build_wasi_sysroot.main(arguments) == 1
    assert capsys.readouterr().err.endswith("libraries with exceptions are compiled against headers: give --sysroot\n")
    arguments += ["--sysroot", str(tmp_path), "--resource-dir", str(tmp_path)]
    assert build_wasi_sysroot.main(arguments) == 1
    assert capsys.readouterr().err.endswith(
        f"{tmp_path} has no libunwind/src/Unwind-wasm.c: this version of zig cannot give a sandbox exceptions\n"
    )


def test_a_source_that_does_not_compile_is_reported(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    zig = tmp_path / "zig"
    zig.write_text('#!/bin/sh\necho "$1: no such flag"; exit 4\n')
    zig.chmod(0o755)
    for library in ("libcxx", "libcxxabi"):
        (tmp_path / library / "src").mkdir(parents=True)
        (tmp_path / library / "src" / "a.cpp").touch()
    arguments = ["--zig", str(zig), "--zig-lib", str(tmp_path), "--language", "c++", "--output", str(tmp_path)]
    assert build_wasi_sysroot.main([*arguments, "--sysroot", str(tmp_path), "--resource-dir", str(tmp_path)]) == 1
    assert (
        capsys.readouterr().err
        == f"{zig}: cannot build the c++ sysroot: zig clang failed with exit code 4: clang: no such flag\n"
    )


def test_zig_that_fails_is_reported(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    zig = tmp_path / "zig"
    zig.write_text("#!/bin/sh\necho 'no such target'; exit 3\n")
    zig.chmod(0o755)
    arguments = ["--zig", str(zig), "--zig-lib", str(tmp_path), "--language", "c", "--output", str(tmp_path)]
    assert build_wasi_sysroot.main(arguments) == 1
    assert (
        capsys.readouterr().err
        == f"{zig}: cannot build the c sysroot: zig cc failed with exit code 3: no such target\n"
    )


def test_zig_that_builds_nothing_is_reported(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    zig = tmp_path / "zig"
    zig.write_text("#!/bin/sh\nexit 0\n")
    zig.chmod(0o755)
    arguments = ["--zig", str(zig), "--zig-lib", str(tmp_path), "--language", "c++", "--output", str(tmp_path)]
    assert build_wasi_sysroot.main(arguments) == 1
    assert "zig built 0 different files called libc++abi.a where one was expected" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (None, "No such file or directory"),
        ("double strtod(void);", "does not know how to do without long double"),
    ],
)
def test_a_libc_that_needs_long_double_is_reported(
    tmp_path: pathlib.Path, source: Optional[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    zig = tmp_path / "zig"
    zig.write_text("#!/bin/sh\nexit 0\n")
    zig.chmod(0o755)
    folder = tmp_path / "libc/wasi/libc-top-half/musl/src/internal"
    folder.mkdir(parents=True)
    if source is not None:
        (folder / "floatscan.c").write_text(source)
    arguments = ["--zig", str(zig), "--zig-lib", str(tmp_path), "--language", "c", "--output", str(tmp_path)]
    assert build_wasi_sysroot.main(arguments) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"{zig}: cannot build the c sysroot: ")
    assert message in error
    assert f"{folder}/floatscan.c" in error
