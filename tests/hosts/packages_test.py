"""tools/dev/packages: what is made of unpacked packages, with a tree of the machine's own programs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bootstrap import console, debian
from bootstrap.console import SetupError
from packages import compilers, movable, store

ARCHITECTURE = debian.architecture()


def _libraries_of(program: str) -> list[Path]:
    shown = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    return [Path(path) for path in re.findall(r"(?:=> |^\s)(/\S+) \(0x", shown, re.MULTILINE)]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with one program, its loader and its libraries, and a link to the program."""
    tree = tmp_path / "tree"
    libraries = tree / "usr/lib" / ARCHITECTURE.triplet
    programs = tree / "usr/bin"
    programs.mkdir(parents=True)
    libraries.mkdir(parents=True)
    program = str(shutil.which("env"))
    shutil.copy(program, programs / "show")
    for library in _libraries_of(program):
        shutil.copy(library, libraries / library.name)
    (programs / "other-show").symlink_to("/usr/bin/show")
    return tree


def _run(program: Path) -> str:
    environment = {"WORD": "said"}
    return subprocess.run([str(program)], capture_output=True, text=True, check=True, env=environment).stdout


def test_a_program_runs_from_wherever_its_tree_is(tree: Path, tmp_path: Path) -> None:
    movable.relative_links(tree)
    movable.wrap_programs(tree, ["usr/bin"], ARCHITECTURE)
    assert (tree / "programs/usr/bin/show").is_file()
    moved = tmp_path / "some where else"
    tree.rename(moved)
    for name in ("show", "other-show"):
        assert (moved / "usr/bin" / name).read_text().startswith("#!/bin/sh\n")
        assert "WORD=said" in _run(moved / "usr/bin" / name)
    # With the loader of the tree alone.
    (moved / "usr/lib" / ARCHITECTURE.triplet / ARCHITECTURE.loader).unlink()
    with pytest.raises(subprocess.CalledProcessError):
        _run(moved / "usr/bin/show")


def test_a_program_runs_in_a_sandbox_of_links(tree: Path, tmp_path: Path) -> None:
    movable.relative_links(tree)
    movable.wrap_programs(tree, ["usr/bin"], ARCHITECTURE)
    links = tmp_path / "links"
    for parent, _, files in os.walk(tree):
        for name in files:
            link = links / Path(parent, name).relative_to(tree)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(Path(parent, name))
    assert "WORD=said" in _run(links / "usr/bin/other-show")


