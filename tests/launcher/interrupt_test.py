"""Set-ups that are killed, interrupted or started several times at once."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest
from fake_machine import Machine, killed_at_the_end

WAITING = "tools/bazel: another run is setting Bazel up; waiting for it\n"


@pytest.fixture
def paused(debian: Machine) -> Iterator[Machine]:
    """A machine whose set-ups can be stopped at a point; at the end, whatever has stopped goes on and ends."""
    yield debian
    debian.resume()


def assert_whole(machine: Machine) -> None:
    """Fails unless a run succeeds and leaves nothing but one whole copy."""
    result = machine.run("--version", FAKE_PAUSE="")
    assert (result.returncode, result.stdout) == (0, "bazel 7.7.1\n"), result.stderr
    assert sorted(path.name for path in machine.copies.iterdir()) == ["lock", machine.copy.name]
    assert machine.run("--version").stderr == ""


@pytest.mark.parametrize("point", ["update", "download", "unpack", "patchelf", "java"])
def test_a_run_that_is_killed_with_all_that_it_started(paused: Machine, point: str) -> None:
    process = paused.start("--version", FAKE_PAUSE=point)
    with killed_at_the_end(process):
        paused.wait_for_pause(point)
    assert process.returncode == -signal.SIGKILL
    # At the point `java` the folder of the copy is there, but nothing says that it is whole.
    assert [path.name[:2] for path in paused.copies.iterdir() if path.name != "lock"] == [
        "v4" if point == "java" else "tm"
    ]
    assert_whole(paused)


@pytest.mark.parametrize("point", ["download", "unpack"])
def test_what_a_killed_run_started_may_go_on(paused: Machine, point: str) -> None:
    process = paused.start("--version", FAKE_PAUSE=point)
    with killed_at_the_end(process):
        _, parent = paused.wait_for_pause(point)
        os.kill(parent, signal.SIGKILL)
        os.kill(process.pid, signal.SIGKILL)
        assert_whole(paused)
        paused.resume()
        time.sleep(0.2)
    assert_whole(paused)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_interrupted_removes_what_it_wrote(paused: Machine, number: signal.Signals) -> None:
    process = paused.start("build", "//a", FAKE_PAUSE="download")
    with killed_at_the_end(process):
        paused.wait_for_pause("download")
        os.killpg(process.pid, number)  # as a terminal does
        out, err = process.communicate(timeout=30)
    assert process.returncode in (128 + number, -number)
    assert out == ""
    assert "Traceback" not in err
    end = time.monotonic() + 10
    while len(list(paused.copies.iterdir())) > 1 and time.monotonic() < end:
        time.sleep(0.01)  # bash does not wait for Python if a signal ends it
    assert [path.name for path in paused.copies.iterdir()] == ["lock"]
    assert_whole(paused)


def test_three_runs_at_once_and_one_sets_up(paused: Machine) -> None:
    first = paused.start("--version", FAKE_PAUSE="download")
    with killed_at_the_end(first):
        paused.wait_for_pause("download")
        second, third = paused.start("--version"), paused.start("--version")
        with killed_at_the_end(second), killed_at_the_end(third):
            for waiting in (second, third):
                assert waiting.stderr
                assert waiting.stderr.readline() == WAITING
            paused.resume()
            for process in (first, second, third):
                out, _ = process.communicate(timeout=30)
                assert (process.returncode, out) == (0, "bazel 7.7.1\n")
    assert len(paused.calls("apt-get -qq download")) == 1


def test_a_run_that_waits_takes_over_when_the_other_fails(paused: Machine) -> None:
    first = paused.start("--version", FAKE_PAUSE="download")
    with killed_at_the_end(first):
        paused.wait_for_pause("download")
        second = paused.start("--version", FAKE_PAUSE="")
        with killed_at_the_end(second):
            assert second.stderr
            assert second.stderr.readline() == WAITING
            os.killpg(first.pid, signal.SIGKILL)
            out, _ = second.communicate(timeout=30)
            assert (second.returncode, out) == (0, "bazel 7.7.1\n")


def test_a_terminals_interrupt_reaches_bazel_and_its_exit_code_comes_back(debian: Machine) -> None:
    assert debian.run("--version").returncode == 0
    process = debian.start("build", FAKE_BAZEL_WAIT="1")
    with killed_at_the_end(process):
        assert process.stdout
        while process.stdout.readline() not in ("ready\n", ""):
            pass
        os.killpg(process.pid, signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    assert (process.returncode, out) == (8, "interrupted\n")
