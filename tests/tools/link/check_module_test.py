"""Tests of tools/link/check_module.py: what passes, and every message about exports, memory and files."""

import json
from hashlib import sha256

import pytest
import wasm_builder as wb
from link import check_module
from linked_library import WASI, Linked
from tool_main import ToolError

# ---------------------------------------------------------------- what passes


def test_the_report(tmp_path):
    linked = Linked((WASI, "fd_write"))
    linked.function("add", "bin/a.o", b"\x20\0", export="add", signature=(["i32", "i64"], ["i32"]))
    linked.allocator()
    linked.made.add_export("__stack_pointer", "global", linked.made.add_global())
    found = linked.check(tmp_path, "--optional-export=__stack_pointer", exports=["add"], allow=[f"{WASI}.fd_write"])
    assert found == {
        "exports": [
            {"kind": "global", "name": "__stack_pointer"},
            {"kind": "function", "name": "add", "params": ["i32", "i64"], "results": ["i32"]},
            {"kind": "function", "name": "free", "params": ["i32"], "results": []},
            {"kind": "function", "name": "malloc", "params": ["i32"], "results": ["i32"]},
        ],
        "imports": [
            {"kind": "table", "module": "env", "name": "__indirect_function_table"},
            {"kind": "memory", "module": "env", "name": "memory"},
            {"kind": "function", "module": WASI, "name": "fd_write", "params": ["i32"] * 4, "results": ["i32"]},
        ],
        "memory": {"kind": "imported", "maximum": None, "minimum": 2},
        "sha256": sha256(linked.made.build()).hexdigest(),
        "table": {"kind": "imported", "maximum": None, "minimum": 1},
        "target": "//x:y",
    }
    text = (tmp_path / "out.json").read_text()
    assert text == json.dumps(found, indent=2, sort_keys=True) + "\n"


def test_exported_memory_and_table(tmp_path):
    found = Linked(memory=False, table=False).allocator().check(tmp_path, memory="exported", table="exported")
    assert (found["memory"]["kind"], found["table"]["kind"]) == ("exported", "exported")


@pytest.mark.parametrize("table", ["imported", "exported"])
def test_a_module_without_table(tmp_path, table):
    linked = Linked()
    linked.made = wb.ModuleBuilder()
    linked.made.add_import("env", "memory", "memory", wb.limits(1))
    assert linked.allocator().check(tmp_path, table=table)["table"] is None


def test_export_all_allows_any_export(tmp_path):
    linked = Linked().allocator()
    linked.function("other", "bin/a.o", export="other")
    linked.made.add_export("variable", "global", linked.made.add_global(mutable=False))
    names = [e["name"] for e in linked.check(tmp_path, "--export-all")["exports"]]
    assert names == ["free", "malloc", "other", "variable"]


def test_arguments_from_a_file(tmp_path):
    linked = Linked().allocator()
    linked.function("f", "bin/a.o", export="f")
    (tmp_path / "params").write_text("--export\nf\n")
    assert linked.check(tmp_path, f"@{tmp_path / 'params'}")["target"] == "//x:y"


HOSTILE = 'a"b\\\n</script>\u2028é'


def test_hostile_names_are_escaped(tmp_path):
    linked = Linked().allocator()
    linked.function("x", "bin/a.o", export=HOSTILE)
    found = linked.check(tmp_path, "--export-all")
    assert HOSTILE in [e["name"] for e in found["exports"]]
    text = (tmp_path / "out.json").read_text(encoding="ascii")
    assert "\u2028" not in text


# ---------------------------------------------------------------- exports


def test_a_mistyped_export(tmp_path):
    linked = Linked().allocator()
    linked.function("hello", "bin/mylib.o", export="hello")
    linked.object("bin/mylib.o", wb.symbol("hello", index=1))
    message = "exports: 'helo' is not defined by the library; did you mean 'hello'?"
    assert linked.error(tmp_path, exports=["hello", "helo"]) == message
    assert linked.error(tmp_path, exports=["hello", "helo", "x"]) == message + " (also missing: 'x')"


