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


def test_a_good_library_is_built_beside_them(bazel: NestedBazel, everything: Result, workspace: pathlib.Path) -> None:
    result = bazel.run("build", "//:good_wasm", "//:allowed_wasm", cwd=workspace)
    assert result.returncode == 0, result.stderr
