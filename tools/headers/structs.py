"""The structs that cross a sandbox's boundary, as the guest lays them out, from clang's debug metadata."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Optional

from headers.debug_types import AGGREGATES, Graph, Node, dimensions, element, is_const, spell, strip
from headers.description import ANY, Field, Struct

_SCALARS = {
    "bool", "char", "signed char", "unsigned char", "short", "unsigned short", "int", "unsigned int", "long",
    "unsigned long", "long long", "unsigned long long", "float", "double", "wchar_t", "char8_t", "char16_t", "char32_t",
}  # fmt: skip
_LONGS = {"long", "unsigned long", "long long", "unsigned long long"}
_KINDS = {"DW_TAG_structure_type": "struct", "DW_TAG_class_type": "class", "DW_TAG_union_type": "union"}
_UNNAMED_POINTEE = "void"


class StructReader:
    """Collects structs from the types of probe variables, one for each function.

    `report_name` takes the path of a file and returns the name under which to report it; `is_system` says whether it
    belongs to the C or C++ library. `function_names` are in the way of structs of these names; `nested` has the tags of
    C that are defined within structs.
    """

    def __init__(
        self,
        graph: Graph,
        report_name: Callable[[str], str],
        is_system: Callable[[str], bool],
        function_names: frozenset[str],
        nested: Mapping[str, Sequence[str]],
    ) -> None:
        self._graph = graph
        self._report_name = report_name
        self._is_system = is_system
        self._functions = function_names
        self._nested = nested
        self._typedefs: dict[int, Node] = {}
        for node in graph.of_kind("DIDerivedType"):
            base = node.node("baseType")
            if node.tag == "DW_TAG_typedef" and base is not None and base.number not in self._typedefs:
                self._typedefs[base.number] = node
        self._within: dict[int, tuple[str, str]] = {}  # of unnamed structs in fields: name and how C++ finds them
        self._structs: dict[int, Struct] = {}

    def structs(self) -> dict[str, Struct]:
        """What was collected, by name."""
        return {struct.name: struct for struct in self._structs.values()}

    def of_function(self, variable: Node) -> dict[str, list[str]]:
        """Collects from a probe (a variable that points to the function); returns its structs' names.

        The key "structs" has those that are reached at all, "by_value" those of parameters and the result; "longs" has what
        Function.longs is.
        """
        pointer = strip(variable.node("type"))
        function = strip(pointer.node("baseType")) if pointer else None
        reached: set[str] = set()
        by_value: set[str] = set()
        types = function.nodes("types") if function else []
        longs = [_longs(item) for item in types]
        for item in types:
            reached |= self._reach(item)
            target = element(item)
            if target is not None and target.tag in AGGREGATES:
                by_value.add(self._name(target)[0])
        return {
            "structs": sorted(reached - {""}),
            "by_value": sorted(by_value - {""}),
            "longs": longs if any(longs) else [],
        }

    def _reach(self, node: Optional[Node]) -> set[str]:
        """Collects the structs that a type names directly, through pointers and in signatures; their names."""
        node = element(node)
        if node is None:
            return set()
        if node.tag.endswith(("pointer_type", "reference_type")):
            return self._reach(node.node("baseType"))
        if node.tag == "DISubroutineType":
            return {name for item in node.nodes("types") for name in self._reach(item)}
        if node.tag not in AGGREGATES:
            return set()
        name, _ = self._name(node)
        if name and node.number not in self._structs:
            self._add(node)
        return {name}

    def _add(self, node: Node) -> None:
        name, cpp = self._name(node)
        file = node.node("file")
        path = os.path.normpath(os.path.join(file.text("directory"), file.text("filename"))) if file else ""
        struct = Struct(
            name,
            cpp,
            _KINDS[node.tag],
            self._report_name(path),
            node.number_of("line"),
            system=self._is_system(path),
            complete="FwdDecl" not in node.flags(),
        )
        self._structs[node.number] = struct  # before its fields, which can refer to it
        if not struct.complete:
            return
        problem = _class_problem(node) or ("" if cpp.isascii() else "has a name with characters outside of ASCII")
        self._structs[node.number] = struct = struct._replace(size=node.number_of("size") // 8, problem=problem)
        if problem:
            return
        fields = [
            self._field(name, cpp, member)
            for member in node.nodes("elements")
            if member is not None and member.tag == "DW_TAG_member" and "StaticMember" not in member.flags()
        ]
        self._structs[node.number] = struct._replace(fields=fields)

    def _field(self, owner: str, owner_cpp: str, member: Node) -> Field:
        name = member.text("name")
        kind = member.node("baseType")
        target = element(kind)
        field = Field(name, member.number_of("offset") // 8, member.number_of("size") // 8)
        place = f"decltype({owner_cpp}::{name})"
        if target is not None and name and not self._name(target)[1]:
            if target.tag in AGGREGATES:
                self._within[target.number] = (f"{owner}_{name}", f"std::remove_all_extents_t<{place}>")
            elif target.tag == "DW_TAG_enumeration_type":
                field = field._replace(type=place)
        problem = _field_problem(member, target)
        if problem:
            return field._replace(problem=problem)
        spelled = spell(kind, self._spelled, assignable=True)
        if not f"{name}{spelled}".isascii():
            return field._replace(problem="has a name or a type with characters outside of ASCII")
        field = field._replace(type=field.type or spelled, const=is_const(kind))
        if target is not None and target.tag in AGGREGATES:
            field = field._replace(struct=self._name(target)[0])
        elif target is not None:
            field = field._replace(align=target.number_of("size") // 8)
        return field._replace(refers=sorted(self._reach(kind) - {""}))

    def _spelled(self, node: Node) -> str:
        return self._name(node)[1] or (
            _UNNAMED_POINTEE if node.tag in AGGREGATES else spell(node.node("baseType"), self._spelled)
        )

    def _name(self, node: Node) -> tuple[str, str]:
        """A unique C identifier for a struct or an enum, and how C++ names it at global scope; '' for neither."""
        if node.number in self._within:
            return self._within[node.number]
        name = node.text("name")
        if not name:
            named = self._typedefs.get(node.number)
            if named is None:
                return "", ""
            return named.text("name"), "::" + named.text("name")
        if name in self._nested:
            path = [*self._nested[name], name]
            return (name, "::" + "::".join(path)) if all(path) else ("", "")
        scopes: list[str] = []
        scope = node.node("scope")
        while scope is not None and (scope.tag in AGGREGATES or scope.kind == "DINamespace"):
            if scope.kind == "DINamespace" and scope.has("exportSymbols"):  # an inline namespace
                scope = scope.node("scope")
                continue
            if scope.tag in AGGREGATES:
                outer = self._name(scope)
                return f"{outer[0]}_{name}", f"{outer[1]}::{name}" if outer[1] else ""
            scopes.insert(0, scope.text("name"))
            scope = scope.node("scope")
        cpp = "::" + "::".join([*scopes, name])
        if name in self._functions:
            cpp = f"{'enum' if node.tag == 'DW_TAG_enumeration_type' else _KINDS[node.tag]} {cpp}"
        return "_".join([*scopes, name]), cpp


def _longs(node: Optional[Node]) -> str:
    """The type of a parameter or a result, as Function.longs has it."""
    plain = strip(node)
    if plain is None or plain.tag != "DW_TAG_pointer_type":
        return ""
    names = _scalars(plain)
    return spell(plain, lambda _: ANY) if names & _LONGS and names <= _SCALARS | {"_Bool"} else ""


def _scalars(node: Optional[Node]) -> set[str]:
    """The names of the scalars that a type reaches through pointers, arrays and signatures, but not in structs."""
    node = element(node)
    if node is None or node.tag in AGGREGATES or node.tag == "DW_TAG_enumeration_type":
        return set()
    if node.tag == "DW_TAG_pointer_type":
        return _scalars(node.node("baseType"))
    if node.tag == "DISubroutineType":
        return {name for item in node.nodes("types") for name in _scalars(item)}
    return {node.text("name")}


def _class_problem(node: Node) -> str:
    """Why the framework cannot know the fields of a struct, as the end of a sentence that begins with `it`."""
    if node.tag == "DW_TAG_union_type":
        return "is a union"
    if "<" in node.text("name"):
        return "is an instance of a C++ template"
    if node.node("vtableHolder") is not None:
        return "is a C++ class with virtual functions"
    default = "Private" if node.tag == "DW_TAG_class_type" else "Public"
    for member in node.nodes("elements"):
        if member is None:
            continue
        if member.tag == "DW_TAG_inheritance":
            return "is a C++ class with a base class"
        access = next(iter(member.flags() & {"Private", "Protected", "Public"}), default)
        if member.tag == "DW_TAG_member" and access != "Public":
            return "is a C++ class with fields that are not public"
    if "TypePassByReference" in node.flags():
        return "is a C++ class with constructors or a destructor"
    return ""


def _field_problem(member: Node, target: Optional[Node]) -> str:
    """Why the framework cannot know a field, as the end of a sentence that begins with the field's name."""
    if "BitField" in member.flags():
        return "is a bit-field"
    if not member.text("name"):
        return "is an anonymous struct or union" if target is not None and target.tag in AGGREGATES else "has no name"
    counts = dimensions(member.node("baseType"))
    if -1 in counts:
        return "is a flexible array"
    if 0 in counts:
        return "is an array without elements"
    if target is None:
        return "has no type that a sandbox knows"
    if target.tag == "DW_TAG_union_type":
        return "is a union"
    if target.tag == "DW_TAG_atomic_type":
        return "is atomic"
    if "Vector" in target.flags():
        return "is a SIMD vector"
    if target.tag.endswith("reference_type"):
        return "is a reference"
    if target.tag == "DIBasicType":
        name = target.text("name")
        if name == "long double":
            return "is a long double, which the application and the sandbox represent differently"
        if name.replace("_Bool", "bool") not in _SCALARS:
            return f"has the type {name}, which has no representation in the application"
    return ""