def test_the_near_miss_comes_from_the_objects_or_the_names(tmp_path):
    linked = Linked().allocator()
    linked.function("not_exported", "bin/mylib.o")
    message = "exports: 'notexported' is not defined by the library; did you mean 'not_exported'?"
    assert linked.error(tmp_path, exports=["notexported"]) == message
    linked.object("bin/mylib.o", wb.symbol("in_object", index=1), wb.symbol("in_objekt", flags=2))
    message = "exports: 'in_objects' is not defined by the library; did you mean 'in_object'?"
    assert linked.error(tmp_path, exports=["in_objects"]) == message


@pytest.mark.parametrize(
    ("symbol", "message"),
    [
        (wb.symbol("wanted", flags=2), "is static in mylib.o; remove 'static' there, or 'wanted' from exports"),
        (
            wb.symbol("wanted"),
            "is defined in mylib.o, but the linker left it out; set alwayslink = True on its cc_library",
        ),
        (
            wb.symbol("wanted", 1),
            "is a variable in mylib.o, and only functions can be exported; export a function that returns it",
        ),
        (
            wb.symbol("wanted", flags=0x10),
            "is declared and used by mylib.o but defined nowhere; add the library that defines it to deps",
        ),
        (wb.symbol("_Z6wantedi"), 'is a C++ function here (_Z6wantedi); declare it extern "C"'),
        (
            wb.symbol("quite_different"),
            "is not defined by the library; remove it from exports, or add the library that defines it to deps",
        ),
    ],
)
@pytest.mark.parametrize("archived", [False, True])
def test_why_an_export_is_missing(tmp_path, symbol, message, archived):
    linked = Linked().allocator()
    linked.object("bin/mylib.o", symbol)
    if archived:
        linked.objects = {"bin/lib.a": wb.archive([("mylib.o", linked.objects["bin/mylib.o"])])}
    assert linked.error(tmp_path, exports=["wanted"]) == f"exports: 'wanted' {message}"


def test_a_global_is_no_function(tmp_path):
    linked = Linked().allocator()
    linked.made.add_export("wanted", "global", linked.made.add_global())
    assert linked.error(tmp_path, exports=["wanted"]).startswith("exports: 'wanted' is not defined by the library")


def test_a_hostile_export_is_shown_in_one_line(tmp_path):
    message = (
        r"""exports: 'a"b\\\n</script>\u2028\xe9' is not defined by the library; remove it from exports, or add the"""
    )
    assert Linked().allocator().error(tmp_path, exports=[HOSTILE]).startswith(message)


def test_no_allocator(tmp_path):
    message = "'malloc', which the runtime calls, is not in the module; link the C library (no -nostdlib in linkopts)"
    assert Linked().error(tmp_path) == message


def test_an_allocator_of_another_type(tmp_path):
    linked = Linked()
    linked.function("malloc", "bin/a.o", export="malloc", signature=(["i64"], ["i32"]))
    assert linked.error(tmp_path) == (
        "'malloc' has the signature (i64) -> (i32), but the runtime needs (i32) -> (i32);"
        " rename the library's own function of that name"
    )


def test_an_export_that_nobody_asked_for(tmp_path):
    linked = Linked().allocator()
    linked.function("x", "bin/folder/mylib.o", export="sneaky")
    assert linked.error(tmp_path) == (
        "the module exports the function 'sneaky' in mylib.o, which exports does not name; add it there,"
        " or remove what exports it (an export_name attribute in the sources, or a linkopt)"
    )
    assert linked.error(tmp_path, files=False).startswith("the module exports the function 'sneaky', which exports")


