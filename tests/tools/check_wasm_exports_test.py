"""Tests of tools/check_wasm_exports.py, link_diagnosis.py and link_map.py: every message, word by word."""

import json
from hashlib import sha256

import check_wasm_exports
import pytest
import wasm_builder as wb
from link_diagnosis import Diagnosis, way_out_of_undefined
from link_map import Origin, origins
from tool_main import ToolError
from wasm_module import parse

WASI = "wasi_snapshot_preview1"
INTERNAL = "<internal>"
LIBC = "sysroot/libc.a(folder/open.o)"


class Linked:
    """A library as wasm-ld would have linked it, with its map and its objects."""

    def __init__(self, *imports, memory=True, table=True):
        self.made = wb.library(imported_memory=memory, imported_table=table)
        for module, name in imports:
            index = self.made.add_import(module, name, "function", wb.VOID)
            if module == "env":
                self.made.names[index] = name
        self.places = []
        self.objects = {}

    def function(self, name, path, code=b"", *, export=None, signature=wb.VOID, in_map=None):
        index = self.made.add_function(signature, code, name=name, export=export)
        self.places.append((path, in_map or name))
        return index

    def allocator(self):
        self.function("malloc", "sysroot/libc.a(m.o)", b"\x41\0", export="malloc", signature=wb.MALLOC)
        self.function("free", "sysroot/libc.a(m.o)", export="free", signature=wb.FREE)
        return self

    def object(self, path, *symbols):
        self.objects[path] = wb.object_file(symbols)

    def map_text(self):
        """What `wasm-ld --Map` writes: one line for each function, and one for each of its symbols."""
        lines = ["    Addr      Off     Size Out     In      Symbol", f"{'-':>8} {8:8x} {5:8x} TYPE"]
        lines += [f"{'-':>8} {0x100:8x} {0x200:8x} CODE"]
        offset = 0x100 + len(wb.encode_unsigned(len(self.made.bodies)))
        for (path, name), content in zip(self.places, self.made.bodies):
            head = f"{'-':>8} {offset:8x} {len(content):8x} "
            lines += [f"{head}        {path}:({name})", f"{head}                {name}"]
            offset += len(content)
        lines += [f"{1024:8x} {0x300:8x} {5:8x} DATA", f"{1024:8x} {0x101:8x} {5:8x}         a.o:(.data)", "not a line"]
        return "\n".join(lines) + "\n"

    def check(self, tmp_path, *arguments, exports=(), allow=(), memory="imported", table="imported", files=True):
        data = self.made.build()
        (tmp_path / "in.wasm").write_bytes(data)
        (tmp_path / "in.map").write_text(self.map_text())
        command = ["--wasm", str(tmp_path / "in.wasm"), "--output", str(tmp_path / "out.json"), "--target", "//x:y"]
        command += ["--memory", memory, "--table", table, "--runtime-export=malloc", "--runtime-export=free"]
        command += [f"--export={name}" for name in exports]
        command += [f"--allow-import={name}" for name in allow]
        if files:
            command += ["--map", str(tmp_path / "in.map")]
            for path, content in self.objects.items():
                place = tmp_path / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
                command += ["--object", str(place)]
        check_wasm_exports.main([*command, *arguments])
        return json.loads((tmp_path / "out.json").read_text())

    def error(self, tmp_path, *arguments, **kwargs):
        # The map names objects as they were on the linker's command line, here with tmp_path before them.
        self.places = [(str(tmp_path / p) if p.startswith("bin/") else p, name) for p, name in self.places]
        with pytest.raises(ToolError) as error:
            self.check(tmp_path, *arguments, **kwargs)
        assert not (tmp_path / "out.json").exists()
        message = str(error.value)
        assert message.startswith("//x:y: ") and message.isprintable()
        return message[len("//x:y: ") :]


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
            {"kind": "function", "module": WASI, "name": "fd_write", "params": [], "results": []},
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


# ---------------------------------------------------------------- imports


def opening(*, path="bin/mylib.o", between=("open", "__wasi_path_open")):
    """load_config() calls `between`, of which the last calls the import."""
    linked = Linked((WASI, "fd_close"), (WASI, "path_open"))
    index = 1
    for name in reversed(between):
        index = linked.function(name, LIBC, wb.call(index))
    linked.function("load_config", path, wb.call(index), export="load_config")
    linked.allocator()
    linked.object("bin/mylib.o", wb.symbol("load_config"), wb.symbol("open", flags=0x10))
    return linked


