"""Tests of read_headers.py and clang_ast.py with the real compiler: which functions count and what errors say."""

import os
import subprocess
import sys

import pytest
from header_reader import arguments, reader, toolchain, write
from headers import clang_ast, read_headers

__all__ = ["reader"]

CALLABLE = {"linkage": "C", "inline": False, "static": False, "variadic": False}


def flags(function):
    return {key: function[key] for key in CALLABLE}


class TestFunctions:
    def test_declarations(self, reader):
        facts = reader.read("int add(int a, int b);\nextern void nothing(void);\nint old();\n")
        assert facts.language == "c"
        assert sorted(facts.functions) == ["add", "nothing", "old"]
        assert facts.functions["add"]["signature"] == "int (int, int)"
        assert (facts.functions["nothing"]["file"], facts.functions["nothing"]["line"]) == ("lib.h", 2)
        assert all(flags(function) == CALLABLE for function in facts.functions.values())

    def test_what_cannot_be_exported(self, reader):
        facts = reader.read(
            "#include <stdarg.h>\n"
            "static int a(void) { return 1; }\n"
            "inline int b(void) { return 1; }\n"
            "static inline int c(void) { return 1; }\n"
            "int d(const char *, ...);\n"
            "int e(const char *, va_list);\n"
        )
        assert flags(facts.functions["a"]) == {**CALLABLE, "static": True}
        assert flags(facts.functions["b"]) == {**CALLABLE, "inline": True}
        assert flags(facts.functions["c"]) == {**CALLABLE, "inline": True, "static": True}
        assert flags(facts.functions["d"]) == {**CALLABLE, "variadic": True}
        assert flags(facts.functions["e"]) == CALLABLE

    def test_a_later_declaration_adds_to_the_first(self, reader):
        facts = reader.read("int a(void);\nint a(void);\ninline int a(void) { return 1; }\n")
        assert len(facts.all["functions"]) == 1
        assert flags(facts.functions["a"]) == {**CALLABLE, "inline": True}
        assert facts.functions["a"]["line"] == 1

    def test_only_public_files_count(self, reader):
        files = {
            "lib.h": '#include <stdio.h>\nint one(void);\n#include "inner.h"\nint two(void);\n',
            "inner.h": "int hidden(void);\n",
        }
        assert sorted(reader.read(files=files).functions) == ["one", "two"]
        assert sorted(reader.read(files=files, public=["lib.h", "inner.h"]).functions) == ["hidden", "one", "two"]

    def test_declared_in_a_private_header_too(self, reader):
        files = {"inner.h": "int one(void);\n", "lib.h": '#include "inner.h"\nint one(void);\n'}
        facts = reader.read(files=files)
        assert (facts.functions["one"]["file"], facts.functions["one"]["line"]) == ("lib.h", 2)

    def test_an_include_inside_of_a_linkage_block(self, reader):
        files = {
            "lib.h": '#ifdef __cplusplus\nextern "C" {\n#endif\n#include "inner.h"\nint one(void);\n'
            "#include <string.h>\nint two(void);\n#ifdef __cplusplus\n}\nclass A;\n#endif\n",
            "inner.h": "int hidden(void);\n",
            "all.h": '#include "lib.h"\nclass B;\n',
        }
        facts = reader.read(files=files, include=["all.h"], public=["lib.h", "all.h"])
        assert facts.language == "c++"
        assert sorted(facts.functions) == ["one", "two"]
        assert all(flags(function) == CALLABLE for function in facts.functions.values())

    @pytest.mark.parametrize("spelled", ["./lib.h", "sub/../lib.h", "link.h"])
    def test_paths_that_mean_the_same_file(self, reader, spelled):
        (reader.folder / "sub").mkdir()
        os.symlink("lib.h", reader.folder / "link.h")
        facts = reader.read(files={"lib.h": "int one(void);\n"}, include=[spelled], public=["lib.h"])
        assert facts.functions["one"]["file"] == "lib.h"

    def test_the_original_of_a_copy(self, reader):
        """As zlib in a registry: the public header is a copy, and the original lies where quotes find it first."""
        (reader.folder / "include").mkdir()
        files = {"lib.h": "int one(void);\n", "include/lib.h": "int one(void);\n", "other.h": '#include "lib.h"\n'}
        assert list(reader.read(files=files, include=["lib.h"], public=["include/lib.h"]).functions) == ["one"]
        files["lib.h"] = "int other(void);\n"
        assert list(reader.read(files=files, include=["lib.h"], public=["include/lib.h"]).functions) == []

    def test_no_path_of_the_build(self, reader):
        path = "bazel-out/k8-opt-ST-123/bin/lib/_virtual_includes/y/lib.h"
        files = {path: "struct s { struct { int a; } x; }; int f(struct s *);\n"}
        facts = reader.read(files=files, include=[path], public=[path])
        assert facts.functions["f"]["file"] == "lib.h"
        assert facts.structs["s"]["file"] == "lib.h"
        assert "bazel-out" not in facts.text
        assert str(reader.folder) not in facts.text
        assert toolchain()["clang"].split("/bin/")[0] not in facts.text

    def test_macros_that_declare(self, reader):
        files = {
            "macros.h": "#define DECLARE(name) int name(void)\n#define PAIR(a) int a##_get(void); void a##_set(int)\n",
            "lib.h": '#include "macros.h"\nDECLARE(one);\nPAIR(two);\n#define three lib_three\nint three(void);\n',
        }
        facts = reader.read(files=files)
        assert sorted(facts.functions) == ["lib_three", "one", "two_get", "two_set"]
        assert {facts.functions[name]["line"] for name in ("two_get", "two_set")} == {3}

    def test_typedefs_that_declare(self, reader):
        facts = reader.read("typedef int operation(int, char);\noperation plus, minus;\ntypedef operation *pointer;\n")
        assert sorted(facts.functions) == ["minus", "plus"]
        assert facts.functions["plus"]["signature"] == "int (int, char)"

    def test_parameters_and_comments(self, reader):
        facts = reader.read(
            "#define API(name) int name(int first, char *)\n"
            "typedef int operation(int, char);\n"
            "/* Adds\n * numbers. */\nint add(int a, int b);\n"
            "// Caf\u00e9.\nAPI(declared);\n"
            "operation plus;\nint old();\n"
            "int twice(int);\n/// Named later.\nint twice(int x);\nint twice(int y);\n"
        )
        told = {n: (f.get("parameters", []), f.get("comment", "")) for n, f in facts.functions.items()}
        assert told == {
            "add": (["a", "b"], "Adds\nnumbers."),
            "declared": (["first", ""], "Caf\u00e9."),
            "plus": (["", ""], ""),
            "old": ([], ""),
            "twice": (["x"], "Named later."),
        }

    def test_parameters_and_comments_in_cxx(self, reader):
        facts = reader.read(
            "namespace ns {\n"
            'extern "C" {\n// One.\nint f(const char* text, int (*handler)(int inner));\n}\n'
            '// Two.\nextern "C" int g(int x = 5);\n}\n'
        )
        told = {n: (f["parameters"], f["comment"]) for n, f in facts.functions.items()}
        assert told == {"ns::f": (["text", "handler"], "One."), "ns::g": (["x"], "Two.")}

    def test_line_directives(self, reader):
        facts = reader.read('#line 100 "elsewhere.y"\nint one(void);\n#line 3 "/usr/x.h"\nint two(void);\n')
        assert sorted(facts.functions) == ["one", "two"]
        assert "elsewhere" not in facts.text
        assert facts.functions["two"]["file"] == "lib.h"

    def test_other_names_in_objects(self, reader):
        facts = reader.read('int one(void) __asm__("other_one");\nint two(void) __asm__("two");\n')
        assert facts.functions["one"]["symbol"] == "other_one"
        assert facts.functions["two"]["symbol"] == "two"
        assert flags(facts.functions["one"]) == CALLABLE

    def test_declarations_in_functions_do_not_count(self, reader):
        facts = reader.read("static inline int a(void) { extern int b(void); return b(); }\n")
        assert sorted(facts.functions) == ["a"]

    def test_flags_reach_the_compiler(self, reader):
        text = "#ifndef WIDE\n#error set WIDE\n#endif\n#if WIDE > 1\nint wide(void);\n#endif\n"
        assert sorted(reader.read(text, flags=["-DWIDE=2"]).functions) == ["wide"]

    def test_deep_expressions(self, reader):
        text = "static inline int a(int x) { return " + "x + (" * 200 + "1" + ")" * 200 + "; }\n"
        text += "static inline int b(int x) { return " + " + ".join(["x"] * 300) + "; }\nint c(void);\n"
        assert sorted(reader.read(text).functions) == ["a", "b", "c"]

    @pytest.mark.parametrize("block", [1, 7, 1000, 50000])
    def test_parts_of_any_size(self, reader, monkeypatch, block):
        text = "#include <stdlib.h>\nint a(div_t);\n#include <string.h>\nint b(int);\ntypedef int c;\nint d(c);\n"
        whole = reader.read(text).text
        monkeypatch.setattr(clang_ast, "_BLOCK", block)
        assert reader.read(text).text == whole
        assert whole.count('"name": "') > 3

    def test_the_same_twice(self, reader):
        text = "struct b { int x; };\nstruct a { struct b y; };\nint z(struct a *);\nint a(struct b);\n"
        assert reader.read(text).text == reader.read(text).text


