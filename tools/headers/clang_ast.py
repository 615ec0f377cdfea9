"""Reads the functions that some headers declare out of clang's AST (`-ast-dump=json`), without holding the AST.

The dump of a header that includes <string> has hundreds of megabytes. It is pretty-printed JSON, so the elements of
one level begin and end with lines of one indentation; a level is split there, and only the heads of function
declarations are parsed. clang prints the file and the line of a location only where they change from the location
before, so both are followed through everything that is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import IO, Optional

_BLOCK = 1 << 22
# The file of a location; the one in an "includedFrom" follows a brace.
_CHANGE = re.compile(rb',\n *"file": ("(?:[^"\\\n]|\\.)*")')
_LINE = b'"line": '
_KIND = re.compile(rb'"kind": "(\w+)"')
_ANONYMOUS = "(anonymous)"
_TAGS = ("RecordDecl", "EnumDecl")
_NESTED_TAG = re.compile(rb'\n {8,}"kind": "(?:Record|Enum)Decl"')
_NESTS = ("LinkageSpecDecl", "NamespaceDecl", "ExportDecl")
# A type without a name is printed with the place of its declaration.
_UNNAMED = re.compile(r"\((unnamed|anonymous)( \w+)?( at [^)]*)?\)")


class Function:
    """A function as its declarations in the headers together say it is."""

    def __init__(self, name: str, scope: tuple[str, ...], file: str, line: int) -> None:
        self.name = name
        self.scope = scope  # the namespaces around it
        self.file = file
        self.line = line
        self.symbol = name  # the name in object files
        self.signature = ""
        self.linkage = "C++"
        self.inline = False
        self.static = False
        self.variadic = False
        self.parameters: list[str] = []  # their names, '' for one without
        self.comment = ""

    def can_be_exported(self) -> bool:
        """Whether an application could call it in a sandbox by its name."""
        return self.linkage == "C" and not (self.inline or self.static or self.variadic)


class AstReader:
    """Collects the functions that are declared in files that `public` knows.

    `language` is what the headers were read as, "c" or "c++". `public` takes a path as clang prints it and returns the
    name under which to report the file, or None. The functions called `wanted` count in other files, too, which are
    reported as `report_name` says. `comment` returns the comment above a place of a file (a path as clang prints it, and an
    offset in bytes).
    """

    def __init__(
        self,
        language: str,
        public: Callable[[str], Optional[str]],
        report_name: Callable[[str], str] = str,
        wanted: Collection[str] = (),
        comment: Callable[[str, int], str] = lambda path, offset: "",
    ) -> None:
        self._comment = comment
        self._is_c = language == "c"
        self._public = public
        self._report = report_name
        self._wanted = wanted
        self._mention = re.compile(b"|".join(rb'"name": "%s"' % name.encode() for name in wanted)) if wanted else None
        self._known: dict[str, Optional[str]] = {}
        self.nested: dict[str, tuple[str, ...]] = {}  # of C: a tag, and the structs around its definition
        self._passed: set[bytes] = set()  # files that are not public, as JSON
        self._file = ""
        self._line = 0
        self._by_id: dict[str, Function] = {}
        self._found: dict[tuple[tuple[str, ...], str, str], Function] = {}

    def read(self, stream: IO[bytes]) -> list[Function]:
        """The functions in a dump, in the order of their first declarations."""
        for part in _parts(stream):
            if self._is_c and _NESTED_TAG.search(part):
                for element in _elements(part, 4):
                    self._tags(element, 4, ())
            if not self._skip(part):
                for element in _elements(part, 4):
                    self._element(element, 4, (), self._is_c)
        return list(self._found.values())

    def _tags(self, text: bytes, indent: int, outer: tuple[str, ...]) -> None:
        """Notes the structs and enums that are defined within a C struct: in C++ they are members of it."""
        if _kind(text) not in _TAGS:
            return
        head, children = _split(text, indent)
        node = _parse(head)
        name = str(node.get("name", ""))
        if outer and name and (node.get("completeDefinition") or _kind(text) == "EnumDecl"):
            self.nested[name] = outer
        for child in _elements(children, indent + 4):
            self._tags(child, indent + 4, (*outer, name))

    def _skip(self, text: bytes) -> bool:
        """Follows `text` and returns True if no place in it is in a public file."""
        if self._report_name(self._file) is not None or (self._mention and self._mention.search(text)):
            return False
        quoted = b""
        for match in _CHANGE.finditer(text):
            quoted = match.group(1)
            if quoted not in self._passed:
                if self._report_name(str(json.loads(quoted))) is not None:
                    return False
                self._passed.add(quoted)
        if quoted:
            self._file = str(json.loads(quoted))
        self._follow_line(text)
        return True

    def _element(self, text: bytes, indent: int, scope: tuple[str, ...], is_c: bool) -> None:
        if self._skip(text):
            return
        kind = _kind(text)
        if kind == "FunctionDecl":
            head, children = _split(text, indent)
            node = _parse(head)
            self._function(node, children, indent, scope, is_c)
        elif kind in _NESTS:
            head, children = _split(text, indent)
            node = _parse(head)
            self._follow(head)
            if kind == "LinkageSpecDecl":
                is_c = node.get("language") == "C"  # "C++" can stand within "C"
            elif kind == "NamespaceDecl" and not node.get("isInline"):
                scope = (*scope, str(node.get("name", _ANONYMOUS)))
            for child in _elements(children, indent + 4):
                self._element(child, indent + 4, scope, is_c)
        else:
            self._follow(text)
            return
        self._follow(text)

    def _follow(self, text: bytes) -> None:
        """Takes over the last file and line that `text` prints."""
        file = None
        for match in _CHANGE.finditer(text):
            file = match.group(1)
        if file is not None:
            self._file = str(json.loads(file))
        self._follow_line(text)

    def _follow_line(self, text: bytes) -> None:
        start = text.rfind(_LINE)
        if start >= 0:
            start += len(_LINE)
            digits = re.compile(rb"\d+").match(text, start)
            self._line = int(digits.group()) if digits else self._line

    def _place(self, location: object) -> tuple[str, int]:
        """The file and line of a location, following it: where a macro is expanded, not where it is defined."""
        if isinstance(location, Mapping):
            if "expansionLoc" in location:
                self._place(location.get("spellingLoc"))
                return self._place(location["expansionLoc"])
            self._file = str(location.get("file", self._file))
            self._line = int(location.get("line", self._line))
        return self._file, self._line

    def _report_name(self, file: str) -> Optional[str]:
        if file not in self._known:
            self._known[file] = self._public(file)
        return self._known[file]

    def _function(
        self, node: Mapping[str, object], children: bytes, indent: int, scope: tuple[str, ...], is_c: bool
    ) -> None:
        path, line = self._place(node.get("loc"))
        previous = self._by_id.get(str(node.get("previousDecl")))
        file = self._report_name(path)
        name = str(node.get("name", ""))
        if file is None and name in self._wanted:
            file = self._report(path)
        if node.get("isImplicit") or node.get("explicitlyDeleted") or (file is None and previous is None):
            return
        symbol = str(node.get("mangledName", name))
        key = (scope, name, symbol)
        function = previous or self._found.get(key)
        if function is None:
            function = self._found[key] = Function(name, scope, file or "", line)
        self._by_id[str(node.get("id"))] = function
        parts = [(_kind(child), child) for child in _elements(children, indent + 4)]
        kinds = {kind for kind, _ in parts}
        names = [_name(child, indent + 4) for kind, child in parts if kind == "ParmVarDecl"]
        if not (function.parameters and all(function.parameters)):
            function.parameters = names or function.parameters
        function.comment = function.comment or self._comment(path, _offset(node))
        function.symbol = symbol
        function.signature = _UNNAMED.sub(r"(unnamed)", _signature(node))
        if "OverloadableAttr" not in kinds and (is_c or ("AsmLabelAttr" not in kinds and symbol == name)):
            function.linkage = "C"
        function.inline |= bool(node.get("inline") or node.get("constexpr") or node.get("consteval"))
        function.static |= node.get("storageClass") == "static" or _ANONYMOUS in scope
        function.variadic |= bool(node.get("variadic"))


def _name(element: bytes, indent: int) -> str:
    return str(_parse(_split(element, indent)[0]).get("name", ""))


def _offset(node: Mapping[str, object]) -> int:
    """Where a declaration begins in its file, in bytes; -1 if that is unknown."""
    place = node.get("range")
    begin = place.get("begin") if isinstance(place, Mapping) else None
    if isinstance(begin, Mapping):
        begin = begin.get("expansionLoc", begin)
    offset = begin.get("offset") if isinstance(begin, Mapping) else None
    return offset if isinstance(offset, int) else -1


def _signature(node: Mapping[str, object]) -> str:
    spelled = node.get("type")
    if not isinstance(spelled, Mapping):
        return ""
    return str(spelled.get("desugaredQualType", spelled.get("qualType", "")))


def _kind(element: bytes) -> str:
    found = _KIND.search(element, 0, 200)
    return found.group(1).decode() if found else ""


def _split(element: bytes, indent: int) -> tuple[bytes, bytes]:
    """An element's own attributes, and the text of its children."""
    head, mark, children = element.partition(b"\n" + b" " * (indent + 2) + b'"inner": [\n')
    return (head.rstrip(b",") + b"\n}", children) if mark else (element, b"")


def _parse(head: bytes) -> Mapping[str, object]:
    node: Mapping[str, object] = json.loads(head)
    return node


def _elements(text: bytes, indent: int) -> Iterator[bytes]:
    """The elements of a list of objects that are indented by `indent`."""
    end = b"\n" + b" " * indent + b"}"
    start = 0
    while True:
        stop = text.find(end, start)
        if stop < 0:
            return
        stop += len(end)
        yield text[start:stop]
        start = stop + 2  # a comma and a newline


def _parts(stream: IO[bytes]) -> Iterator[bytes]:
    """The outermost "inner" list in parts that are not small, each of whole elements."""
    end = b"\n    },\n"
    rest = b""
    while True:
        block = stream.read(max(_BLOCK, len(rest)))
        if not block:
            break
        rest += block
        stop = rest.rfind(end) + len(end)
        if stop >= len(end):
            yield rest[:stop]
            rest = rest[stop:]
    yield rest
