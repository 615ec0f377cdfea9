"""A module that states other types for its imports does not compile, and neither does other code with other settings.

The check of the module refuses such an import before there is any C. This is what holds if that check were missing.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from wasm_builder import ModuleBuilder, Signature, call, library

HEADER = os.environ["HEADER"]
FLAGS = Path(os.environ["FLAGS"]).read_text(encoding="utf-8").split()
WASI = "wasi_snapshot_preview1"
VALUES = {"uint32_t": "i32", "uint64_t": "i64"}
CONSTANTS = {"i32": b"\x41\0", "i64": b"\x42\0", "f32": b"\x43" + bytes(4), "f64": b"\x44" + bytes(8)}
DROP = b"\x1a"


def _declared() -> dict[str, Signature]:
    """The functions that the header declares, with their types in WebAssembly."""
    text = Path(HEADER).read_text(encoding="utf-8")
    pattern = re.compile(
        r"^(\w+) w2c_wasi__snapshot__preview1_(\w+)\(struct w2c_wasi__snapshot__preview1\*(.*)\);$", re.M
    )
    return {
        name: (
            [VALUES[word] for word in params.replace(",", " ").split()],
            [] if result == "void" else [VALUES[result]],
        )
        for result, name, params in pattern.findall(text)
    }


DECLARED = _declared()


def _compile(
    folder: Path, module: ModuleBuilder, *flags: str, step: str = "-fsyntax-only"
) -> subprocess.CompletedProcess[str]:
    """Translates a module and compiles the C; the flags are what a target's copts would be, and `step` says how far."""
    wasm = folder / "module.wasm"
    wasm.write_bytes(module.build())
    source = folder / "module.c"
    subprocess.run([Path(os.environ["WASM2C"]).absolute(), wasm, "-n", "module", "-o", source], check=True)
    command = [str(Path(os.environ["COMPILER"]).absolute()), *FLAGS, "-w", *flags, step, "-o-", "-xc", str(source)]
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)


def _importing(imports: Sequence[tuple[str, Signature]]) -> ModuleBuilder:
    """A module that imports functions of WASI and calls each."""
    made = library()
    indices = [made.add_import(WASI, name, "function", signature) for name, signature in imports]
    code = [
        b"".join(CONSTANTS[value] for value in params) + call(index) + DROP * len(results)
        for index, (_, (params, results)) in zip(indices, imports)
    ]
    made.add_function(code=b"".join(code), export="run")
    return made


def _with_header(*flags: str) -> list[str]:
    return [*flags, "-include", HEADER]


def test_every_function_of_wasi_is_declared() -> None:
    assert len(DECLARED) == 46
    assert DECLARED["fd_seek"] == (["i32", "i64", "i32", "i32"], ["i32"])
    assert DECLARED["proc_exit"] == (["i32"], [])


def test_imports_of_the_right_types_compile(tmp_path: Path) -> None:
    done = _compile(tmp_path, _importing(list(DECLARED.items())), *_with_header())
    assert done.returncode == 0, done.stderr


