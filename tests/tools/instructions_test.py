"""The table of instructions and the decoder against wabt's, and S14 on every instruction there is."""

import re

import pytest
import wabt_runner
import wasm_builder as wb
from module_policy import violation
from wasm_code import instructions
from wasm_module import parse
from wasm_opcodes import OPCODES

pytestmark = pytest.mark.skipif(not wabt_runner.there, reason="run it with bazel")

# Valid immediates in the module below.
IMMEDIATES = {
    **{"": b"", "u": b"\0", "f": b"\1", "t": b"\0", "tx": b"\0\0", "M": b"\0", "MM": b"\0\0", "uM": b"\0\0"},
    **{"uu": b"\0\0", "vu": b"\1\0\0", "w": b"\1\x7f", "s": b"\x40", "r": b"\x70", "sh": b"\x40\0", "m": b"\0\0"},
    **{"mb": b"\0\0\0", "b": b"\0", "i": b"\7", "l": b"\7", "4": bytes(4), "8": bytes(8), "F": bytes(16)},
}
# Instructions that stand in others, or that need what the module below does not have.
INSIDE = {"else", "end", "catch", "catch_all", "rethrow", "delegate", "throw"}
OPENING = {"block", "loop", "if", "try", "try_table"}
NOT_IN_WABT = {"ref.eq"}  # garbage collection: wabt 1.0.42 knows none of its instructions


def natural_alignment(name):
    """The exponent that atomic instructions must give."""
    if name.endswith(("notify", "wait32")):
        return 2
    if name.endswith("wait64"):
        return 3
    bits = re.search(r"(8|16|32)(_u|\.)?", name.split("atomic.")[1].replace("i32", "").replace("i64", ""))
    return {"8": 0, "16": 1, "32": 2}[bits[1]] if bits else (2 if name.startswith("i32") else 3)


def code_of(number, opcode):
    code = bytes([number[0]]) + (wb.encode_unsigned(number[1]) if number[1] >= 0 else b"")
    immediates = IMMEDIATES[opcode.immediates]
    if "atomic" in opcode.name and opcode.immediates == "m":
        immediates = bytes([natural_alignment(opcode.name), 0])
    return code + immediates + (wb.END if opcode.name in OPENING else b"")


def module_with(code):
    """A module of which any instruction is valid behind `unreachable`, which makes values of every type."""
    made = wb.library()
    made.add_global()
    made.add_function(code=b"", name="first")
    made.add_function(name="second")
    made.add_elements([1])  # an instruction may name a function that is in a segment
    made.bodies[-1] = wb.body(b"\0" + code + b"\0", b"\1\1\x7f")
    return made


ORDINARY = {n: o for n, o in OPCODES.items() if o.name not in INSIDE | NOT_IN_WABT}


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


# Written without a look at the tools' own table: what the names of instructions say.
REFUSED = (
    r"table\.|elem\.drop|ref\.|.*_ref$|br_on_|return_call|memory\.init|data\.drop|.*atomic|try|throw|.*relaxed"
    r"|i64\.(add128|sub128|mul_wide)|call_ref"
)
VECTORS = r"(.*\.)?(v128|[if]\d+x\d+)\b"


@pytest.mark.parametrize("number", ORDINARY, ids=[opcode.name for opcode in ORDINARY.values()])
def test_every_instruction_is_allowed_or_refused(number):
    """S14: an instruction passes only if clang makes it of C and C++, vectors only if they are asked for."""
    opcode = ORDINARY[number]
    module = parse(module_with(code_of(number, opcode)).build())
    refused = re.match(REFUSED, opcode.name) is not None
    vectors = re.match(VECTORS, opcode.name) is not None
    for requested in ([], ["simd"]):
        found = violation(module, requested)
        assert (found is not None) == (refused or (vectors and not requested))
        if found:
            assert (found.use.what, found.use.function) == (opcode.name, 1)


def test_what_the_rest_is_refused():
    for number, opcode in OPCODES.items():
        if opcode.name in INSIDE - {"else", "end"} | NOT_IN_WABT:
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
