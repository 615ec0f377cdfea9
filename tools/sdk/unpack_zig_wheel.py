"""Lays a `ziglang` wheel out as a wasi-sdk.

Run by the repository rule `zig_wasi_sdk_repository`, on the machine that fetches, for any exec
platform: nothing of the wheel is executed. What the wheel has for other targets (glibc, mingw,
macOS, ...) is left in the wheel, and so are clang's headers for other processors; the rest lands here:

    bin/{clang,clang++,wasm-ld,llvm-ar}      one-line wrappers around bin/zig
    bin/llvm-strip                           says that zig has none (`bazel build NAME.stripped` runs it)
    lib/clang/<major>/include                clang's own headers (its resource directory)
    share/wasi-sysroot/include/wasm32-wasip1 wasi-libc's headers
    share/wasi-sysroot/include/c++/v1        libc++'s headers
    zig/lib                                  sources that tools/sdk/build_wasi_sysroot.py compiles

Usage: unpack_zig_wheel.py WHEEL OUTPUT_DIRECTORY CLANG_MAJOR

Exit code 1 and one line on stderr when the wheel does not have the expected contents.
"""

from __future__ import annotations

import pathlib
import re
import sys
import zipfile
from typing import Optional

_LIB = "ziglang/lib/"
_SYSROOT_INCLUDE = "share/wasi-sysroot/include/wasm32-wasip1/"
_LIBCXX_INCLUDE = "share/wasi-sysroot/include/c++/v1/"

# (folder in the wheel, folder in the layout)
_PLACES = (
    (_LIB + "include/", "lib/clang/{major}/include/"),
    (_LIB + "libc/include/generic-musl/", _SYSROOT_INCLUDE),
    (_LIB + "libc/include/wasm-wasi-musl/", _SYSROOT_INCLUDE),
    (_LIB + "libcxx/include/", _LIBCXX_INCLUDE),
    (_LIB + "libcxxabi/include/", _LIBCXX_INCLUDE),
)

# pthread functions for one thread.
_THREADS = _LIB + "libc/wasi/thread-stub/"

# wasi's own headers replace musl's of the same name, as in zig's search order.
_OVERRIDES = _LIB + "libc/include/wasm-wasi-musl/"

# What `zig cc --target=wasm32-wasi` reads to build libc, libc++ and compiler-rt.
_ZIG_LIB = (
    "c.zig",
    "c/",
    "compiler/",
    "compiler_rt.zig",
    "compiler_rt/",
    "include/",
    "libc/include/generic-musl/",
    "libc/include/wasm-wasi-musl/",
    "libc/musl/",
    "libc/wasi/",
    "libcxx/",
    "libcxxabi/",
    "libunwind/include/",
    "libunwind/src/Unwind-wasm.c",
    "libunwind/src/config.h",
    "std/",
    "ubsan_rt.zig",
    "zig.h",
)

# Of clang's own headers, those that have a meaning for wasm32. The rest are the intrinsics of other processors, 12 MB
# that every compile action would have as inputs, and that a cache or an executor would have to get and keep.
_CLANG_HEADERS = re.compile(
    r"(__(float|std)|std)\w+\.h|(builtins|float|inttypes|iso646|limits|ptrauth|tgmath|unwind|varargs|wasm_simd128)\.h"
)

_WRAPPERS = {"clang": "clang", "clang++": "clang --driver-mode=g++", "wasm-ld": "wasm-ld", "llvm-ar": "ar"}

_NO_STRIP = """\
#!/bin/sh
echo "llvm-strip: the zig-based wasi-sdk has none; link with linkopts = [\\"-Wl,--strip-all\\"] instead" >&2
exit 1
"""

# zig passes libc++'s configuration as -D options and leaves the #include of this file out of
# __config; an ordinary clang takes no such options, so the layout has both again. Threads and files are switched on where
# the wheel has pthread functions for one thread (since 0.17): tools/sdk/cxx_libraries.py then builds libc++ with this file.
_CONFIG_MARK = b"#include <__configuration/abi.h>"
_CONFIG_SITE = """\
// The libc++ configuration of this sysroot.
#ifndef _LIBCPP___CONFIG_SITE
#define _LIBCPP___CONFIG_SITE
#define _LIBCPP_ABI_VERSION 1
#define _LIBCPP_ABI_NAMESPACE __1
#define _LIBCPP_HAS_THREADS {threads}
#define _LIBCPP_HAS_THREAD_API_PTHREAD {threads}
#define _LIBCPP_HAS_MONOTONIC_CLOCK 1
#define _LIBCPP_HAS_TERMINAL 1
#define _LIBCPP_HAS_MUSL_LIBC 1
#define _LIBCXXABI_DISABLE_VISIBILITY_ANNOTATIONS
#define _LIBCPP_DISABLE_VISIBILITY_ANNOTATIONS
#define _LIBCPP_HAS_VENDOR_AVAILABILITY_ANNOTATIONS 0
#define _LIBCPP_HAS_FILESYSTEM {threads}
#define _LIBCPP_HAS_RANDOM_DEVICE 1
#define _LIBCPP_HAS_LOCALIZATION 1
#define _LIBCPP_HAS_UNICODE 1
#define _LIBCPP_HAS_WIDE_CHARACTERS 1
#define _LIBCPP_HAS_NO_STD_MODULES
#define _LIBCPP_PSTL_BACKEND_SERIAL
#define _LIBCPP_HARDENING_MODE_DEFAULT 2
#define _LIBCPP_ASSERTION_SEMANTIC_DEFAULT _LIBCPP_ASSERTION_SEMANTIC_ENFORCE
#define _LIBCPP_ENABLE_CXX17_REMOVED_UNEXPECTED_FUNCTIONS
#endif  // _LIBCPP___CONFIG_SITE
"""


