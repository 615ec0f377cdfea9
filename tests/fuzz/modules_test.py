"""Every tool that reads modules or objects, on mutants: no traceback, no hang, bounded memory, and S14 on what is valid.

The environment's MUTANTS says how many (default 10,000), SEED which (default 1). A failure names its seed and number and
keeps the module in the folder for undeclared outputs.
"""

import os
import random
import re
from pathlib import Path

import mutants
import pytest
import tools_runner
import wabt_runner
import wasm_builder as wb
from tools_runner import Tools, some

COUNT = int(os.environ.get("MUTANTS", "10000"))
SEED = os.environ.get("SEED", "1")
PARTS = 8  # tests of each kind, so that a failure stops one of them
KEEP = Path(os.environ.get("TEST_UNDECLARED_OUTPUTS_DIR", "/tmp"))
REAL = [Path(path).read_bytes() for path in os.environ.get("MODULES", "").split()]


def small_module():
    """Something of everything, in a few hundred bytes."""
    made = wb.library()
    made.add_import("wasi_snapshot_preview1", "fd_write", "function", (["i32"] * 4, ["i32"]))
    made.add_global(initial=65536)
    made.add_export("__stack_pointer", "global", 0)
    wb.add_allocator(made)
    first = made.add_function(code=b"\x01", name="_initialize", export="_initialize")
    vectors = b"\xfd\x0c" + bytes(16) + b"\xfd\x62\x1a"
    code = wb.call(first) + b"\x02\x40\x41\0\x0e\2\0\0\0\x0b" + vectors + b"\x41\0\x28\2\4\x11\1\0\x42\x7f\x1a"
    made.add_function((["i32", "i64"], []), code, name="work", export="work")
    made.add_elements([first])
    made.add_data(b"hello")
    made.customs.append(wb.custom("target_features", wb.vector([b"+" + wb.encode_name("simd128")])))
    tool = wb.encode_name("clang") + wb.encode_name("20")
    made.customs.append(wb.custom("producers", b"\1" + wb.encode_name("processed-by") + b"\1" + tool))
    return made.build()


def object_files():
    """An object and archives of both styles."""
    table = [wb.symbol("wanted", flags=2), wb.symbol("other", index=1), wb.symbol("data", 1), wb.symbol("", 3)]
    data = wb.object_file(table)
    members = [("a.o", data), ("a_name_of_more_than_fifteen_bytes.o", data), ("x\x1b\n\u202e.o", data)]
    return [data, wb.archive(members), wb.archive(members, style="bsd")]


def each(tools, part, share, make):
    """Calls `make` with a source of random numbers of its own for each mutant of a part of a share of all mutants."""
    for number in range(part, int(COUNT * share), PARTS):
        source = random.Random(f"{SEED} {number}")
        try:
            make(source)
        except BaseException:
            kept = KEEP / f"mutant-{SEED}-{number}.wasm"
            kept.write_bytes(tools.files["in.wasm"])
            print(f"seed {SEED}, mutant {number}: {kept}")
            raise


@pytest.mark.parametrize("part", range(PARTS))
def test_mutated_bytes(monkeypatch, part):
    tools, module = Tools(monkeypatch), small_module()
    assert tools.all(module) == ""
    each(tools, part, 0.45, lambda source: tools.all(mutants.of_bytes(source, module)))


@pytest.mark.parametrize("part", range(PARTS))
def test_mutated_bytes_of_linked_modules(monkeypatch, part):
    if not REAL:
        pytest.skip("run it with bazel")
    tools = Tools(monkeypatch)
    each(tools, part, 0.05, lambda source: tools.all(mutants.of_bytes(source, source.choice(REAL))))


@pytest.mark.parametrize("part", range(PARTS))
def test_mutated_objects(monkeypatch, part):
    tools, module, files = Tools(monkeypatch), small_module(), object_files()
    each(tools, part, 0.1, lambda source: tools.objects(module, mutants.of_bytes(source, source.choice(files))))


