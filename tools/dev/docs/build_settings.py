"""Reads build settings from a BUILD file: each rule call of a flag or setting, and the comment above it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple


class BuildSetting(NamedTuple):
    """A build setting."""

    name: str
    kind: str
    """The rule, e.g. `string_flag`."""

    default: str
    """As it is written in the BUILD file."""

    values: list[str]
    """The allowed values; empty if they are not limited."""

    doc: str
    """The comment above it, line by line."""


def _comment_above(lines: list[str], number: int) -> str:
    """The comment that ends in the line before line `number` (counted from 1)."""
    found: list[str] = []
    for line in reversed(lines[: number - 1]):
        if not line.startswith("#"):
            break
        found.insert(0, line[2:] if line.startswith("# ") else line[1:])
    return "\n".join(found)


def _calls(statement: ast.stmt) -> Iterator[tuple[ast.Call, dict[str, object]]]:
    """The call that a statement is, or those that a list comprehension makes, each with the value of its variable."""
    value = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(value, ast.Call):
        yield value, {}
    elif isinstance(value, ast.ListComp) and isinstance(value.elt, ast.Call) and len(value.generators) == 1:
        loop = value.generators[0]
        if isinstance(loop.target, ast.Name):
            for item in ast.literal_eval(loop.iter):
                yield value.elt, {loop.target.id: item}


def _literal(expression: ast.expr, variables: dict[str, object]) -> object:
    """The value of a literal or a variable; None if it is anything else."""
    if isinstance(expression, ast.Name):
        return variables.get(expression.id)
    try:
        return ast.literal_eval(expression)
    except ValueError:
        return None


def build_settings(text: str) -> Iterator[BuildSetting]:
    """Yields the build settings of a BUILD file.

    Raises:
        ValueError: a setting has no comment, or no name or default that can be read.
    """
    lines = text.splitlines()
    for statement in ast.parse(text).body:
        for call, variables in _calls(statement):
            kind = call.func.id if isinstance(call.func, ast.Name) else ""
            if not kind.endswith(("_flag", "_setting")) or kind == "config_setting":
                continue
            arguments = {item.arg: _literal(item.value, variables) for item in call.keywords}
            name, default = arguments.get("name"), arguments.get("build_setting_default")
            if name is None or default is None:
                raise ValueError(f"line {statement.lineno}: name and build_setting_default of {kind} must be literals")
            doc = _comment_above(lines, statement.lineno)
            if not doc:
                raise ValueError(f"the build setting {name} has no comment above it; say there what it is for")
            values = arguments.get("values")
            yield BuildSetting(
                name=str(name),
                kind=kind,
                default=str(default),
                values=[str(value) for value in values] if isinstance(values, list) else [],
                doc=doc,
            )