_NO_GETRANDOM = b"#ifdef __wasilibc_unmodified_upstream /* WASI has no getrandom, but it does have getentropy */"

# zig 0.17's own allocator gives a few bytes for malloc(0xffffffff): tools/sdk/sysroot/malloc.c takes its place.
_ZIG_MALLOC = b'_ = @import("c/malloc.zig");'
_ZIG_LIBC = "zig/lib/c.zig"


class LayoutError(Exception):
    """The wheel is not a ziglang wheel as this script knows it."""


def destinations(name: str, clang_major: str) -> list[str]:
    """Returns where a file of the wheel belongs in the layout.

    Args:
      name: the file's path in the wheel.
      clang_major: clang's major version, for its resource directory.

    Returns:
      Relative paths; none for a file that the layout has no use for.
    """
    found: list[str] = []
    if name.startswith(_LIB + "include/") and not _CLANG_HEADERS.fullmatch(name[len(_LIB + "include/") :]):
        return found
    for source, place in _PLACES:
        if name.startswith(source):
            found.append(place.format(major=clang_major) + name[len(source) :])
    if name.startswith(_LIB) and name[len(_LIB) :].startswith(_ZIG_LIB):
        found.append("zig/lib/" + name[len(_LIB) :])
    if name == "ziglang/zig":
        found.append("bin/zig")
    if name == "ziglang/LICENSE":
        found.append("LICENSE")
    return found


def with_config_site(config: bytes) -> bytes:
    """Returns libc++'s __config with the #include of __config_site in it.

    Raises:
      LayoutError: if the place for it is not found.
    """
    if config.count(_CONFIG_MARK) != 1:
        raise LayoutError("libc++'s __config is not as expected: this version of zig needs a change here")
    return config.replace(_CONFIG_MARK, b"#include <__config_site>\n" + _CONFIG_MARK)


def with_getrandom(header: bytes) -> bytes:
    """Returns wasi-libc's <sys/random.h> with the declaration of getrandom, which tools/sdk/sysroot/random.c defines."""
    return header.replace(_NO_GETRANDOM, b"#if 1").replace(b"#else\n", b"#endif\n#if 1\n")


def without_malloc(libc: bytes) -> bytes:
    """Returns zig's list of its own part of libc without the allocator; as it is if it has none (before 0.17)."""
    return libc.replace(_ZIG_MALLOC, b"")


def unpack(wheel: pathlib.Path, output: pathlib.Path, clang_major: str) -> None:
    """Writes the layout.

    Args:
      wheel: the .whl file.
      output: the folder to write into; created if missing.
      clang_major: clang's major version, e.g. "20".

    Raises:
      LayoutError: if the wheel lacks zig or the wasi headers.
    """
    with zipfile.ZipFile(wheel) as archive:
        names = [n for n in archive.namelist() if not n.endswith("/")]
        for needed in ("ziglang/zig", _OVERRIDES + "wasi/api.h", _LIB + "include/stddef.h"):
            if needed not in names:
                raise LayoutError(f"{wheel.name} has no {needed}: not a ziglang wheel of a known layout")
        # Overrides last, so that they win.
        for name in sorted(names, key=lambda n: (n.startswith(_OVERRIDES), n)):
            places = destinations(name, clang_major)
            if not places:
                continue
            data = archive.read(name)
            for place in places:
                contents = data
                if place == _LIBCXX_INCLUDE + "__config":
                    contents = with_config_site(data)
                elif place == _SYSROOT_INCLUDE + "sys/random.h":
                    contents = with_getrandom(data)
                elif place == _ZIG_LIBC:
                    contents = without_malloc(data)
                _write(output / place, contents, executable=place == "bin/zig")
    for wrapper, command in _WRAPPERS.items():
        text = f'#!/bin/sh\nexec "${{0%/*}}/zig" {command} "$@"\n'
        _write(output / "bin" / wrapper, text.encode(), executable=True)
    _write(output / "bin/llvm-strip", _NO_STRIP.encode(), executable=True)
    threads = int(any(name.startswith(_THREADS) for name in names))
    _write(output / (_LIBCXX_INCLUDE + "__config_site"), _CONFIG_SITE.format(threads=threads).encode())


def _write(path: pathlib.Path, data: bytes, executable: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    if executable:
        path.chmod(0o755)


def main(argv: Optional[list[str]] = None) -> int:
    """The command line; returns the exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    if len(arguments) != 3:
        print("usage: unpack_zig_wheel.py WHEEL OUTPUT_DIRECTORY CLANG_MAJOR", file=sys.stderr)
        return 1
    wheel, output, clang_major = arguments
    try:
        unpack(pathlib.Path(wheel), pathlib.Path(output), clang_major)
    except (LayoutError, OSError, zipfile.BadZipFile) as error:
        print(f"{wheel}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