# What a hostile module states: name -> what it makes of the parameters and the results.
CHANGES = {
    "many results": lambda params, _: (params, ["i64"] * 8),
    "no result": lambda params, results: (params, [] if results else ["i32"]),
    "one more parameter": lambda params, results: ([*params, "i32"], results),
    "another type of result": lambda params, _: (params, ["i64"]),
    "floating point": lambda params, results: (["f64", *params[1:]], results),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", ["fd_write", "proc_exit", "sched_yield"])
def test_an_import_of_another_type_does_not_compile(tmp_path: Path, name: str, change: str) -> None:
    module = _importing([(name, CHANGES[change](*DECLARED[name]))])
    assert _compile(tmp_path, module).returncode == 0, "nothing but the header is against it"
    done = _compile(tmp_path, module, *_with_header())
    assert done.returncode != 0
    assert f"conflicting types for 'w2c_wasi__snapshot__preview1_{name}'" in re.sub("[\u2018\u2019]", "'", done.stderr)


@pytest.mark.parametrize("name", ["memory", "__indirect_function_table"])
@pytest.mark.parametrize("kind", ["function", "global"])
def test_the_memory_and_the_table_are_nothing_else(tmp_path: Path, name: str, kind: str) -> None:
    made = ModuleBuilder()
    made.add_import("env", name, kind, ([], ["i64"]) if kind == "function" else b"\x7f\x01")
    made.add_function(export="run")
    done = _compile(tmp_path, made, *_with_header())
    assert done.returncode != 0
    assert "conflicting types for" in done.stderr


def test_clang_may_drop_a_read_that_nothing_uses_and_gcc_may_not(tmp_path: Path) -> None:
    made = library()
    made.add_function(code=b"\x41\0\x28\2\0" + DROP, export="run")
    clang = "clang" in Path(os.environ["COMPILER"]).name
    # Twice: a program may have the header in its options already.
    for header in (_with_header(), _with_header(*_with_header())):
        done = _compile(tmp_path, made, "-O2", *header, step="-S")
        assert done.returncode == 0, done.stderr
        functions = re.findall(r"^w2c_module_run\w*:(.*?)\.size", done.stdout, re.M | re.S)
        reads = re.findall(r"^\s+(?:mov|ldr).*[(\[]", "".join(functions), re.M)
        assert functions
        assert bool(reads) != clang


# How copts might change a setting of the runtime; none of the words need be what the rule looks for.
SPELLINGS = {
    "one word": ["-DWASM_RT_NONCONFORMING_ALLOW_OOB_READ_ELIMINATION=1"],
    "two words": ["-D", "WASM_RT_NONCONFORMING_ALLOW_OOB_READ_ELIMINATION=1"],
    "undefined in two words": ["-U", "WASM_RT_SKIP_SIGNAL_RECOVERY"],
    "for the preprocessor": ["-Wp,-DWASM_RT_NONCONFORMING_ALLOW_OOB_READ_ELIMINATION=1"],
    "for the preprocessor, as a word": ["-Xpreprocessor", "-DWASM_RT_NONCONFORMING_ALLOW_OOB_READ_ELIMINATION=1"],
    "in a file of options": ["@{folder}/options"],
    "in an included file": ["-include", "{folder}/settings.h"],
    "in a file of macros": ["-imacros", "{folder}/settings.h"],
    "with the guard defined": [
        "-DRLBOX_WASM2C_RT_IMPORTS_H",
        "-U",
        "WASM_RT_NONCONFORMING_UNCHECKED_STACK_EXHAUSTION",
    ],
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_other_settings_than_the_runtime_has_do_not_compile(tmp_path: Path, spelling: str) -> None:
    setting = "WASM_RT_NONCONFORMING_ALLOW_OOB_READ_ELIMINATION"
    (tmp_path / "options").write_text(f"-D{setting}=1\n", encoding="utf-8")
    (tmp_path / "settings.h").write_text(f"#undef {setting}\n#define {setting} 1\n", encoding="utf-8")
    flags = [flag.format(folder=tmp_path) for flag in SPELLINGS[spelling]]
    module = _importing([])
    assert _compile(tmp_path, module, *flags).returncode == 0, "nothing but the header is against it"
    done = _compile(tmp_path, module, *_with_header(*flags))
    assert done.returncode != 0
    assert re.search(r"RLBox: WASM_RT_\w+ must be [01] in everything that includes wasm-rt.h\. To fix: ", done.stderr)


def test_gcc_may_not_drop_reads_with_the_mark_that_clang_has(tmp_path: Path) -> None:
    flags = ["-DWASM_RT_NONCONFORMING_ALLOW_OOB_READ_ELIMINATION=1", "-DRLBOX_WASM2C_DROPS_READS"]
    done = _compile(tmp_path, _importing([]), *_with_header(*flags))
    if "clang" in Path(os.environ["COMPILER"]).name:
        assert done.returncode == 0, done.stderr
    else:
        assert done.returncode != 0
        assert "ALLOW_OOB_READ_ELIMINATION must be 0 in everything that includes wasm-rt.h" in done.stderr
