"""Tests of what tools/link/check_module.py says about imports: their types, their kinds, and what can be allowed."""

import pytest
from linked_library import WASI, Linked


def test_an_import_of_another_type(tmp_path):
    """B2: wasm2c passes a hidden pointer for several results, which the C function takes for something else."""
    linked = Linked()
    linked.made.add_import(WASI, "sched_yield", "function", ([], ["i64"] * 8))
    linked.allocator()
    linked.function("leak", "bin/a.o", b"\x10\0" + b"\x1a" * 8)
    assert linked.error(tmp_path, "--export-all", allow=["sched_yield"]) == (
        f"the library imports {WASI}.sched_yield as () -> (i64, i64, i64, i64, i64, i64, i64, i64), called by leak()"
        " in a.o, but its type in WASI is () -> (i32). To fix: declare the function so, or include <wasi/api.h>"
    )


@pytest.mark.parametrize("signature", [(["i32"], []), (["i32", "i32"], []), ([], []), (["i64"], [])])
def test_the_type_of_an_import_is_compared_exactly(tmp_path, signature):
    linked = Linked()
    linked.made.add_import(WASI, "proc_exit", "function", signature)
    linked.allocator()
    if signature == (["i32"], []):
        linked.check(tmp_path, "--export-all", allow=["proc_exit"])
    else:
        message = linked.error(tmp_path, "--export-all", allow=["proc_exit"])
        assert message.endswith(
            "but its type in WASI is (i32) -> (). To fix: declare the function so, or include <wasi/api.h>"
        )


@pytest.mark.parametrize(("kind", "description"), [("global", b"\x7f\0"), ("global", b"\x7f\1"), ("tag", b"\0\0")])
def test_only_functions_are_imported_from_wasi(tmp_path, kind, description):
    """A variable with the name of an allowed function would be an address of the host's code."""
    linked = Linked((WASI, "fd_write"))
    linked.made.add_import(WASI, "fd_read", kind, description)
    linked.allocator()
    message = linked.error(tmp_path, "--export-all", allow=["fd_write", "fd_read"])
    assert message.startswith(
        f"the library imports the {kind} 'fd_read' from '{WASI}', which no sandbox provides. To fix: "
    )


def test_only_functions_of_wasi_can_be_allowed(tmp_path):
    assert Linked((WASI, "open")).allocator().error(tmp_path, "--export-all", allow=["open"]) == (
        "'open' is allowed as an import, but is no function of WASI preview 1. To fix: name only such functions"
    )
    message = Linked(("env", "f")).allocator().error(tmp_path, "--export-all", allow=["f", "env.f"])
    assert message.startswith("undefined symbol 'f'")


def test_a_message_about_many_imports_is_short(tmp_path):
    linked = Linked(*[("js", f"f{number}") for number in range(3000)]).allocator()
    message = linked.error(tmp_path, "--export-all")
    assert "(the same goes for f1, f10, f100, f1000, f1001, 2994 more)" in message
