"""Calls by name in generated headers that are hard to compile, with gcc and clang and without a sandbox: the noop backend."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from codegen.named_calls_text import named_calls
from header_maker import run
from headers.description import Function, HeaderDescription, write

COMPILERS = dict(pair.split("=") for pair in os.environ["COMPILERS"].split())
FLAGS = Path(os.environ["FLAGS"]).read_text(encoding="utf-8").split()
RUNTIME = Path("runtime/include").absolute()
WARNINGS = [
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Wconversion",
    "-Wsign-conversion",
    "-Wshadow",
    "-Wold-style-cast",
    "-Werror",
]

LIBRARY = """\
extern "C" {
struct pair { int a, b; };
extern int verbose;
int parse(const char* input, unsigned size, int verbose);
void each(int (*visit)(int), void* context);
pair swap_pair(pair both);
__attribute__((deprecated)) int old(int value);
int print(const char* format, ...);
}
#define input "not a name"
#define parse parse
"""

USE = """\
#include "lib.rlbox.h"
tainted_lib<int> visit(rlbox_sandbox_lib&, tainted_lib<int> value) { return value; }
int plain_visit(int value);
int use(rlbox_sandbox_lib& sandbox, const char* text) {
  sandbox.create_sandbox();
  tainted_lib<char*> copy = sandbox.malloc_in_sandbox<char>(8);
  rlbox::strncpy(sandbox, copy, text, 8U);
  auto callback = sandbox.register_callback(visit);
  const int result = sandbox.parse(copy, 8U, 0).copy_and_verify([](int value) { return value; });
  sandbox.each(callback, nullptr);
#if MISUSE == 1
  sandbox.parse(text, 8U, 0);
#elif MISUSE == 2
  sandbox.each(plain_visit, nullptr);
#elif MISUSE == 3
  sandbox.print(copy, 1);
#elif MISUSE == 4
  sandbox.only_in_the_sandbox(1);
#elif MISUSE == 5
  sandbox.parse("text", 8U, 0).copy_and_verify([](int value) { return value; });
#endif
  sandbox.destroy_sandbox();
  return result;
}
"""

EVIL = 'x\\\n??/\n*/ #error\n\\param nothing \\endcode <b>\u2028\u202e" \\'


def function(name, parameters=(), **changes):
    known = Function(name, name.rpartition("::")[2], "lib.h", 1, "", "C", False, False, False, [], [], [], parameters)
    return known._replace(**changes)


FUNCTIONS = [
    function("parse", ["input", "size", "verbose"], comment=EVIL, signature=EVIL),
    function("each", ["visit", ""]),
    function("swap_pair", ["class"]),
    function("old", ["value"]),
    function("print", ["format"], variadic=True),
    function("only_in_the_sandbox", ["value"]),
    function("nowhere"),
    function("create_sandbox"),
]


class Folder:
    """A folder with a library's header, the generated header and a program."""

    def __init__(self, folder, kind):
        self.folder = folder
        self.kind = kind

    def fill(self, functions, library, use):
        write(str(self.folder / "headers.json"), HeaderDescription(functions=functions))
        run(
            self.folder, module="lib", backend="noop", headers=["lib.h"],
            arguments=[f"--headers={self.folder / 'headers.json'}"],
        )  # fmt: skip
        (self.folder / "out.h").rename(self.folder / "lib.rlbox.h")
        (self.folder / "lib.h").write_text(library, encoding="utf-8")
        (self.folder / "use.cpp").write_text(use, encoding="utf-8")

    def compile(self, *flags):
        command = [Path(COMPILERS[self.kind]).absolute(), *WARNINGS, "-iquote", self.folder, "-iquote", RUNTIME, *FLAGS]
        return subprocess.run(
            [*command, *flags, "-fsyntax-only", "-xc++", self.folder / "use.cpp"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip


@pytest.fixture(params=sorted(COMPILERS))
def folder(request, tmp_path):
    return Folder(tmp_path, request.param)


@pytest.mark.parametrize(
    "flags", [["-std=c++17", "-fno-exceptions", "-fno-rtti"], ["-std=c++20", "-Wdocumentation", "-trigraphs"]]
)
def test_compiles_without_a_warning(folder, flags):
    folder.fill(FUNCTIONS, LIBRARY, USE)
    flags = [flag for flag in flags if folder.kind == "clang" or flag != "-Wdocumentation"]
    outcome = folder.compile(*flags)
    assert (outcome.returncode, outcome.stderr) == (0, "")


MISUSES = {
    1: "RLBox: parse(): argument 1 (input) is a plain pointer, and the library cannot reach the application's memory.",
    2: "RLBox: each(): argument 1 (visit) is a function of the application, and the library cannot call it.",
    3: "RLBox: lib does not export print: a variable number of arguments cannot cross the boundary.",
    4: "RLBox: the library's headers declare this function for the sandbox, and not, or with other parameters, for the",
    5: "RLBox: parse(): argument 1 (input) is a plain pointer, and the library cannot reach the application's memory.",
}


@pytest.mark.parametrize("number", MISUSES)
def test_misuses_are_explained_by_one_error(folder, number):
    folder.fill(FUNCTIONS, LIBRARY, USE)
    outcome = folder.compile("-std=c++17", f"-DMISUSE={number}")
    errors = re.findall(r"error: (.*)", outcome.stderr)
    assert len(errors) == 1, outcome.stderr
    assert MISUSES[number] in errors[0]
    assert re.search(r"use\.cpp:\d+:\d+: ", outcome.stderr)


def _identifiers():
    """The identifiers in the runtime's headers that are not the compiler's: the names of all members, and many others."""
    words = set()
    for header in RUNTIME.rglob("*.hpp"):
        words |= set(re.findall(r"\b(?!__)[A-Za-z_]\w*\b", header.read_text(encoding="utf-8")))
    return sorted(words)


def test_no_name_gets_in_the_way_of_the_framework(folder):
    others = {known.name for known in FUNCTIONS}
    functions = [function(f"ns::{name}", ["value"]) for name in _identifiers() if name not in others]
    names = [call.name for call in named_calls(functions, None).calls]
    assert {"has_trapped", "thread_data", "max_callbacks", "slots", "memcpy", "sandbox"} <= set(names)
    assert not {"create_sandbox", "state", "invoke", "class"} & set(names)
    library = "".join(f"#undef {name}\n" for name in names)
    library += "namespace ns {\n" + "".join(f"int {name}(int);\n" for name in names) + "}\n" + LIBRARY.partition("#define")[0]
    body = USE.partition("int use")
    calls = "".join(f"  sandbox.{name}(1);\n" for name in names if folder.kind == "gcc")
    use = f"{body[0]}void calls(rlbox_sandbox_lib& sandbox);\nvoid calls(rlbox_sandbox_lib& sandbox) {{\n{calls}}}\nint use{body[2]}"
    folder.fill([*functions, *FUNCTIONS], library, use)
    # The framework's own variables have names of members then; in a build its headers are a system's.
    outcome = folder.compile("-std=c++17", "-Wno-shadow", "-Wno-unused-parameter")
    assert outcome.returncode == 0, outcome.stderr[:5000]


def test_noop():
    subprocess.run([os.environ["NOOP"]], check=True)
