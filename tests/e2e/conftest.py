"""Fixtures of the tests that run Bazel."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator

import pytest
from nested_bazel import NestedBazel


@pytest.fixture(scope="session")
def bazel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NestedBazel]:
    """A copy of rules_rlbox and a Bazel for it, shared by all tests of a target."""
    nested = NestedBazel(pathlib.Path(tmp_path_factory.mktemp("nested")))
    yield nested
    nested.shutdown()


@pytest.fixture(scope="session")
def consumer(bazel: NestedBazel) -> pathlib.Path:
    """The minimal workspace, shared by all tests of a target: each leaves the sources as they were."""
    return bazel.add("consumer")
