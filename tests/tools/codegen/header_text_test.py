"""Tests of header_text.py: what the header says about functions that are left out, and headers that come first."""

import pytest
from header_maker import run, sandbox
from headers.description import Function, HeaderDescription, write
from link import exports
from link.exports import LeftOut
from tool_main import ToolError


def with_list(tmp_path, left_out, *, api=None):
    exports.write(str(tmp_path / "exports.json"), "//x:y", [], left_out)
    made = sandbox()
    made.add_function(export="there")
    return run(tmp_path, made, api=api, arguments=[f"--exports={tmp_path / 'exports.json'}"])


LEFT_OUT = [
    LeftOut("ns::gzopen", "zlib.h", "refused_import", "through open", ["path_open", 'x");\n#error "']),
    LeftOut("gztell", "zlib.h", "refused_import", "through tell", ["fd_tell", "path_open"]),
    LeftOut("gzprintf", "zlib.h", "variadic", "a variable number of arguments cannot cross the boundary"),
    LeftOut("unwanted", "zlib.h", "excluded", "exports_except names it"),
    LeftOut("there", "zlib.h", "variadic", "another function of this name is exported"),
    LeftOut("inlined", "zlib.h", "inline", "the application has its own"),
    LeftOut("operator()", "zlib.h", "variadic", "no name in C"),
]


def test_functions_that_are_left_out_say_why(tmp_path):
    text = with_list(tmp_path, LEFT_OUT)
    start = text.index("  // Functions that the headers declare and that are left out: a call says why.\n")
    assert text[start : text.index("};", start)].splitlines()[1:] == [
        "  RLBOX_DETAIL_LEFT_OUT_FUNCTION(gzopen,",
        '                                 "RLBox: mylib does not export gzopen: it can reach WASI calls that no sandbox'
        ' allows by default; add these to allowed_imports to have it: path_open, x?);??error ?.");',
        "  RLBOX_DETAIL_LEFT_OUT_FUNCTION(gzprintf,",
        '                                 "RLBox: mylib does not export gzprintf: a variable number of arguments cannot'
        ' cross the boundary.");',
        "  RLBOX_DETAIL_LEFT_OUT_FUNCTION(gztell,",
        '                                 "RLBox: mylib does not export gztell: it can reach WASI calls for files; set the'
        ' attribute files of its sandbox to have it: fd_tell, path_open.");',
        "  RLBOX_DETAIL_LEFT_OUT_FUNCTION(unwanted,",
        '                                 "RLBox: mylib does not export unwanted: exports_except names it.");',
    ]


def test_upstreams_header_says_why_too(tmp_path):
    text = with_list(tmp_path, LEFT_OUT, api="upstream")
    assert "#define w2c_0x24mylib0x2Ewasm_unwanted rlbox_left_out_unwanted__exports_except_names_it\n" in text
    assert all(line.count('"') in (0, 2) for line in text.splitlines())


def function(name, longs):
    return Function(name, name, "lib.h", 1, "", "C", False, False, False, [], [], longs)


def test_functions_with_longs_behind_pointers_are_described(tmp_path):
    known = [function("there", ["", "long *"]), function("plain", []), function("not_exported", ["long *"])]
    write(str(tmp_path / "headers.json"), HeaderDescription(functions=known))
    made = sandbox()
    made.add_function(export="there")
    made.add_function(export="plain")
    text = run(tmp_path, made, arguments=[f"--headers={tmp_path / 'headers.json'}"])
    address = "&::w2c_0x24mylib0x2Ewasm_there"
    assert (
        f"  static constexpr ::rlbox::detail::described_function<{address}, void, long *> rlbox_fn_there{{}};\n" in text
    )
    assert '{reinterpret_cast<::wasm_rt_function_ptr_t>(rlbox_fn_there.function), "there"},' in text
    assert "  static constexpr auto rlbox_fn_plain = " in text
    assert text.count("described_function") == 1


def test_a_file_that_is_no_list_of_exports(tmp_path):
    (tmp_path / "exports.json").write_text("{}")
    with pytest.raises(ToolError, match=r"it is no list of exports of version 5\. To fix: build it again$"):
        run(tmp_path, sandbox(), arguments=[f"--exports={tmp_path / 'exports.json'}"])


def test_standard_headers_come_first(tmp_path):
    write(str(tmp_path / "headers.json"), HeaderDescription(standard=["stdio.h", "stdint.h"]))
    for backend, api in (("wasm2c", "bundled"), ("wasm2c", "upstream"), ("noop", "bundled")):
        made = sandbox() if backend == "wasm2c" else None
        arguments = [f"--headers={tmp_path / 'headers.json'}"]
        text = run(tmp_path, made, backend=backend, api=api, arguments=arguments)
        assert "\n#include <stdio.h>\n#include <stdint.h>\n\n" in text
        assert text.index("<stdio.h>") < text.index('#include "mylib.h"')


def test_the_order_that_headers_need(tmp_path):
    write(str(tmp_path / "headers.json"), HeaderDescription(order=["b.h", "a.h"]))
    arguments = [f"--headers={tmp_path / 'headers.json'}"]
    text = run(tmp_path, sandbox(), headers=["a.h", "b.h"], arguments=arguments)
    assert '#include "b.h"\n#include "a.h"\n' in text


def test_headers_that_do_not_say_that_they_are_c(tmp_path):
    write(str(tmp_path / "headers.json"), HeaderDescription(extern_c=True, standard=["stdio.h"]))
    for backend in ("wasm2c", "noop"):
        made = sandbox() if backend == "wasm2c" else None
        text = run(tmp_path, made, backend=backend, arguments=[f"--headers={tmp_path / 'headers.json'}"])
        assert '\nextern "C" {\n#include "mylib.h"\n}\n' in text
        assert text.index("<stdio.h>") < text.index('extern "C" {')