def refused(needs="", name="path_open", others=""):
    return (
        f"the library needs the WASI import {WASI}.{name}, which the sandbox does not allow{others}"
        f'{needs and ": "}{needs}; remove that call, or add "{name}" to allowed_imports'
    )


@pytest.mark.parametrize(
    ("between", "chain"),
    [
        (("open", "__wasi_path_open"), "open -> __wasi_path_open"),
        (("open", "a", "__wasi_path_open"), "open -> a -> __wasi_path_open"),
        (("open", "a", "b", "__wasi_path_open"), "open -> ... -> __wasi_path_open"),
        (("__wasi_path_open",), "__wasi_path_open"),
        ((), "it"),
    ],
)
def test_the_chain_of_calls(tmp_path, between, chain):
    linked = opening(between=between)
    message = linked.error(tmp_path, exports=["load_config"], allow=[f"{WASI}.fd_close"])
    assert message == refused(f"mylib.o: load_config() calls {chain}")


def test_every_refused_import_is_named(tmp_path):
    others = " (the same goes for fd_close)"
    needs = "mylib.o: load_config() calls open -> __wasi_path_open"
    assert opening().error(tmp_path, exports=["load_config"]) == refused(needs, others=others)


def test_without_the_users_objects_the_top_is_named(tmp_path):
    linked = opening(path="sysroot/libother.a(x.o)")
    linked.objects = {}
    message = linked.error(tmp_path, exports=["load_config"], allow=[f"{WASI}.fd_close"])
    assert message == refused("x.o: load_config() calls open -> __wasi_path_open")


def test_without_a_map_the_object_that_uses_the_function_is_named(tmp_path):
    linked = opening()
    linked.places = [(INTERNAL, name) for _, name in linked.places]
    message = linked.error(tmp_path, exports=["load_config"], allow=[f"{WASI}.fd_close"])
    assert message == refused("mylib.o uses open")


def test_with_nothing_at_all(tmp_path):
    linked = opening()
    linked.made.names = {}
    message = linked.error(tmp_path, exports=["load_config"], allow=[f"{WASI}.fd_close"], files=False)
    assert message == refused("function 4() calls function 3 -> function 2")


def test_an_import_that_nothing_calls(tmp_path):
    assert Linked((WASI, "path_open")).allocator().error(tmp_path) == refused()


def test_code_that_cannot_be_read_is_left_out_of_the_diagnosis(tmp_path):
    linked = opening()
    linked.made.bodies[-1] = wb.body(b"\xff")
    message = linked.error(tmp_path, exports=["load_config"], allow=[f"{WASI}.fd_close"])
    assert message == refused("mylib.o: load_config() calls open -> __wasi_path_open")


def test_objects_that_cannot_be_read_are_left_out_of_the_diagnosis(tmp_path):
    linked = opening()
    linked.objects.update({"bin/a.a": b"!<thin>\n", "bin/b.o": wb.MAGIC + b"\x7f", "bin/c.o": b"BC\xc0\xde"})
    message = linked.error(tmp_path, exports=["load_config"], allow=[f"{WASI}.fd_close"])
    assert message == refused("mylib.o: load_config() calls open -> __wasi_path_open")


def test_calls_in_circles_come_to_an_end(tmp_path):
    linked = Linked((WASI, "path_open"))
    linked.function("a", LIBC, wb.call(2) + wb.call(1))
    linked.function("b", LIBC, wb.call(1) + wb.call(0))
    linked.allocator()
    assert linked.error(tmp_path) == refused("open.o: a() calls b")


def undefined(name="undefd", cpp_name=None):
    linked = Linked(("env", name))
    if cpp_name:
        linked.made.names[0] = cpp_name
    linked.function("libcs", LIBC, wb.call(0))
    linked.function("helper", "bin/mylib.o", wb.call(0))
    linked.allocator()
    linked.object("bin/mylib.o", wb.symbol("helper"), wb.symbol(name, flags=0x10))
    return linked


def test_an_undefined_function(tmp_path):
    assert undefined().error(tmp_path) == (
        "undefined symbol 'undefd', called by helper() in mylib.o; add the library that defines it to deps"
    )


def test_an_undefined_function_of_cpp(tmp_path):
    assert undefined("_Z4seedv", "seed()").error(tmp_path) == (
        "undefined symbol 'seed()' (_Z4seedv), called by helper() in mylib.o; add the library that defines it to deps"
    )


