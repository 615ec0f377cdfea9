"""Tests of opcodes.py: the table of instructions and the decoder against wabt's, and S14 on every instruction there is."""

import re

import pytest
import wabt_runner
import wasm_builder as wb
from any_instruction import ALLOWED_INSIDE, INSIDE, NOT_IN_WABT, ORDINARY, code_of, refused
from link.policy import violation
from wasm.instructions import instructions
from wasm.module import parse
from wasm.opcodes import OPCODES

pytestmark = pytest.mark.skipif(not wabt_runner.there, reason="run it with bazel")


def module_with(code):
    """A module of which any instruction is valid behind `unreachable`, which makes values of every type."""
    made = wb.library()
    made.add_global()
    made.add_function(code=b"", name="first")
    made.add_function(name="second")
    made.add_elements([1])  # an instruction may name a function that is in a segment
    made.bodies[-1] = wb.body(b"\0" + code + b"\0", b"\1\1\x7f")
    return made


def every_instruction():
    """All of them, one after the other, with the segments that some of them name."""
    made = module_with(b"".join(b"\0" + code_of(*item) for item in ORDINARY.items()))
    made.elements.append(b"\1\0" + wb.vector([b"\1"]))
    made.data.append(b"\1\0")
    made.data_count = 1
    return made


def test_the_names_and_places_are_wabts(tmp_path):
    data = every_instruction().build()
    module = parse(data)
    found = [(i.offset, OPCODES[i.code, i.sub].name) for index in (0, 1) for i in instructions(module, index)]
    theirs = [tuple(line) for line in wabt_runner.disassembly(tmp_path, data)]
    assert found == theirs
    assert len(found) > len(ORDINARY)


@pytest.mark.parametrize("number", ORDINARY, ids=[opcode.name for opcode in ORDINARY.values()])
def test_every_instruction_is_allowed_or_refused(number):
    """S14: an instruction passes only if clang makes it of C and C++, vectors only if they are asked for."""
    opcode = ORDINARY[number]
    module = parse(module_with(code_of(number, opcode)).build())
    for requested in ([], ["simd"]):
        found = violation(module, requested)
        assert (found is not None) == refused(opcode.name, simd=bool(requested))
        if found:
            assert (found.use.what, found.use.function) == (opcode.name, 1)


def test_the_rest_is_refused():
    for number, opcode in OPCODES.items():
        if opcode.name in INSIDE - ALLOWED_INSIDE | NOT_IN_WABT:
            found = violation(parse(module_with(code_of(number, opcode)).build()), ["simd"])
            assert found and found.use.what == opcode.name


VALID = [n for n, o in ORDINARY.items() if not re.match(r"memory\.init|data\.drop|table\.init|elem\.drop", o.name)]


def test_the_instructions_are_valid(tmp_path):
    """So that what is refused is refused for the policy, not because it is malformed."""
    for feature in sorted({opcode.feature for opcode in ORDINARY.values()}):
        code = b"".join(b"\0" + code_of(n, ORDINARY[n]) for n in VALID if ORDINARY[n].feature == feature)
        assert wabt_runner.is_valid(tmp_path, module_with(code).build()) == "", feature


@pytest.mark.parametrize(
    ("flag", "feature"),
    [
        ("--disable-exceptions", "exception-handling"),
        ("--disable-exceptions", "exnref"),
        ("--disable-memory64", "memory64"),
        ("--disable-relaxed-simd", "relaxed-simd"),
        ("--disable-tail-call", "tail-call"),
    ],
)
def test_wasm2c_refuses_the_same_with_its_options(tmp_path, flag, feature):
    """What wasm2c_library.bzl gives to wasm2c."""
    if feature == "memory64":
        made = wb.ModuleBuilder()
        made.add_memory(flags=4)
    else:
        made = module_with(b"".join(b"\0" + code_of(n, ORDINARY[n]) for n in VALID if ORDINARY[n].feature == feature))
    path = tmp_path / "module.wasm"
    path.write_bytes(made.build())
    code, _ = wabt_runner.run("wasm2c", flag, "-o", str(tmp_path / "out.c"), str(path))
    assert code != 0
