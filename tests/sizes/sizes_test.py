"""What deriving the exports from the headers saves; docs/size.md is made of the same numbers."""

from __future__ import annotations

import json
import pathlib

import pytest

ROWS = {row["name"]: row for row in json.loads(pathlib.Path("docs/size_table.json").read_text())}


@pytest.mark.parametrize("library", ["mylib", "runs", "wordlist"])
def test_derived_exports_are_fewer(library: str) -> None:
    derived, everything = ROWS[f"{library}_derived"], ROWS[f"{library}_all"]
    assert 0 < derived["exports"] < everything["exports"]
    assert 0 < derived["functions"] < everything["functions"]
    assert 0 < derived["wasm_bytes"] < everything["wasm_bytes"]
    assert 0 < derived["c_bytes"] < everything["c_bytes"]


def test_the_tutorial_is_at_most_a_fifth() -> None:
    assert 5 * ROWS["mylib_derived"]["c_bytes"] <= ROWS["mylib_all"]["c_bytes"]


def test_everything_has_all_of_wasi_without_asking() -> None:
    """RLBox's own recipe builds as it stands; what a sandbox does not have fails when it is called."""
    always_allowed = 16
    assert all(ROWS[f"{library}_all"]["wasi_imports"] > always_allowed for library in ("mylib", "runs", "wordlist"))


def test_a_library_without_input_and_output_imports_nothing() -> None:
    assert ROWS["runs_derived"]["wasi_imports"] == 0
    assert ROWS["runs_all"]["wasi_imports"] > 0
