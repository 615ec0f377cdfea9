"""Tests of sandbox_report.py, surface.py and surface_text.py: what the report says, what the golden part leaves out, bad input."""

import json
import os
import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest
import wasm_builder as wb
from headers.description import Function, HeaderDescription, write
from link import exports
from link.exports import LeftOut
from report import sandbox_report
from report.surface import FAIL_ALWAYS, FAIL_WITHOUT_FILES
from tool_main import ToolError

ROOT = Path(os.environ.get("TEST_SRCDIR", Path(__file__).parents[4])) / os.environ.get(
    "TEST_WORKSPACE", Path(__file__).parents[3].name
)
WASI = "wasi_snapshot_preview1"


def small_library(refused: Sequence[tuple[str, int]] = ()) -> wb.ModuleBuilder:
    """A library; `refused` are further functions of WASI that it imports, with the number of their parameters."""
    made = wb.ModuleBuilder()
    made.add_import("env", "memory", "memory", wb.limits(2, 16))
    made.add_import("env", "__indirect_function_table", "table", b"\x70" + wb.limits(1))
    made.add_import(WASI, "fd_write", "function", (["i32", "i64"], ["i32"]))
    for name, parameters in refused:
        made.add_import(WASI, name, "function", (["i32"] * parameters, ["i32"]))
    made.add_function((["i32"], ["f64"]), b"\x44" + bytes(8), export="parse")
    wb.add_allocator(made)
    made.add_export("__stack_pointer", "global", made.add_global(initial=65536))
    made.add_elements([1])
    made.add_data(b"12345")
    return made


def run(tmp_path, made, *arguments):
    """The three outputs for a module."""
    (tmp_path / "m.wasm").write_bytes(made if isinstance(made, bytes) else made.build())
    outputs = {kind: tmp_path / kind for kind in ("json", "text", "surface")}
    sandbox_report.main(
        [f"--wasm={tmp_path / 'm.wasm'}", "--target=//x:y", *[f"--{k}={p}" for k, p in outputs.items()], *arguments]
    )
    return json.loads(outputs["json"].read_text()), outputs["text"].read_text(), outputs["surface"].read_text()


def test_the_json(tmp_path):
    (tmp_path / "wasm2c").write_bytes(b"tool")
    made = small_library()
    found, _, _ = run(tmp_path, made, "--module-name=y", "--tool", "wabt", "1.2", str(tmp_path / "wasm2c"))
    assert found["format"] == 1
    assert (found["target"], found["module_name"]) == ("//x:y", "y")
    assert found["sha256"] == sha256(made.build()).hexdigest()
    assert {"for": "application", "kind": "function", "name": "parse", "params": ["i32"], "results": ["f64"]} in found[
        "exports"
    ]
    assert [e["name"] for e in found["exports"] if e["for"] == "runtime"] == ["__stack_pointer", "free", "malloc"]
    assert [i["name"] for i in found["imports"]] == ["__indirect_function_table", "memory", "fd_write"]
    assert found["memory"] == {"imported": True, "initial": 131072, "maximum": 1048576, "stated_maximum": True}
    assert found["table"] == {"imported": True, "initial": 1, "maximum": 4294967295, "stated_maximum": False}
    assert found["stack"] == 65536
    assert found["sizes"]["functions"] == 3
    assert found["sizes"]["functions_in_table"] == 1
    assert found["sizes"]["data_bytes"] == 5
    assert found["tools"] == [
        {"files": [{"name": "wasm2c", "sha256": sha256(b"tool").hexdigest()}], "name": "wabt", "version": "1.2"}
    ]


def test_the_surface(tmp_path):
    assert (
        run(tmp_path, small_library())[2]
        == """\
exports to the application:
  parse(i32) -> f64

exports to the runtime:
  __stack_pointer: variable of type i32
  free(i32) -> nothing
  malloc(i32) -> i32

imports:
  env.__indirect_function_table: table
  env.memory: memory
  wasi_snapshot_preview1.fd_write(i32, i64) -> i32

limits:
  memory: imported, at most 1048576 bytes
  table: imported, no maximum stated
  stack: grows down from byte 65536

features:
  mutable-globals
"""
    )


