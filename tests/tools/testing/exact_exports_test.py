"""Tests of tools/testing/exact_exports.py."""

import json

import pytest
from testing import exact_exports

REPORT = {
    "target": "//x:y_wasm",
    "exports": [
        {"for": "application", "kind": "function", "name": "parse", "params": ["i32", "i64"], "results": ["i32"]},
        {"for": "application", "kind": "function", "name": "reset", "params": [], "results": []},
        {"for": "application", "kind": "global", "name": "version"},
        {"for": "runtime", "kind": "function", "name": "malloc", "params": ["i32"], "results": ["i32"]},
    ],
    "imports": [
        {"kind": "memory", "module": "env", "name": "memory", "provided_by": "runtime"},
        {"kind": "table", "module": "env", "name": "__indirect_function_table", "provided_by": "runtime"},
        {
            "kind": "function",
            "module": "wasi_snapshot_preview1",
            "name": "fd_write",
            "provided_by": "wasi",
            "params": ["i32"],
            "results": [],
        },
        {"kind": "function", "module": "env", "name": "hook", "provided_by": "nobody", "params": [], "results": []},
    ],
}
EXPORTS = ("--export=parse", "--export=reset", "--export=version")
IMPORTS = ("--import=fd_write", "--import=env.hook")


@pytest.fixture
def run(tmp_path, capsys):
    def call(*arguments):
        path = tmp_path / "report.json"
        path.write_text(json.dumps(REPORT))
        code = exact_exports.main([f"--report={path}", "--test=//x:t", *arguments])
        return code, capsys.readouterr().out.splitlines()

    return call


def test_exactly_the_lists(run):
    assert run(*EXPORTS, *IMPORTS) == (0, [])


def test_what_the_runtime_needs_may_be_listed(run):
    assert run(*EXPORTS, "--export=malloc", *IMPORTS) == (0, [])


def test_everything_that_is_wrong_is_told(run):
    code, lines = run("--export=parse", "--export=rest", "--export=quite_another", "--import=fd_write")
    assert code == 1
    assert lines == [
        "The module of //x:y_wasm does not export and import exactly what //x:t lists:",
        "  additional export: reset() -> nothing",
        "  additional export: version (global)",
        "  missing export: quite_another",
        "  missing export: rest (did you mean reset?)",
        "  additional import: env.hook() -> nothing",
        "If that is meant to be so, change exports and imports of //x:t.",
    ]


def test_a_missing_import(run):
    code, lines = run(*EXPORTS, *IMPORTS, "--import=proc_exit")
    assert (code, lines[1]) == (1, "  missing import: proc_exit")


def test_what_the_runtime_needs_and_is_not_there(run):
    code, lines = run(*EXPORTS, *IMPORTS, "--export=free")
    assert (code, lines[1]) == (1, "  missing export: free")
