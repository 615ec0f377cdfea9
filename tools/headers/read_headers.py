"""Reads what a library's public headers declare, with the compiler that builds the sandbox.

The result, a header description (description.py), is small and stable: which functions the headers declare, and which
structs those take and give, with the layout that they have in the sandbox. It depends on the headers alone, so that a
change of a source file does not change it. Headers are read as C, and as C++ if they are no C.
"""

from __future__ import annotations

import filecmp
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from typing import IO, NamedTuple, Optional, TypeVar

import tool_main
from tool_main import ToolError
from wasm.reader import printable

from headers import description
from headers.clang_ast import AstReader, Function
from headers.comments import Comments
from headers.debug_types import Graph
from headers.description import HeaderDescription, Struct
from headers.options import Options, parse_options
from headers.structs import StructReader

_T = TypeVar("_T")
_ERROR = re.compile(r"(?:(?P<file>[^\n]*?):(?P<line>\d+):\d+: )?(?:fatal )?error: (?P<text>[^\n]*)")
_BUILD_FOLDER = re.compile(r"^(?:.*/)?bazel-out/[^/]+/(?:bin|genfiles)/")
_VIRTUAL_FOLDER = re.compile(r"^(?:.*/)?_virtual_includes/[^/]+/")
_WAY_OUT = (
    "give the library what the headers need (defines, includes, deps), or leave a header that is no interface out with"
    " public_headers"
)
_PROBE = "rlbox_probe_"
_LINKAGE = "has a different language linkage"  # in clang's error about a function that is C here and C++ there
# Standard headers that others rely on without including them. All of them together: which one brings a name differs
# between the sandbox's C library and the application's.
_STANDARD = ("stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h", "stdarg.h", "time.h", "math.h", "sys/types.h")


class _CompileError(Exception):
    """What the compiler says first."""


def report_path(path: str) -> str:
    """A file's name for people: without the build's folders, and never absolute.

    Of a header that is included through a folder of links (strip_include_prefix), that is what stands in the #include.
    """
    path = os.path.normpath(_VIRTUAL_FOLDER.sub("", _BUILD_FOLDER.sub("", path.replace("\\", "/"))))
    return os.path.basename(path) if os.path.isabs(path) else path


class Declarations(NamedTuple):
    """What was read, and the language in which it could be: "c" or "c++"."""

    language: str
    functions: list[Function]
    nested: dict[str, tuple[str, ...]]  # see AstReader


