"""The attack-surface report as text: the part that a golden file holds, and the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wasm.reader import printable

Report = Mapping[str, Any]

# When a call of an import only gets an error.
_FAILURES = {"always": "always", "without files": "unless the application gives the sandbox files"}


def plain(name: str) -> str:
    """`name` as it is where it is an ordinary word, else in quotes and escaped."""
    return (
        name
        if name and all(char.isascii() and (char.isalnum() or char in "_.$-") for char in name)
        else printable(name)
    )


def item_text(item: Report) -> str:
    """An export or import: its name, and its signature or kind."""
    name = plain(item["name"])
    if "module" in item:
        name = f"{plain(item['module'])}.{name}"
    if item["kind"] == "function":
        results = ", ".join(item["results"]) or "nothing"
        return f"{name}({', '.join(item['params'])}) -> {results}"
    if item["kind"] == "global":
        return f"{name}: {'variable' if item['mutable'] else 'constant'} of type {item['type']}"
    return f"{name}: {item['kind']}"


def features(report: Report) -> list[str]:
    """What the module may use: what the compiler was allowed to, and what is there all the same."""
    return sorted({plain(name) for name in (*report["features"]["declared"], *report["features"]["used"])})


def surface_text(report: Report) -> str:
    """What an attacker can reach and be given, a line for each thing; nothing that changes with the code's inside."""
    exports, imports = report["exports"], report["imports"]
    groups = (
        ("exports to the application", [item_text(e) for e in exports if e["for"] == "application"]),
        ("exports to the runtime", [item_text(e) for e in exports if e["for"] == "runtime"]),
        ("imports", [item_text(i) for i in imports]),
        ("limits", list(_limits(report))),
        ("features", features(report)),
    )
    return "\n".join(line for title, lines in groups for line in _group(title, lines))


def _group(title: str, lines: Sequence[str]) -> list[str]:
    return [f"{title}:", *[f"  {line}" for line in lines or ["none"]], ""]


def declaration(name: str, signature: str) -> str:
    """A C declaration of a function, where its type is simple enough to put the name into."""
    result, found, rest = signature.partition("(")
    if not found or rest.startswith("*"):
        return f"{name}: {signature}"
    result = result.rstrip()
    return f"{result}{'' if result.endswith('*') else ' '}{name}({rest}"


def _limits(report: Report) -> Iterator[str]:
    memory, table, stack = report["memory"], report["table"], report["stack"]
    if memory:
        yield f"memory: {'imported' if memory['imported'] else 'exported'}, at most {memory['maximum']} bytes"
    if table:
        most = f"at most {table['maximum']} entries" if table["stated_maximum"] else "no maximum stated"
        yield f"table: {'imported' if table['imported'] else 'not imported'}, {most}"
    yield "stack: not known" if stack is None else f"stack: grows down from byte {stack}"


def full_text(report: Report) -> str:
    """Everything, for people: the surface, then C declarations, sizes, tools and hashes."""
    title = f"Attack surface of {ascii(report['target'])[1:-1]}"
    if report["module_name"]:
        title += f" (sandbox {plain(report['module_name'])})"
    declared = [
        ascii(declaration(item["name"], item["declaration"]))[1:-1]
        for item in report["exports"]
        if "declaration" in item
    ]
    groups = [
        ("sizes", _sizes(report)),
        ("made by", _tools(report)),
        ("module", [f"sha256 {report['sha256']}", _used(report)]),
    ]
    dropped = [ascii(f"{item['flag']} of {item['target']}")[1:-1] for item in report["dropped_flags"]]
    if dropped:
        groups.insert(0, ("flags in BUILD files that the toolchain dropped", dropped))
    prototypes = [ascii(_prototypes(item))[1:-1] for item in report["prototypes"] if item["traps"]]
    if prototypes:
        groups.insert(0, ("functions whose prototypes differ; a call with a wrong one traps", prototypes))
    failing = [f"{plain(item['name'])}: {_FAILURES[item['fails']]}" for item in report["imports"] if "fails" in item]
    if failing:
        groups.insert(0, ("imports that only get an error at run time", failing))
    left_out = [ascii(f"{item['name']}: {item['detail']}")[1:-1] for item in report["left_out"]]
    answered = [ascii(f"{item['name']}: {item['answered']}")[1:-1] for item in report["exports"] if "answered" in item]
    if answered:
        groups.insert(0, ("exported, with calls that the module answers itself", answered))
    if left_out:
        groups.insert(0, ("declared in the headers and left out", left_out))
    if declared:
        groups.insert(0, ("exports as the headers declare them", declared))
    rest = "\n".join(line for name, lines in groups for line in _group(name, lines))
    return f"{title}\n{'=' * len(title)}\n\n{surface_text(report)}\n{rest}"


def _prototypes(item: Report) -> str:
    uses = [f"{use['type']} in {use['object']}{', which defines it' if use['defined'] else ''}" for use in item["uses"]]
    return f"{plain(item['name'])}: {'; '.join(uses)}"


def _sizes(report: Report) -> list[str]:
    sizes = report["sizes"]
    lines = [
        f"module: {sizes['module_bytes']} bytes, of which {sizes['code_bytes']} code and {sizes['data_bytes']} data",
        f"functions: {sizes['functions']}, of which {sizes['functions_in_table']} can be called through pointers",
    ]
    if report["memory"]:
        lines.append(f"memory at creation: {report['memory']['initial']} bytes")
    if report["table"]:
        lines.append(f"table at creation: {report['table']['initial']} entries")
    return lines


def _tools(report: Report) -> list[str]:
    lines = [f"compiled by: {ascii(compiler)[1:-1]}" for compiler in report["compilers"]]
    for tool in report["tools"]:
        lines.append(ascii(f"{tool['name']} {tool['version']}")[1:-1])
        lines += [f"  {plain(file['name'])}: sha256 {file['sha256']}" for file in tool["files"]]
    return lines


def _used(report: Report) -> str:
    return f"features that the code uses: {', '.join(report['features']['used']) or 'none'}"
