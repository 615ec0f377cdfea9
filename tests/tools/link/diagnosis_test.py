"""Tests of tools/link/diagnosis.py and link_map.py: every message about imports and undefined symbols."""

import pytest
import wasm_builder as wb
from link import exports
from link.diagnosis import Diagnosis, way_out_of_undefined
from link.exports import Export
from link.link_map import Origin, data_sizes, origins
from linked_library import WASI, Linked
from wasm.module import parse

INTERNAL = "<internal>"
LIBC = "sysroot/libc.a(folder/open.o)"


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


def refused(needs="", names=("path_open",), first=""):
    quoted = ", ".join(f'"{name}"' for name in names)
    only_files = all(name.startswith(("fd_", "path_")) for name in names)
    files = "set files = True and give the sandbox files in memory, or " if only_files else ""
    return (
        f"the library needs the WASI import{'s' if names[1:] else ''} {', '.join(names)} of {WASI}, which the sandbox does"
        f" not allow{needs and ': '}{needs}. To fix: {first}{files}take that call out of the library, or, if it never runs, add {quoted}"
        " to allowed_imports"
    )


LEAVE_OUT = 'remove "load_config" from exports, or '


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
    message = linked.error(tmp_path, exports=["load_config"], allow=["fd_close"])
    assert message == refused(f"mylib.o: load_config() calls {chain}", first=LEAVE_OUT)


def test_every_refused_import_is_named(tmp_path):
    needs = "mylib.o: load_config() calls open -> __wasi_path_open"
    names = ["fd_close", "path_open"]
    assert opening().error(tmp_path, exports=["load_config"]) == refused(needs, names, LEAVE_OUT)


def test_leaving_exports_out_is_offered_first(tmp_path):
    """Of those that reach the call, and by the attribute that each comes from."""
    linked = opening()
    linked.function("derived", "bin/mylib.o", wb.call(4), export="derived")
    linked.function("harmless", "bin/mylib.o", export="harmless")
    listed = [
        Export("derived", "derived", source="headers"),
        Export("harmless", "harmless", source="headers"),
        Export("load_config", "load_config", source="exports_only"),
    ]
    exports.write(str(tmp_path / "exports.json"), "//x:y", listed, [])
    message = linked.error(tmp_path, f"--exports={tmp_path / 'exports.json'}", allow=["fd_close"])
    first = 'add "derived" to exports_except and remove "load_config" from exports_only, or '
    assert message == refused("mylib.o: load_config() calls open -> __wasi_path_open", first=first)


def test_without_the_users_objects_the_top_is_named(tmp_path):
    linked = opening(path="sysroot/libother.a(x.o)")
    linked.objects = {}
    message = linked.error(tmp_path, exports=["load_config"], allow=["fd_close"])
    assert message == refused("x.o: load_config() calls open -> __wasi_path_open", first=LEAVE_OUT)


def test_objects_are_known_under_mapped_paths():
    """With --experimental_output_paths=strip the command line has bazel-out/cfg, and the linker's map what the linker saw."""
    linked = opening(path="bazel-out/k8-opt-ST-1/bin/mylib.o", between=())
    objects = [("bazel-out/cfg/bin/mylib.o", wb.object_file([wb.symbol("load_config")]))]
    found = Diagnosis(parse(linked.made.build()), linked.map_text(), objects).needs(1)
    assert found == ("mylib.o: load_config() calls it", True)


def test_without_a_map_the_object_that_uses_the_function_is_named(tmp_path):
    linked = opening()
    linked.places = [(INTERNAL, name) for _, name in linked.places]
    message = linked.error(tmp_path, exports=["load_config"], allow=["fd_close"])
    assert message == refused("mylib.o uses open", first=LEAVE_OUT)


def test_with_nothing_at_all(tmp_path):
    linked = opening()
    linked.made.names = {}
    message = linked.error(tmp_path, exports=["load_config"], allow=["fd_close"], files=False)
    assert message == refused("function 4() calls function 3 -> function 2", first=LEAVE_OUT)


def test_an_import_that_nothing_calls(tmp_path):
    assert Linked((WASI, "path_open")).allocator().error(tmp_path) == refused()


def test_code_that_cannot_be_read_is_left_out_of_the_diagnosis(tmp_path):
    linked = opening()
    linked.made.bodies[-1] = wb.body(b"\xff")
    message = linked.error(tmp_path, exports=["load_config"], allow=["fd_close"])
    assert message == refused("mylib.o: load_config() calls open -> __wasi_path_open", first=LEAVE_OUT)


def test_objects_that_cannot_be_read_are_left_out_of_the_diagnosis(tmp_path):
    linked = opening()
    linked.objects.update({"bin/a.a": b"!<thin>\n", "bin/b.o": wb.MAGIC + b"\x7f", "bin/c.o": b"BC\xc0\xde"})
    message = linked.error(tmp_path, exports=["load_config"], allow=["fd_close"])
    assert message == refused("mylib.o: load_config() calls open -> __wasi_path_open", first=LEAVE_OUT)


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
        "undefined symbol 'undefd', called by helper() in mylib.o: no library in deps defines it. To fix: add the one that does"
    )


def test_an_undefined_function_of_cpp(tmp_path):
    assert undefined("_Z4seedv", "seed()").error(tmp_path) == (
        "undefined symbol 'seed()' (_Z4seedv), called by helper() in mylib.o: no library in deps defines it. To fix: add the one that does"
    )


