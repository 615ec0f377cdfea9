"""Tests of select_exports.py and library_symbols.py: what is exported, what is left out and why, and what errors say."""

import subprocess

import pytest
import wasm_builder as wb
from header_reader import reader, toolchain, write
from library_folder import Library, declared
from link import select_exports
from tool_main import ToolError

__all__ = ["reader"]

LOCAL, HIDDEN, UNDEFINED, WEAK = 2, 4, 0x10, 1


def test_declared_and_defined(tmp_path):
    objects = {"a.o": [wb.symbol("b"), wb.symbol("inner")], "c.o": [wb.symbol("a"), wb.symbol("b", flags=UNDEFINED)]}
    result = Library(tmp_path, [declared("b"), declared("a")], objects).select()
    assert result.link == "-Wl,--export-if-defined=a\n-Wl,--export-if-defined=b\n"
    assert (result.required, result.allowed) == (["a", "b"], [])
    assert result.report["exports"][0] == {
        "name": "a", "symbol": "a", "signature": "int (void)", "file": "lib.h", "from": "headers",
        "certain": True, "answered": "",
    }  # fmt: skip
    assert result.report["target"] == "//x:y"
    assert result.left_out == {}


@pytest.mark.parametrize("flags", [0, HIDDEN, WEAK])
def test_visibility_and_weakness_do_not_matter(tmp_path, flags):
    assert Library(tmp_path, [declared("a")], {"a.o": [wb.symbol("a", flags=flags)]}).select().exports == ["a"]


def test_archives(tmp_path):
    data = wb.archive([("one.o", wb.object_file([wb.symbol("a")])), ("two.o", wb.object_file([wb.symbol("b")]))])
    assert Library(tmp_path, [declared("a"), declared("b")], {"lib.a": data}).select().exports == ["a", "b"]


def test_what_is_left_out_and_why(tmp_path):
    functions = [
        declared("kept"), declared("nowhere"), declared("used"), declared("local"), declared("mine", symbol="other"),
        declared("inlined", inline=True), declared("own", static=True), declared("many", variadic=True),
        declared("cxx", symbol="_Z3cxxv", linkage="C++"), declared("mangled"), declared("data"),
        declared("odd", symbol="a,b c"),
    ]  # fmt: skip
    objects = {
        "folder.o": [
            wb.symbol("kept"), wb.symbol("used", flags=UNDEFINED), wb.symbol("local", flags=LOCAL), wb.symbol("many"),
            wb.symbol("inlined", flags=WEAK), wb.symbol("_Z3cxxv"), wb.symbol("_Z7mangledi"), wb.symbol("data", 1),
        ]
    }  # fmt: skip
    result = Library(tmp_path, functions, objects).select()
    assert result.exports == ["kept"]
    undefined = "it is declared in lib.h, but the library does not define it"
    assert {name: (entry["reason"], entry["detail"]) for name, entry in result.left_out.items()} == {
        "nowhere": ("undefined", undefined),
        "used": ("undefined", undefined),
        "mine": ("undefined", undefined),
        "data": ("undefined", undefined),
        "local": ("static_definition", "it is static in folder.o. To fix: remove 'static' there to export it"),
        "inlined": ("inline", "its code is in lib.h, so the application has its own"),
        "own": ("static", "it is static in lib.h, so the application has its own"),
        "many": ("variadic", "a variable number of arguments cannot cross the boundary"),
        "cxx": ("cxx_linkage", 'it has C++ linkage. To fix: declare it extern "C" to export it'),
        "mangled": ("cxx_definition", 'it is a C++ function here (_Z7mangledi). To fix: declare it extern "C"'),
        "odd": ("symbol", "its name in objects, 'a,b c', cannot be exported"),
    }


def test_other_names_in_objects(tmp_path):
    functions = [declared("ns::a", symbol="other")]
    library = Library(tmp_path, functions, {"a.o": [wb.symbol("other")]})
    assert library.select().required == ["other"]
    result = library.select("--exports-only", "--export=a")
    assert result.required == ["other"]
    assert result.report["exports"][0]["name"] == "ns::a"


def test_exports_adds(tmp_path):
    functions = [declared("a"), declared("v", variadic=True)]
    library = Library(tmp_path, functions, {"a.o": [wb.symbol("a"), wb.symbol("inner"), wb.symbol("v")]})
    result = library.select("--export=inner", "--export=a", "--export=v")
    assert [(entry["name"], entry["from"]) for entry in result.report["exports"]] == [
        ("a", "exports"), ("inner", "exports"), ("v", "exports"),
    ]  # fmt: skip
    assert result.left_out == {}


def test_exports_except_takes_away(tmp_path):
    objects = {"a.o": [wb.symbol("a"), wb.symbol("b"), wb.symbol("new_name")]}
    library = Library(tmp_path, [declared("a"), declared("b"), declared("ns::c", symbol="new_name")], objects)
    result = library.select("--exclude=b", "--exclude=c")
    assert result.exports == ["a"]
    assert result.reasons() == {"b": "excluded", "ns::c": "excluded"}


