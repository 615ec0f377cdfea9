"""Tests of one_program.py: two libraries of one program, on real objects and archives of the machine's compiler."""

from __future__ import annotations

import os
import pathlib
import subprocess

import pytest
from link import one_program
from link.one_program import Definition, collisions, strong_symbols
from tool_main import ToolError

COMPILER = os.environ["COMPILER"]


def tool(name: str) -> str:
    """A tool beside the compiler."""
    done = subprocess.run([COMPILER, f"-print-prog-name={name}"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


class Program:
    """Libraries in a folder, and the check of a program of them."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.output = folder / "proof"
        self.arguments: list[str] = []

    def make(self, name: str, source: str, *options: str, language: str = "c") -> str:
        """Makes NAME.o, an archive NAME.a or a shared library NAME.so."""
        path, text = self.folder / name, self.folder / f"{name}.c"
        text.write_text(source, encoding="utf-8")
        if path.suffix == ".so":
            subprocess.run([COMPILER, "-x", "c", "-shared", "-fPIC", "-s", "-o", path, text], check=True)
            return str(path)
        made = path.with_suffix(".o")
        subprocess.run([COMPILER, "-x", language, *options, "-c", "-o", made, text], check=True)
        if path.suffix == ".a":
            subprocess.run([tool("ar"), "rcs", path, made], check=True)
        return str(path)

    def add(self, sandbox: str, path: str) -> None:
        """Links the file `path` for a sandbox."""
        owner = "//lib:" + pathlib.Path(path).stem
        self.arguments += [f"--sandbox=//s:{sandbox}", f"--owner={owner}", f"--file={path}"]

    def check(self, nm: str = "") -> None:
        """Runs the check."""
        one_program.main(["--target=//p:p", f"--nm={nm or tool('nm')}", *self.arguments, f"--output={self.output}"])


@pytest.fixture
def program(tmp_path: pathlib.Path) -> Program:
    """An empty program."""
    return Program(tmp_path)


@pytest.mark.parametrize("form", ["o", "a", "so"])
@pytest.mark.parametrize("kind", ["int same(void) { return 1; }", "int same = 1;", "int same;", "const int same = 1;"])
def test_the_same_symbol_is_refused(program: Program, form: str, kind: str) -> None:
    program.add("one", program.make(f"first.{form}", kind))
    program.add("two", program.make(f"second.{form}", kind))
    with pytest.raises(ToolError) as error:
        program.check()
    assert str(error.value) == (
        "//p:p: both //lib:first, of the sandbox //s:one, and //lib:second, of the sandbox //s:two, define the symbol same,"
        " and the noop backend links them into one program, where one library would use the other's. To fix: rename it in one"
        " of them (for C: same=other_same in local_defines), or build with the wasm2c backend, which keeps them apart"
    )
    assert not program.output.exists()


def test_a_cxx_symbol_is_refused(program: Program) -> None:
    program.add("one", program.make("first.a", "int same(int) { return 1; }", language="c++"))
    program.add("two", program.make("second.a", "int same(int) { return 1; }", language="c++"))
    with pytest.raises(
        ToolError, match=r"define the symbol _Z4samei, .*rename it in one of them \(for C\+\+: in a namespace\),"
    ):
        program.check()


def test_other_symbols_are_named(program: Program) -> None:
    both = "".join(f"int s{number};" for number in range(8))
    program.add("one", program.make("first.a", both))
    program.add("two", program.make("second.a", both))
    with pytest.raises(ToolError, match=r"define the symbol s0 \(also s1, s2, s3, s4, s5, 2 more\), and"):
        program.check()


def test_a_common_symbol_is_refused(program: Program) -> None:
    program.add("one", program.make("first.a", "int same;", "-fcommon"))
    program.add("two", program.make("second.a", "int same;", "-fcommon"))
    with pytest.raises(ToolError, match="define the symbol same,"):
        program.check()


def test_what_may_be_there_twice(program: Program) -> None:
    weak = "__attribute__((weak)) int meant_to_be_shared(void) { return 1; } static int own = 1; int use_%s(void) { return own; }"
    program.add(
        "one", program.make("first.a", weak % "first" + 'int puts(const char*); int f(void) { return puts(""); }')
    )
    program.add(
        "two", program.make("second.a", weak % "second" + 'int puts(const char*); int g(void) { return puts(""); }')
    )
    program.check()
    assert program.output.read_bytes() == b""


def test_a_file_of_both_is_linked_once(program: Program) -> None:
    shared = program.make("shared.a", "int same = 1;")
    for sandbox in ("one", "two"):
        program.add(sandbox, shared)
        program.add(sandbox, program.make(f"{sandbox}.a", f"int {sandbox};"))
    program.check()


def test_a_symbol_twice_in_one_library_is_its_own(program: Program) -> None:
    program.add("one", program.make("first.a", "int same = 1;"))
    program.add("one", program.make("second.a", "int same = 1;"))
    program.add("two", program.make("third.a", "int other = 1;"))
    program.check()


def test_a_file_of_both_against_one_of_one() -> None:
    symbols = {"shared.a": {"same"}, "more.a": {"same"}}
    shared = [Definition(sandbox, "//:shared", "shared.a") for sandbox in ("one", "two")]
    more = Definition("one", "//:more", "more.a")
    for order in ([*shared, more], [shared[0], more, shared[1]], [more, *shared]):
        assert list(collisions(order, symbols)) == ["same"]


def test_what_is_no_object(program: Program) -> None:
    path = program.folder / "text.a"
    path.write_text("no archive", encoding="utf-8")
    program.add("one", str(path))
    with pytest.raises(ToolError, match=r"text\.a: its symbols cannot be read: .*To fix: build it again"):
        program.check()


def test_a_missing_nm(program: Program) -> None:
    program.add("one", program.make("first.a", "int same = 1;"))
    with pytest.raises(ToolError, match=r"^/nowhere/nm: cannot be run: .*To fix: give the cc_toolchain an nm"):
        program.check("/nowhere/nm")


def test_lines_of_nm() -> None:
    listing = (
        "a file.a[b.o]:\nf T 0 1\nweak W 0 1\nunique u 0 1\nused U\nlocal t 0 1\nifunc i 0 1\n"
        "__x86.get_pc_thunk.ax T 0 4\nDW.ref.__gxx_personality_v0 V 0 8\ndata D 0000 4\n\nof_apple S 0 0\n"
    )
    assert strong_symbols(listing) == {"f", "ifunc", "data", "of_apple"}