def test_imports_that_fail_are_named(tmp_path):
    found, text, surface = run(tmp_path, small_library([("path_open", 9), ("sock_send", 5)]))
    assert {item["name"]: item["fails"] for item in found["imports"] if "fails" in item} == {
        "path_open": "without files",
        "sock_send": "always",
    }
    assert (
        "imports that only get an error at run time:\n"
        "  path_open: unless the application gives the sandbox files\n"
        "  sock_send: always\n"
    ) in text
    assert "run time" not in surface


def test_the_runtime_fails_what_the_report_says():
    text = (ROOT / "runtime/src/wasm2c_rt_minwasi_denied.c").read_text()
    assert set(re.findall(r"^DENIED\((\w+), ", text, re.M)) - {"name"} == FAIL_ALWAYS
    assert set(re.findall(r"^FILES\((\w+), ", text, re.M)) - {"name"} == FAIL_WITHOUT_FILES


def test_the_surface_does_not_change_with_the_code_inside(tmp_path):
    made = small_library()
    _, before_text, before = run(tmp_path, made)
    made.add_function(wb.VOID, b"\x01")
    made.add_data(b"more data", offset=2048)
    _, after_text, after = run(tmp_path, made)
    assert before == after
    assert before_text != after_text


def test_the_text_says_it_all(tmp_path):
    made = small_library()
    made.customs.append(
        wb.custom(
            "producers",
            wb.vector(
                [wb.encode_name("processed-by") + wb.vector([wb.encode_name("clang") + wb.encode_name("20.1\n(x)")])]
            ),
        )
    )
    _, text, surface = run(tmp_path, made, "--module-name=lib", "--tool", "wasi-sdk", "0.15")
    assert text.startswith("Attack surface of //x:y (sandbox lib)\n=====")
    assert surface in text
    for line in (
        "  functions: 3, of which 1 can be called through pointers",
        "  memory at creation: 131072 bytes",
        "  compiled by: clang 20.1\\n(x)",
        "  wasi-sdk 0.15",
        f"  sha256 {sha256(made.build()).hexdigest()}",
    ):
        assert line in text.splitlines()


def test_the_declarations_of_the_headers(tmp_path):
    made = small_library()
    made.add_function((["i32"], ["i32"]), b"\x20\0", export="choose")
    signatures = {
        "parse": "double (const struct input *)",
        "choose": "void (*(int))(char)",
        "not_exported": "void ()",
    }
    functions = [
        Function(name, name, "lib.h", 1, signature, "C", False, False, False, [], [])
        for name, signature in signatures.items()
    ]
    write(str(tmp_path / "headers"), HeaderDescription("c", functions))
    found, text, surface = run(tmp_path, made, f"--headers={tmp_path / 'headers'}")
    assert [e["declaration"] for e in found["exports"] if "declaration" in e] == [
        "void (*(int))(char)",
        "double (const struct input *)",
    ]
    assert (
        "exports as the headers declare them:\n  choose: void (*(int))(char)\n  double parse(const struct input *)\n"
        in text
    )
    assert (surface, "declare" in surface) == (run(tmp_path, made)[2], False)


def test_what_is_left_out(tmp_path):
    made = small_library()
    left_out = [LeftOut("gzopen", "zlib.h", "refused_import", "it can reach path_open", ["path_open"])]
    left_out.append(LeftOut("a\nb", "zlib.h", "symbol", "odd"))
    exports.write(str(tmp_path / "exports"), "//x:y", [], left_out)
    found, text, surface = run(tmp_path, made, f"--exports={tmp_path / 'exports'}")
    assert found["left_out"][1] == {
        "name": "gzopen", "reason": "refused_import", "detail": "it can reach path_open",
    }  # fmt: skip
    assert "declared in the headers and left out:\n  a\\nb: odd\n  gzopen: it can reach path_open\n" in text
    assert surface == run(tmp_path, made)[2]
    assert run(tmp_path, made)[0]["left_out"] == []


