"""Tests of tools/link/check_module.py and exports.py: what passes, and every message about exports, memory and files."""

import pytest
import wasm_builder as wb
from link import check_module, exports
from link.start import with_max_table, with_start
from linked_library import WASI, Linked
from tool_main import ToolError
from wasm.module import parse

HOSTILE = 'a"b\\\n</script>\u2028é'

# ---------------------------------------------------------------- what passes


def test_a_module_that_passes_stays_as_it_is(tmp_path):
    linked = Linked((WASI, "fd_write"))
    linked.function("add", "bin/a.o", b"\x20\0", export="add", signature=(["i32", "i64"], ["i32"]))
    linked.allocator()
    linked.made.add_export("__stack_pointer", "global", linked.made.add_global())
    assert linked.check(tmp_path, exports=["add"], allow=["fd_write"]).data == linked.made.build()


@pytest.mark.parametrize("where", ["imported", "exported"])
def test_memory_and_table_as_asked_for(tmp_path, where):
    linked = Linked(memory=where == "imported", table=where == "imported").allocator()
    linked.check(tmp_path, memory=where, table=where)


@pytest.mark.parametrize("table", ["imported", "exported"])
def test_a_module_without_table(tmp_path, table):
    linked = Linked()
    linked.made = wb.ModuleBuilder()
    linked.made.add_import("env", "memory", "memory", wb.limits(1))
    assert linked.allocator().check(tmp_path, table=table).tables == []


def test_export_all_allows_any_export(tmp_path):
    linked = Linked().allocator()
    linked.function("other", "bin/a.o", export="other")
    linked.function("x", "bin/a.o", export=HOSTILE)
    linked.made.add_export("variable", "global", linked.made.add_global(mutable=False))
    names = {export.name for export in linked.check(tmp_path, "--export-all").exports}
    assert names == {"free", "malloc", "other", "variable", HOSTILE}


def test_arguments_from_a_file(tmp_path):
    linked = Linked().allocator()
    linked.function("f", "bin/a.o", export="f")
    (tmp_path / "params").write_text("--export\nf\n")
    linked.check(tmp_path, f"@{tmp_path / 'params'}")


def test_the_initializer_and_the_limit_of_the_table(tmp_path):
    """What is written: the module that was checked, with the changes of start.py."""
    linked = Linked().allocator()
    linked.function("_initialize", "sysroot/crt1.o", export="_initialize")
    after = linked.check(tmp_path, "--max-table=7")
    assert after.data == with_start(parse(with_max_table(parse(linked.made.build()), 7)))
    assert after.tables[0].limits.maximum == 7
    assert after.start is not None
    assert sorted(export.name for export in after.exports) == ["free", "malloc"]


# ---------------------------------------------------------------- the list of exports


def listed(tmp_path, *items):
    exports.write(str(tmp_path / "exports.json"), "//x:y", [exports.Export(*item) for item in items], [])
    return f"--exports={tmp_path / 'exports.json'}"


def test_the_list_says_what_must_be_exported(tmp_path):
    linked = Linked().allocator()
    linked.function("a", "bin/a.o", export="a")
    both = listed(tmp_path, ("a", "ns::a"), ("b", "b"))
    assert linked.error(tmp_path, both).startswith("exports: 'b' is not defined by the library")
    assert "the module exports the function 'a'" in linked.error(tmp_path, listed(tmp_path))
    linked.check(tmp_path, listed(tmp_path, ("a", "ns::a")))


def test_the_list_says_what_may_be_exported(tmp_path):
    uncertain = ("a", "a", "", "", "headers", False)
    linked = Linked().allocator()
    linked.check(tmp_path, listed(tmp_path, uncertain))
    linked.function("a", "bin/a.o", export="a")
    linked.check(tmp_path, listed(tmp_path, uncertain))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 4, "exports": []}', '{"version": 5, "exports": [{}]}'])
