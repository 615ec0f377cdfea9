"""What was derived from the libraries' headers, and the same programs with the noop backend."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess

import pytest


def runfile(variable: str) -> pathlib.Path:
    return pathlib.Path(os.environ[variable])


@pytest.mark.parametrize("program", ["BOTH_NOOP", "GEO_NOOP", "LEDGER_NOOP", "PARTS_NOOP", "SCENE_NOOP"])
def test_without_isolation(program: str) -> None:
    done = subprocess.run([runfile(program)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 failures" in done.stdout


def report(variable: str) -> tuple[set[str], dict[str, str]]:
    """The exported symbols, and the functions left out with the reasons."""
    content = json.loads(runfile(variable).read_text(encoding="utf-8"))
    return (
        {entry["symbol"] for entry in content["exports"]},
        {entry["name"]: entry["reason"] for entry in content["left_out"]},
    )


def test_exports_of_the_c_library() -> None:
    exports, left_out = report("LEDGER_EXPORTS")
    assert exports == {
        "account_close", "account_describe", "account_open", "handlers_run", "ledger_count_v2", "list_free",
        "list_length", "list_push", "list_sum", "list_visit", "money_add", "money_make", "money_rounded",
        "money_subtract", "only_wide_next", "scalars_limits", "scalars_next", "table_fill", "table_row", "table_total",
    }  # fmt: skip
    assert left_out == {
        "ledger_future": "undefined",
        "ledger_log": "variadic",
        "money_is_debt": "inline",
        "money_is_zero": "inline",
        "money_sign": "static",
    }


def test_exports_of_the_cxx_library() -> None:
    exports, left_out = report("SCENE_EXPORTS")
    assert exports == {
        "scene_add_circle", "scene_add_polygon", "scene_add_rectangle", "scene_area", "scene_bounds",
        "scene_built_with", "scene_find", "scene_free", "scene_live_objects", "scene_multiply", "scene_names",
        "scene_new", "scene_sequence", "scene_visit", "shape_describe",
    }  # fmt: skip
    assert left_out == {}


def test_exports_of_a_cxx_header() -> None:
    exports, left_out = report("GEO_EXPORTS")
    assert exports == {
        "geo_atlas", "geo_close", "geo_count", "geo_end", "geo_pages", "geo_place", "geo_route", "geo_run", "geo_same",
        "geo_seen", "geo_status", "geo_status_of",
    }  # fmt: skip
    assert left_out == {"geo::geo_overload": "cxx_linkage", "geo::only_cxx": "cxx_linkage"}


def test_a_library_exports_only_what_its_own_headers_declare() -> None:
    assert report("SHARED_EXPORTS") == ({"shared_length", "shared_middle"}, {})