class TestCxx:
    def test_linkage(self, reader):
        facts = reader.read(
            "#include <string>\n#include <vector>\n"
            'extern "C" { int one(void); namespace n { int two(void); } extern "C++" { int three(void); } }\n'
            'extern "C" int four(void);\nint four(void);\nint five(void);\nint five(int);\n'
            "namespace m { int six(void); namespace { int seven(void); } inline namespace v1 { int eight(void); } }\n"
            "template <typename T> int nine(T);\nconstexpr int ten() { return 1; }\n"
            "int eleven(std::string) = delete;\n"
            "class K { public: K(); int method(); static int function(); friend int twelve(K); };\n"
            'extern "C" int thirteen(int, ...) noexcept;\nextern "C" int fourteen(std::string *, std::vector<K> *);\n'
        )
        assert facts.language == "c++"
        c_names = sorted(name for name, function in facts.functions.items() if function["linkage"] == "C")
        assert c_names == ["four", "fourteen", "n::two", "one", "thirteen"]
        cxx = sorted(f"{f['name']} {f['symbol']}" for f in facts.all["functions"] if f["linkage"] == "C++")
        assert cxx == [
            "five _Z4fivei", "five _Z4fivev", "m::(anonymous)::seven _ZN1m12_GLOBAL__N_15sevenEv",
            "m::eight _ZN1m2v15eightEv", "m::six _ZN1m3sixEv", "ten _Z3tenv", "three _Z5threev",
        ]  # fmt: skip
        assert facts.functions["ten"]["inline"]
        assert facts.functions["m::(anonymous)::seven"]["static"]
        assert facts.functions["thirteen"]["variadic"]
        assert {struct["system"] for struct in facts.all["structs"]} == {True}
        assert {struct.get("problem") for struct in facts.all["structs"]} == {None, "is an instance of a C++ template"}

    def test_an_overloaded_name_is_not_asked_for_its_type(self, reader):
        facts = reader.read(
            'class K;\nstruct s { int x; };\nextern "C" int f(s *);\nint f(K *);\nextern "C" int g(s);\n'
        )
        assert facts.functions["g"]["by_value"] == ["s"]
        assert sorted(f["linkage"] for f in facts.all["functions"] if f["name"] == "f") == ["C", "C++"]


