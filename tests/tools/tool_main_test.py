"""Tests of tools/tool_main.py."""

import os

import pytest
import tool_main
import wasm_builder as wb
from tool_main import ToolError


def test_run_ends_with_one_line_and_code_1(capsys):
    def fail(arguments):
        raise ToolError("//x:y: two\nlines")

    with pytest.raises(SystemExit) as ended:
        tool_main.run(fail)
    assert ended.value.code == 1
    assert capsys.readouterr() == ("", "//x:y: two lines\n")


def test_run_shows_what_cannot_be_shown_escaped(capsys):
    def fail(arguments):
        raise ToolError("//x:y: \x1b[31mr\u00e9d\u202e.o\0")

    with pytest.raises(SystemExit):
        tool_main.run(fail)
    assert capsys.readouterr() == ("", "//x:y: \\x1b[31mr\u00e9d\\u202e.o\\x00\n")


def test_run_ends_with_code_0(capsys):
    with pytest.raises(SystemExit) as ended:
        tool_main.run(lambda arguments: None)
    assert ended.value.code == 0
    assert capsys.readouterr() == ("", "")


def test_arguments_from_a_file(tmp_path):
    parameters = tmp_path / "params"
    parameters.write_text("--name\nwith blanks\n--name=x\n")
    parser = tool_main.argument_parser("A tool.")
    parser.add_argument("--name", action="append")
    assert parser.parse_args([f"@{parameters}"]).name == ["with blanks", "x"]


def test_options_are_not_abbreviated(capsys):
    parser = tool_main.argument_parser("A tool.")
    parser.add_argument("--name")
    with pytest.raises(SystemExit):
        parser.parse_args(["--na", "x"])
    assert "unrecognized arguments" in capsys.readouterr().err


def test_a_file_that_is_not_there(tmp_path):
    path = str(tmp_path / "none")
    with pytest.raises(ToolError) as error:
        tool_main.read_module(path)
    assert str(error.value) == f"{path}: cannot be read: No such file or directory"


def test_a_file_that_is_no_module(tmp_path):
    path = tmp_path / "x.wasm"
    path.write_bytes(b"\x7fELF")
    what = (
        "not a WebAssembly module but an ELF file, that is code for a native platform. To fix:"
        " name a file that was linked for wasm32"
    )
    with pytest.raises(ToolError) as error:
        tool_main.read_module(str(path))
    assert str(error.value) == f"{path}: {what}"
    with pytest.raises(ToolError) as error:
        tool_main.read_module(str(path), blame="//x:y")
    assert str(error.value) == f"//x:y: x.wasm is {what}"


def test_a_broken_module(tmp_path):
    path = tmp_path / "x.wasm"
    path.write_bytes(wb.MAGIC + b"\x0e\0")
    what = "not a valid WebAssembly module: there is no kind of section 14 (at byte 0x8). To fix: link it again, for wasm32"
    with pytest.raises(ToolError) as error:
        tool_main.read_module(str(path))
    assert str(error.value) == f"{path}: {what}"
    with pytest.raises(ToolError) as error:
        tool_main.read_module(str(path), blame="//x:y")
    assert str(error.value) == f"//x:y: x.wasm is {what}"


def test_write_replaces_the_whole_file(tmp_path):
    path = tmp_path / "out"
    path.write_bytes(b"a longer text than the new one")
    tool_main.write_bytes(str(path), b"new")
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["out"]


def test_a_file_that_cannot_be_written(tmp_path):
    path = str(tmp_path / "no" / "folder")
    with pytest.raises(ToolError) as error:
        tool_main.write_bytes(path, b"")
    assert str(error.value) == f"{path}: cannot be written: No such file or directory"


def test_nothing_is_left_of_a_failed_write(tmp_path, monkeypatch):
    def refuse(source, target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(ToolError, match=r"out: cannot be written: Permission denied$"):
        tool_main.write_bytes(str(tmp_path / "out"), b"x")
    assert os.listdir(tmp_path) == []
