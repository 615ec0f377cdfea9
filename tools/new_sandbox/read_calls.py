"""Reads the types and the parameters' names of the functions that a library's public headers declare, for a first draft.

It runs only when somebody asks new_sandbox for a draft, with the command line of read_headers. The result says for each
function what the application's C++ writes for its types; calls.py has the form.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Optional

import tool_main
from codegen.identifiers import KEYWORDS, is_c_identifier
from headers.debug_types import AGGREGATES, Node, strip
from headers.options import Options, parse_options
from headers.read_headers import Headers, declarations

from new_sandbox import calls
from new_sandbox.calls import Call, Parameter, Type

_PROBE = "rlbox_probe_"  # the variables of Headers.types
_INTEGERS = {
    "char", "signed char", "unsigned char", "short", "unsigned short", "int", "unsigned int", "long", "unsigned long",
    "long long", "unsigned long long",
}  # fmt: skip
_KINDS = {
    **dict.fromkeys(_INTEGERS, "integer"),
    "float": "floating",
    "double": "floating",
    "_Bool": "bool",
    "bool": "bool",
}
_WIDE = ("long long", "unsigned long long")  # RLBox wants these words behind pointers, whatever the header's typedef is
# What the application has a type of another kind for.
_UNLIKE = (
    "va_list",
    "__builtin_va_list",
    "__gnuc_va_list",
    "wchar_t",
    "wint_t",
    "jmp_buf",
    "sigjmp_buf",
    "max_align_t",
)
_QUALIFIERS = ("DW_TAG_const_type", "DW_TAG_volatile_type", "DW_TAG_restrict_type")
_OTHER = Type("other")


class TypeReader:
    """Turns nodes of debug metadata into types.

    Args:
        nested: tags that C defines within structs, which C++ names in another way.
    """

    def __init__(self, nested: Collection[str]) -> None:
        self._nested = nested

    def read(self, node: Optional[Node]) -> Type:
        """The type of a node; None stands for void."""
        const, alias = False, ""
        while node is not None and (node.tag == "DW_TAG_typedef" or node.tag in _QUALIFIERS):
            if node.tag == "DW_TAG_volatile_type":
                return _OTHER
            const = const or node.tag == "DW_TAG_const_type"
            if node.tag == "DW_TAG_typedef":
                name = node.text("name")
                if name in _UNLIKE or name in KEYWORDS:
                    return _OTHER
                alias = alias or (name if is_c_identifier(name) and not _scopes(node) else "")
            node = node.node("baseType")
        plain = self._plain(node, alias)
        text = plain.text
        if alias and plain.kind != "other" and not _is_wide(plain):
            text = alias
        return plain._replace(const=const, alias=alias if plain.kind != "other" else "", text=text)

    def signature(self, variable: Node) -> list[Type]:
        """The types of the result and the parameters of the function that a variable points to."""
        pointer = strip(variable.node("type"))
        function = strip(pointer.node("baseType")) if pointer else None
        types = function.nodes("types") if function else []
        return [self.read(item) for item in types or [None]]

    def _plain(self, node: Optional[Node], alias: str) -> Type:
        """The type of a node that is neither a typedef nor qualified."""
        if node is None:
            return Type("void", "void")
        if node.tag == "DW_TAG_pointer_type":
            to = self.read(node.node("baseType"))
            if to.kind == "other":
                return _OTHER
            return Type("pointer", "" if to.kind == "function" else pointer_to(to), to=to)
        if node.tag == "DISubroutineType":
            return self._function(node.nodes("types"))
        if node.tag == "DW_TAG_enumeration_type" or node.tag in AGGREGATES:
            return self._tag(node, alias)
        name = node.text("name") if node.kind == "DIBasicType" else ""
        if name not in _KINDS:
            return _OTHER
        words = "bool" if _KINDS[name] == "bool" else name
        return Type(_KINDS[name], words, words=words)

    def _function(self, types: Sequence[Optional[Node]]) -> Type:
        # None stands for a variable number of them.
        parameters = tuple(self.read(item) if item is not None else _OTHER for item in types[1:])
        result = self.read(types[0] if types else None)
        if any(item.kind == "other" for item in [result, *parameters]):
            return _OTHER
        return Type("function", result=result, parameters=parameters)

    def _tag(self, node: Node, alias: str) -> Type:
        kind = "enum" if node.tag == "DW_TAG_enumeration_type" else "struct"
        name = node.text("name")
        if not name:
            return Type(kind, alias, name=alias) if alias else _OTHER
        if name in self._nested or not is_c_identifier(name) or "EnumClass" in node.flags():
            return _OTHER
        scopes = _scopes(node)
        if not all(map(is_c_identifier, scopes)):
            return _OTHER
        word = {"DW_TAG_enumeration_type": "enum ", "DW_TAG_union_type": "union ", "DW_TAG_class_type": ""}
        return Type(kind, word.get(node.tag, "struct ") + "::".join([*scopes, name]), name=name)


def pointer_to(item: Type) -> str:
    """How C++ writes a pointer to a type; '' if there is no such spelling."""
    if not item.text:
        return ""
    const = (f"{item.text} const" if item.kind == "pointer" else f"const {item.text}") if item.const else item.text
    return f"{const}*"


def _scopes(node: Node) -> list[str]:
    """The namespaces and classes around a type."""
    found: list[str] = []
    scope = node.node("scope")
    while scope is not None and (scope.kind == "DINamespace" or scope.tag in AGGREGATES):
        found.insert(0, scope.text("name"))
        scope = scope.node("scope")
    return found


def _is_wide(item: Type) -> bool:
    """Whether a pointer to the type, or the type itself, must be written with the words of _WIDE."""
    if item.kind == "pointer" and item.to is not None:
        return _is_wide(item.to)
    return item.words in _WIDE


def read_calls(options: Options) -> list[Call]:
    """What the public headers declare and an application can call, in the headers' order."""
    headers = Headers(options)
    language, functions, nested = declarations(headers, options)
    names = [function.name for function in functions]
    probed = [item for item in functions if item.can_be_exported() and names.count(item.name) == 1]
    if not probed:
        return []
    graph = headers.types(language, probed)
    reader = TypeReader(nested)
    found: dict[int, list[Type]] = {}
    for variable in graph.of_kind("DIGlobalVariable"):
        name = variable.text("name")
        if name.startswith(_PROBE):
            found[int(name[len(_PROBE) :])] = reader.signature(variable)
    made = []
    for place, function in enumerate(probed):
        result, *parameters = found.get(place, [_OTHER])
        made.append(Call(function.name, result, _named(parameters, function.parameters)))
    return made


def _named(types: Sequence[Type], names: Sequence[str]) -> list[Parameter]:
    known = names if len(names) == len(types) else [""] * len(types)
    return [Parameter(name if is_c_identifier(name) else "", item) for name, item in zip(known, types)]


def main(arguments: Sequence[str]) -> None:
    """The command line; see --help."""
    options = parse_options(arguments, "Reads the types of the functions that a library's public headers declare.")
    calls.write(options.output, read_calls(options))


if __name__ == "__main__":
    tool_main.run(main)
