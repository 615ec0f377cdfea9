"""Tests of tools/link/reachability.py: which functions reach which calls of WASI, with made objects and a real compiler."""

import subprocess

import pytest
import wasm_builder as wb
from header_reader import reader, toolchain, write
from link.reachability import Reach, Reachability
from wasm.abi import WASI, WASI_SYMBOL
from wasm_objects import EXPORTED, LOCAL, WEAK, ObjectBuilder

__all__ = ["reader"]

IMPORTS = {"__open": (WASI, "path_open"), "__tell": (WASI, "fd_tell"), "__write": (WASI, "fd_write")}
LIBC = wb.archive(
    [
        ("open.o", ObjectBuilder(IMPORTS).function("open", "__open").build()),
        ("tell.o", ObjectBuilder(IMPORTS).function("tell", "__tell").build()),
        ("write.o", ObjectBuilder(IMPORTS).function("write", "__write").build()),
        ("malloc.o", ObjectBuilder().function("malloc").function("free").build()),
        # FILE has the addresses of functions, and printf uses them.
        ("stdout.o", ObjectBuilder().data("stdout", "write").build()),
        ("printf.o", ObjectBuilder().function("printf", "stdout").build()),
        # As in musl: a dummy, and the real one in another member.
        ("exit.o", ObjectBuilder().function("exit", "close_all").function("close_all", flags=WEAK).build()),
        ("close.o", ObjectBuilder().function("fclose", "close_all").function("close_all", "tell").build()),
    ]
)
ALLOWED = ("fd_write",)


def reached(objects, name, *, libc=LIBC, roots=(), allowed=ALLOWED):
    files = [(path, made.build() if isinstance(made, ObjectBuilder) else made) for path, made in objects.items()]
    found = Reachability(files, [("libc.a", libc)], [name, *roots]).reached(name, allowed)
    return {reach.wasi: reach.path for reach in found}


def test_calls_are_followed_into_the_toolchains_archives():
    made = ObjectBuilder().function("load", "helper").function("helper", "open", "printf", flags=LOCAL).function("add")
    assert reached({"a.o": made}, "load") == {"path_open": ("helper", "open")}
    assert reached({"a.o": made}, "add") == {}
    assert reached({"a.o": made}, "not_there") == {}


def test_what_is_allowed_is_left_out():
    made = ObjectBuilder().function("f", "open", "tell", "printf")
    assert reached({"a.o": made}, "f") == {"fd_tell": ("tell",), "path_open": ("open",)}
    assert reached({"a.o": made}, "f", allowed=["path_open", "fd_tell", "fd_write"]) == {}


def test_standard_output_alone_refuses_nothing():
    assert reached({"a.o": ObjectBuilder().function("f", "printf")}, "f") == {}
    assert reached({"a.o": ObjectBuilder().function("f", "printf")}, "f", allowed=[]) == {
        "fd_write": ("printf", "write")
    }


def test_made_up_calls_are_not_followed_without_end():
    names = [f"call_{number}" for number in range(300)]
    made = ObjectBuilder({name: (WASI, name) for name in names}).function("f", *names)
    found = reached({"a.o": made}, "f")
    assert len(found) == 100
    assert set(found) <= set(names)


def test_function_pointers_in_data_count():
    made = (
        ObjectBuilder()
        .function("f", "methods")
        .data("methods", "more")
        .data("more", "opener")
        .function("opener", "open")
    )
    assert reached({"a.o": made.data("unused", "tell")}, "f") == {"path_open": ("opener", "open")}


def test_local_symbols_of_one_name_are_kept_apart():
    first = ObjectBuilder().function("f", "helper").function("helper", flags=LOCAL)
    second = ObjectBuilder().function("g", "helper").function("helper", "open", flags=LOCAL)
    assert reached({"a.o": first, "b.o": second}, "f", roots=["g"]) == {}
    assert reached({"a.o": first, "b.o": second}, "g", roots=["f"]) == {"path_open": ("helper", "open")}


def test_the_librarys_own_function_comes_first():
    made = ObjectBuilder().function("f", "open").function("open")
    assert reached({"a.o": made}, "f") == {}


def test_a_strong_definition_that_is_linked_replaces_a_weak_one():
    made = ObjectBuilder().function("f", "exit").function("g", "fclose")
    assert reached({"a.o": ObjectBuilder().function("f", "exit")}, "f") == {}
    assert reached({"a.o": made}, "f") == {"fd_tell": ("exit", "close_all", "tell")}


def test_weak_references_take_nothing_from_an_archive():
    data = ObjectBuilder().function("f", "open").build(weak=["open"])
    assert reached({"a.o": data}, "f") == {}


def test_constructors_belong_to_the_functions_of_their_object():
    member = ObjectBuilder().function("f").function("set_up", "open", flags=LOCAL, constructor=True).build()
    other = ObjectBuilder().function("g").build()
    archive = wb.archive([("f.o", member), ("g.o", other)])
    assert reached({"lib.a": archive}, "f", roots=["g"]) == {"path_open": ("set_up", "open")}
    assert reached({"lib.a": archive}, "g", roots=["f"]) == {}


@pytest.mark.parametrize("how", ["a.o", "lib.lo"])
def test_what_every_module_has_is_nobodys_fault(how):
    """The check of the module refuses it then, and says why; leaving functions out would be no way out."""
    made = (
        ObjectBuilder().function("f", "open", "tell").function("set_up", "open", flags=LOCAL, constructor=True).build()
    )
    data = made if how == "a.o" else wb.archive([("a.o", made)])
    assert reached({how: data}, "f") == {"fd_tell": ("tell",)}