class TestHeadersAsTheyAre:
    def test_standard_headers_are_supplied(self, reader):
        """As libjpeg's need it."""
        facts = reader.read("int load(FILE *file);\nint count(uint32_t n, size_t size);\n")
        assert sorted(facts.functions) == ["count", "load"]
        assert {"stdint.h", "stdio.h"} <= set(facts.all["standard"])
        assert facts.all["order"] == []
        facts = reader.read('#include <stdio.h>\n#ifdef __cplusplus\nextern "C"\n#endif\nint load(FILE *file);\n')
        assert facts.all["standard"] == []

    def test_standard_headers_for_cpp(self, reader):
        facts = reader.read('class c;\nextern "C" int load(FILE *file, c &);\n')
        assert (facts.language, "stdio.h" in facts.all["standard"]) == ("c++", True)

    def test_headers_in_an_order_that_they_do_not_compile_in(self, reader):
        """A cc_library sorts its headers by name."""
        files = {"a.h": "area a(point *);\n", "b.h": "typedef int area;\n", "c.h": "typedef struct { int x; } point;\n"}
        facts = reader.read(files=files, include=["a.h", "b.h", "c.h"])
        assert facts.all["order"] == ["b.h", "c.h", "a.h"]
        assert sorted(facts.functions) == ["a"]
        assert reader.read(files=files, include=["c.h", "b.h", "a.h"]).all["order"] == []

    @pytest.mark.parametrize(
        ("header", "lacks"),
        [
            ("#include <math.h>\nint f(int);\n", True),
            ('#ifdef __cplusplus\nextern "C"\n#endif\nint f(int);\n', False),
            ('#ifdef __cplusplus\nextern "C" int f(int);\n#else\nint f(int);\n#endif\nint g(void);\n', True),
            ("int f(int class);\n", False),
            ("int f(int);\n#ifdef __cplusplus\ntemplate <class T> T g();\n#endif\n", False),
            ('extern "C" int f(int);\nclass c;\n', False),
        ],
    )
    def test_c_functions_without_extern_c(self, reader, header, lacks):
        assert reader.read(header).all["extern_c"] == lacks

    def test_named_functions_count_wherever_they_are_declared(self, reader):
        files = {
            "lib.h": '#include "inner.h"\nint own(void);\n',
            "inner.h": "struct point { int x, y; };\nint use(struct point *);\nint other(struct point *);\n",
        }
        facts = reader.read(files=files, flags=[], functions=["use", "not_there"])
        assert sorted(facts.functions) == ["own", "use"]
        assert facts.functions["use"]["file"] == "inner.h"
        assert sorted(facts.fields("point")) == ["x", "y"]


