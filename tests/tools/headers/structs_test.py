"""Tests of structs.py and debug_types.py with the real compiler: what structs look like in the sandbox."""

from header_reader import reader

__all__ = ["reader"]


def test_the_guests_layout(reader):
    facts = reader.read(
        "#include <stddef.h>\n#include <stdint.h>\n#include <stdbool.h>\n"
        "enum color { RED };\ntypedef enum { UP } direction;\n"
        "struct all { char c; int64_t i; size_t s; uint64_t u; long l; bool b; double d; float f; int8_t t;\n"
        "  intptr_t p; wchar_t w; enum color e; direction g; unsigned short h; };\n"
        "int f(struct all *);\n"
    )
    assert facts.types("all") == {
        "c": "char", "i": "long long", "s": "unsigned long", "u": "unsigned long long", "l": "long", "b": "bool",
        "d": "double", "f": "float", "t": "signed char", "p": "long", "w": "int", "e": "::color",
        "g": "::direction", "h": "unsigned short",
    }  # fmt: skip
    fields = facts.fields("all")
    assert [(field["offset"], field["size"]) for field in fields.values()] == [
        (0, 1), (8, 8), (16, 4), (24, 8), (32, 4), (36, 1), (40, 8), (48, 4), (52, 1),
        (56, 4), (60, 4), (64, 4), (68, 4), (72, 2),
    ]  # fmt: skip
    assert facts.structs["all"]["size"] == 80
    assert {field["align"] for name, field in fields.items() if name in "iud"} == {8}


def test_pointers_and_arrays(reader):
    facts = reader.read(
        "#include <stdint.h>\n"
        "struct hidden; typedef struct { int x; } plain, *plain_pointer;\n"
        "typedef int (*callback)(struct hidden *, plain);\ntypedef char name[8];\n"
        "struct all { struct all *next; struct hidden *h; const char *text; const char *const *texts; uint64_t *u;\n"
        "  name n; name names[2]; int m[2][3]; char *strings[4]; plain a[3]; plain_pointer p; int (*to)[4];\n"
        "  callback cb; callback table[2]; callback (*deep)(callback, int (*)(void)); void *v;\n"
        "  int *restrict r; volatile int *w; void (*none)(void); int (*many)(const char *, ...); };\n"
        "void f(struct all);\n"
    )
    assert facts.types("all") == {
        "next": "::all *", "h": "::hidden *", "text": "const char *", "texts": "const char *const *",
        "u": "unsigned long long *", "n": "char[8]", "names": "char[2][8]", "m": "int[2][3]",
        "strings": "char *[4]", "a": "::plain[3]", "p": "::plain *", "to": "int (*)[4]",
        "cb": "int (*)(::hidden *, ::plain)", "table": "int (*[2])(::hidden *, ::plain)",
        "deep": "int (*(*)(int (*)(::hidden *, ::plain), int (*)()))(::hidden *, ::plain)", "v": "void *",
        "r": "int *", "w": "int *", "none": "void (*)()", "many": "int (*)(const char *, ...)",
    }  # fmt: skip
    assert facts.structs["hidden"]["complete"] is False
    assert facts.fields("all")["a"]["struct"] == "plain"
    assert facts.fields("all")["deep"]["refers"] == ["hidden", "plain"]
    assert facts.functions["f"]["by_value"] == ["all"]
    assert facts.functions["f"]["structs"] == ["all"]


def test_const_fields(reader):
    facts = reader.read(
        "struct s { const int i; int *const p; const int *const q; int (*const f)(int *const); const char a[4];\n"
        "  const char *c; };\nint f(struct s *);\n"
    )
    assert facts.types("s") == {
        "i": "int", "p": "int *", "q": "const int *", "f": "int (*)(int *const)", "a": "char[4]",
        "c": "const char *",
    }  # fmt: skip
    assert [bool(field.get("const")) for field in facts.fields("s").values()] == [True] * 5 + [False]


def test_unnamed_and_nested(reader):
    facts = reader.read(
        "struct out { struct { int x; struct { char c; } in[2]; } a; enum { A, B } mode[2]; struct inner { int y; } b;\n"
        "  struct { int z; } *to; };\nint f(struct out *);\n"
    )
    outer = "std::remove_all_extents_t<decltype(::out::a)>"
    assert facts.structs["out_a"]["cpp"] == outer
    assert facts.structs["out_a_in"]["cpp"] == f"std::remove_all_extents_t<decltype({outer}::in)>"
    assert facts.fields("out")["mode"]["type"] == "decltype(::out::mode)"
    assert facts.fields("out")["b"]["struct"] == "inner"
    assert facts.structs["inner"]["cpp"] == "::out::inner"


def test_c_structs_that_cxx_nests(reader):
    """C has one scope for all tags; to an application, which is C++, they are members."""
    facts = reader.read(
        "struct a { struct b { struct c { int x; } *c; enum kind { K } kind; } b; struct a *up; struct later *later; };\n"
        "struct later { int x; }; struct d { struct { struct e { int x; } e; struct f { int x; } *f; } u; };\n"
        "int g(struct a *, struct b *, struct d *, enum kind);\n"
    )
    assert {name: struct["cpp"] for name, struct in facts.structs.items()} == {
        "a": "::a", "b": "::a::b", "c": "::a::b::c", "later": "::later", "d": "::d",
        "d_u": "std::remove_all_extents_t<decltype(::d::u)>",
        "d_u_e": "std::remove_all_extents_t<decltype(std::remove_all_extents_t<decltype(::d::u)>::e)>",
    }  # fmt: skip
    assert facts.types("b") == {"c": "::a::b::c *", "kind": "::a::b::kind"}
    assert facts.types("d_u")["f"] == "void *"


