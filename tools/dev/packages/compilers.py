"""C++ compilers that the machine need not have: tools/dev/compiler NAME prints the path of one.

Each comes from the suite of Debian's that has the version, with a C library, a linker and everything else of that suite; a clang
comes with its lld, too.
What the compiler links finds that C library where it is, so the programs run on this machine, and on no other.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bootstrap import assemble, debian
from bootstrap.console import SetupError, speak_as

from packages.tree import Recipe, fetched

SUITES = {
    "bookworm": ("gcc-11", "gcc-12", "clang-14", "clang-15", "clang-16"),
    "trixie": ("gcc-13", "gcc-14", "clang-17", "clang-18", "clang-19"),
    "forky": ("gcc-15", "gcc-16", "clang-21", "clang-22"),
}
"""Suite -> the compilers that are taken from there."""

# Neither the sanitizers' libraries, nor those for other languages, nor what only old parts of a C library need.
_NOT_FOLLOWED = r"asan|tsan|lsan|ubsan|hwasan|gomp|itm|atomic|quadmath|gprofng|perl|python|objc|nsl|tirpc|gssapi|krb|k5"
_FOLLOWED = rf"(gcc|g\+\+|cpp|binutils|clang|lld|llvm)-.*|binutils|lib(?!{_NOT_FOLLOWED}).+|linux-libc-dev.*|zlib1g"

_PROGRAMS = ("usr/bin", "usr/lib/gcc", "usr/libexec/gcc", "usr/lib/llvm-*/bin")

_LEFT_OUT = ("*-lto-dump*", "./usr/share/gdb*", "*/gcc/*/plugin*", "*/libLLVM*.a", "*/libclang*.a", "./usr/lib/python*")

# The C library, the libraries at run time and the loader are those of the tree, and so are the assembler and the linker, whatever -B
# Bazel adds.
_SCRIPT = """\
#!/bin/sh
# Written by tools/dev/packages/compilers.py.
here=${{0%/*}}
PATH=$here/usr/bin
export PATH
exec "$here/{program}" -no-canonical-prefixes --sysroot="$here" -B"$here/usr/bin" {options} "$@"
"""
_LINK = '-Wl,--disable-new-dtags,--dynamic-linker="$here/{loader}"{paths}'
_CLANG = "--start-no-unused-arguments {link} --end-no-unused-arguments"


def suite_of(compiler: str) -> str:
    """Returns the suite that a compiler is taken from.

    Raises:
        SetupError: if none has it.
    """
    for suite, compilers in SUITES.items():
        if compiler in compilers:
            return suite
    known = ", ".join(name for compilers in SUITES.values() for name in compilers)
    raise SetupError(f"no compiler is called {compiler}", f"name one of {known}")


def recipe(compiler: str) -> Recipe:
    """Returns what is unpacked for a compiler."""
    suite = suite_of(compiler)
    version = compiler.rpartition("-")[2]
    packages = ["g++-" + version] if compiler.startswith("gcc-") else [compiler, "lld-" + version]
    programs = [name.replace("*", version) for name in _PROGRAMS]
    return Recipe(f"{compiler}-", [*packages, "libc6-dev", "binutils"], _FOLLOWED, programs, _LEFT_OUT, suite)


def script(compiler: str, tree: Path, architecture: debian.Architecture) -> str:
    """Returns the text of the program, at the root of a tree, that runs the compiler in the tree."""
    version = compiler.rpartition("-")[2]
    folders = [folder.relative_to(tree) for folder in assemble.library_folders(tree, architecture)]
    link = _LINK.format(
        loader=assemble.loader(tree, architecture).relative_to(tree),
        paths="".join(f',-rpath,"$here/{folder}"' for folder in folders),
    )
    gcc = compiler.startswith("gcc-")
    program = f"usr/bin/{compiler}" if gcc else f"usr/lib/llvm-{version}/bin/clang"
    return _SCRIPT.format(program=program, options=link if gcc else _CLANG.format(link=link))


def main() -> None:
    """Prints the path of a compiler."""
    parser = argparse.ArgumentParser(prog="tools/dev/compiler", description=__doc__, allow_abbrev=False)
    parser.add_argument("name", help="such as gcc-11 or clang-22")
    name = parser.parse_args().name
    speak_as(parser.prog)
    try:
        tree = fetched(recipe(name))
        program = tree / name
        program.write_text(script(name, tree, debian.architecture()))
        program.chmod(0o755)
    except SetupError as error:
        sys.exit(f"error: {error}")
    print(program)


if __name__ == "__main__":
    main()