def test_what_the_object_itself_exports_is_in_every_module():
    made = ObjectBuilder().function("f", "open").function("g", "open", flags=EXPORTED)
    assert reached({"a.o": made}, "f") == {}


def test_the_allocator_is_in_every_module():
    made = ObjectBuilder().function("f", "open").function("malloc", "open").function("free")
    assert reached({"a.o": made}, "f") == {}


def test_circles_come_to_an_end():
    made = ObjectBuilder().function("f", "g").function("g", "f", "table").data("table", "f", "open")
    assert reached({"a.o": made}, "f") == {"path_open": ("g", "open")}


def test_files_that_cannot_be_read_are_left_out():
    made = ObjectBuilder().function("f", "open")
    broken = {"b.o": wb.MAGIC + b"\x7f", "c.o": b"BC\xc0\xde", "d.a": b"!<thin>\n", "e.a": b"!<arch>\nx"}
    assert reached({**broken, "a.o": made}, "f") == {"path_open": ("open",)}
    assert reached({"a.o": made}, "f", libc=b"!<arch>\n") == {}


def test_a_definition_takes_the_place_of_an_import():
    symbol = WASI_SYMBOL + "path_open"
    made = ObjectBuilder({symbol: (WASI, "path_open")}).function("f", "g").function("g", symbol).function("h").build()
    invented = ObjectBuilder().function("i", WASI_SYMBOL + "path_burn").function(WASI_SYMBOL + "path_burn").build()
    answer = ("libanswers.a", wb.archive([("a.o", ObjectBuilder().function(symbol, flags=WEAK).build())]))
    names = ["f", "h", "i"]
    graph = Reachability([("a.o", made), ("i.o", invented)], [answer], names)
    assert [graph.reached(name, []) for name in names] == [[], [], []]
    assert [graph.answered(name) for name in names] == [[Reach("path_open", ("g",))], [], []]
    assert [reach.wasi for reach in Reachability([("a.o", made)], [], names).reached("f", [])] == ["path_open"]


def test_what_every_module_answers_is_no_news():
    symbol = WASI_SYMBOL + "path_open"
    made = ObjectBuilder({symbol: (WASI, "path_open")}).function("f", symbol).function("_initialize", "f")
    answer = ("libanswers.a", wb.archive([("a.o", ObjectBuilder().function(symbol).build())]))
    assert Reachability([("a.o", made.build())], [answer], ["f"]).answered("f") == []


SOURCES = {
    "libc.c": """
__attribute__((import_module("wasi_snapshot_preview1"), import_name("path_open"))) int wasi_open(void);
__attribute__((import_module("wasi_snapshot_preview1"), import_name("fd_write"))) int wasi_write(void);
int open_file(void) { return wasi_open(); }
int write_out(void) { return wasi_write(); }
""",
    "lib.c": """
int open_file(void); int write_out(void);
struct methods { int (*first)(void); int (*second)(void); };
static const struct methods safe = {write_out, write_out};
static const struct methods unsafe = {write_out, open_file};
static const struct methods *const all[] = {&safe, &unsafe};
static const struct methods *chosen = &safe;
int by_name(void) { return open_file(); }
int in_memory(void) { return chosen->second(); }
int any(int i) { return all[i & 1]->second(); }
int takes(int (*f)(void)); int takes_address(void) { return takes(open_file); }
int takes(int (*f)(void)) { return f ? f() : 0; }
""",
    "lib.cc": """
extern "C" int open_file(); extern "C" int write_out();
struct source { virtual int get() = 0; };
struct file : source { int get() override { return open_file(); } };
struct buffer : source { int get() override { return write_out(); } };
extern "C" __attribute__((noinline)) int run(source *s) { return s->get(); }
extern "C" int run_file() { file f; return run(&f); }
extern "C" int run_buffer() { buffer b; return run(&b); }
""",
}  # fmt: skip


@pytest.mark.parametrize("optimized", ["-O0", "-O2"])
def test_what_a_real_compiler_makes(reader, optimized):
    """Pointers in data that points to data, addresses that are passed on, and virtual functions."""
    write(reader.folder, SOURCES)
    tools = toolchain()
    objects = {}
    for compiler, source in (("clang", "libc.c"), ("clang", "lib.c"), ("clang_cxx", "lib.cc")):
        command = [tools[compiler], *tools["flags"], optimized, "-c", source, "-o", source + ".o"]
        subprocess.run(command, check=True)
        objects[source + ".o"] = (reader.folder / (source + ".o")).read_bytes()
    libc = wb.archive([("libc.o", objects.pop("libc.c.o"))])
    names = ["by_name", "in_memory", "any", "takes_address", "takes", "run", "run_file", "run_buffer"]
    graph = Reachability(list(objects.items()), [("libc.a", libc)], names)
    refused = {name for name in names if graph.reached(name, ["fd_write"])}
    # Where the compiler sees that a pointer is a constant, not even the pointer is left.
    assert refused - {"run_file"} == {"by_name", "any", "takes_address"}
    assert optimized == "-O2" or "run_file" in refused
    assert {reach.wasi for name in refused for reach in graph.reached(name, ["fd_write"])} == {"path_open"}