def test_links_become_relative_and_those_to_nothing_vanish(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/file").write_text("here")
    (tmp_path / "a/b/absolute").symlink_to("/a/file")
    (tmp_path / "a/b/relative").symlink_to("../file")
    (tmp_path / "a/b/nothing").symlink_to("/usr/share/doc/nothing")
    (tmp_path / "a/b/to-nothing").symlink_to("nothing")
    movable.relative_links(tmp_path)
    assert {path.name: os.readlink(path) for path in (tmp_path / "a/b").iterdir()} == {
        "absolute": "../file",
        "relative": "../file",
    }


def test_a_linker_script_names_libraries_without_folders(tmp_path: Path) -> None:
    script = tmp_path / "libc.so"
    script.write_text(
        "/* GNU ld script\n   Use the shared library. */\nOUTPUT_FORMAT(elf64-littleaarch64)\n"
        "GROUP ( /usr/lib/libc.so.6 /usr/lib/libc_nonshared.a  AS_NEEDED ( /lib/ld-linux.so.1 ) )\n"
    )
    (tmp_path / "libz.so").write_bytes(b"\x7fELF/usr/lib/x")
    movable.relative_linker_scripts(tmp_path)
    assert script.read_text() == (
        "OUTPUT_FORMAT(elf64-littleaarch64)\nGROUP ( libc.so.6 libc_nonshared.a  AS_NEEDED ( ld-linux.so.1 ) )\n"
    )
    assert (tmp_path / "libz.so").read_bytes() == b"\x7fELF/usr/lib/x"


def test_a_folder_is_made_once_and_one_that_is_half_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAZEL_BOOTSTRAP_DIR", str(tmp_path))
    made = []

    def make(work: Path, final: Path) -> None:
        made.append(work)
        final.mkdir()
        (final / "file").write_text(str(len(made)))

    def fail(_work: Path, final: Path) -> None:
        final.mkdir()
        raise OSError

    with pytest.raises(OSError):
        store.once("one", fail)
    assert (store.once("one", make) / "file").read_text() == "1"
    assert (store.once("one", make) / "file").read_text() == "1"
    assert not made[0].exists()


def test_a_machine_without_debians_keys_is_told_apart(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "packages", f"--output={tmp_path}", "--name=x", "--follow=x", "nothing"]
    environment = {
        **os.environ,
        "BAZEL_BOOTSTRAP_DIR": str(tmp_path),
        "BAZEL_BOOTSTRAP_KEYRING": "/no/keys",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 3
    assert done.stderr.startswith("there is no /no/keys. To fix: ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "program", "braces"),
    [
        ("gcc-11", "usr/bin/gcc-11", []),
        ("clang-22", "usr/lib/llvm-22/bin/clang", ["--start-no-unused-arguments", "--end-no-unused-arguments"]),
    ],
)
def test_a_compiler_uses_what_came_with_it(
    tree: Path, tmp_path: Path, name: str, program: str, braces: list[str]
) -> None:
    place = tree / program
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text('#!/bin/sh\necho "$PATH"\nfor word; do echo "$word"; done\n')
    place.chmod(0o755)
    compiler = tmp_path / "with space" / name
    tree.rename(compiler.parent)
    compiler.write_text(compilers.script(name, compiler.parent, ARCHITECTURE))
    compiler.chmod(0o755)
    path, *words = subprocess.run(
        [str(compiler), "-c", "a b"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    root = compiler.parent
    link = [word for word in words if word.startswith("-Wl,")]
    assert path == f"{root}/usr/bin"
    assert words == [
        "-no-canonical-prefixes",
        f"--sysroot={root}",
        f"-B{root}/usr/bin",
        *braces[:1],
        *link,
        *braces[1:],
        "-c",
        "a b",
    ]
    assert f"--dynamic-linker={root}/usr/lib/{ARCHITECTURE.triplet}/{ARCHITECTURE.loader}" in link[0].split(",")


def test_a_compiler_that_nobody_has_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["compiler", "gcc-3"])
    with pytest.raises(SystemExit) as ended:
        compilers.main()
    assert str(ended.value).startswith("error: no compiler is called gcc-3. To fix: name one of gcc-11, ")
    assert capsys.readouterr().out == ""


def test_progress_names_the_program_that_speaks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: object) -> Path:
        console.say("unpacking")
        raise SetupError("the network is gone", "try again")

    monkeypatch.setattr(console, "_speaker", "tools/bazel")
    monkeypatch.setattr(compilers, "fetched", interrupted)
    monkeypatch.setattr(sys, "argv", ["compiler", "gcc-11"])
    with pytest.raises(SystemExit) as ended:
        compilers.main()
    assert str(ended.value) == "error: the network is gone. To fix: try again"
    assert capsys.readouterr().err == "tools/dev/compiler: unpacking\n"


def test_what_a_compiler_is_made_of() -> None:
    gcc, clang = compilers.recipe("gcc-11"), compilers.recipe("clang-22")
    assert (gcc.suite, gcc.packages[0], clang.suite, clang.packages[0]) == ("bookworm", "g++-11", "forky", "clang-22")
    assert "usr/lib/llvm-22/bin" in clang.programs
    assert "lld-22" in clang.packages
    assert re.fullmatch(clang.follow, "lld-22")
    assert re.fullmatch(gcc.follow, "libstdc++-11-dev")
    assert not re.fullmatch(gcc.follow, "libasan6")


def test_a_suite_that_no_mirror_has_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAZEL_BOOTSTRAP_MIRROR", (tmp_path / "mirror").as_uri())
    with pytest.raises(SetupError) as error:
        store.unpacked(tmp_path, ["g++"], re.compile("x"), [], "no-suite")
    assert str(error.value).startswith(f"no mirror has Debian no-suite ({(tmp_path / 'mirror').as_uri()}: ")
    assert " To fix: check the network, or name a Debian mirror" in str(error.value)