def test_a_list_that_is_none(tmp_path, text):
    (tmp_path / "exports.json").write_text(text)
    with pytest.raises(ToolError) as error:
        Linked().allocator().check(tmp_path, f"--exports={tmp_path / 'exports.json'}")
    message = f"{tmp_path / 'exports.json'}: it is no list of exports of version 5. To fix: build it again"
    assert str(error.value) == message
    assert not (tmp_path / "out.wasm").exists()


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
        (wb.symbol("wanted", flags=2), "is static in mylib.o. To fix: remove 'static' there, or 'wanted' from exports"),
        (
            wb.symbol("wanted"),
            "is defined in mylib.o, but the linker left it out. To fix: set alwayslink = True on its cc_library",
        ),
        (
            wb.symbol("wanted", 1),
            "is a variable in mylib.o, and only functions can be exported. To fix: export a function that returns it",
        ),
        (
            wb.symbol("wanted", flags=0x10),
            "is declared and used by mylib.o but defined nowhere. To fix: add the library that defines it to deps",
        ),
        (wb.symbol("_Z6wantedi"), 'is a C++ function here (_Z6wantedi). To fix: declare it extern "C"'),
        (
            wb.symbol("quite_different"),
            "is not defined by the library. To fix: remove it from exports, or add the library that defines it to deps",
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
    message = r"""exports: 'a"b\\\n</script>\u2028\xe9' is not defined by the library. To fix: remove it from exports, or add the"""
    assert Linked().allocator().error(tmp_path, exports=[HOSTILE]).startswith(message)


def test_no_allocator(tmp_path):
    message = (
        "'malloc', which the runtime calls, is not in the module. To fix: link the C library (no -nostdlib in linkopts)"
    )
    assert Linked().error(tmp_path) == message


def test_an_allocator_of_another_type(tmp_path):
    linked = Linked()
    linked.function("malloc", "bin/a.o", export="malloc", signature=(["i64"], ["i32"]))
    assert linked.error(tmp_path) == (
        "'malloc' has the signature (i64) -> (i32), but the runtime needs (i32) -> (i32). To fix:"
        " rename the library's own function of that name"
    )


def test_an_export_that_nobody_asked_for(tmp_path):
    linked = Linked().allocator()
    linked.function("x", "bin/folder/mylib.o", export="sneaky")
    assert linked.error(tmp_path) == (
        "the module exports the function 'sneaky' in mylib.o, which exports does not name. To fix: add it to exports,"
        " or remove what exports it (an export_name attribute in the sources, or a linkopt)"
    )
    assert linked.error(tmp_path, files=False).startswith("the module exports the function 'sneaky', which exports")


def test_a_global_that_nobody_asked_for(tmp_path):
    linked = Linked().allocator()
    linked.made.add_export("__heap_base", "global", linked.made.add_global())
    assert linked.error(tmp_path).startswith(
        "the module exports the global '__heap_base', which exports does not name. To fix: "
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


NO_MEMORY = "the module has no memory, but a sandbox has one. To fix: check linkopts"
OF_32_BITS = (
    "the module's memory is not one of 32-bit addresses and pages of 64 KiB. To fix: build the library for wasm32"
)


@pytest.mark.parametrize(
    ("make", "memory", "table", "message"),
    [
        (without_memory, "imported", "imported", NO_MEMORY),
        (
            lambda: with_two("memory"),
            "imported",
            "imported",
            "the module has 2 memories, but a sandbox has one. To fix: check linkopts",
        ),
        (
            lambda: with_two("table"),
            "imported",
            "imported",
            "the module has 2 tables, but a sandbox has one. To fix: check linkopts",
        ),
        (
            lambda: wb.library(imported_memory=False),
            "imported",
            "imported",
            "the module does not import its memory, as import_memory = True asks. To fix:"
            " remove what forbids that from linkopts, or set import_memory = False",
        ),
        (
            lambda: wb.library(imported_table=False),
            "imported",
            "imported",
            "the module does not import its table, as import_table = True asks. To fix:"
            " remove what forbids that from linkopts, or set import_table = False",
        ),
        (
            wb.library,
            "exported",
            "imported",
            "the module imports its memory, although import_memory = False. To fix: remove --import-memory from linkopts",
        ),
        (
            wb.library,
            "imported",
            "exported",
            "the module imports its table, although import_table = False. To fix: remove --import-table from linkopts",
        ),
        (
            with_private_memory,
            "exported",
            "exported",
            "the module neither imports nor exports its memory. To fix: add --export-memory to linkopts",
        ),
        (
            lambda: memory_from("js", "mem\n"),
            "imported",
            "imported",
            r"the module imports its memory as 'js.mem\n', not as env.memory. To fix: check linkopts",
        ),
        (
            memory_not_of_32_bits(wb.limits(1, 2, 2)),
            "imported",
            "imported",
            "the module's memory is shared, but a sandbox has no threads. To fix: remove -pthread and --shared-memory",
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
        "//x:y: lib.wasm is not a WebAssembly module but an ELF file, that is code for a native platform. To fix:"
        " name a file that was linked for wasm32"
    )


def test_a_map_that_is_not_there(tmp_path):
    with pytest.raises(ToolError, match=r"none.map: cannot be read: No such file or directory$"):
        Linked((WASI, "path_open")).allocator().check(tmp_path, "--map", str(tmp_path / "none.map"), files=False)


# ---------------------------------------------------------------- start function and table


def test_an_initializer_with_parameters(tmp_path):
    linked = Linked().allocator()
    linked.function("_initialize", "bin/a.o", export="_initialize", signature=(["i32"], []))
    assert linked.error(tmp_path) == (
        "the export _initialize is not a function without parameters and results. To fix:"
        " link the library as a reactor (-mexec-model=reactor)"
    )


def test_a_table_that_holds_more_than_its_limit(tmp_path):
    linked = Linked().allocator()
    size = parse(linked.made.build()).tables[0].limits.minimum
    assert linked.error(tmp_path, f"--max-table={size - 1}") == (
        f"max_table is {size - 1}, and the library alone puts {size} functions into the table. To fix: set another max_table"
    )


def test_a_limit_for_a_table_that_is_not_there(tmp_path):
    linked = Linked()
    linked.made = wb.ModuleBuilder()
    linked.made.add_import("env", "memory", "memory", wb.limits(1))
    assert linked.allocator().error(tmp_path, "--max-table=5") == (
        "max_table is for a module with one table, and this one has 0. To fix: set another max_table"
    )