def test_a_global_that_nobody_asked_for(tmp_path):
    linked = Linked().allocator()
    linked.made.add_export("__heap_base", "global", linked.made.add_global())
    assert linked.error(tmp_path).startswith(
        "the module exports the global '__heap_base', which exports does not name;"
    )


# ---------------------------------------------------------------- memory and table


def without_memory():
    return wb.ModuleBuilder()


def memory_from(module="env", name="memory", description=b"\0\1"):
    made = wb.ModuleBuilder()
    made.add_import(module, name, "memory", description)
    return made


def with_private_memory():
    made = wb.ModuleBuilder()
    made.add_memory()
    return made


def with_two(kind):
    made = wb.library()
    made.add_memory() if kind == "memory" else made.add_table()
    return made


def memory_not_of_32_bits(description):
    return lambda: memory_from(description=description)


OF_32_BITS = "the module's memory is not one of 32-bit addresses and pages of 64 KiB; build the library for wasm32"


@pytest.mark.parametrize(
    ("make", "memory", "table", "message"),
    [
        (without_memory, "imported", "imported", "the module has no memory, but a sandbox has one; check linkopts"),
        (
            lambda: with_two("memory"),
            "imported",
            "imported",
            "the module has 2 memories, but a sandbox has one; check linkopts",
        ),
        (
            lambda: with_two("table"),
            "imported",
            "imported",
            "the module has 2 tables, but a sandbox has one; check linkopts",
        ),
        (
            lambda: wb.library(imported_memory=False),
            "imported",
            "imported",
            "the module does not import its memory, as import_memory = True asks;"
            " remove what forbids that from linkopts, or set import_memory = False",
        ),
        (
            lambda: wb.library(imported_table=False),
            "imported",
            "imported",
            "the module does not import its table, as import_table = True asks;"
            " remove what forbids that from linkopts, or set import_table = False",
        ),
        (
            wb.library,
            "exported",
            "imported",
            "the module imports its memory, although import_memory = False; remove --import-memory from linkopts",
        ),
        (
            wb.library,
            "imported",
            "exported",
            "the module imports its table, although import_table = False; remove --import-table from linkopts",
        ),
        (
            with_private_memory,
            "exported",
            "exported",
            "the module neither imports nor exports its memory; add --export-memory to linkopts",
        ),
        (
            lambda: memory_from("js", "mem\n"),
            "imported",
            "imported",
            r"the module imports its memory as 'js.mem\n', not as env.memory; check linkopts",
        ),
        (
            memory_not_of_32_bits(wb.limits(1, 2, 2)),
            "imported",
            "imported",
            "the module's memory is shared, but a sandbox has no threads; remove -pthread and --shared-memory",
        ),
        (memory_not_of_32_bits(wb.limits(1, 2, 4)), "imported", "imported", OF_32_BITS),
        (memory_not_of_32_bits(b"\x08\1\0"), "imported", "imported", OF_32_BITS),
    ],
)
def test_memory_and_table(tmp_path, make, memory, table, message):
    linked = Linked()
    linked.made = make()
    assert linked.error(tmp_path, memory=memory, table=table) == message


# ---------------------------------------------------------------- files


def test_not_a_module(tmp_path):
    (tmp_path / "lib.wasm").write_bytes(b"\x7fELF")
    arguments = ["--wasm", str(tmp_path / "lib.wasm"), "--output", str(tmp_path / "out"), "--target", "//x:y"]
    with pytest.raises(ToolError) as error:
        check_module.main([*arguments, "--memory", "imported", "--table", "imported"])
    assert str(error.value) == (
        "//x:y: lib.wasm is not a WebAssembly module but an ELF file, that is code for a native platform;"
        " name a file that was linked for wasm32"
    )


def test_a_map_that_is_not_there(tmp_path):
    with pytest.raises(ToolError, match=r"none.map: cannot be read: No such file or directory$"):
        Linked((WASI, "path_open")).allocator().check(tmp_path, "--map", str(tmp_path / "none.map"), files=False)
