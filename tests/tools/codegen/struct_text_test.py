"""The structs in <module>.rlbox.h: which are loaded, how they are written, and what is refused."""

import header_maker
import pytest
import wasm_builder as wb
from codegen import gen_module_header
from header_reader import reader, write
from tool_main import ToolError

__all__ = ["reader"]


class Maker:
    """Reads a header with the real compiler and makes <module>.rlbox.h of it."""

    def __init__(self, reader):
        self.reader = reader
        self.folder = reader.folder

    def make(self, header, *arguments, exports=None, module="mylib", files=None):
        self.reader.read(header, files=files)
        command = ["--module", module, "--headers=headers.json", "--output=out.h", "--target=//x:y", "--header=lib.h"]
        if exports is None:
            command.append("--backend=noop")
        else:
            made = header_maker.sandbox()
            for name in exports:
                made.add_function(wb.VOID, b"", name=name, export=name)
            (self.folder / "in.wasm").write_bytes(made.build())
            command += ["--backend=wasm2c", "--wasm=in.wasm"]
        gen_module_header.main([*command, *arguments])
        return (self.folder / "out.h").read_text(encoding="ascii")

    def loaded(self, *args, **kwargs):
        text = self.make(*args, **kwargs)
        head = "#define sandbox_fields_reflection_mylib_allClasses(rlbox_f, ...) \\\n"
        lines = text.partition(head)[2].partition("\n\n")[0].splitlines()
        return [line.strip().partition("_mylib_")[2].partition("(")[0] for line in lines]

    def error(self, *args, **kwargs):
        (self.folder / "out.h").unlink(missing_ok=True)
        with pytest.raises(ToolError) as error:
            self.make(*args, **kwargs)
        assert not (self.folder / "out.h").exists()
        message = str(error.value)
        assert message.startswith("//x:y: ")
        assert "\n" not in message
        return message[len("//x:y: ") :]


@pytest.fixture
def maker(reader):
    return Maker(reader)


POINT = "typedef struct point { int x; long long y; } point;\n"


def test_the_text(maker):
    text = maker.make(POINT + "int f(point *);\n")
    assert (
        "RLBOX_DEFINE_BASE_TYPES_FOR_TYPE(mylib, rlbox::rlbox_noop_module_sandbox<rlbox_modules::mylib>);\n\n"
        "// The structs that cross the boundary, as the library's headers define them.\n\n"
        "#ifndef RLBOX_LOADED_STRUCT_point  // Another sandbox may have the same struct.\n"
        "#define RLBOX_LOADED_STRUCT_point\n"
        "#define sandbox_fields_reflection_mylib_class_point(rlbox_f, rlbox_g, ...) \\\n"
        "  rlbox_f(int, x, FIELD_NORMAL, __VA_ARGS__) rlbox_g() \\\n"
        "  rlbox_f(long long, y, FIELD_NORMAL, __VA_ARGS__) rlbox_g()\n"
        "#define RLBOX_LOADED_STRUCT_mylib_point(rlbox_f, ...) rlbox_f(point, mylib, __VA_ARGS__)\n"
        "#else\n"
        "#define RLBOX_LOADED_STRUCT_mylib_point(rlbox_f, ...)\n"
        "#endif\n\n"
        "#define sandbox_fields_reflection_mylib_allClasses(rlbox_f, ...) \\\n"
        "  RLBOX_LOADED_STRUCT_mylib_point(rlbox_f, __VA_ARGS__)\n\n"
        "rlbox_load_structs_from_library(mylib);\n\n"
        "#endif  // RLBOX_MODULE_mylib_RLBOX_H_\n"
    ) in text


def test_the_guests_layout_is_asserted_for_wasm2c(maker):
    text = maker.make(POINT + "int f(point *);\n", exports=["f"])
    sandbox = "rlbox::rlbox_wasm2c_module_sandbox<rlbox_modules::mylib>"
    assert text.index("RLBOX_DEFINE_BASE_TYPES_FOR_TYPE(mylib, ") < text.index(
        "rlbox_load_structs_from_library(mylib);"
    )
    assert f"convert_to_sandbox_equivalent_t<::point, {sandbox}>;" in text
    assert "static_assert(sizeof(rlbox_layout_point) == 16,\n" in text
    assert "static_assert(offsetof(rlbox_layout_point, y) == 8 && sizeof(rlbox_layout_point::y) == 8,\n" in text
    assert "static_assert(offsetof" not in maker.make(POINT + "int f(point *);\n")


