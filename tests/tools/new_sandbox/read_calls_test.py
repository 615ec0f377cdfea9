"""Tests of read_calls.py, and of options.py that it shares with read_headers, with the real compiler."""

import pytest
from header_reader import arguments, reader, write
from new_sandbox import calls, read_calls

__all__ = ["reader"]


@pytest.fixture
def read(reader):
    def run(header, **kwargs):
        write(reader.folder, {"lib.h": header})
        read_calls.main(arguments(**kwargs))
        return {call.name: call for call in calls.read("headers.json")}

    return run


def texts(call):
    return [call.result.text, *[item.type.text for item in call.parameters]]


def test_numbers_and_pointers(read):
    found = read(
        "#include <stddef.h>\n#include <stdint.h>\n#include <stdbool.h>\n"
        "typedef unsigned char octet;\ntypedef uint64_t total;\ntypedef const octet *octets;\n"
        "size_t f(octets data, size_t size, total *sum, double ratio, bool flag, const char *const *names);\n"
        "total g(int64_t, char);\n"
    )
    f = found["f"]
    assert texts(f) == ["size_t", "octets", "size_t", "unsigned long long*", "double", "bool", "const char* const*"]
    assert [item.name for item in f.parameters] == ["data", "size", "sum", "ratio", "flag", "names"]
    assert f.parameters[0].type.to.words == "unsigned char"
    assert f.parameters[0].type.to.const
    g = found["g"]
    assert (g.result.written, g.result.words) == ("total", "unsigned long long")
    assert [(item.name, item.type.written) for item in g.parameters] == [("", "int64_t"), ("", "char")]


def test_structs_enums_and_callbacks(read):
    found = read(
        "struct tree; typedef struct node { int x; } node; typedef struct { int y; } plain;\n"
        "typedef enum { RED } color; enum shape { ROUND };\n"
        "typedef int (*handler)(void *user, const node *n, color c);\n"
        "struct tree *f(node *a, plain *b, color c, enum shape d, handler call, void (*other)(int));\n"
    )
    f = found["f"]
    assert texts(f)[:5] == ["struct tree*", "node*", "plain*", "color", "enum shape"]
    assert [item.type.kind for item in f.parameters[2:4]] == ["enum", "enum"]
    assert [item.type.to.name for item in f.parameters[:2]] == ["node", "plain"]
    call = f.parameters[4].type
    assert (call.alias, call.text) == ("handler", "handler")
    assert [item.text for item in call.function.parameters] == ["void*", "const node*", "color"]
    assert f.parameters[5].type.function.result.kind == "void"


def test_what_the_application_has_otherwise(read):
    found = read(
        "#include <stdarg.h>\n#include <wchar.h>\n"
        "void f(const wchar_t *a, va_list b, volatile int *c, long double d, void (*e)(const char *, ...));\n"
        "struct outer { struct inner { int x; } i; };\nvoid g(struct inner *i);\n"
    )
    assert [item.type.kind for item in found["f"].parameters] == ["other"] * 5
    assert found["g"].parameters[0].type.kind == "other"


def test_only_what_can_be_called(read):
    found = read(
        '#include <string>\nextern "C" int f(const std::string &s);\nextern "C" int g(int n);\nint cpp(int);\n'
        'extern "C" int many(const char *, ...);\ninline int here() { return 1; }\n'
        'namespace deep { extern "C" struct point *h(struct point *p); struct point { int x; }; }\n'
    )
    assert sorted(found) == ["f", "g", "h"]
    assert found["f"].parameters[0].type.kind == "other"
    assert texts(found["h"])[1].endswith("deep::point*")


def test_a_header_that_declares_nothing(read):
    assert read("#define X 1\n") == {}