def test_exports_except_takes_everything_away(tmp_path):
    message = Library(tmp_path, [declared("a")], {"a.o": [wb.symbol("a")]}).error("--exclude=a")
    assert message.endswith(
        " so nothing could be called: a: exports_except names it. To fix: list other functions in exports"
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("compte", "'compte' is not among the functions that the public headers export; did you mean 'compute'?"),
        ("xyz", "'xyz' is not among the functions that the public headers export; remove it from exports_except"),
        ("v", "'v' is left out without that (a variable number of arguments cannot cross the boundary). To fix: remove it from exports_except"),
    ],
)  # fmt: skip
def test_exports_except_that_are_none(tmp_path, name, message):
    functions = [declared("compute"), declared("v", variadic=True)]
    library = Library(tmp_path, functions, {"a.o": [wb.symbol("compute"), wb.symbol("v"), wb.symbol("xyz")]})
    assert library.error(f"--exclude={name}") == f"exports_except: {message}"
    assert library.error(f"--exclude={name}", "--exclude=q").endswith(" (also not exported: 'q')")


def test_exports_only_replaces(tmp_path):
    library = Library(tmp_path, [declared("a"), declared("b")], {"a.o": [wb.symbol("a"), wb.symbol("b")]})
    assert library.select("--exports-only", "--export=b").exports == ["b"]
    assert library.select("--exports-only", "--export=b", headers=False).exports == ["b"]


@pytest.mark.parametrize(
    ("magic", "kind"), [(b"\x7fELF\2\1\1", "an ELF"), (b"\xcf\xfa\xed\xfe", "a Mach-O"), (b"\x64\x86\0", "a COFF")]
)
def test_code_for_a_processor_is_named(tmp_path, magic, kind):
    """As cc_import brings it: a library that somebody has compiled for the host."""
    native = magic + bytes(64)
    archive = wb.archive([("one.o", wb.object_file([wb.symbol("a")])), ("folder/two.o", native)])
    for file, data, name in (("liba.a", archive, "liba.a(folder/two.o)"), ("two.o", native, "two.o")):
        library = Library(tmp_path, [declared("a")], {file: data})
        for arguments in ([], ["--export-all"]):
            assert library.error(*arguments) == (
                f"deps: {name} is {kind} object, code for a processor, and a sandbox has code for WebAssembly only. To fix:"
                " name a cc_library with the library's sources in deps, or a library that is compiled for wasm32-wasi"
            )


def test_with_export_all_the_linker_chooses(tmp_path):
    Library(tmp_path, objects={"a.o": [wb.symbol("a")]})
    output = tmp_path / "link-output"
    select_exports.main(["--target=//x:y", "--export-all", f"--object={tmp_path / 'a.o'}", f"--link-output={output}"])
    assert output.read_text() == "-Wl,--export-all\n"


@pytest.mark.parametrize("bitcode", [b"BC\xc0\xde1234", b"\xde\xc0\x17\x0b1234"])
def test_what_link_time_optimisation_hides_is_left_to_the_linker(tmp_path, bitcode):
    archive = wb.archive([("one.o", wb.object_file([wb.symbol("a")])), ("two.o", bitcode)])
    for data in (archive, bitcode):
        objects = {"a.o": [wb.symbol("a"), wb.symbol("s", flags=LOCAL)], "lib.a": data}
        library = Library(tmp_path, [declared("a"), declared("b"), declared("s")], objects)
        result = library.select("--export=c")
        assert (result.required, result.allowed) == (["a", "c"], ["b"])
        assert result.reasons() == {"s": "static_definition"}


OBJECT = {
    "a.o": [
        wb.symbol("compute"), wb.symbol("local", flags=LOCAL), wb.symbol("data", 1), wb.symbol("_Z5mangli"),
        wb.symbol("used", flags=UNDEFINED),
    ]
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("compte", "'compte' is not defined by the library; did you mean 'compute'?"),
        ("xyz", "'xyz' is not defined by the library. To fix: remove it from exports, or add the library that defines it to deps"),
        ("local", "'local' is static in a.o. To fix: remove 'static' there, or 'local' from exports"),
        ("data", "'data' is a variable in a.o, and only functions can be exported. To fix: export a function that returns it"),
        ("mangl", "'mangl' is a C++ function here (_Z5mangli). To fix: declare it extern \"C\""),
        ("used", "'used' is declared and used by a.o but defined nowhere. To fix: add the library that defines it to deps"),
        ("gone", "'gone' is declared in lib.h but defined nowhere. To fix: add the source or the library that defines it"),
        ("cxx", "'cxx' has C++ linkage in lib.h. To fix: declare it extern \"C\" there"),
        ("inl", "'inl' is inline in lib.h, so there is nothing to export. To fix: remove it from exports, or define it in a source file"),
    ],
)  # fmt: skip
def test_exports_that_are_none(tmp_path, name, message):
    functions = [
        declared("gone"),
        declared("n::cxx", linkage="C++", symbol="_ZN1n3cxxEv"),
        declared("inl", inline=True),
    ]
    library = Library(tmp_path, functions, OBJECT)
    assert library.error(f"--export={name}") == f"exports: {message}"
    assert library.error("--exports-only", f"--export={name}") == f"exports_only: {message}"


