"""Runs read_headers with the real compiler on headers made for it, for tests."""

import functools
import json
import os

import pytest
from headers import read_headers
from tool_main import ToolError


@functools.cache
def toolchain():
    """The compilers and their flags, with absolute paths: tests change the folder they run in."""
    with open(os.environ["WASI_CLANG"], encoding="utf-8") as file:
        facts = json.load(file)

    def absolute(flag):
        head, mark, path = flag.partition("=")
        return f"{head}={os.path.abspath(path)}" if mark and path.startswith("..") else flag

    return {
        "clang": os.path.abspath(facts["clang"]),
        "clang_cxx": os.path.abspath(facts["clang_cxx"]),
        "flags": [absolute(flag) for flag in facts["flags"]],
    }


def arguments(*, include=("lib.h",), public=None, flags=(), functions=()):
    tools = toolchain()
    result = ["--target=//x:y", "--output=headers.json", f"--c-compiler={tools['clang']}"]
    result.append(f"--cxx-compiler={tools['clang_cxx']}")
    for flag in [*tools["flags"], "-I.", *flags]:
        result += ["--c-flag", flag, "--cxx-flag", flag]
    result += [f"--cxx-flag={flag}" for flag in ("-std=c++17", "-fno-exceptions", "-fno-rtti")]
    result += [f"--include={name}" for name in include] + [f"--function={name}" for name in functions]
    return result + [f"--public-file={path}" for path in (include if public is None else public)]


def write(folder, files):
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")


class Facts:
    """FACTS.json, with what tests ask for most."""

    def __init__(self, text):
        self.text = text
        self.all = json.loads(text)
        self.language = self.all["language"]
        self.functions = {function["name"]: function for function in self.all["functions"]}
        self.structs = {struct["name"]: struct for struct in self.all["structs"]}

    def fields(self, struct):
        return {field["name"]: field for field in self.structs[struct]["fields"]}

    def types(self, struct):
        return {name: field["type"] for name, field in self.fields(struct).items()}


class Reader:
    """A folder with headers, in which read_headers runs."""

    def __init__(self, folder, monkeypatch):
        self.folder = folder
        tools = toolchain()
        assert os.path.exists(tools["clang"])
        monkeypatch.chdir(folder)

    def read(self, header=None, /, *, files=None, **kwargs):
        write(self.folder, {"lib.h": header} if files is None else files)
        read_headers.main(arguments(**kwargs))
        return Facts((self.folder / "headers.json").read_text(encoding="ascii"))

    def error(self, header=None, /, **kwargs):
        with pytest.raises(ToolError) as error:
            self.read(header, **kwargs)
        assert not (self.folder / "headers.json").exists()
        message = str(error.value)
        assert message.startswith("//x:y: ")
        assert str(self.folder) not in message
        assert "\n" not in message
        return message[len("//x:y: ") :]


@pytest.fixture
def reader(tmp_path, monkeypatch):
    if "WASI_CLANG" not in os.environ and "TEST_SRCDIR" not in os.environ:
        pytest.skip("only Bazel knows where the compiler is")
    return Reader(tmp_path, monkeypatch)