def test_calls_that_the_module_answers(tmp_path):
    made = small_library()
    name = run(tmp_path, made)[0]["exports"][0]["name"]
    exports.write(str(tmp_path / "exports"), "//x:y", [exports.Export(name, name, answered="calls\nfail")], [])
    found, text, surface = run(tmp_path, made, f"--exports={tmp_path / 'exports'}")
    assert [item["answered"] for item in found["exports"] if "answered" in item] == ["calls\nfail"]
    assert f"exported, with calls that the module answers itself:\n  {name}: calls\\nfail\n" in text
    assert surface == run(tmp_path, made)[2]


def test_strange_names_cannot_forge_lines(tmp_path):
    made = small_library()
    made.add_function(wb.VOID, export="f() -> nothing\nimports:\n  none")
    assert "  'f() -> nothing\\nimports:\\n  none'() -> nothing" in run(tmp_path, made)[2].splitlines()


def test_a_module_without_memory_table_and_stack(tmp_path):
    made = wb.ModuleBuilder()
    made.add_function(export="f")
    found, _, surface = run(tmp_path, made)
    assert (found["memory"], found["table"], found["stack"]) == (None, None, None)
    assert "limits:\n  stack: not known\n" in surface


@pytest.mark.parametrize(
    ("code", "feature"),
    [
        (b"\x41\0\xc0\x1a", "sign-ext"),
        (b"\x41\0\x41\0\x41\0\xfc\x0b\0", "bulk-memory"),
        (b"\x43" + bytes(4) + b"\xfc\0\x1a", "nontrapping-fptoint"),
        (b"\xfd\x0c" + bytes(16) + b"\x1a", "simd128"),
        (b"\xfe\3\0", "atomics"),
        (b"\x12\1", "tail-call"),
        (b"\xd2\1\x1a", "reference-types"),
        (b"\x08\0", "exception-handling"),
    ],
)
def test_features_that_the_code_uses(tmp_path, code, feature):
    made = small_library()
    made.add_function(wb.VOID, code)
    found, _, surface = run(tmp_path, made)
    assert feature in found["features"]["used"]
    assert f"  {feature}\n" in surface


def test_features_that_are_declared(tmp_path):
    made = small_library()
    made.customs.append(wb.custom("target_features", wb.vector([b"+" + wb.encode_name("multimemory")])))
    found, _, surface = run(tmp_path, made)
    assert found["features"] == {"declared": ["multimemory"], "used": ["mutable-globals"]}
    assert "  multimemory\n  mutable-globals\n" in surface


# ---------------------------------------------------------------- bad input


def error(tmp_path, made, *arguments):
    with pytest.raises(ToolError) as caught:
        run(tmp_path, made, *arguments)
    assert not (tmp_path / "json").exists()
    return str(caught.value)


def test_no_module(tmp_path):
    assert error(tmp_path, b"text") == (
        "//x:y: m.wasm is not a WebAssembly module. To fix: name a file that was linked for wasm32"
    )


def test_unknown_instruction(tmp_path):
    made = small_library()
    made.add_function(wb.VOID, b"\xff")
    message = error(tmp_path, made)
    assert message.startswith("//x:y: the code of m.wasm cannot be read: instruction 0xff is not known")
    assert message.endswith(". To fix: build it without the feature that this instruction belongs to")


def test_tool_without_version(tmp_path):
    message = error(tmp_path, small_library(), "--tool", "wabt")
    assert message == "--tool wabt: a name and a version are needed. To fix: add the version"


def test_a_file_that_is_no_header_description(tmp_path):
    (tmp_path / "headers").write_text("{}")
    message = error(tmp_path, small_library(), f"--headers={tmp_path / 'headers'}")
    assert message == f"{tmp_path / 'headers'}: it is no header description of version 3. To fix: build it again"


def test_missing_program(tmp_path):
    message = error(tmp_path, small_library(), "--tool", "wabt", "1", str(tmp_path / "gone"))
    assert message == f"{tmp_path / 'gone'}: cannot be read: No such file or directory"