class TestErrors:
    def test_neither_c_nor_cxx(self, reader):
        message = reader.error("#ifndef LIB_SIZE\n#error define LIB_SIZE before this header\n#endif\n")
        assert message == (
            "the public headers do not compile for the sandbox: lib.h:2: define LIB_SIZE before this header. To fix: give the"
            " library what the headers need (defines, includes, deps), or leave a header that is no interface out with"
            " public_headers"
        )

    def test_both_languages_are_quoted_when_they_disagree(self, reader):
        message = reader.error("#include <cstddef>\nint f(std::size);\n")
        assert "as C, lib.h:1: 'cstddef' file not found; as C++, lib.h:2: " in message

    def test_a_missing_header(self, reader):
        assert "compile for the sandbox: 'nowhere.h' file not found. To fix: " in reader.error(
            "", include=["nowhere.h"]
        )

    def test_an_error_in_a_header_of_the_build(self, reader):
        path = "bazel-out/k8-opt/bin/gen/lib.h"
        assert "gen/lib.h:1: " in reader.error(files={path: "int f(;\n"}, include=[path])

    def test_the_first_culprit_of_several(self, reader):
        files = {"a.h": "int a(void);\n", "b.h": "int b(nothing_known);\n", "c.h": "int c(also_unknown);\n"}
        message = reader.error(files=files, include=["a.h", "b.h", "c.h"])
        culprit = "'b.h' compiles neither alone nor after the other headers: b.h:1: unknown type name 'nothing_known'"
        assert culprit in message
        assert "also_unknown" not in message

    def test_a_culprit_that_compiles_alone(self, reader):
        files = {"a.h": "#define b 1\nint a(void);\n", "b.h": "int b(void);\n"}
        message = reader.error(files=files, include=["a.h", "b.h"])
        assert "'b.h' does not compile after the other headers, only alone: b.h:1: " in message

    def test_a_name_that_include_cannot_have(self, reader):
        message = reader.error("", include=['a"b.h'])
        assert message == "the header name 'a\"b.h' cannot be written into #include. To fix: rename the file"

    def test_no_compiler(self, reader):
        write(reader.folder, {"lib.h": "int f(void);\n"})
        with pytest.raises(read_headers.ToolError) as error:
            read_headers.main([*arguments(), "--c-compiler=no/clang"])
        assert str(error.value) == "//x:y: no/clang cannot be run: No such file or directory"

    def test_one_line_and_status_one(self, reader):
        write(reader.folder, {"lib.h": "int f(\n", "args": "\n".join(arguments()) + "\n"})
        done = subprocess.run(
            [sys.executable, read_headers.__file__, "@args"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert done.stderr.startswith("//x:y: the public headers do not compile for the sandbox: ")
        assert sorted(os.listdir(reader.folder)) == ["args", "lib.h"]
