"""Tests of tools/link/select_exports.py: functions that reach calls of WASI."""

import wasm_builder as wb
from library_folder import Library, declared
from wasm.abi import WASI, WASI_SYMBOL
from wasm_objects import LOCAL, ObjectBuilder

OPENING = (
    ObjectBuilder({"__open": (WASI, "path_open"), "__tell": (WASI, "fd_tell"), "__write": (WASI, "fd_write")})
    .function("add")
    .function("open_file", "helper")
    .function("helper", "between", flags=LOCAL)
    .function("between", "last", flags=LOCAL)
    .function("last", "__open", flags=LOCAL)
    .function("tell", "__tell", "open_file")
    .function("say", "__write")
    .build()
)
OPEN = [declared(name) for name in ("add", "open_file", "tell", "say")]


def test_what_reaches_a_refused_import_is_left_out(tmp_path):
    library = Library(tmp_path, OPEN, {"a.o": OPENING})
    result = library.select("--allow-import=fd_write")
    assert result.exports == ["add", "say"]
    assert "open_file" not in result.link
    assert result.left_out["open_file"] == {
        "name": "open_file", "file": "lib.h", "reason": "refused_import", "needs": ["path_open"],
        "detail": "it can reach what no sandbox allows by default: the WASI import path_open (through helper -> between"
        " -> last); set files = True to export it, and give the sandbox files in memory",
    }  # fmt: skip
    assert result.left_out["tell"]["needs"] == ["fd_tell", "path_open"]
    assert (
        "the WASI imports fd_tell, path_open (through open_file -> ... -> last); set files = True"
        in result.left_out["tell"]["detail"]
    )


def test_what_reaches_more_than_files_needs_allowed_imports(tmp_path):
    builder = ObjectBuilder({"__open": (WASI, "path_open"), "__accept": (WASI, "sock_accept")})
    opening = builder.function("serve", "__open", "__accept").function("add").build()
    library = Library(tmp_path, [declared("serve"), declared("add")], {"a.o": opening})
    detail = library.select().left_out["serve"]["detail"]
    assert detail.endswith(
        '; add "path_open", "sock_accept" to allowed_imports to export it, and it fails when it gets there'
    )


def test_allowed_imports_bring_functions_back(tmp_path):
    library = Library(tmp_path, OPEN, {"a.o": OPENING})
    result = library.select("--allow-import=fd_write", "--allow-import=path_open")
    assert result.exports == ["add", "open_file", "say"]
    assert result.left_out["tell"]["needs"] == ["fd_tell"]


def test_what_the_user_names_is_exported_whatever_it_reaches(tmp_path):
    library = Library(tmp_path, OPEN, {"a.o": OPENING})
    result = library.select("--export=open_file", "--allow-import=fd_write")
    assert (result.exports, "open_file" in result.left_out) == (["add", "open_file", "say"], False)
    result = library.select("--exports-only", "--export=open_file")
    assert [(entry["name"], entry["from"]) for entry in result.report["exports"]] == [("open_file", "exports_only")]


def test_the_toolchains_libraries_are_followed(tmp_path):
    made = ObjectBuilder({"__open": (WASI, "path_open")}).function("fopen", "__open").build()
    (tmp_path / "libc.a").write_bytes(wb.archive([("fopen.o", made)]))
    objects = {"a.o": ObjectBuilder().function("add").function("load", "fopen").build()}
    library = Library(tmp_path, [declared("add"), declared("load")], objects)
    assert library.select(f"--library={tmp_path / 'libc.a'}").exports == ["add"]


def test_calls_that_the_module_answers_leave_nothing_out(tmp_path):
    """The toolchain has a definition in the place of an import: the function is exported, and the list says what fails."""
    answers = ObjectBuilder().function(WASI_SYMBOL + "path_open").function(WASI_SYMBOL + "poll_oneoff")
    answers = answers.function("pthread_create")
    (tmp_path / "answers.a").write_bytes(wb.archive([("answers.o", answers.build())]))
    imports = {
        WASI_SYMBOL + "path_open": (WASI, "path_open"),
        WASI_SYMBOL + "poll_oneoff": (WASI, "poll_oneoff"),
        WASI_SYMBOL + "sock_accept": (WASI, "sock_accept"),
        "mine": (WASI, "path_open"),
    }
    builder = (
        ObjectBuilder(imports)
        .function("add")
        .function("load", "open")
        .function("open", WASI_SYMBOL + "path_open", flags=LOCAL)
        .function("rest", WASI_SYMBOL + "poll_oneoff")
        .function("both", "load", "rest")
        .function("spawn", "pthread_create")
        .function("serve", WASI_SYMBOL + "sock_accept")
        .function("own", "mine")
    )
    names = ["add", "load", "rest", "both", "spawn", "serve", "own"]
    library = Library(tmp_path, [declared(name) for name in names], {"a.o": builder.build()})
    result = library.select(f"--library={tmp_path / 'answers.a'}")
    fails = "its calls for files fail{}; set files = True to give the library files in memory"
    waits = "its calls that wait return at once, without waiting{}"
    answered = {item["name"]: item["answered"] for item in result.report["exports"]}
    assert answered == {
        "add": "",
        "load": fails.format(" (through open)"),
        "rest": waits.format(""),
        "spawn": "it cannot start a thread: a sandbox has one",
        "both": fails.format(" (through load -> open)") + "; " + waits.format(" (through rest)"),
    }
    named = library.select("--exports-only", "--export=both", f"--library={tmp_path / 'answers.a'}")
    assert [item["answered"] for item in named.report["exports"]] == [answered["both"]]
    # Without an answer, or by another name than the C library's, the import stays.
    assert {name: entry["needs"] for name, entry in result.left_out.items()} == {
        "serve": ["sock_accept"], "own": ["path_open"],
    }  # fmt: skip


def test_everything_reaches_a_refused_import(tmp_path):
    message = Library(tmp_path, [declared("open_file")], {"a.o": OPENING}).error("--allow-import=fd_write")
    assert message.startswith(
        "no function that its public headers declare can be exported, so nothing could be called: "
    )
    assert "open_file: it can reach what no sandbox allows by default: the WASI import path_open" in message
