"""Writes the reference of the rules in Markdown, from what `starlark_doc_extract` says and the build settings' BUILD file."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from build_settings import BuildSetting, build_settings
from textproto import Message, TextprotoError, parse

# A macro NAME whose attributes are those of a rule is documented with the rule that is called NAME and this.
RULE_SUFFIX = "_rule"

_HEADING = """\
# Reference

Generated from the docstrings by `bazel run //docs:rules_test.update`; edit those, not this file.

"""

_TYPES = {
    "BOOLEAN": "bool",
    "INT": "int",
    "LABEL": "label",
    "LABEL_KEYED_STRING_DICT": "dict of label to string",
    "LABEL_LIST": "list of labels",
    "NAME": "name",
    "OUTPUT": "output",
    "OUTPUT_LIST": "list of outputs",
    "STRING": "string",
    "STRING_DICT": "dict of string to string",
    "STRING_LIST": "list of strings",
    "STRING_LIST_DICT": "dict of string to list of strings",
}


class UndocumentedError(Exception):
    """Something has no documentation, or cannot be read."""


def one_line(text: str) -> str:
    """`text` for a table cell, which begins like a sentence (but not if it begins with a file's name, say)."""
    line = re.sub(r"\s+", " ", text).strip().replace("|", "\\|")
    return line[:1].upper() + line[1:] if re.match(r"[a-z]+('s)?[,;:]?( |$)", line) else line


def _need(doc: str, what: str) -> str:
    if not doc.strip():
        raise UndocumentedError(f"{what} has no documentation; write a docstring or doc")
    return doc.strip()


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        yield "| " + " | ".join(head) + " |"
        yield "|" + "---|" * len(head)
        for row in rows:
            yield "| " + " | ".join(row) + " |"
        yield ""


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _attribute_row(attribute: Message, owner: str) -> list[str]:
    name = attribute.text("name")
    doc = _need(attribute.text("doc_string"), f"the attribute {name} of {owner}")
    values = [value for value in attribute.texts("values") if value]
    if values:
        doc += " One of " + ", ".join(_code(value) for value in values) + "."
    kind = attribute.text("type")
    default = "mandatory" if attribute.text("mandatory") == "true" else _code(attribute.text("default_value"))
    return [_code(name), _TYPES.get(kind, kind.lower()), default, one_line(doc)]


def _attribute_table(attributes: Sequence[Message], owner: str, skip: Sequence[str] = ()) -> Iterator[str]:
    """The attributes but for `name`, which every rule has."""
    rows = [
        _attribute_row(item, owner)
        for item in attributes
        if item.text("name") != "name" and item.text("name") not in skip
    ]
    yield from _table(("attribute", "type", "default", "meaning"), rows)


def _parameter_row(parameter: Message, owner: str) -> list[str]:
    name, default = parameter.text("name"), parameter.text("default_value")
    doc = _need(parameter.text("doc_string"), f"the argument {name} of {owner}")
    mandatory = parameter.text("mandatory") == "true"
    # A parameter that is neither mandatory nor has a default takes what is left.
    shown = name if mandatory or default else f"**{name}"
    return [_code(shown), "mandatory" if mandatory else _code(default), one_line(doc)]


def function_section(function: Message, rule: Message | None) -> Iterator[str]:
    """A macro; `rule` is the rule whose attributes it takes, if its own documentation leaves them to that."""
    name = function.text("function_name")
    yield f"### {name}"
    yield ""
    yield _need((rule or function).text("doc_string"), name)
    yield ""
    parameters = [p for p in function.messages("parameter") if rule is None or p.text("name") != "kwargs"]
    yield from _table(("argument", "default", "meaning"), [_parameter_row(item, name) for item in parameters])
    if rule:
        yield "And the rule's attributes:"
        yield ""
        yield from _attribute_table(rule.messages("attribute"), name, [p.text("name") for p in parameters])


def rule_section(rule: Message) -> Iterator[str]:
    """A rule."""
    name = rule.text("rule_name")
    yield f"### {name}"
    yield ""
    yield _need(rule.text("doc_string"), name)
    yield ""
    yield from _attribute_table(rule.messages("attribute"), name)


def provider_section(provider: Message) -> Iterator[str]:
    """A provider."""
    name = provider.text("provider_name")
    yield f"### {name}"
    yield ""
    yield _need(provider.text("doc_string"), name)
    yield ""
    rows = [
        [
            _code(field.text("name")),
            one_line(_need(field.text("doc_string"), f"the field {field.text('name')} of {name}")),
        ]
        for field in provider.messages("field_info")
    ]
    yield from _table(("field", "meaning"), rows)


def extension_section(extension: Message) -> Iterator[str]:
    """A module extension and its tags."""
    name = extension.text("extension_name")
    yield f"### {name}"
    yield ""
    yield _need(extension.text("doc_string"), name)
    yield ""
    for tag in extension.messages("tag_class"):
        tag_name = f"{name}.{tag.text('tag_name')}"
        yield f"#### {tag_name}"
        yield ""
        yield _need(tag.text("doc_string"), tag_name)
        yield ""
        rows = [_attribute_row(item, tag_name) for item in tag.messages("attribute")]
        yield from _table(("attribute", "type", "default", "meaning"), rows)


def setting_section(setting: BuildSetting, package: str) -> Iterator[str]:
    """A build setting; lines of its comment that explain a value become a list."""
    yield f"### {package}:{setting.name}"
    yield ""
    in_list = False
    for line in setting.doc.splitlines():
        value = re.fullmatch(r"  (\S+)\s\s+(.*)", line)
        if value and not in_list:
            yield ""
        in_list = in_list or value is not None
        yield f"* `{value[1]}`: {value[2]}" if value else line.strip()
    yield ""
    kind = setting.kind.removesuffix("_flag").removesuffix("_setting")
    values = f", one of {', '.join(_code(value) for value in setting.values)}" if setting.values else ""
    yield f"A {kind}{values}. Default: {_code(setting.default) or 'empty'}."
    yield ""


def _anchor(title: str) -> str:
    """The link target that GitHub makes of a heading."""
    return re.sub(r"[^a-z0-9_ -]", "", title.lower()).replace(" ", "-")


def contents(lines: Sequence[str]) -> Iterator[str]:
    """A table of contents: a line for each group."""
    group = ""
    links: list[str] = []
    for line in [*lines, "## "]:
        if line.startswith("## "):
            if group:
                yield f"* {group}: {', '.join(links)}"
            group, links = line[3:], []
        elif line.startswith("### "):
            links.append(f"[{line[4:]}](#{_anchor(line[4:])})")
    yield ""


def reference(modules: Sequence[Message], settings: Sequence[tuple[str, BuildSetting]]) -> str:
    """The whole text.

    Args:
        modules: what each .bzl file has; the same thing in two files is told once.
        settings: build settings, each with its package.
    """
    functions = {m.text("function_name"): m for module in modules for m in module.messages("func_info")}
    rules = {m.text("rule_name"): m for module in modules for m in module.messages("rule_info")}
    providers = {m.text("provider_name"): m for module in modules for m in module.messages("provider_info")}
    extensions = {m.text("extension_name"): m for module in modules for m in module.messages("module_extension_info")}
    sections: dict[str, Iterator[str]] = {}
    for name, function in functions.items():
        sections[name] = function_section(function, rules.pop(name + RULE_SUFFIX, None))
    toolchains = [rules.pop(name) for name in sorted(rules) if name.endswith("_toolchain")]
    for name, rule in rules.items():
        sections[name] = rule_section(rule)

    lines = ["## Rules and macros", ""]
    for name in sorted(sections):
        lines += sections[name]
    lines += ["## Build settings", "", "Set one with `--@rules_rlbox//rules/settings:NAME=VALUE`.", ""]
    for package, setting in settings:
        lines += setting_section(setting, package)
    lines += ["## Module extension", ""]
    for name in sorted(extensions):
        lines += extension_section(extensions[name])
    lines += ["## Providers", ""]
    for name in sorted(providers):
        lines += provider_section(providers[name])
    lines += ["## Toolchain rules", ""]
    for rule in toolchains:
        lines += rule_section(rule)
    text = _HEADING + "\n".join([*contents(lines), *lines])
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n") + "\n"


def main(arguments: Sequence[str]) -> int:
    """The command line; see --help."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--module", action="append", required=True, metavar="FILE", help="a .textproto about a .bzl file"
    )
    parser.add_argument(
        "--settings", action="append", default=[], metavar="PACKAGE=FILE", help="a BUILD file with build settings"
    )
    parser.add_argument("--output", required=True, help="the Markdown file")
    options = parser.parse_args(arguments)
    modules, settings, path = [], [], ""
    try:
        for path in options.module:
            modules.append(parse(Path(path).read_text(encoding="utf-8")))
        for entry in options.settings:
            package, _, path = entry.partition("=")
            settings += [(package, setting) for setting in build_settings(Path(path).read_text(encoding="utf-8"))]
        text = reference(modules, settings)
    except (OSError, TextprotoError, ValueError) as error:
        sys.exit(f"{path}: {error}")
    except UndocumentedError as error:
        sys.exit(str(error))
    Path(options.output).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
