"""The test of the libraries of examples/libraries on mutated inputs: it makes the same inputs everywhere, and notices each fault."""

from __future__ import annotations

import hashlib
import os
import resource
from collections.abc import Iterator
from pathlib import Path

import mutated
import pytest

_SAMPLES = [b"A sample, with 12 numbers and 345.", bytes(range(256)), b""]

# Programs of the shelf, with `job` for what their library does.
_PROGRAM = """\
#!/bin/sh
job() {{
  {job}
  echo "size $(wc -c < "$1")"
}}

for path; do
  echo "== ${{path##*/}}"
  job "$path"
done
"""
_GOOD = ":"
_AT_CRASH = 'if test "$(cat "$1")" = CRASH; then %s; fi'


@pytest.fixture(autouse=True)
def _limits_of_this_process() -> Iterator[None]:
    kinds = (resource.RLIMIT_AS, resource.RLIMIT_CORE)
    before = [resource.getrlimit(kind) for kind in kinds]
    yield
    for kind, limits in zip(kinds, before):
        resource.setrlimit(kind, limits)


@pytest.fixture(name="inputs")
def _inputs(tmp_path: Path) -> list[Path]:
    paths = []
    for number, data in enumerate([b"one", b"three", b"CRASH", b"eleven"]):
        paths.append(tmp_path / f"mutant-{number}")
        paths[-1].write_bytes(data)
    return paths


def _program(folder: Path, name: str, job: str = _GOOD) -> str:
    path = folder / name
    path.write_text(_PROGRAM.format(job=job))
    path.chmod(0o755)
    return str(path)


def _report(inputs: list[Path], sandboxed: str, native: str, seconds: float = 30) -> mutated.Report:
    folder = inputs[0].parent
    return mutated.run_all(
        _program(folder, "sandboxed", sandboxed), _program(folder, "native", native), inputs, seconds
    )


def test_inputs_are_the_same_on_every_machine() -> None:
    made = mutated.mutants(_SAMPLES, 200)
    digest = hashlib.sha256(b"".join(b"%d:%s" % (len(data), data) for data in made)).hexdigest()
    assert digest == "705ed8db015b6165d2eec9042e7fc0f77b80b5ad9f0904a7c51462d90240ecd6"


def test_inputs_differ_from_their_samples_and_stay_small() -> None:
    made = mutated.mutants(_SAMPLES[:2], 200)
    assert len(set(made)) > 180
    assert not set(made) & set(_SAMPLES[:1])
    assert max(map(len, made)) < 10000


@pytest.mark.parametrize("mutation", mutated._MUTATIONS)
def test_each_mutation_takes_any_bytes_and_changes_some(mutation: mutated.Callable[..., bytes]) -> None:
    for data in [b"", b"1", *_SAMPLES]:
        results = {mutation(data, mutated.Numbers(seed)) for seed in range(50)}
        assert not data or results - {data}


def test_equal_programs_pass(inputs: list[Path]) -> None:
    report = _report(inputs, _GOOD, _GOOD)
    assert report.same == [path.name for path in inputs]
    assert not report.problems
    assert not report.different


def test_a_native_crash_is_no_fault_and_is_counted(inputs: list[Path]) -> None:
    report = _report(inputs, _GOOD, _AT_CRASH % "kill -SEGV $$")
    assert report.native_failed == {"mutant-2": "ended by signal 11"}
    assert len(report.same) == 3
    assert not report.problems
    assert "1 ended by signal 11" in report.text()


def test_a_native_run_without_an_end_is_stopped(inputs: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutated, "_NATIVE_SECONDS", 1.0)
    report = _report(inputs, _GOOD, _AT_CRASH % "exec sleep 60")
    assert report.native_failed == {"mutant-2": "still ran after 1 s"}


def test_a_native_run_gets_no_more_memory_than_its_limit(inputs: list[Path]) -> None:
    report = _report(inputs, _GOOD, _AT_CRASH % 'test "$(ulimit -v)" = 1048576 && test "$(ulimit -c)" = 0 && exit 1')
    assert report.native_failed == {"mutant-2": "ended with an error"}


def test_a_crash_of_the_sandboxed_program_is_a_fault_that_names_the_input(inputs: list[Path]) -> None:
    report = _report(inputs, _AT_CRASH % "kill -SEGV $$", _GOOD)
    assert report.last == ["mutant-2"]
    (problem,) = report.problems
    assert "exit code -11, input: ['mutant-2']" in problem


def test_a_sandboxed_program_that_stops_early_is_a_fault(inputs: list[Path]) -> None:
    report = _report(inputs, _AT_CRASH % "exit 0", _GOOD)
    assert "exit code 0" in report.problems[0]


def test_a_sandboxed_program_without_an_end_is_a_fault(inputs: list[Path]) -> None:
    report = _report(inputs, _AT_CRASH % "exec sleep 60", _GOOD, seconds=2)
    assert "none after 2 s" in report.problems[0]


def test_another_output_is_a_difference(inputs: list[Path]) -> None:
    report = _report(inputs, _AT_CRASH % "echo trap", _GOOD)
    assert report.different == ["mutant-2"]
    assert not report.problems


def test_programs_that_ignore_their_inputs_are_a_fault(inputs: list[Path]) -> None:
    report = _report(inputs, "return 0", "return 0")
    assert "no two inputs" in report.problems[0]


def test_the_command_fails_for_a_difference_unless_it_may_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = tmp_path / "sample"
    sample.write_bytes(b"A sample that is long enough to be mutated in many ways.")
    monkeypatch.setattr(mutated, "COUNT", 8)
    monkeypatch.setitem(os.environ, "TEST_UNDECLARED_OUTPUTS_DIR", str(tmp_path))
    odd = 'case "$1" in *mutant-000*) echo odd;; esac'
    programs = [f"--sandboxed={_program(tmp_path, 'sandboxed', odd)}", f"--native={_program(tmp_path, 'native')}"]
    assert mutated.main([*programs, str(sample)]) == 1
    assert "FAILED: 1 inputs differ, and 0 may" in capsys.readouterr().out
    assert (tmp_path / "mutant-000-of-8").exists()
    assert mutated.main([*programs, "--may-differ=1", str(sample)]) == 0