def test_without_structs_nothing_is_loaded(maker):
    assert "rlbox_load_structs" not in maker.make("int f(void);\n")
    assert "rlbox_load_structs" not in maker.make("struct hidden; int f(struct hidden *);\n")


def test_nested_structs_come_first(maker):
    header = (
        "struct c { int x; }; struct b { struct c x[2]; struct a *back; }; struct a { struct b x; struct d *far; };\n"
        "struct d { struct a *a; int (*call)(struct e { int q; } *); };\nint f(struct a);\nint g(struct c *);\n"
    )
    assert maker.loaded(header) == ["c", "b", "a", "d", "e"]


def test_only_structs_of_exported_functions(maker):
    header = POINT + "struct other { int b : 3; };\nint f(point *);\nint g(struct other);\n"
    assert maker.loaded(header, exports=["f"]) == ["point"]
    assert maker.error(header, exports=["f", "g"]).startswith("struct other in lib.h cannot be used")
    assert maker.error(header).startswith("struct other in lib.h cannot be used")


def fields_of(text, struct):
    """Types and names in the list of fields, and of each type of bytes how many the sandbox has."""
    body = text.partition(f"_class_{struct}(rlbox_f, rlbox_g, ...)")[2].partition("#define")[0]
    found = [line.strip().partition("rlbox_f(")[2].rpartition(", FIELD_")[0] for line in body.splitlines()]
    sizes = [
        line.partition("opaque_bytes<")[2].partition(",")[0] for line in text.splitlines() if "opaque_bytes<" in line
    ]
    return [item.rpartition(", ")[2] for item in found if item], sizes


@pytest.mark.parametrize(
    ("definition", "fields", "sizes"),
    [
        ("int a; union { int i; void *p; } u; int b;", ["a", "rlbox_bytes_1", "b"], ["4"]),
        ("union { long long i; } u; int b;", ["rlbox_bytes_0", "b", "rlbox_bytes_2"], ["8", "4"]),
        ("char a; unsigned f : 3; unsigned g : 4; void *p;", ["a", "rlbox_bytes_1", "p"], ["3"]),
        ("int a; unsigned f : 3;", ["a", "rlbox_bytes_1"], ["4"]),
        ("int n; char data[];", ["n"], []),
        ("long long a; int n; char data[];", ["a", "n"], []),
        ("int a; struct { int x; int y; }; char c;", ["a", "rlbox_bytes_1", "c"], ["8"]),
        ("int a; struct other o; int b;", ["a", "rlbox_bytes_1", "b"], ["4"]),
        ("int a; _Complex float c; int b;", ["a", "rlbox_bytes_1", "b"], ["8"]),
    ],
)
def test_fields_that_become_bytes(maker, definition, fields, sizes):
    text = maker.make(
        f"struct other {{ int f : 3; }};\nstruct s {{ {definition} }};\nint f(struct s *);\n", exports=["f"]
    )
    assert fields_of(text, "s") == (fields, sizes)


@pytest.mark.parametrize(
    ("definition", "fields", "sizes"),
    [
        ("{ char c; int i; short s; } __attribute__((packed))", ["c", "rlbox_bytes_1"], ["6"]),
        ("{ int a; char c; } __attribute__((packed))", ["rlbox_bytes_0", "c"], ["4"]),
        ("{ char c; _Alignas(16) int i; }", ["c", "rlbox_bytes_1", "i", "rlbox_bytes_3"], ["15", "12"]),
        ("{ char c; } __attribute__((aligned(8)))", ["c", "rlbox_bytes_1"], ["7"]),
    ],
)
def test_packed_and_aligned_structs(maker, definition, fields, sizes):
    text = maker.make(f"struct s {definition};\nint f(struct s *);\n", exports=["f"])
    assert fields_of(text, "s") == (fields, sizes)


def test_how_many_bytes_the_application_has(maker):
    text = maker.make("struct s { int f : 1; int a; union { int i; } u; char b; char c : 2; };\nint f(struct s *);\n")
    assert [line.strip() for line in text.splitlines() if "opaque_bytes<" in line] == [
        "::rlbox::detail::opaque_bytes<4, offsetof(::s, a) - (0)>;",
        "::rlbox::detail::opaque_bytes<4, offsetof(::s, b) - (offsetof(::s, a) + sizeof(::s::a))>;",
        "::rlbox::detail::opaque_bytes<3, sizeof(::s) - (offsetof(::s, b) + sizeof(::s::b))>;",
    ]
    assert "  rlbox_f(::rlbox_bytes_s_0, rlbox_bytes_0, FIELD_BYTES, __VA_ARGS__) rlbox_g() \\\n" in text


