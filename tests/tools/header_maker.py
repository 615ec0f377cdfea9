"""Runs gen_module_header on modules made for it, for tests."""

import pytest
import wasm_builder as wb
from codegen import gen_module_header
from tool_main import ToolError


def sandbox(**kwargs) -> wb.ModuleBuilder:
    made = wb.library(**kwargs)
    wb.add_allocator(made)
    return made


def run(tmp_path, made=None, *, module="mylib", backend="wasm2c", headers=("mylib.h",), api=None, arguments=()):
    out = tmp_path / "out.h"
    arguments = [*arguments, "--module", module, "--backend", backend, "--output", str(out)]
    arguments += [f"--header={header}" for header in headers]
    if api:
        arguments.append(f"--api={api}")
    if made is not None:
        data = made if isinstance(made, bytes) else made.build()
        (tmp_path / "in.wasm").write_bytes(data)
        arguments += ["--wasm", str(tmp_path / "in.wasm")]
    gen_module_header.main(arguments)
    return out.read_text(encoding="ascii")


def error_of(tmp_path, made=None, **kwargs):
    with pytest.raises(ToolError) as error:
        run(tmp_path, made, **kwargs)
    assert not (tmp_path / "out.h").exists()
    return str(error.value).replace(str(tmp_path), "DIR")
