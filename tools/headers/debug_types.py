"""The types in the debug metadata of clang's LLVM assembly (`-g -S -emit-llvm`): nodes, and how C++ spells them.

The metadata has what no other output of clang has in one place: every type with its typedefs resolved, sizes and
offsets of the target, bit-fields, unnamed and incomplete types.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Optional

_NODE = re.compile(r"!(\d+) = (?:distinct )?!(\w*)([({].*[)}])$")
_FIELD = re.compile(r'(\w+): ("[^"]*"|[^,(]*(?:\([^)]*\))?)')
_ESCAPE = re.compile(r"\\([0-9A-Fa-f]{2})")
_QUALIFIERS = {
    "DW_TAG_const_type": "const",
    "DW_TAG_volatile_type": "",
    "DW_TAG_restrict_type": "",
}
_NAMES = {"_Bool": "bool"}
AGGREGATES = ("DW_TAG_structure_type", "DW_TAG_class_type", "DW_TAG_union_type")


class Node:
    """A metadata node: its class (`DICompositeType`), and its operands by name."""

    def __init__(self, graph: Graph, number: int, kind: str, text: str) -> None:
        self.number = number
        self.kind = kind
        self._graph = graph
        self._operands: dict[str, str] = dict(_FIELD.findall(text[1:-1])) if text[0] == "(" else {}
        self._list = text[1:-1].split(", ") if text[0] == "{" and len(text) > 2 else []

    @property
    def tag(self) -> str:
        """The DWARF tag; of a type without one, its class."""
        return self._operands.get("tag", self.kind).strip()

    def text(self, name: str) -> str:
        """A string operand, or ''."""
        value = self._operands.get(name, '""')
        if not value.startswith('"'):
            return value
        raw = _ESCAPE.sub(lambda m: chr(int(m.group(1), 16)), value[1:-1])
        return raw.encode("latin-1").decode("utf-8", "replace")

    def has(self, name: str) -> bool:
        """Whether there is such an operand."""
        return name in self._operands

    def number_of(self, name: str) -> int:
        """A number operand, or 0."""
        value = self._operands.get(name, "0").split(" ")[-1]
        return int(value) if value.lstrip("-").isdigit() else 0

    def flags(self) -> frozenset[str]:
        """The flags, without their common prefix."""
        return frozenset(flag.strip()[len("DIFlag") :] for flag in self._operands.get("flags", "").split("|"))

    def node(self, name: str) -> Optional[Node]:
        """The node that an operand refers to."""
        return self._graph.get(self._operands.get(name, ""))

    def nodes(self, name: str) -> list[Optional[Node]]:
        """The nodes of the list that an operand refers to; None stands for null."""
        found = self.node(name)
        return [self._graph.get(item) for item in found._list] if found else []


class Graph:
    """All metadata of one LLVM assembly file; nodes are parsed when they are asked for."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines: dict[str, tuple[str, str]] = {}
        self._nodes: dict[str, Node] = {}
        for line in lines:
            if line.startswith("!"):
                match = _NODE.match(line)
                if match:
                    self._lines["!" + match.group(1)] = (match.group(2), match.group(3))

    def get(self, reference: str) -> Optional[Node]:
        """The node `!N`, or None for `null`, an empty reference or another kind of operand."""
        reference = reference.strip()
        if reference not in self._lines:
            return None
        if reference not in self._nodes:
            kind, text = self._lines[reference]
            self._nodes[reference] = Node(self, int(reference[1:]), kind, text)
        return self._nodes[reference]

    def of_kind(self, kind: str) -> Iterable[Node]:
        """The nodes of a class, in the order of the file."""
        for reference, (found, _) in self._lines.items():
            if found == kind:
                node = self.get(reference)
                assert node is not None
                yield node


def strip(node: Optional[Node]) -> Optional[Node]:
    """The type without typedefs and qualifiers."""
    while node is not None and (node.tag == "DW_TAG_typedef" or node.tag in _QUALIFIERS):
        node = node.node("baseType")
    return node


def element(node: Optional[Node]) -> Optional[Node]:
    """The type without typedefs, qualifiers and array dimensions; a SIMD vector is no array."""
    node = strip(node)
    while node is not None and node.tag == "DW_TAG_array_type" and "Vector" not in node.flags():
        node = strip(node.node("baseType"))
    return node


def dimensions(node: Optional[Node]) -> list[int]:
    """The dimensions of an array type, also of one of arrays behind typedefs; -1 for none stated."""
    found: list[int] = []
    node = strip(node)
    while node is not None and node.tag == "DW_TAG_array_type":
        for item in node.nodes("elements"):
            found.append(item.number_of("count") if item and item.has("count") else -1)
        node = strip(node.node("baseType"))
    return found


def is_const(node: Optional[Node]) -> bool:
    """Whether an object of this type, or an array's elements, cannot be assigned."""
    while node is not None and (node.tag in ("DW_TAG_typedef", "DW_TAG_array_type") or node.tag in _QUALIFIERS):
        if node.tag == "DW_TAG_const_type":
            return True
        node = node.node("baseType")
    return False


def spell(
    node: Optional[Node], name_of: Callable[[Node], str], declarator: str = "", *, assignable: bool = False
) -> str:
    """A type as C++ spells it, with typedefs resolved and without volatile and restrict.

    `name_of` gives the names of structs, unions and enums. `declarator` is what stands in the place of the name.
    `assignable` leaves out what makes an object of the type, or an array's elements, const.
    """
    const = ""
    while node is not None and (node.tag == "DW_TAG_typedef" or node.tag in _QUALIFIERS):
        const = _QUALIFIERS.get(node.tag, "") or const
        node = node.node("baseType")
    if assignable:
        const = ""
    space = " " if declarator and declarator[0] not in "[" else ""
    prefix = "const " if const else ""
    if node is None:
        return f"{prefix}void{space}{declarator}"
    if node.tag in ("DW_TAG_pointer_type", "DW_TAG_reference_type", "DW_TAG_rvalue_reference_type"):
        mark = {"DW_TAG_pointer_type": "*", "DW_TAG_reference_type": "&"}.get(node.tag, "&&")
        target = node.node("baseType")
        inner = mark + (f"const{space}" if const else "") + declarator
        plain = strip(target)
        if plain is not None and plain.tag in ("DW_TAG_array_type", "DISubroutineType"):
            inner = f"({inner})"
        return spell(target, name_of, inner)
    if node.tag == "DW_TAG_array_type":
        counts = [item.number_of("count") if item else 0 for item in node.nodes("elements")]
        sizes = "".join(f"[{count}]" if count >= 0 else "[]" for count in counts)
        return prefix + spell(node.node("baseType"), name_of, declarator + sizes, assignable=assignable)
    if node.tag == "DISubroutineType":
        types = node.nodes("types")
        parameters = [spell(item, name_of) if item else "..." for item in types[1:]]
        return spell(types[0] if types else None, name_of, f"{declarator}({', '.join(parameters)})")
    if node.tag in AGGREGATES or node.tag == "DW_TAG_enumeration_type":
        return f"{prefix}{name_of(node)}{space}{declarator}"
    name = node.text("name")
    return f"{prefix}{_NAMES.get(name, name)}{space}{declarator}"
