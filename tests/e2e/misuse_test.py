"""Bad input gets one clear error, which names the target, the culprit and the way out."""

from __future__ import annotations

import pathlib

import pytest
from nested_bazel import NestedBazel, Result


@pytest.fixture(scope="module")
def workspace(bazel: NestedBazel) -> pathlib.Path:
    return bazel.add("misuse")


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
    line = only_line(everything, "//:opens_a_file_wasm:", "path_open")
    assert "wasi_snapshot_preview1.path_open" in line
    assert "opens_a_file.o" in line or "opens_a_file.pic.o" in line
    assert "open" in line
    assert "allowed_imports" in line


def test_accept(everything: Result) -> None:
    line = only_line(everything, "//:accepts_connections_wasm:", "sock_accept")
    assert "accepts_connections" in line
    assert "allowed_imports" in line


def test_socket(everything: Result) -> None:
    line = only_line(everything, "//:makes_a_socket_wasm:", "socket")
    assert "makes_a_socket" in line


def test_pthread(everything: Result) -> None:
    line = only_line(everything, "//:starts_a_thread_wasm:", "pthread_create")
    assert "no threads" in line
    assert "starts_a_thread" in line


def test_undefined_function(everything: Result) -> None:
    line = only_line(everything, "//:calls_nothing_known_wasm:", "answer_part")
    assert "undefined" in line
    assert "calls_nothing_known" in line


def test_assembly(everything: Result) -> None:
    line = only_line(everything, "has_assembly.c:5:", "error:")
    assert "asm" in line


def test_exceptions(everything: Result) -> None:
    line = only_line(everything, "throws.cc:5:", "error:")
    assert "exceptions disabled" in line


def test_not_wasm(everything: Result) -> None:
    line = only_line(everything, "not_wasm_sandbox:")
    assert "not_wasm.wasm" in line


# target -> the sentence, after the target's label
SURFACES = {
    "bit_field": (
        "struct record in surface.h cannot be used through a sandbox: its field 'flag' is a bit-field;"
        ' add "record" to opaque_structs to pass it only by pointer'
    ),
    "cxx_only": (
        "no function that its public headers declare can be exported, so nothing could be called: use_record:"
        ' it is a C++ function here (_Z10use_recordPK6record); declare it extern "C"; or list other functions in exports'
    ),
    "cxx_only_and_asked_for": (
        "exports: 'use_record' is a C++ function here (_Z10use_recordPK6record); declare it extern \"C\""
    ),
    "declared_only": (
        "no function that its public headers declare can be exported, so nothing could be called: not_written_yet:"
        " it is declared in surface.h, but the library does not define it; or list other functions in exports"
    ),
    "declared_only_and_asked_for": (
        "exports: 'not_written_yet' is declared in surface.h but defined nowhere;"
        " add the source or the library that defines it"
    ),
    "flexible_array": (
        "struct record in surface.h cannot be used through a sandbox: its field 'data' is a flexible array;"
        ' add "record" to opaque_structs to pass it only by pointer'
    ),
    "is_inline": (
        "exports: 'twice' is inline in surface.h, so there is nothing to export;"
        " remove it from exports, or define it in a source file"
    ),
    "is_static": "exports: 'helper' is static in surface.o; remove 'static' there, or 'helper' from exports",
    "many_functions": ("max_table is 2, and the library alone puts 4 functions into the table; set another max_table"),
    "missing_include": (
        "the public headers do not compile for the sandbox: surface.h:6: 'not_there.h' file not found;"
        " give the library what the headers need (defines, includes, deps), or leave a header that is no interface out"
        " with public_headers"
    ),
    "nothing_declared": (
        "its public headers declare no function, so nothing could be called;"
        " add the header that does to hdrs of a cc_library in deps, or list functions in exports"
    ),
    "packed": (
        "struct record in surface.h cannot be used through a sandbox: its field 'value' is at offset 1 and not 4,"
        ' because of an attribute (packed or aligned); add "record" to opaque_structs to pass it only by pointer'
    ),
    "union_member": (
        "struct record in surface.h cannot be used through a sandbox: its field 'value' is a union;"
        ' add "record" to opaque_structs to pass it only by pointer'
    ),
    "unknown_opaque": (
        "opaque_structs: the functions in the public headers use no struct 'recrod'; did you mean 'record'?"
    ),
    "variadic_only": (
        "no function that its public headers declare can be exported, so nothing could be called: print_all:"
        " a variable number of arguments cannot cross the boundary; or list other functions in exports"
    ),
}


@pytest.mark.parametrize("name", SURFACES)
def test_surface(everything: Result, name: str) -> None:
    only_line(everything, f"//:{name}: {SURFACES[name]}")


def test_initial_memory_without_room_for_the_data(everything: Result) -> None:
    line = only_line(everything, "initial memory too small")
    assert "wasm-ld" in line


def test_rtti(everything: Result) -> None:
    line = only_line(everything, "surface.cc:11:50:", "error:")
    assert "-frtti" in line


def test_a_good_library_is_built_beside_them(bazel: NestedBazel, everything: Result, workspace: pathlib.Path) -> None:
    result = bazel.run("build", "//:good_wasm", "//:allowed_wasm", "//:good_surfaces", cwd=workspace)
    assert result.returncode == 0, result.stderr