@pytest.mark.parametrize("part", range(PARTS))
def test_valid_mutants_are_allowed_or_refused(monkeypatch, part):
    """S14: with any instruction, import, global and segment, exactly what the mutant's maker says is refused."""
    tools = Tools(monkeypatch)
    found = {True: 0, False: 0}

    def one(source):
        made = mutants.structured(source)
        for arguments, reason in ((("--simd",), made.refused_with_simd), ((), made.refused_without)):
            message = tools.check(made.data, *arguments)
            assert bool(message) == bool(reason), f"refused: {message or 'no'}; expected: {reason or 'nothing'}"
            found[bool(message)] += 1
        tools.report(made.data, page=some(made.data))
        tools.header(made.data, "bundled")

    each(tools, part, 0.4, one)
    if COUNT >= 1000:
        assert min(found.values()) > COUNT * 0.4 / PARTS / 10  # enough of both


@pytest.mark.skipif(not wabt_runner.there, reason="run it with bazel")
def test_the_valid_mutants_are_valid(tmp_path, monkeypatch):
    """And wasm2c takes those that the policy lets through."""
    tools = Tools(monkeypatch)
    translated = 0
    for number in range(120):
        made = mutants.structured(random.Random(f"{SEED} {number}"))
        assert wabt_runner.is_valid(tmp_path, made.data) == "", number
        if not made.refused_with_simd:
            tools.check(made.data, "--simd")
            path = str(tmp_path / "module.wasm")
            code, output = wabt_runner.run("wasm2c", "-n", "m", "-o", str(tmp_path / "m.c"), path)
            assert code == 0, output
            translated += 1
    assert translated > 10


def with_hostile_names(name):
    """A module in which everything that has a name is called `name`."""
    made = wb.library()
    made.add_export(name + "3", "global", made.add_global())
    wb.add_allocator(made)
    made.add_function(name=name, export=name)
    made.names[1] = name
    made.add_export(name + "2", "memory", 0)
    tool = wb.encode_name(name) + wb.encode_name(name)
    made.customs.append(wb.custom("producers", b"\1" + wb.encode_name("processed-by") + b"\1" + tool))
    made.customs.append(wb.custom("target_features", wb.vector([b"+" + wb.encode_name(name)])))
    made.customs.append(wb.custom(name, b"x"))
    made.customs.append(wb.custom("name", wb.section(0, wb.encode_name(name))))
    return made


def assert_harmless(text):
    """That `text` is of lines that can be shown, and that no line is one that the name has begun."""
    assert all(" " <= char <= "~" or char == "\n" for char in text)
    assert not re.search(r"^\s*(#\s*(error|define)|\*/)? ?EVIL", text, re.M)


@pytest.mark.parametrize("name", mutants.HOSTILE_NAMES, ids=ascii)
def test_hostile_names_are_escaped(monkeypatch, name):
    tools = Tools(monkeypatch)
    made = with_hostile_names(name)
    assert tools.all(made.build()) == ""
    assert tools.report(made.build()) == ""
    for output in ("json", "text", "surface", "html", "header.h"):
        assert_harmless(tools.files[output].decode("ascii"))
    assert b"*/" not in tools.files["header.h"]
    # Messages: about an import, an export, an instruction in a function of that name.
    for module, field in (("env", name), (name, "f"), ("wasi_snapshot_preview1", name)):
        bad = wb.library()
        bad.add_import(module, field, "function", wb.VOID)
        wb.add_allocator(bad)
        bad.add_function(name=name, code=wb.call(0), export="g")
        bad.names[0] = name
        assert tools.check(bad.build()) != ""
    made.add_function(name=name, code=b"\x12\0")
    assert "return_call" in tools.check(made.build())


@pytest.mark.skipif(not wabt_runner.there, reason="run it with bazel")
@pytest.mark.parametrize("name", mutants.HOSTILE_NAMES, ids=ascii)
def test_hostile_names_do_not_reach_generated_c(tmp_path, name):
    path = tmp_path / "in.wasm"
    path.write_bytes(with_hostile_names(name).build())
    code, output = wabt_runner.run("wasm2c", "-n", "$m.wasm", "-o", str(tmp_path / "m.c"), str(path))
    assert code == 0, output
    for part in ("m.c", "m.h"):
        text = (tmp_path / part).read_text(encoding="ascii")
        assert_harmless(text)
        for line in text.splitlines():
            if "EVIL" in line and "/*" in line:
                assert line.count("/*") == line.count("*/") == 1 and line.rstrip().endswith("*/"), line


