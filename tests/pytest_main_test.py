"""Tests of pytest_main.py: what `pytest_test` does with Bazel's environment."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
import pytest_main

PASSING = """
import hypothesis

def test_one():
    pass

def test_two(tmp_path):
    print("in", tmp_path)

def test_three():
    assert hypothesis.settings.default.derandomize
"""


@pytest.fixture
def run(tmp_path):
    def run_tests(content, *arguments, **environment):
        (tmp_path / "some_test.py").write_text(content)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEST", "XML_", "PYTEST"))}
        return subprocess.run(
            [sys.executable, os.path.abspath(pytest_main.__file__), "some_test.py", *arguments],
            cwd=tmp_path,
            env={**kept, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    return run_tests


def test_passing_and_failing(run):
    assert run(PASSING).returncode == 0
    assert run("def test_x():\n    assert False").returncode == 1


def test_nothing_collected_is_a_failure(run):
    done = run("")
    assert done.returncode != 0
    assert "pytest_main: no test was collected, which counts as a failure" in done.stdout


def test_a_broken_file_is_a_failure(run):
    assert run("import no_such_module").returncode != 0


def test_filter(run):
    assert "1 passed, 2 deselected" in run(PASSING, TESTBRIDGE_TEST_ONLY="two").stdout
    assert run(PASSING, TESTBRIDGE_TEST_ONLY="nothing_like_this").returncode != 0


def test_arguments(run):
    assert "1 passed, 2 deselected" in run(PASSING, "-k", "one").stdout


def test_fail_fast(run):
    content = "def test_a():\n    assert False\n\ndef test_b():\n    assert False"
    assert "2 failed" in run(content).stdout
    assert "1 failed" in run(content, TESTBRIDGE_TEST_RUNNER_FAIL_FAST="1").stdout


def test_xml(run, tmp_path):
    path = tmp_path / "out.xml"
    run(PASSING, XML_OUTPUT_FILE=str(path))
    assert [case.get("name") for case in ET.parse(path).iter("testcase")] == ["test_one", "test_two", "test_three"]


def test_temporary_folder(run, tmp_path):
    done = run(PASSING, "-s", TEST_TMPDIR=str(tmp_path))
    assert f"in {tmp_path}/pytest/test_two0" in done.stdout


def test_shards(run, tmp_path):
    status = tmp_path / "status"
    seen = []
    for index in range(4):
        done = run(
            PASSING, "-v", TEST_TOTAL_SHARDS="4", TEST_SHARD_INDEX=str(index), TEST_SHARD_STATUS_FILE=str(status)
        )
        assert done.returncode == 0, done.stdout
        assert status.exists()
        seen += [line.partition("::")[2].partition(" ")[0] for line in done.stdout.splitlines() if "PASSED" in line]
    assert seen == ["test_one", "test_two", "test_three"]


def test_the_machines_configuration_is_ignored(run, tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    assert run(PASSING, PYTEST_ADDOPTS="--no-such-option-either").returncode == 0
