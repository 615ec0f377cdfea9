"""Tests of tools/link/prototypes.py, and of the error about a call that the linker has linked with a wrong type."""

import wasm_builder as wb
from library_folder import Library, declared
from link import exports
from link.prototypes import Difference, Use, stubs
from linked_library import Linked
from wasm.module import parse

INT = (("i32",), ("i32",))
UNDEFINED = 0x10
WEAK = 1
LOCAL = 2


def an_object(name, signature, *, flags=0):
    """An object that defines or uses the function `name` with this type."""
    made = wb.ModuleBuilder()
    if flags & UNDEFINED:
        made.add_import("env", name, "function", signature)
    else:
        made.add_function(signature, b"\x00")
    made.customs.append(wb.linking([wb.symbol(name, flags=flags)]))
    return made.build()


def found(tmp_path, objects, *arguments):
    """What select_exports lists of these objects, of which the first defines `answer`."""
    library = Library(tmp_path, [declared("answer")], {"answer.o": an_object("answer", INT), **objects})
    return library.select(*arguments).report["prototypes"]


def use(signature, name, *, defined=False):
    return {"defined": defined, "object": name, "type": signature}


def test_the_definition_comes_first_and_each_type_once(tmp_path):
    objects = {
        "a.o": an_object("f", wb.VOID, flags=UNDEFINED),
        "b.o": an_object("f", wb.VOID, flags=UNDEFINED),
        "c.o": an_object("f", wb.FREE, flags=WEAK),
        "d.o": an_object("f", INT),
    }
    uses = [use("(i32) -> (i32)", "d.o", defined=True), use("(i32) -> ()", "c.o", defined=True), use("() -> ()", "a.o")]
    assert found(tmp_path, objects) == [{"name": "f", "uses": uses}]


def test_static_functions_and_equal_types_are_no_difference(tmp_path):
    objects = {
        "a.o": an_object("f", wb.VOID, flags=LOCAL),
        "b.o": an_object("f", INT),
        "c.o": an_object("f", INT, flags=UNDEFINED),
    }
    assert found(tmp_path, objects) == []


def test_a_function_of_the_c_library_counts(tmp_path):
    objects = {"a.o": an_object("atoi", wb.VOID, flags=UNDEFINED), "b.o": an_object("abs", INT, flags=UNDEFINED)}
    members = [("x.o", an_object("atoi", INT, flags=WEAK)), ("y.o", an_object("abs", INT))]
    (tmp_path / "libc.a").write_bytes(wb.archive(members))
    (tmp_path / "broken.a").write_bytes(b"!<arch>\nbroken")
    libraries = [f"--library={tmp_path / name}" for name in ("broken.a", "libc.a")]
    uses = [use("(i32) -> (i32)", "libc.a", defined=True), use("() -> ()", "a.o")]
    assert found(tmp_path, objects, *libraries) == [{"name": "atoi", "uses": uses}]


def linked(tmp_path, callee):
    """A module where uses.o, which declares f without parameters, calls the function `callee`."""
    made = Linked()
    made.allocator()
    f = made.function("f", "bin/defines.o", b"\x00", signature=INT)
    stub = made.function("signature_mismatch:f", "<internal>", b"\x00", in_map="f")
    made.function("use", "bin/uses.o", wb.call({"f": f, "stub": stub}[callee]), export="use")
    made.objects = {"bin/uses.o": an_object("f", wb.VOID, flags=UNDEFINED), "bin/defines.o": an_object("f", INT)}
    uses = [Use("(i32) -> (i32)", "defines.o", True), Use("() -> ()", "uses.o", False)]
    listed = [exports.Export("use", "use")]
    exports.write(str(tmp_path / "exports.json"), "//x:y", listed, [], [Difference("f", uses)])
    return made, f"--exports={tmp_path / 'exports.json'}"


def test_a_call_with_another_type_names_function_objects_and_types(tmp_path):
    made, argument = linked(tmp_path, "f")
    assert made.error(tmp_path, argument) == (
        "'f' is (i32) -> (i32) in defines.o, but uses.o calls it as () -> (). To fix: give both files the same prototype,"
        " best by a header that both include"
    )


def test_a_call_of_the_linkers_stub_is_left_to_the_run(tmp_path):
    made, argument = linked(tmp_path, "stub")
    made.places = [(str(tmp_path / p) if p.startswith("bin/") else p, name) for p, name in made.places]
    assert stubs(made.check(tmp_path, argument)) == {"f"}


def test_a_module_without_names_has_no_stubs():
    assert stubs(parse(wb.library().build())) == set()
