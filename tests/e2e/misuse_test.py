"""Bad input gets one clear error, which names the target, the culprit and the way out."""

from __future__ import annotations

import pathlib

import pytest
from nested_bazel import NestedBazel, Result


@pytest.fixture(scope="module")
def workspace(bazel: NestedBazel) -> pathlib.Path:
    """The workspace, and what a checkout cannot hold: packages that are broken as a whole, and files with strange names."""
    folder = bazel.add("misuse")
    for name, (call, _, _) in ARGUMENTS.items():
        (folder / name).mkdir()
        rule = call.partition("(")[0]
        load = f'load("@rules_rlbox//rules:defs.bzl", "{rule}")'
        (folder / name / "BUILD.bazel").write_text(f"{load}\n{call}\n", encoding="utf-8")
    with (folder / "BUILD.bazel").open("a", encoding="utf-8") as build:
        for i, name in enumerate(OPTIONS):
            build.write(f'wasm2c_library(name = "module_{i}", wasm = ":{name}")\n')
            (folder / name).write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def everything(bazel: NestedBazel, workspace: pathlib.Path) -> Result:
    """One build of all targets, as far as they go."""
    result = bazel.run("build", "//...", "--keep_going", "--verbose_failures=false", cwd=workspace)
    assert result.returncode == 1, result.stderr
    return result


def only_line(result: Result, *parts: str) -> str:
    """The one line of stderr that has all the parts."""
    lines = [line for line in result.stderr.splitlines() if all(part in line for part in parts)]
    assert len(lines) == 1, f"{len(lines)} lines with {parts} in:\n{result.stderr}"
    return lines[0]


def test_unknown_export(everything: Result) -> None:
    line = only_line(everything, "//:unknown_export_wasm: exports: 'anser'")
    assert "did you mean 'answer'?" in line


def test_open(everything: Result) -> None:
    """The module answers the call itself."""
    assert "//:opens_a_file_wasm" not in everything.stderr


def test_accept(everything: Result) -> None:
    line = only_line(everything, "//:accepts_connections_wasm:", "sock_accept")
    assert "sock_accept of wasi_snapshot_preview1" in line
    assert 'remove "answer" from exports' in line
    assert "accepts_connections.o" in line or "accepts_connections.pic.o" in line
    assert "allowed_imports" in line


def test_socket(everything: Result) -> None:
    line = only_line(everything, "//:makes_a_socket_wasm:", "socket")
    assert "makes_a_socket" in line


def test_two_libraries_of_one_program(bazel: NestedBazel, workspace: pathlib.Path) -> None:
    """The noop backend links both; the program is refused, not linked with one of the two functions."""
    setting = "--@rules_rlbox//rules/settings:backend=noop"
    result = bazel.run("build", "//:two_answers", setting, "--verbose_failures=false", cwd=workspace)
    assert result.returncode == 1, result.stderr
    line = only_line(result, "//:two_answers:", "define the symbol answer,")
    for part in (
        "//:good, of the sandbox //:good_box",
        "//:opens_a_file, of the sandbox //:opens_a_file_box",
        "To fix: ",
    ):
        assert part in line


def test_thread(everything: Result) -> None:
    line = only_line(everything, "//:starts_a_thread_wasm:", "thrd_create")
    assert "no threads" in line
    assert "starts_a_thread" in line


def test_undefined_function(everything: Result) -> None:
    line = only_line(everything, "//:calls_nothing_known_wasm:", "answer_part")
    assert "undefined" in line
    assert "calls_nothing_known" in line


def test_assembly(everything: Result) -> None:
    line = only_line(everything, "has_assembly.c:5:", "error:")
    assert "asm" in line


@pytest.mark.parametrize("kind", ["everything", "headers"])
def test_native_archive(everything: Result, kind: str) -> None:
    line = only_line(everything, f"//:native_{kind}_wasm:", "code for a processor")
    assert "deps: libnative.a(native.o) is an ELF object" in line
    assert "To fix: name a cc_library with the library's sources in deps" in line


def test_not_wasm(everything: Result) -> None:
    line = only_line(everything, "not_wasm_sandbox:")
    assert "not_wasm.wasm" in line


# target -> the sentence, after the target's label
SURFACES = {
    "bit_field": (
        "struct record in surface.h cannot be used through a sandbox: its field 'flag' is a bit-field. To fix:"
        ' add "record" to opaque_structs to pass it only by pointer'
    ),
    "cxx_only": (
        "no function that its public headers declare can be exported, so nothing could be called: use_record:"
        ' it is a C++ function here (_Z10use_recordPK6record). To fix: declare it extern "C", or list other functions in exports'
    ),
    "cxx_only_and_asked_for": (
        "exports: 'use_record' is a C++ function here (_Z10use_recordPK6record). To fix: declare it extern \"C\""
    ),
    "declared_only": (
        "no function that its public headers declare can be exported, so nothing could be called: not_written_yet:"
        " it is declared in surface.h, but the library does not define it. To fix: list other functions in exports"
    ),
    "declared_only_and_asked_for": (
        "exports: 'not_written_yet' is declared in surface.h but defined nowhere. To fix:"
        " add the source or the library that defines it"
    ),
    "flexible_array": (
        "struct record in surface.h cannot be used through a sandbox: its field 'data' is a flexible array. To fix:"
        ' add "record" to opaque_structs to pass it only by pointer'
    ),
    "is_inline": (
        "exports: 'twice' is inline in surface.h, so there is nothing to export. To fix:"
        " remove it from exports, or define it in a source file"
    ),
    "is_static": "exports: 'helper' is static in surface.o. To fix: remove 'static' there, or 'helper' from exports",
    "many_functions": (
        "max_table is 2, and the library alone puts 4 functions into the table. To fix: set another max_table"
    ),
    "missing_include": (
        "the public headers do not compile for the sandbox: surface.h:6: 'not_there.h' file not found. To fix:"
        " give the library what the headers need (defines, includes, deps), or leave a header that is no interface out"
        " with public_headers"
    ),
    "nothing_declared": (
        "its public headers declare no function, so nothing could be called. To fix:"
        " add the header that does to hdrs of a cc_library in deps, or list functions in exports"
    ),
    "packed": (
        "struct record in surface.h cannot be used through a sandbox: its field 'value' is at offset 1 and not 4,"
        ' because of an attribute (packed or aligned). To fix: add "record" to opaque_structs to pass it only by pointer'
    ),
    "union_member": (
        "struct record in surface.h cannot be used through a sandbox: its field 'value' is a union. To fix:"
        ' add "record" to opaque_structs to pass it only by pointer'
    ),
    "unknown_opaque": (
        "opaque_structs: the functions in the public headers use no struct 'recrod'; did you mean 'record'?"
    ),
    "variadic_only": (
        "no function that its public headers declare can be exported, so nothing could be called: print_all:"
        " a variable number of arguments cannot cross the boundary. To fix: list other functions in exports"
    ),
}