def test_what_the_framework_cannot_know(reader):
    facts = reader.read(
        "union u { int i; float f; };\n"
        "struct all { unsigned bits : 3; union u both; union { int i; } x; struct { int a; }; long double ld;\n"
        "  __int128 wide; _Atomic int at; _Complex double co; int none[0];\n"
        "  float vec __attribute__((vector_size(16))); int open[]; };\n"
        "int f(struct all *, union u *);\n"
    )
    problems = {name: field["problem"] for name, field in facts.fields("all").items()}
    assert problems == {
        "bits": "is a bit-field", "both": "is a union", "x": "is a union",
        "": "is an anonymous struct or union",
        "ld": "is a long double, which the application and the sandbox represent differently",
        "wide": "has the type __int128, which has no representation in the application",
        "at": "is atomic", "co": "has the type complex, which has no representation in the application",
        "none": "is an array without elements",
        "vec": "is a SIMD vector", "open": "is a flexible array",
    }  # fmt: skip
    assert facts.structs["u"]["problem"] == "is a union"


def test_only_what_functions_reach(reader):
    facts = reader.read(
        "struct a { int x; }; struct b { struct a *p; }; struct c { struct b x[2]; }; struct unused { int y; };\n"
        "struct by_inline { int z; };\nint f(int (*)(struct c *));\n"
        "static inline int g(struct by_inline s) { return s.z; }\n"
    )
    assert sorted(facts.structs) == ["a", "b", "c"]
    assert facts.functions["f"]["structs"] == ["c"]
    assert facts.functions["f"]["by_value"] == []


def test_longs_behind_pointers_and_in_callbacks(reader):
    facts = reader.read(
        "#include <stddef.h>\n#include <stdint.h>\nstruct s { int64_t x; }; enum e { A };\ntypedef int64_t when;\n"
        "void f(const int64_t *, when (*)[2], int64_t, struct s *, char *, size_t *);\n"
        "uint64_t **g(void);\nint h(void (*)(struct s *, enum e, const when *, ...));\n"
        "int none(int64_t, const int *, void *, long double *, struct s *, void (*)(int));\nint odd(int64_t (*)(_Complex double));\n"
    )
    assert facts.functions["f"]["longs"] == [
        "", "const long long *", "long long (*)[2]", "", "", "", "unsigned long *",
    ]  # fmt: skip
    assert facts.functions["g"]["longs"] == ["unsigned long long **"]
    any_type = "::rlbox::detail::guest_any"
    assert facts.functions["h"]["longs"] == ["", f"void (*)({any_type} *, {any_type}, const long long *, ...)"]
    assert "longs" not in facts.functions["none"]
    assert "longs" not in facts.functions["odd"]


def test_structs_of_the_c_library(reader):
    facts = reader.read("#include <time.h>\n#include <stdio.h>\nint f(FILE *, struct tm *, struct timespec);\n")
    assert facts.structs["tm"]["system"]
    assert facts.structs["timespec"]["system"]
    assert facts.structs["_IO_FILE"]["complete"] is False


def test_names_outside_of_ascii(reader):
    facts = reader.read(
        "struct s\u00e9 { int x; }; struct t { int \u00e9; struct s\u00e9 *p; int plain; };\nint f(struct t *, struct s\u00e9 *);\nint g\u00e9(void);\n"
    )
    problem = "has a name or a type with characters outside of ASCII"
    assert [field.get("problem") for field in facts.structs["t"]["fields"]] == [problem, problem, None]
    assert facts.structs["s\u00e9"]["problem"] == "has a name with characters outside of ASCII"
    assert facts.functions["g\u00e9"]["linkage"] == "C"


def test_a_struct_called_like_a_function(reader):
    facts = reader.read("struct status { int x; };\nint status(struct status *);\n")
    assert facts.structs["status"]["cpp"] == "struct ::status"


def test_cxx_structs(reader):
    facts = reader.read(
        "template <typename T> struct box { T value; ~box(); };\n"
        "namespace n { struct in { int x; enum class kind : unsigned char { A } k; };\n"
        "struct out { in pair[2]; struct { char c; } unnamed; bool flag; char16_t c; }; }\n"
        "class opaque { int x; public: int y; }; struct with_base : n::in { int z; };\n"
        "struct with_box { box<int> b; }; struct with_virtual { virtual void f(); };\n"
        'extern "C" int f(n::out *, opaque *, with_base *, with_box *, with_virtual *, box<char> *, box<int>);\n'
    )
    assert facts.structs["n_out"]["cpp"] == "::n::out"
    assert facts.types("n_out") == {
        "pair": "::n::in[2]", "unnamed": "std::remove_all_extents_t<decltype(::n::out::unnamed)>",
        "flag": "bool", "c": "char16_t",
    }  # fmt: skip
    assert facts.types("n_in") == {"x": "int", "k": "::n::in::kind"}
    assert facts.fields("n_in")["k"]["size"] == 1
    problems = {name: struct.get("problem") for name, struct in facts.structs.items()}
    assert problems == {
        "n_in": None, "n_out": None, "n_out_unnamed": None,
        "opaque": "is a C++ class with fields that are not public",
        "with_base": "is a C++ class with a base class",
        "with_box": "is a C++ class with constructors or a destructor",
        "box<char>": None, "box<int>": "is an instance of a C++ template",
        "with_virtual": "is a C++ class with virtual functions",
    }  # fmt: skip
    assert not any(struct["system"] for struct in facts.structs.values())