class Headers:
    """The headers of a target, and how to compile them."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self.order: Sequence[str] = options.include
        self.standard: Sequence[str] = ()  # standard headers that must come first
        self._public = {os.path.normpath(path): report_path(path) for path in options.public_file}
        self._real = {os.path.realpath(path): report_path(path) for path in options.public_file}

    def public_name(self, path: str) -> Optional[str]:
        """The name under which a public file, or the original of a copy that a BUILD file makes, is reported; else None."""
        found = self._public.get(os.path.normpath(path)) or self._real.get(os.path.realpath(path))
        same_name = [item for item in self._public.items() if os.path.basename(item[0]) == os.path.basename(path)]
        return found or next((name for public, name in same_name if filecmp.cmp(public, path, shallow=False)), None)

    def source(self) -> str:
        """The source that includes the headers."""
        return _includes(self.standard, self.order)

    def find_order(self, language: str, failure: _CompileError) -> None:
        """Finds an order of the headers, and the standard headers before them, where they do not compile as they are.

        Each header is tried after those that compiled before it, until all have been.

        Raises:
            _CompileError: there is no such order; it names the first header that does not compile.
        """
        done: list[str] = []
        left = list(self._options.include)
        while left:
            before = len(left)
            for include in list(left):
                if self._problem(language, _includes(_STANDARD, [*done, include])) is None:
                    done.append(include)
                    left.remove(include)
            if len(left) == before:
                if not done and before == 1:
                    raise failure
                raise _CompileError(self._culprit(language, done, left[0]))
        self.order = done
        if self._problem(language, _includes((), done)) is not None:
            self.standard = _STANDARD

    def lacks_extern_c(self, functions: Sequence[Function]) -> bool:
        """Whether C++ takes some of these C functions for its own, and would not inside of an extern "C"."""
        wanted = "".join(f'extern "C" decltype({function.name}) {function.name};\n' for function in functions)
        problem = self._problem("c++", self.source() + wanted)
        if problem is None or _LINKAGE not in problem:
            return False
        headers = f'extern "C" {{\n{_includes((), self.order)}}}\n'
        return self._problem("c++", _includes(_STANDARD, ()) + headers + wanted) is None

    def _culprit(self, language: str, done: Sequence[str], include: str) -> str:
        """What to say about a header that does not compile after others."""
        alone = self._problem(language, _includes(_STANDARD, [include]))
        problem = self._problem(language, _includes(_STANDARD, [*done, include])) or ""
        if alone is None:
            return f"{printable(include)} does not compile after the other headers, only alone: {problem}"
        return f"{printable(include)} compiles neither alone nor after the other headers: {problem}"

    def _problem(self, language: str, source: str) -> Optional[str]:
        """What the compiler says first about `source`; None if it compiles."""
        try:
            self.run(language, source, ["-fsyntax-only"], lambda out: out.read())
        except _CompileError as failure:
            return str(failure)
        return None

    def run(self, language: str, source: str, flags: Sequence[str], use: Callable[[IO[bytes]], _T]) -> _T:
        """Compiles `source` (from standard input: its path is in no output) and lets `use` read what is printed."""
        options = self._options
        is_c = language == "c"
        command = [
            options.c_compiler if is_c else options.cxx_compiler,
            *(options.c_flag if is_c else options.cxx_flag),
            *["-w", "-fno-color-diagnostics", "-ferror-limit=1", *flags, "-x", language, "-"],
        ]
        with tempfile.TemporaryFile() as errors:
            try:
                process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)
            except OSError as error:
                raise ToolError(f"{options.target}: {command[0]} cannot be run: {error.strerror}") from None
            assert process.stdin is not None
            assert process.stdout is not None
            with process.stdout:
                try:
                    with process.stdin:
                        process.stdin.write(source.encode())
                except BrokenPipeError:
                    pass
                result = use(process.stdout)
            if process.wait():
                errors.seek(0)
                raise _CompileError(_first_error(errors.read().decode("utf-8", "replace")))
        return result

    def declarations(self, language: str) -> Declarations:
        """What the public files declare, and the functions that count anyway."""
        wanted = frozenset(self._options.function)
        reader = AstReader(language, self.public_name, report_path, wanted, Comments().before)
        functions = self.run(language, self.source(), ["-fsyntax-only", "-Xclang", "-ast-dump=json"], reader.read)
        return Declarations(language, functions, reader.nested)

    def types(self, language: str, functions: Sequence[Function]) -> Graph:
        """The debug metadata of variables that have the functions' types."""
        probes = [
            f"__typeof__({'::' if language != 'c' else ''}{'::'.join([*function.scope, function.name])}) *{_PROBE}{i};\n"
            for i, function in enumerate(functions)
        ]
        debug = "-fno-eliminate-unused-debug-types" if language == "c" else "-fstandalone-debug"
        flags = [
            "-O0",
            "-g",
            debug,
            "-fdebug-compilation-dir=.",
            "-Xclang",
            "-disable-llvm-passes",
            "-S",
            "-emit-llvm",
            "-o",
            "-",
        ]
        return self.run(
            language,
            self.source() + "".join(probes),
            flags,
            lambda out: Graph(line.decode().rstrip("\n") for line in out),
        )


def _includes(standard: Sequence[str], headers: Sequence[str]) -> str:
    return "".join([*[f"#include <{name}>\n" for name in standard], *[f'#include "{name}"\n' for name in headers]])


