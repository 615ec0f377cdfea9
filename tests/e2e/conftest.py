"""Fixtures of the tests that run Bazel."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator

import pytest
from nested_bazel import NestedBazel


@pytest.fixture(scope="module")
def bazel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NestedBazel]:
    """A copy of rules_rlbox and a Bazel for it, shared by the tests of a module."""
    nested = NestedBazel(pathlib.Path(tmp_path_factory.mktemp("nested")))
    yield nested
    nested.shutdown()