def test_all_missing_exports_are_named(tmp_path):
    message = Library(tmp_path, [], OBJECT).error("--export=xyz", "--export=compute", "--export=abc")
    assert message.endswith(" to deps (also missing: 'abc')")


@pytest.mark.parametrize(
    ("functions", "detail"),
    [
        (["a", "b"], "a, b: it is declared in lib.h, but the library does not define it"),
        (list("abcde"), "a, b, c and 2 more: it is declared in lib.h, but the library does not define it"),
        (["mangl", "a"], 'mangl: it is a C++ function here (_Z5mangli). To fix: declare it extern "C"'),
        (["local", "a"], "local: it is static in a.o. To fix: remove 'static' there to export it"),
    ],
)
def test_nothing_to_export(tmp_path, functions, detail):
    message = Library(tmp_path, [declared(name) for name in functions], OBJECT).error()
    assert message == (
        "no function that its public headers declare can be exported, so nothing could be called: "
        f"{detail}{', or' if 'To fix: ' in detail else '. To fix:'} list other functions in exports"
    )


def test_no_headers(tmp_path):
    library = Library(tmp_path, [], OBJECT)
    assert library.error(headers=False) == (
        "it has no public headers, so nothing could be called. To fix: add those of the library to hdrs of a cc_library in"
        " deps, or list functions in exports"
    )
    assert library.select("--export=compute", headers=False).exports == ["compute"]


def test_nothing_declared(tmp_path):
    assert Library(tmp_path, [], OBJECT).error() == (
        "its public headers declare no function, so nothing could be called. To fix: add the header that does to hdrs of a"
        " cc_library in deps, or list functions in exports"
    )


def test_only_inline_functions_declared(tmp_path):
    message = Library(tmp_path, [declared("a", inline=True)], OBJECT).error()
    assert (
        ": a: its code is in lib.h, so the application has its own. To fix: list other functions in exports" in message
    )


def test_nothing_named(tmp_path):
    assert Library(tmp_path, [declared("a")], OBJECT).error("--exports-only") == (
        "exports_only names no function, so nothing could be called. To fix: name one, or remove exports_only"
    )


def test_a_file_that_is_no_header_description(tmp_path):
    library = Library(tmp_path)
    write(tmp_path, {"headers.json": "{}"})
    with pytest.raises(
        ToolError, match=r"headers.json: it is no header description of version 3. To fix: build it again$"
    ):
        library.select()


def test_real_objects(reader):
    """From headers and sources to names, with the real compiler."""
    sources = {
        "lib.h": '#ifdef __cplusplus\nextern "C" {\n#endif\nint one(int);\nint hidden(void);\nint weak(void);\n'
        "int nowhere(void);\nint renamed(void) __asm__(\"new_name\");\nint is_static(void);\n"
        "static inline int inlined(void) { return one(1); }\n#ifdef __cplusplus\n}\n#endif\n",
        "mixed.hpp": '#include "lib.h"\nint cxx(int);\nextern "C" int from_cxx(void);\nint not_c(void);\n',
        "one.c": '#include "lib.h"\nint one(int x) { return x; }\nint internal(void) { return 1; }\n'
        '__attribute__((visibility("hidden"))) int hidden(void) { return inlined(); }\n'
        "__attribute__((weak)) int weak(void) { return 2; }\nint renamed(void) { return nowhere(); }\n",
        "two.cc": '#include "mixed.hpp"\nint cxx(int x) { return x; }\nint from_cxx(void) { return 3; }\n'
        "int not_c(void) { return 4; }\n",
        "three.c": "static int is_static(void) { return 5; }\nint use(void) { return is_static(); }\n",
    }  # fmt: skip
    write(reader.folder, sources)
    tools = toolchain()
    objects = {}
    for compiler, source in ((tools["clang"], "one.c"), (tools["clang_cxx"], "two.cc"), (tools["clang"], "three.c")):
        subprocess.run([compiler, *tools["flags"], "-c", source, "-o", source + ".o"], check=True)
        objects[source + ".o"] = (reader.folder / (source + ".o")).read_bytes()
    described = reader.read(files={}, include=["mixed.hpp"], public=["mixed.hpp", "lib.h"])
    library = Library(reader.folder, objects=objects)
    write(reader.folder, {"headers.json": described.text})
    result = library.select("--export=internal")
    assert result.exports == ["from_cxx", "hidden", "internal", "new_name", "one", "weak"]
    assert result.reasons() == {
        "nowhere": "undefined", "is_static": "static_definition", "inlined": "inline", "cxx": "cxx_linkage",
        "not_c": "cxx_linkage",
    }  # fmt: skip