@pytest.mark.parametrize("name", SURFACES)
def test_surface(everything: Result, name: str) -> None:
    only_line(everything, f"//:{name}: {SURFACES[name]}")


def test_initial_memory_without_room_for_the_data(everything: Result) -> None:
    line = only_line(everything, "initial memory too small")
    assert "wasm-ld" in line


# package -> what its BUILD file calls, the attribute, the text, the character
ARGUMENTS = {
    "corpus": (
        'rlbox_differential_test(name = "t", srcs = ["a.cc"], sandboxes = ["//:good_wasm"], inputs = ["a b.txt"])',
        "//corpus:t: inputs: a b.txt",
        "space",
    ),
    "export": (
        """wasm_exports_test(name = "t", exports = ["f'g"], wasm = "//:good_wasm")""",
        "//export:t: exports: f'g",
        "'",
    ),
    "golden": (
        'sandbox_report_test(name = "t", golden = "a$b.txt", sandbox = "//:good_wasm")',
        "//golden:t: golden: golden/a$b.txt",
        "$",
    ),
    "name": (
        'wasm_exports_test(name = "t u", exports = ["f"], wasm = "//:good_wasm")',
        "//name:t u: name: //name:t u",
        "space",
    ),
    "sandbox": (
        """sandbox_report_test(name = "t", golden = "t.txt", sandbox = "//:it's")""",
        "//sandbox:t: sandbox: //:it's",
        "'",
    ),
}


# Modules in the workspace's top folder, where a path begins with the file's name.
OPTIONS = ["--output=x.wasm", "@x.wasm"]


@pytest.mark.parametrize("package", ARGUMENTS)
def test_what_a_shell_would_split(everything: Result, package: str) -> None:
    _, begin, char = ARGUMENTS[package]
    sentence = f"{begin}: Bazel hands names to a test as words of a command line, and this one has a {char} in it"
    assert f"Error in fail: {sentence}. To fix: use letters, digits and " in everything.stderr


@pytest.mark.parametrize("name", OPTIONS)
def test_a_module_that_is_named_like_an_option(everything: Result, name: str) -> None:
    sentence = (
        f"//:module_{OPTIONS.index(name)}: wasm: the tools would take the file name {name} for an option. To fix:"
    )
    assert f"Error in fail: {sentence} rename the file" in everything.stderr


def test_a_package_of_any_name(bazel: NestedBazel, workspace: pathlib.Path, everything: Result) -> None:
    """Folders and sources with names that a shell, an option or a list of arguments would read differently."""
    folder = workspace / "a b,c'd$e@f+g~h=i" / "-j"
    folder.mkdir(parents=True)
    (folder / "the answer,'.c").write_text(
        '#include "an answer.h"\nint answer(void) { return 42; }\n', encoding="utf-8"
    )
    (folder / "an answer.h").write_text("int answer(void);\n", encoding="utf-8")
    (folder / "BUILD.bazel").write_text(
        """\
load("@rules_cc//cc:cc_library.bzl", "cc_library")
load("@rules_rlbox//rules:defs.bzl", "rlbox_cc_library", "rlbox_sandbox")

cc_library(name = "-l", srcs = ["the answer,'.c"], hdrs = ["an answer.h"])
rlbox_sandbox(name = "-s", module_name = "s", deps = [":-l"])
rlbox_cc_library(name = "library", sandboxes = [":-s"], srcs = ["use.cc"])
""",
        encoding="utf-8",
    )
    (folder / "use.cc").write_text('#include "s.rlbox.h"\n', encoding="utf-8")
    result = bazel.run("build", f"//{folder.relative_to(workspace)}:all", cwd=workspace)
    assert result.returncode == 0, result.stderr


def test_each_toolchain_may_have_its_own_platform(bazel: NestedBazel, workspace: pathlib.Path) -> None:
    """Bazel then looks for the types of the toolchains by their labels as seen from here."""
    flags = ["--incompatible_auto_exec_groups", "--nobuild"]
    result = bazel.run("build", "//:good_surfaces", *flags, cwd=workspace)
    assert result.returncode == 0, result.stderr


def test_a_good_library_is_built_beside_them(bazel: NestedBazel, everything: Result, workspace: pathlib.Path) -> None:
    result = bazel.run(
        "build", "//:good_wasm", "//:allowed_wasm", "//:opens_a_file_wasm", "//:good_surfaces", cwd=workspace
    )
    assert result.returncode == 0, result.stderr
