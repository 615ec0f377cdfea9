"""Tests of tools/testing/differential.py: what it says about programs that differ, and what Bazel gets to see."""

from __future__ import annotations

import sys
from xml.etree import ElementTree

import pytest
from testing import differential

DIFFERS = [f"--variant={name}=tests/differential/differs.{name}" for name in ("noop", "wasm2c")]


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Calls the tool; returns exit code, lines of output and the XML's test cases with their failures."""
    xml = tmp_path / "test.xml"
    monkeypatch.setenv("XML_OUTPUT_FILE", str(xml))

    def call(*arguments):
        code = differential.main(["--suite=//x:t", *arguments])
        entries = ElementTree.parse(xml).getroot().iter("testcase")
        failures = {e.get("name"): f.get("message") if (f := e.find("failure")) is not None else None for e in entries}
        return code, capsys.readouterr().out.splitlines(), failures

    return call


@pytest.fixture
def program(tmp_path):
    """Makes a program of a line of Python; returns its --variant."""

    def make(name, code):
        path = tmp_path / f"{name}.py"
        path.write_text(f"#!{sys.executable} -I\nimport os, signal, sys, time\n{code}\n")
        path.chmod(0o755)
        return f"--variant={name}={path}"

    return make


def test_a_library_that_depends_on_the_size_of_long(run):
    code, lines, failures = run(*DIFFERS)
    assert code == 1
    assert lines[0].startswith("noop: passed (")
    assert lines[1].startswith("wasm2c: FAILED (")
    assert lines[2:] == [
        "  stdout of wasm2c is not that of noop:",
        "  --- noop",
        "  +++ wasm2c",
        "  @@ -1,2 +1,2 @@",
        "   the size of long is",
        "  -8",
        "  +4",
        "1 of 2 runs failed: wasm2c",
    ]
    assert failures == {"noop": None, "wasm2c": "stdout of wasm2c is not that of noop:"}


def test_a_library_that_crashes(run):
    code, lines, failures = run(*DIFFERS, "--", "trap")
    assert code == 1
    assert failures["noop"] == "ended by signal 11 (SIGSEGV), but exit code 0 is expected"
    assert failures["wasm2c"] == "ended by signal 6 (SIGABRT), but exit code 0 is expected"
    assert any("module runs" in line and "out-of-bounds" in line for line in lines), lines
    assert lines[-1] == "2 of 2 runs failed: noop, wasm2c"


def test_the_same(run, program):
    same = "print(sys.stdin.read(), *sys.argv[1:]); sys.stderr.write(sys.argv[0]); sys.exit(3)"
    code, lines, failures = run(program("a", same), program("b", same), "--exit-code=3", "--", "x", "--y")
    assert (code, len(lines)) == (0, 2)
    assert failures == {"a": None, "b": None}


def test_standard_error_is_compared_on_request(run, program):
    variants = [program("a", "sys.stderr.write('one\\n')"), program("b", "sys.stderr.write('two\\n')")]
    assert run(*variants)[0] == 0
    code, lines, failures = run(*variants, "--compare-stderr")
    assert code == 1
    assert failures["b"] == "stderr of b is not that of a:"
    assert lines[-3:-1] == ["  -one", "  +two"]


def test_each_input_is_a_run(run, program, tmp_path):
    (tmp_path / "one").write_text("1")
    (tmp_path / "two").write_text("2")
    variants = [program("a", "print(sys.stdin.read())"), program("b", "print(min(1, int(sys.stdin.read())))")]
    code, lines, failures = run(*variants, f"--input={tmp_path / 'one'}", f"--input={tmp_path / 'two'}")
    assert code == 1
    assert [name for name, problem in failures.items() if problem] == ["two: b"]
    assert list(failures) == ["one: a", "one: b", "two: a", "two: b"]
    assert lines[-1] == "1 of 4 runs failed: two: b"


def test_an_expected_output_counts_for_all(run, program, tmp_path):
    (tmp_path / "expected").write_text("hello\n")
    variants = [program("a", "print('hallo')"), program("b", "print('hallo')")]
    code, _, failures = run(*variants, f"--expected={tmp_path / 'expected'}", "--compare-stderr")
    assert code == 1
    assert set(failures.values()) == {f"stdout of {name} is not that of file {tmp_path / 'expected'}:" for name in "ab"}


def test_what_is_ignored(run, program):
    variants = [program("a", "print('1 test (12 ms)\\nok')"), program("b", "print('1 test (3 ms)\\nok')")]
    assert run(*variants)[0] == 1
    assert run(*variants, r"--ignore= \([0-9]+ ms\)$")[0] == 0
    _, lines, _ = run(variants[0], program("b", "print('2 tests (3 ms)\\nok')"), r"--ignore= \([0-9]+ ms\)$")
    assert "  -1 test" in lines
    assert "  +2 tests" in lines


def test_no_regular_expression(capsys):
    with pytest.raises(SystemExit):
        differential.main(["--variant=a=/bin/true", "--ignore=("])
    assert "'(' is no regular expression: missing ), unterminated subpattern" in capsys.readouterr().err


def test_bytes_that_are_no_text(run, program):
    write = "sys.stdout.buffer.write(b'\\xff\\0{}')"
    _, lines, _ = run(program("a", write.format("abc")), program("b", write.format("abd")))
    assert lines[-2] == "  the bytes differ from offset 4 on: a has b'c', b has b'd'"


def test_a_missing_line_end(run, program):
    _, lines, _ = run(program("a", "sys.stdout.write('x')"), program("b", "sys.stdout.write('x\\n')"))
    assert lines[-2] == "  (only one of them ends with a line end)"


def test_a_long_difference_is_cut(run, program):
    _, lines, _ = run(program("a", "print(*range(500), sep='\\n')"), program("b", ""))
    assert lines[-2] == "  ... and 443 lines more"


def test_a_program_that_does_not_end(run, program, monkeypatch):
    monkeypatch.setenv("TEST_TIMEOUT", "1")
    code, _, failures = run(program("a", "print('x', flush=True); time.sleep(60)"), program("b", "print('x')"))
    assert code == 1
    assert failures == {"a": "still ran after 1 s, but exit code 0 is expected", "b": None}


def test_the_wrong_exit_code_in_every_build_is_a_failure(run, program):
    code, _, failures = run(program("a", "sys.exit(1)"), program("b", "sys.exit(1)"))
    assert code == 1
    assert failures["b"] == "exit code 1, but exit code 0 is expected"


def test_control_characters_do_not_break_the_xml(run, program):
    _, _, failures = run(program("a", "print('x\\x1by')"), program("b", "print('x')"))
    assert failures["b"] == "stdout of b is not that of a:"


def test_bad_variant(capsys):
    with pytest.raises(SystemExit):
        differential.main(["--variant=noop"])
    assert "noop: must be NAME=PROGRAM" in capsys.readouterr().err