def test_an_undefined_function_whose_address_is_used(tmp_path):
    linked = undefined()
    linked.made.bodies = [wb.body(b"")] * len(linked.made.bodies)
    message = "undefined symbol 'undefd', used by mylib.o: no library in deps defines it. To fix: add the one that does"
    assert linked.error(tmp_path) == message


def test_several_undefined_functions(tmp_path):
    linked = Linked(("env", "b"), ("env", "a"), ("env", "c")).allocator()
    message = (
        "undefined symbol 'b' (the same goes for a, c): no library in deps defines it. To fix: add the one that does"
    )
    assert linked.error(tmp_path) == message


def test_undefined_functions_with_different_ways_out(tmp_path):
    linked = Linked(*(("env", name) for name in ("tmpfile", "luaopen_os", "tmpnam", "system"))).allocator()
    assert linked.error(tmp_path) == (
        "undefined symbol 'tmpfile' (the same goes for tmpnam) (undefined for another reason: luaopen_os, system):"
        " a sandbox has no files. To fix: take that call out"
    )


def test_threads(tmp_path):
    assert undefined("pthread_create").error(tmp_path) == (
        "undefined symbol 'pthread_create', called by helper() in mylib.o:"
        " a sandbox has no threads. To fix: build the library without them"
    )


NO_EXCEPTIONS = (
    "C++ exceptions are off. To fix: set exceptions = True, or build the library with the flags of the sandbox's toolchain alone:"
    " a throw is then a trap"
)


@pytest.mark.parametrize(
    ("symbol", "way_out"),
    [
        ("thrd_create", "a sandbox has no threads. To fix: build the library without them"),
        ("__cxa_throw", NO_EXCEPTIONS),
        ("_Unwind_Resume", NO_EXCEPTIONS),
        (
            "setjmp",
            "its header was not included, or other compiler flags were used. To fix: include <setjmp.h> where setjmp and longjmp are called, and build the library with the sandbox's own toolchain and flags",
        ),
        (
            "__wasm_longjmp",
            "its header was not included, or other compiler flags were used. To fix: include <setjmp.h> where setjmp and longjmp are called, and build the library with the sandbox's own toolchain and flags",
        ),
        ("fork", "a sandbox starts no processes. To fix: build the library without that"),
        ("execve", "a sandbox starts no processes. To fix: build the library without that"),
        ("dlopen", "a sandbox loads no code. To fix: build the library without plugins"),
        ("socket", "a sandbox has no network. To fix: take that call out"),
        ("sigaction", "a sandbox has no signals. To fix: take that call out"),
        ("mmap", "a sandbox maps no files or memory. To fix: use malloc"),
        ("tmpfile", "a sandbox has no files. To fix: take that call out"),
        ("my_pthread_create", "no library in deps defines it. To fix: add the one that does"),
        ("executor", "no library in deps defines it. To fix: add the one that does"),
    ],
)
def test_ways_out(symbol, way_out):
    assert way_out_of_undefined(symbol) == way_out


def test_an_undefined_variable(tmp_path):
    linked = Linked()
    linked.made.add_import("env", "errno_location", "global", b"\x7f\0")
    message = "undefined symbol 'errno_location': no library in deps defines it. To fix: add the one that does"
    assert linked.allocator().error(tmp_path) == message


def test_an_import_from_elsewhere(tmp_path):
    assert Linked(("js", "al\nert"), ("js", "b")).allocator().error(tmp_path) == (
        r"the library imports the function 'al\nert' from 'js', which no sandbox provides (the same goes for b). To fix:"
        " remove that import (an import_module attribute in the sources makes one)"
    )


def test_an_import_that_is_allowed(tmp_path):
    linked = Linked((WASI, "path_open")).allocator()
    assert linked.check(tmp_path, allow=["path_open"])


# ---------------------------------------------------------------- the map and the diagnosis on their own


def test_the_map_tells_functions_of_one_name_apart():
    linked = Linked((WASI, "f"))
    for path in ("a.o", "lib.a(x/b.o)", INTERNAL):
        linked.function("dummy", path)
    found = origins(parse(linked.made.build()), linked.map_text())
    paths = ["a.o", "lib.a(x/b.o)", INTERNAL]
    assert found == {1 + i: Origin(path, "dummy") for i, path in enumerate(paths)}


def test_the_map_of_a_module_that_got_another_function_since():
    """The 128th function makes the count before the first one a byte longer."""
    linked = Linked()
    for number in range(127):
        linked.function(f"f{number}", f"{number}.o")
    text = linked.map_text()
    linked.made.add_function()
    found = origins(parse(linked.made.build()), text)
    assert found == {number: Origin(f"{number}.o", f"f{number}") for number in range(127)}


def test_the_data_of_files():
    head = f"{'-':>8} {0x300:8x} {5:8x} "
    code = [f"{head}CODE", f"{head}        a.o:(f)"]
    data = [f"{1024:8x} {0x300:8x} {size:8x} {what}" for size, what in (
        (48, ".rodata"), (16, "        a.o:(.rodata.x)"), (16, "                x"), (32, "        l.a(b.o):(.rodata)"),
        (9, ".bss"), (9, "        a.o:(.bss.y)"),
    )]  # fmt: skip
    assert data_sizes("\n".join([*code, *data, "no line", "x" * 90])) == {"a.o": 25, "l.a(b.o)": 32}


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