def test_unions_pass_by_pointer(maker):
    header = "union u { int i; float f; };\nstruct only { union u u; };\n"
    assert maker.loaded(header + "int f(union u *, struct only *);\n") == []


def test_upstream_has_no_bytes(maker):
    text = maker.make("struct s { int a; int f : 3; };\nint f(struct s *);\n", "--api=upstream", exports=["f"])
    assert "\n// struct s is not described: its field 'f' is a bit-field, which upstream's RLBox cannot have.\n" in text
    assert "_class_s(" not in text


UPSTREAM = (
    "struct item { int x; }; struct list { struct item items[2]; int n; }; struct all { struct list l; int y; };\n"
    "struct pair { int x; int y; };\n"
    "int one(struct item); struct list many(void); int two(struct pair); int far(struct all *);\n"
)


def test_what_upstream_cannot_have_is_left_out(maker):
    """Structs with arrays of structs, and calls that pass a struct which upstream would pass in another way."""
    text = maker.make(UPSTREAM, "--api=upstream", exports=["one", "many", "two", "far"])
    assert (
        "\n// struct list is not described: its field items is an array of structs, which upstream's RLBox cannot have.\n"
        in text
    )
    assert "\n// struct all is not described: its field l is such a struct, too.\n" in text
    assert "_class_item(" in text and "_class_pair(" in text
    assert "_class_list(" not in text and "_class_all(" not in text
    refusals = [line.partition("0x2Ewasm_")[2] for line in text.splitlines() if "upstream_RLBox_cannot" in line]
    assert refusals == [
        "many upstream_RLBox_cannot_pass_struct_list_which_has_an_array_of_structs",
        "one upstream_RLBox_cannot_pass_struct_item_which_has_one_field",
    ]
    assert maker.loaded(UPSTREAM, exports=["one", "many", "two", "far"]) == ["item", "list", "pair", "all"]


def test_macros_for_upstream(maker):
    """As RLBox's manual writes them: a helper of three parameters gets three arguments."""
    for exports in (None, ["f"]):
        text = maker.make(POINT + "int f(point *);\n", "--api=upstream", exports=exports)
        assert "  rlbox_f(int, x, FIELD_NORMAL, ##__VA_ARGS__) rlbox_g() \\\n" in text
        assert "rlbox_f(point, mylib, ##__VA_ARGS__)\n" in text
        assert ", __VA_ARGS__" not in text
    assert "convert_to_sandbox_equivalent_t<::point, rlbox::rlbox_wasm2c_sandbox>;" in text


def test_structs_of_the_c_library_only_by_value(maker):
    header = "#include <time.h>\nstruct mine { struct timespec when; };\n"
    assert maker.loaded(header + "int f(struct tm *, struct timespec *);\n") == []
    assert maker.loaded(header + "int f(struct timespec);\n") == ["timespec"]
    assert maker.loaded(header + "int f(struct tm *, struct mine *);\n") == ["timespec", "mine"]


def test_names_that_need_help(maker):
    text = maker.make("struct status { struct { int x; } in; };\nint status(struct status *);\n")
    assert "using rlbox_struct_status = struct ::status;\n" in text
    assert "using rlbox_struct_status_in = std::remove_all_extents_t<decltype(struct ::status::in)>;\n" in text
    assert "rlbox_f(rlbox_struct_status, mylib, __VA_ARGS__)\n" in text


def test_cxx_classes_pass_by_pointer(maker):
    header = "namespace n { class k { int x; public: k(); }; struct p { int x; k *up; }; }\n"
    assert maker.loaded(header + 'extern "C" void f(n::p *, n::k *);\n') == ["n_p"]
    assert maker.error(header + 'extern "C" void f(n::p *, n::k);\n') == (
        "class n_k in lib.h cannot be used through a sandbox: it is a C++ class with fields that are not public. To fix: add"
        ' "n_k" to opaque_structs to pass it only by pointer'
    )


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ("unsigned b : 3;", "its field 'b' is a bit-field"),
        ("union { int i; float f; } u;", "its field 'u' is a union"),
        ("int n; char data[];", "its field 'data' is a flexible array"),
        ("struct { int n; };", "a field of it is an anonymous struct or union"),
        ("long double d;", "its field 'd' is a long double, which the application and the sandbox represent differently"),
        ("__int128 d;", "its field 'd' has the type __int128, which has no representation in the application"),
    ],
)  # fmt: skip
def test_fields_that_are_refused(maker, fields, problem):
    message = maker.error(f"struct bad {{ {fields} }};\nint f(struct bad);\n")
    assert message == (
        f"struct bad in lib.h cannot be used through a sandbox: {problem}. To fix: add"
        ' "bad" to opaque_structs to pass it only by pointer'
    )
    assert maker.loaded(f"struct bad {{ {fields} }};\nint f(struct bad);\n", "--opaque-struct=bad") == []
    assert maker.loaded(f"struct bad {{ {fields} short last; }};\nint f(struct bad *);\n".replace("[]", "[0]")) == [
        "bad"
    ]