def test_an_undefined_function_whose_address_is_used(tmp_path):
    linked = undefined()
    linked.made.bodies = [wb.body(b"")] * len(linked.made.bodies)
    message = "undefined symbol 'undefd', used by mylib.o; add the library that defines it to deps"
    assert linked.error(tmp_path) == message


def test_several_undefined_functions(tmp_path):
    linked = Linked(("env", "b"), ("env", "a"), ("env", "c")).allocator()
    message = "undefined symbol 'b' (the same goes for a, c); add the library that defines it to deps"
    assert linked.error(tmp_path) == message


def test_threads(tmp_path):
    assert undefined("pthread_create").error(tmp_path) == (
        "undefined symbol 'pthread_create', called by helper() in mylib.o;"
        " a sandbox has no threads, so build the library without them"
    )


@pytest.mark.parametrize(
    ("symbol", "way_out"),
    [
        ("thrd_create", "a sandbox has no threads, so build the library without them"),
        ("__cxa_throw", "a sandbox has no C++ exceptions, so build the library with -fno-exceptions"),
        ("_Unwind_Resume", "a sandbox has no C++ exceptions, so build the library with -fno-exceptions"),
        ("setjmp", "a sandbox has no setjmp and longjmp, so build the library without them"),
        ("__wasm_longjmp", "a sandbox has no setjmp and longjmp, so build the library without them"),
        ("fork", "a sandbox starts no processes, so build the library without that"),
        ("execve", "a sandbox starts no processes, so build the library without that"),
        ("dlopen", "a sandbox loads no code, so build the library without plugins"),
        ("socket", "a sandbox has no network, so take that call out"),
        ("sigaction", "a sandbox has no signals, so take that call out"),
        ("mmap", "a sandbox maps no files or memory, so use malloc"),
        ("tmpfile", "a sandbox has no files, so take that call out"),
        ("my_pthread_create", "add the library that defines it to deps"),
        ("executor", "add the library that defines it to deps"),
    ],
)
def test_ways_out(symbol, way_out):
    assert way_out_of_undefined(symbol) == way_out


def test_an_undefined_variable(tmp_path):
    linked = Linked()
    linked.made.add_import("env", "errno_location", "global", b"\x7f\0")
    message = "undefined symbol 'errno_location'; add the library that defines it to deps"
    assert linked.allocator().error(tmp_path) == message


def test_an_import_from_elsewhere(tmp_path):
    assert Linked(("js", "al\nert"), ("js", "b")).allocator().error(tmp_path) == (
        r"the library imports the function 'al\nert' from 'js', which no sandbox provides (the same goes for b);"
        " remove that import (an import_module attribute in the sources makes one)"
    )


def test_an_import_that_is_allowed(tmp_path):
    linked = Linked(("js", "f"), ("env", "g")).allocator()
    assert linked.check(tmp_path, allow=["js.f", "env.g"])["target"] == "//x:y"


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
        check_wasm_exports.main([*arguments, "--memory", "imported", "--table", "imported"])
    assert str(error.value) == (
        "//x:y: lib.wasm is not a WebAssembly module but an ELF file, that is code for a native platform"
    )


def test_a_map_that_is_not_there(tmp_path):
    with pytest.raises(ToolError, match=r"none.map: cannot be read: No such file or directory$"):
        Linked((WASI, "path_open")).allocator().check(tmp_path, "--map", str(tmp_path / "none.map"), files=False)


# ---------------------------------------------------------------- the map and the diagnosis on their own


def test_the_map_tells_functions_of_one_name_apart():
    linked = Linked((WASI, "f"))
    for path in ("a.o", "lib.a(x/b.o)", INTERNAL):
        linked.function("dummy", path)
    found = origins(parse(linked.made.build()), linked.map_text())
    paths = ["a.o", "lib.a(x/b.o)", INTERNAL]
    assert found == {1 + i: Origin(path, "dummy") for i, path in enumerate(paths)}


def test_maps_that_are_none():
    module = parse(opening().made.build())
    for text in (
        "",
        "CODE",
        "x" * 200,
        "\n" * 9,
        "       -      2ee      5dd8 CODE\n       -      zzz        5         a:(b)",
    ):
        assert origins(module, text) == {}
    assert origins(parse(wb.MAGIC), opening().map_text()) == {}


def test_the_same_import_is_explained_the_same_way_each_time():
    module = parse(opening().made.build())
    diagnoses = {Diagnosis(module, opening().map_text(), []).needs(1) for _ in range(5)}
    assert diagnoses == {("mylib.o: load_config() calls open -> __wasi_path_open", False)}