# ---------------------------------------------------------------- modules that are all of one thing


def many(identifier, count, entry):
    return wb.section(identifier, wb.encode_unsigned(count) + entry * count)


def numbered(identifier, count, entry):
    return wb.section(identifier, wb.encode_unsigned(count) + b"".join(map(entry, range(count))))


TYPE = many(1, 1, b"\x60\0\0")
N = 40_000
BOMBS = {
    "bodies": TYPE + many(3, N, b"\0") + many(10, N, b"\2\0\x0b"),
    "calls": TYPE + many(3, N, b"\0") + numbered(10, N, lambda i: wb.body(wb.call((i + 1) % N))),
    "constants": many(6, 1, b"\x7f\0" + b"\x6a" * 5 * N + b"\x0b"),
    "customs": many(1, 1, b"\x60\0\0") + b"\0\1\0" * 9_000,
    "elements": TYPE
    + many(3, N, b"\0")
    + many(4, 1, b"\x70\0\1")
    + wb.section(9, b"\1\0\x41\0\x0b" + wb.vector(map(wb.encode_unsigned, range(N))))
    + many(10, N, b"\2\0\x0b"),
    "exports": TYPE
    + many(3, 1, b"\0")
    + numbered(7, N, lambda i: wb.encode_name(f"{i:x}") + b"\0\0")
    + many(10, 1, b"\2\0\x0b"),
    "globals": numbered(6, N, lambda i: b"\x7f\0\x41" + wb.encode_signed(i) + b"\x0b"),
    "imports": TYPE + many(2, N, b"\0\0\0\0"),
    "instructions": TYPE + many(3, 1, b"\0") + many(10, 1, wb.body(b"\1" * 5 * N)),
    "labels": TYPE + many(3, 1, b"\0") + many(10, 1, wb.body(b"\0\x0e" + wb.encode_unsigned(5 * N) + bytes(5 * N + 1))),
    "names": TYPE
    + many(3, N, b"\0")
    + many(10, N, b"\2\0\x0b")
    + wb.custom("name", numbered(1, N, lambda i: wb.encode_unsigned(i) + wb.encode_name(f"{i:x}"))),
    "nesting": TYPE + many(3, 1, b"\0") + many(10, 1, wb.body(b"\2\x40" * N + b"\x0b" * N)),
    "segments": many(4, 1, b"\x70\0\1") + many(9, N, b"\0\x41\0\x0b\0"),
    "tags": TYPE + many(13, N, b"\0\0"),
    "types": many(1, N, b"\x60\0\0"),
    "values": numbered(1, N, lambda i: b"\x60\x0a" + bytes(0x7C + (i >> 2 * k & 3) for k in range(8)) + b"\x7f\x7f\0"),
}


@pytest.mark.parametrize("what", BOMBS)
def test_many_of_one_thing(monkeypatch, what):
    tools = Tools(monkeypatch)
    tools.all(wb.MAGIC + BOMBS[what])


@pytest.mark.parametrize("seed", range(3))
def test_any_bytes(monkeypatch, seed):
    tools = Tools(monkeypatch)
    source = random.Random(f"{SEED} {seed}")
    for number in range(60):
        data = bytes(source.randrange(256) for _ in range(source.randrange(100)))
        assert tools.all(data if number % 3 == 0 else wb.MAGIC + data) != ""


def test_the_runner_sees_what_it_should(monkeypatch):
    """So that the tests above can fail."""
    tools = Tools(monkeypatch)

    def crash(arguments):
        raise IndexError

    def forge(arguments):
        raise tools_runner.ToolError("//x:y: \x1b[31m")

    def grow(arguments):
        assert len(bytearray(300 << 20)) > 0

    def hang(arguments):
        while True:
            pass

    with pytest.raises(IndexError):
        tools.call(crash, [], 1)
    with pytest.raises(AssertionError, match="cannot be shown"):
        tools.call(forge, [], 1)
    with pytest.raises(AssertionError, match=r"bytes$"):
        tools.call(grow, [], 1)
    monkeypatch.setattr(tools_runner, "SECONDS", 0.01)
    with pytest.raises((tools_runner.HangError, AssertionError)):
        tools.call(hang, [], 1)
