"""What all tests of the launcher share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).absolute().parent
for folder in (HERE, HERE.parents[1] / "tools" / "dev"):  # Bazel knows them by `imports`
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from fake_machine import Machine  # noqa: E402


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine without Bazel and without apt."""
    return Machine(tmp_path)


@pytest.fixture
def debian(machine: Machine) -> Machine:
    """A machine without Bazel and with an apt that can get one."""
    machine.apt()
    return machine