def _first_error(errors: str) -> str:
    found = _ERROR.search(errors)
    if not found:
        lines = errors.strip().splitlines()
        return lines[0] if lines else "the compiler failed without a message"
    file = found.group("file")
    if not file or file == "<stdin>":
        return found.group("text")
    return f"{report_path(file)}:{found.group('line')}: {found.group('text')}"


def _is_system(flags: Sequence[str]) -> Callable[[str], bool]:
    """Whether a file belongs to the toolchain that `flags` name."""
    folders = [flag[len("--sysroot=") :] for flag in flags if flag.startswith("--sysroot=")]
    folders += [flag[len("-resource-dir=") :] for flag in flags if flag.startswith("-resource-dir=")]
    folders += [value for flag, value in zip(flags, flags[1:]) if flag in ("-resource-dir", "--sysroot")]
    prefixes = tuple(os.path.normpath(folder) + os.sep for folder in folders)
    return lambda path: os.path.normpath(path).startswith(prefixes)


def describe(options: Options) -> HeaderDescription:
    """What the headers declare."""
    headers = Headers(options)
    language, functions, nested = declarations(headers, options)
    callable_ = [function for function in functions if function.can_be_exported()]
    overloaded = {name for name in (f.name for f in functions) if sum(f.name == name for f in functions) > 1}
    probed = [function for function in callable_ if function.name not in overloaded]
    structs: dict[str, Struct] = {}
    used: dict[int, dict[str, list[str]]] = {}
    if probed:
        try:
            graph = headers.types(language, probed)
        except _CompileError as failure:
            raise ToolError(
                f"{options.target}: the types of the public headers' functions cannot be read: {failure}. To fix: {_WAY_OUT}"
            ) from None
        found = StructReader(
            graph,
            report_path,
            _is_system(options.c_flag if language == "c" else options.cxx_flag),
            frozenset(function.name for function in functions),
            nested,
        )
        for variable in graph.of_kind("DIGlobalVariable"):
            name = variable.text("name")
            if name.startswith(_PROBE):
                used[id(probed[int(name[len(_PROBE) :])])] = found.of_function(variable)
        structs = found.structs()
    described = [_function(item, used.get(id(item), {})) for item in functions]
    order = () if list(headers.order) == options.include else headers.order
    extern_c = language == "c" and bool(probed) and headers.lacks_extern_c(probed)
    standard = _STANDARD if extern_c else headers.standard
    return HeaderDescription(language, described, structs, order, standard, extern_c)


def declarations(headers: Headers, options: Options) -> Declarations:
    """What the public files declare, read as C or else as C++, in an order in which the headers compile.

    Raises:
        ToolError: there is no such order.
    """
    failures = []
    for language in ("c", "c++"):
        try:
            return headers.declarations(language)
        except _CompileError as failure:
            failures.append((language, failure))
    messages = []
    for language, first in failures:
        try:
            headers.find_order(language, first)
            return headers.declarations(language)
        except _CompileError as culprit:
            messages.append(str(culprit))
    as_c, as_cxx = messages
    said = as_c if as_c == as_cxx else f"as C, {as_c}; as C++, {as_cxx}"
    raise ToolError(f"{options.target}: the public headers do not compile for the sandbox: {said}. To fix: {_WAY_OUT}")


def _function(function: Function, used: dict[str, list[str]]) -> description.Function:
    return description.Function(
        name="::".join([*function.scope, function.name]),
        symbol=function.symbol,
        file=function.file,
        line=function.line,
        signature=function.signature,
        linkage=function.linkage,
        inline=function.inline,
        static=function.static,
        variadic=function.variadic,
        structs=used.get("structs", []),
        by_value=used.get("by_value", []),
        longs=used.get("longs", []),
        parameters=function.parameters,
        comment=function.comment,
    )


def main(arguments: Sequence[str]) -> None:
    """The command line; see --help."""
    options = parse_options(arguments, "Reads what a library's public headers declare.")
    description.write(options.output, describe(options))


if __name__ == "__main__":
    tool_main.run(main)
