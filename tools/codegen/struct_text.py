"""The part of `<module>.rlbox.h` that makes the library's structs known to the framework; see gen_module_header."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Optional

from headers.description import Field, HeaderDescription, Struct
from wasm.reader import printable

from codegen.identifiers import is_c_identifier

_LOADED = "RLBOX_LOADED_STRUCT_"
_BECAUSE = "because of an attribute (packed or aligned)"
# What a macro hands on of its further arguments, which may be none.
REST = "__VA_ARGS__"
# The same as RLBox's manual writes it: helpers need not take an empty argument.
PORTABLE_REST = "##__VA_ARGS__"


class Part(NamedTuple):
    """What the framework is told of a struct: a field, or bytes between fields that it only carries."""

    field: Optional[Field] = None
    offset: int = 0  # of bytes, and how many there are
    size: int = 0


class StructChoice:
    """Chooses the structs to load for the functions that are called `symbols`, or for all functions (None).

    Structs in `opaque` are left alone, and so are incomplete ones and unions. So are C++ classes, structs without fields
    and those of the C library, unless a function or another struct takes them by value. Fields that the framework cannot
    have (unions, bit-fields, packed ones) become bytes. Those that upstream's framework cannot have are in `left_out`,
    with the reason, if `upstream` is set.

    Raises:
        ValueError: a function takes a struct by value that has such fields; the message says how to fix that.
    """

    def __init__(
        self,
        headers: HeaderDescription,
        symbols: Optional[Collection[str]],
        opaque: Sequence[str],
        *,
        upstream: bool = False,
    ) -> None:
        self.left_out: dict[str, str] = {}
        self._upstream = upstream
        self._structs = headers.structs
        self._opaque = {self._named(name) for name in opaque}
        self._aligns: dict[str, int] = {}
        self._chosen: dict[str, Struct] = {}
        self._parts: dict[str, list[Part]] = {}
        self._seen: set[str] = set()
        self._refused: dict[str, str] = {}
        functions = [f for f in headers.functions if f.can_be_called and (symbols is None or f.symbol in symbols)]
        for name in [name for function in functions for name in function.by_value]:
            self._visit(name, by_value=True, passed=True)
        for name in [name for function in functions for name in function.structs]:
            self._visit(name, by_value=False, passed=False)
        if self._refused:
            first, *others = self._refused
            more = f" (the same goes for {', '.join(map(printable, others))})" if others else ""
            raise ValueError(self._refused[first] + more)

    def parts(self) -> dict[str, list[Part]]:
        """What each of `structs` is made of, by name."""
        return self._parts

    def structs(self) -> list[Struct]:
        """What is to be loaded, nested structs before their users."""
        return list(self._chosen.values())

    def _named(self, name: str) -> str:
        for struct in self._structs.values():
            if name in (struct.name, struct.cpp.partition("::")[2], f"struct {struct.name}"):
                return struct.name
        near = difflib.get_close_matches(name, sorted(self._structs), 1, 0.6)
        hint = f"; did you mean {printable(near[0])}?" if near else ". To fix: remove it"
        raise ValueError(f"opaque_structs: the functions in the public headers use no struct {printable(name)}{hint}")

    def _visit(self, name: str, *, by_value: bool, passed: bool) -> None:
        """Chooses a struct: one that is `by_value` in another, or is itself `passed` to a function, or neither."""
        struct = self._structs.get(name)
        key = f"{name} {by_value}"
        if struct is None or key in self._seen or name in self._chosen:
            return
        self._seen.add(key)
        if name in self._opaque or not struct.complete:
            return
        if not by_value and (struct.system or struct.problem or not struct.fields):
            return
        for field in struct.fields:
            if field.struct and not field.problem:
                self._visit(field.struct, by_value=True, passed=passed)
        if self._upstream and self._is_left_out(struct):
            return
        parts, refusal = self._divided(struct)
        if refusal and passed:
            self._refused.setdefault(name, refusal)
            return
        if refusal and self._upstream:
            self.left_out[name] = (
                refusal.partition(": ")[2].partition(". To fix")[0] + ", which upstream's RLBox cannot have"
            )
            return
        if not any(part.field for part in parts):
            return
        self._chosen[name] = struct
        self._parts[name] = parts
        for field in struct.fields:
            for other in field.refers:
                self._visit(other, by_value=False, passed=False)

    def _is_left_out(self, struct: Struct) -> bool:
        for field in struct.fields:
            if field.struct and field.type.endswith("]"):
                why = f"its field {field.name} is an array of structs, which upstream's RLBox cannot have"
            elif field.struct in self.left_out:
                why = f"its field {field.name} is such a struct, too"
            else:
                continue
            self.left_out[struct.name] = why
            return True
        return False

    def _divided(self, struct: Struct) -> tuple[list[Part], str]:
        """The parts of `struct`, whose own structs were visited; and why some are bytes, '' if none is.

        The framework lays fields out naturally, so a field that lies elsewhere cannot be one for it.
        """
        if struct.problem:
            return [], _refusal(struct, None, struct.problem)
        if not struct.fields:
            return [], _refusal(struct, None, "has no fields")
        parts: list[Part] = []
        refusal = ""
        end, most, hidden = 0, 1, False
        for field in struct.fields:
            problem, align = self._field_problem(struct, field)
            refusal = refusal or (_refusal(struct, field, problem) if problem else "")
            if problem:
                hidden = hidden or not field.takes_no_room
                continue
            natural = -(-end // align) * align
            if field.offset != natural or hidden:
                if field.offset > end:
                    parts.append(Part(None, end, field.offset - end))
                    why = f"is at offset {field.offset} and not {natural}, {_BECAUSE}"
                    refusal = refusal or _refusal(struct, field, why)
                hidden = False
            parts.append(Part(field))
            end, most = field.offset + field.size, max(most, align)
        if hidden or struct.size != -(-end // most) * most:
            if struct.size > end:
                parts.append(Part(None, end, struct.size - end))
            natural = -(-end // most) * most
            refusal = refusal or _refusal(struct, None, f"has {struct.size} bytes and not {natural}, {_BECAUSE}")
        self._aligns[struct.name] = most
        return parts, refusal

    def _field_problem(self, struct: Struct, field: Field) -> tuple[str, int]:
        """Why the framework cannot have a field, '' if it can; and the alignment that the framework gives it."""
        if field.problem:
            return field.problem, 1
        if field.struct and field.struct not in self._chosen:
            return f"is a {self._structs[field.struct].shown}, which is opaque", 1
        align = self._aligns[field.struct] if field.struct else field.align
        if field.offset % align:
            natural = -(-field.offset // align) * align
            return f"is at offset {field.offset} and not {natural}, {_BECAUSE}", align
        if struct.size % align:
            return f"is in a struct of {struct.size} bytes, {_BECAUSE}", align
        return "", align


def _refusal(struct: Struct, field: Optional[Field], problem: str) -> str:
    name = f"its field {printable(field.name)} " if field and field.name else "a field of it " if field else "it "
    return (
        f"{struct.shown} in {struct.file} cannot be used through a sandbox: {name}{problem}. To fix:"
        f' add "{struct.name}" to opaque_structs to pass it only by pointer'
    )


def struct_lines(
    module: str,
    structs: Sequence[Struct],
    sandbox: Optional[str],
    rest: str = REST,
    parts: Optional[Mapping[str, Sequence[Part]]] = None,
) -> list[str]:
    """The lines that load `structs` for the sandbox `module`; `parts` is StructChoice's, None if all are fields.

    `sandbox` is the backend's type, if the guest's layout is to be compared with the one that the framework computes.
    `rest` is REST, or PORTABLE_REST for upstream's framework.
    """
    if not structs:
        return []
    lines = ["", "// The structs that cross the boundary, as the library's headers define them.", ""]
    made = {struct.name: list((parts or {}).get(struct.name, map(Part, struct.fields))) for struct in structs}
    for struct in structs:
        lines += _one_struct(module, struct, rest, made[struct.name])
    lines += _macro(
        f"sandbox_fields_reflection_{module}_allClasses(rlbox_f, ...)",
        [f"{_LOADED}{module}_{struct.name}(rlbox_f, {rest})" for struct in structs],
    )
    lines += ["", f"rlbox_load_structs_from_library({module});"]
    if sandbox is not None:
        lines += _layout_checks(module, structs, sandbox, made)
    return lines


def _macro_name(struct: Struct) -> str:
    """The struct's name for the framework's macros: an identifier at global scope."""
    return struct.name if struct.cpp == f"::{struct.name}" else f"rlbox_struct_{struct.name}"


def _bytes_lines(struct: Struct, parts: Sequence[Part]) -> tuple[list[str], list[tuple[str, str]]]:
    """The types of the bytes between fields, and type and name of each part.

    There are other numbers of them in the application, which only its compiler knows.
    """
    lines: list[str] = []
    named: list[tuple[str, str]] = []
    before = "0"
    for place, part in enumerate(parts):
        if part.field:
            named.append((part.field.type, part.field.name))
            before = f"offsetof({struct.cpp}, {part.field.name}) + sizeof({struct.cpp}::{part.field.name})"
            continue
        following = parts[place + 1].field if place + 1 < len(parts) else None
        after = f"offsetof({struct.cpp}, {following.name})" if following else f"sizeof({struct.cpp})"
        name = f"rlbox_bytes_{place}"
        kind = f"rlbox_bytes_{struct.name}_{place}"
        lines.append(f"using {kind} =")
        lines.append(f"    ::rlbox::detail::opaque_bytes<{part.size}, {after} - ({before})>;")
        named.append((f"::{kind}", name))
    return lines, named


def _one_struct(module: str, struct: Struct, rest: str, parts: Sequence[Part]) -> list[str]:
    name = _macro_name(struct)
    one = f"{_LOADED}{module}_{struct.name}"
    lines = [
        f"#ifndef {_LOADED}{struct.name}  // Another sandbox may have the same struct.",
        f"#define {_LOADED}{struct.name}",
    ]
    if name != struct.name:
        lines.append(f"using {name} = {struct.cpp};")
    more, fields = _bytes_lines(struct, parts)
    lines += more
    lines += _macro(
        f"sandbox_fields_reflection_{module}_class_{name}(rlbox_f, rlbox_g, ...)",
        [
            f"rlbox_f({kind}, {field}, {'FIELD_BYTES' if kind.startswith('::rlbox_bytes_') else 'FIELD_NORMAL'}, {rest})"
            " rlbox_g()"
            for kind, field in fields
        ],
    )
    return [
        *lines,
        f"#define {one}(rlbox_f, ...) rlbox_f({name}, {module}, {rest})",
        "#else",
        f"#define {one}(rlbox_f, ...)",
        "#endif",
        "",
    ]


def _macro(head: str, body: Sequence[str]) -> list[str]:
    lines = [f"#define {head}", *[f"  {line}" for line in body]]
    return [line + " \\" for line in lines[:-1]] + lines[-1:]


def _layout_checks(
    module: str, structs: Sequence[Struct], sandbox: str, parts: Mapping[str, Sequence[Part]]
) -> list[str]:
    lines = [
        "",
        "// What the framework makes of these structs is what the compiler made of them in the library.",
        f"namespace rlbox_modules::rlbox_layouts_{module} {{",
    ]
    for struct in structs:
        layout = f"rlbox_layout_{struct.name}"
        lines += [
            f"using {layout} =",
            f"    ::rlbox::detail::convert_to_sandbox_equivalent_t<::{_macro_name(struct)}, {sandbox}>;",
        ]
        lines += _assertion(
            f"sizeof({layout}) == {struct.size}", f"{module}: {struct.shown} has another size in the sandbox"
        )
        for field in [part.field for part in parts[struct.name] if part.field]:
            condition = (
                f"offsetof({layout}, {field.name}) == {field.offset} && sizeof({layout}::{field.name}) == {field.size}"
            )
            lines += _assertion(
                condition, f"{module}: field {field.name} of {struct.shown} is another one in the sandbox"
            )
    return [*lines, f"}}  // namespace rlbox_modules::rlbox_layouts_{module}"]


def _assertion(condition: str, message: str) -> list[str]:
    return [f"static_assert({condition},", f'              "{message}");']


def function_aliases(headers: HeaderDescription, exported: Collection[str]) -> list[tuple[str, str]]:
    """(name in C, name in the module) of exported functions that have another name there, by an asm label."""
    return sorted(
        (function.c_name, function.symbol)
        for function in headers.functions
        if function.can_be_called
        and function.c_name != function.symbol
        and function.symbol in exported
        and function.c_name not in exported
        and is_c_identifier(function.c_name)
    )