@pytest.mark.parametrize(
    ("definition", "problem"),
    [
        (
            "struct bad { char c; int i; } __attribute__((packed))",
            "its field 'i' is at offset 1 and not 4, because of an attribute (packed or aligned)",
        ),
        (
            "struct bad { char c; _Alignas(16) int i; }",
            "its field 'i' is at offset 16 and not 4, because of an attribute (packed or aligned)",
        ),
        (
            "struct bad { char c; } __attribute__((aligned(8)))",
            "it has 8 bytes and not 1, because of an attribute (packed or aligned)",
        ),
        ("union bad { int i; float f; }", "it is a union"),
    ],
)
def test_layouts_that_are_refused(maker, definition, problem):
    kind = definition.partition(" ")[0]
    message = maker.error(f"{definition};\nint f({kind} bad);\n")
    assert message == (
        f"{kind} bad in lib.h cannot be used through a sandbox: {problem}. To fix: add"
        ' "bad" to opaque_structs to pass it only by pointer'
    )


def test_a_struct_without_fields(maker):
    assert maker.loaded("struct empty {};\nint f(struct empty *);\n") == []
    assert ": it has no fields. To fix: " in maker.error("struct empty {};\nint f(struct empty);\n")


def test_opaque_structs(maker):
    header = "struct in { int b : 2; }; struct out { struct in x[2]; struct far *p; }; struct far { int b : 2; };\n"
    header += "int f(struct out);\n"
    message = maker.error(header)
    assert message.startswith(
        "struct in in lib.h cannot be used through a sandbox: its field 'b' is a bit-field. To fix: "
    )
    assert message.endswith(" to pass it only by pointer (the same goes for 'out')")
    assert maker.error(header, "--opaque-struct=in", "--opaque-struct=far") == (
        "struct out in lib.h cannot be used through a sandbox: its field 'x' is a struct in, which is opaque. To fix: add"
        ' "out" to opaque_structs to pass it only by pointer'
    )
    assert maker.loaded(header, "--opaque-struct=in", "--opaque-struct=out") == []
    assert maker.loaded(header, "--opaque-struct=struct out") == []


def test_every_refused_struct_is_named(maker):
    header = "struct a { int b : 2; }; struct c { long double d; struct e *e; }; struct e { int b : 2; };\n"
    message = maker.error(header + "int f(struct a);\nint g(struct c, struct e);\n")
    assert message.startswith("struct a in lib.h ")
    assert message.endswith(" add \"a\" to opaque_structs to pass it only by pointer (the same goes for 'c', 'e')")


def test_opaque_structs_that_are_none(maker):
    header = POINT + "int f(point *);\n"
    assert maker.error(header, "--opaque-struct=poin") == (
        "opaque_structs: the functions in the public headers use no struct 'poin'; did you mean 'point'?"
    )
    assert maker.error(header, "--opaque-struct=xyz") == (
        "opaque_structs: the functions in the public headers use no struct 'xyz'. To fix: remove it"
    )


def test_other_names_in_objects(maker):
    text = maker.make('int f(void) __asm__("other");\n', exports=["other"])
    assert "static constexpr auto rlbox_fn_other = " in text
    assert "static constexpr auto rlbox_fn_f = rlbox_fn_other;\n" in text


def test_a_file_that_is_no_header_description(tmp_path):
    write(tmp_path, {"headers.json": "[]"})
    with pytest.raises(ToolError) as error:
        gen_module_header.main(
            ["--module=m", "--backend=noop", f"--headers={tmp_path}/headers.json", f"--output={tmp_path}/out.h"]
        )
    assert (
        str(error.value) == f"{tmp_path}/headers.json: it is no header description of version 3. To fix: build it again"
    )
    assert not (tmp_path / "out.h").exists()
