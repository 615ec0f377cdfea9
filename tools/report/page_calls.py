"""The sections about calls: the picture, the exports with what each reaches, and the imports with who reaches them."""

from __future__ import annotations

from report.facts import START, Entry, Facts, Gate, Group
from report.markup import Content, Markup, element, join
from report.page_parts import ARROW, Report, Section, amount, listed, name, names, plural, signature, table, tag
from report.picture import Box, Line, picture
from report.reach import MOST_IMPORTS, MOST_NODES, Reach, Ways, count, members
from report.surface_text import declaration

_GROUPS = 24  # boxes for exports in the picture
_GATES = 40  # for functions that call imports
_ROWS = 500  # of a table
_NAMES = 3  # of functions in a box
_FUNCTIONS = 12  # of an export that are named
_FILES = 8
_USERS = 6  # of an import that are named
_CALLBACKS = "callbacks"
_PURPOSES = {
    "application": "",
    "start": "when a sandbox is created: ",
    "runtime": "for the runtime: ",
    "others": "others: ",
}


def _too_large(facts: Facts) -> Markup:
    return element(
        "p",
        f"This page does not say what reaches what: the module has {len(facts.module.functions):,} functions, of which"
        f" {facts.module.imported_functions:,} are imports. Calls are followed in modules of at most {MOST_NODES:,} functions and"
        f" types of calls, and at most {MOST_IMPORTS} imports.",
    )


# ---------------------------------------------------------------- the picture


def picture_section(facts: Facts) -> Section:
    """The exports, the functions that call imports, the imports, and the lines between them."""
    if facts.reach is None:
        return Section("picture", "What reaches what", _too_large(facts))
    gates = facts.gates(_GATES)
    groups = facts.groups(gates, _GROUPS)
    rows = {item.number for item in sorted(facts.module.imports)[:_ROWS] if item.kind == "function"}
    outside = [
        Box(
            [facts.import_names[number]],
            f"import {facts.import_names[number]}",
            "outside",
            f"import-{number}" if number in rows else "",
        )
        for number in facts.imports
    ]
    lines = [Line(0, start, gate, sure) for start, group in enumerate(groups) for gate, sure in group.gates]
    for number, gate in enumerate(gates):
        lines += [Line(1, number, target, bool(gate.functions)) for target in gate.imports]
    if facts.reach.types:
        outside.append(Box([_CALLBACKS, "of the application"], "callbacks", "outside", "import-callbacks"))
        lines.append(Line(1, len(gates) - 1, len(outside) - 1, False))
    columns = [[_group_box(facts, group) for group in groups], [_gate_box(facts, gate) for gate in gates], outside]
    drawn = picture(
        "Which exports reach which imports, and by which functions",
        ("The application calls", "which can get to", "which call outside"),
        columns,
        lines,
    )
    text = element(
        "p",
        "Each line is a way that calls can take. ",
        element("span", class_="key"),
        "Calls alone lead there. ",
        element("span", class_="key maybe"),
        "A call through a pointer is on the way: it reaches every function of its type in the table, so this is the most that an"
        " attacker who chooses all pointers in the sandbox's memory can reach. Functions that reach the same share a box.",
    )
    frame = element("div", drawn, class_="picture", tabindex=0, role="region", aria_label="The picture, which scrolls")
    return Section("picture", "What reaches what", join(text, frame))


def _some(found: list[str]) -> str:
    return ", ".join(found[:_NAMES]) + (f" + {len(found) - _NAMES}" if len(found) > _NAMES else "")


def _group_box(facts: Facts, group: Group) -> Box:
    found = [entry.name for entry in group.entries]
    lines = ["global constructors"] if group.purpose == "start" else [found[0]]
    if len(found) > 1:
        lines = [_some(found[:2]) + (f" + {len(found) - 2}" if len(found) > 2 else "")]
    what = "reaches no import" if not group.gates else plural(len(group.entries), "function")
    if facts.reach and group.gates:
        reached = max(count(facts.own(facts.reach.by_any[entry.function])) for entry in group.entries)
        what = f"reaches up to {plural(reached, 'function')}"
    kinds = {"start": "when a sandbox is created", "runtime": "for the runtime", "others": "and others"}
    lines += [kinds[group.purpose], what] if group.purpose in kinds else [what]
    first = facts.entries.index(group.entries[0])
    return Box(
        lines, _PURPOSES[group.purpose] + ", ".join(found[:50]), target=f"export-{first}" if first < _ROWS else ""
    )


def _gate_box(facts: Facts, gate: Gate) -> Box:
    if not gate.functions:
        types = len(facts.reach.types) if facts.reach else 0
        taken = sum(facts.module.referenced)
        return Box(
            ["a call through a pointer", f"{plural(types, 'type')}, {taken:,} in the table"],
            "calls through pointers",
            "pointers",
        )
    found = [facts.name(function) for function in gate.functions]
    return Box([_some(found)], ", ".join(found[:50]))


# ---------------------------------------------------------------- the exports


def exports_section(report: Report, facts: Facts) -> Section:
    """Each export with what it reaches: functions, files and imports, and the ways there."""
    declared = {item["name"]: item for item in report["exports"]}
    ways = {number: facts.reach.ways(number) for number in facts.imports} if facts.reach else {}
    rows = []
    for entry in facts.entries[:_ROWS]:
        item = declared.get(entry.name)
        size, imports, details = _reached(facts, entry, ways)
        if item and "answered" in item:
            imports = join(imports, element("small", item["answered"]))
        rows.append([_entry_name(entry, item), size, imports, details])
    ids = [f"export-{number}" for number in range(len(rows))]
    for item in report["exports"]:
        if item["kind"] != "function" and len(rows) < _ROWS:
            rows.append([join(name(item["name"]), element("small", _variable(item))), "", "", ""])
            ids.append(f"export-{len(ids)}")
    made = table(("Function", "Reaches", "Imports it can get to", "Details"), rows, ids=ids)
    text = element(
        "p",
        "What the program can call, then what the runtime calls. Functions are counted with the export itself; their size is that of"
        " their WebAssembly code.",
        _cut(len(facts.entries) + sum(item["kind"] != "function" for item in report["exports"])),
    )
    return Section("exports", "Exports", join(text, made), len(rows))


def _cut(number: int) -> str:
    return f" These are the first {_ROWS:,} of {number:,}; the report's JSON has all." if number > _ROWS else ""


def _variable(item: Report) -> str:
    purpose = "for the runtime: " if item["for"] == "runtime" else ""
    return f"{purpose}{item['kind']}{' of type ' + item['type'] if 'type' in item else ''}"


def _entry_name(entry: Entry, item: Report | None) -> Content:
    if entry.name == START or item is None:
        return join(element("b", "start"), element("small", "runs when a sandbox is created"))
    shown = declaration(item["name"], item["declaration"]) if "declaration" in item else signature(item)
    purpose = "for the runtime: " if item["for"] == "runtime" else ""
    return join(name(entry.name), element("small", purpose, shown))


def _reached(facts: Facts, entry: Entry, ways: dict[int, Ways]) -> list[Content]:
    reach = facts.reach
    if reach is None:
        return ["not followed", "", ""]
    calls, anyhow = reach.by_calls[entry.function], reach.by_any[entry.function]
    own = facts.own(calls)
    further = count(facts.own(anyhow)) - count(own)
    reached = [f"{plural(count(own), 'function')}, {amount(facts.code(calls))}"]
    more = ""
    if further:
        more = f"through pointers {plural(further, 'function')} more, {amount(facts.code(anyhow) - facts.code(calls))}"
    found = [number for number in facts.imports if anyhow >> number & 1]
    tags = [tag(facts.import_names[number], sure=bool(calls >> number & 1)) for number in found]
    if facts.pointer_types(anyhow):
        tags.append(tag(_CALLBACKS, sure=False))
    return [
        join(*reached, element("small", more) if more else ""),
        join(*tags) if tags else element("span", "none", class_="none"),
        _details(facts, reach, entry, {number: ways[number] for number in found}),
    ]


def _details(facts: Facts, reach: Reach, entry: Entry, ways: dict[int, Ways]) -> Markup:
    parts: list[Content] = []
    if ways:
        parts += ["Shortest ways:", listed(_way(facts, way, entry.function) for way in ways.values())]
    own = [index for index in members(facts.own(reach.by_calls[entry.function])) if index != entry.function]
    own.sort(key=lambda index: (-facts.size(index), index))
    if own:
        parts.append(join("By calls alone: ", names([facts.name(index) for index in own], _FUNCTIONS), "."))
    files = facts.by_part(reach.by_any[entry.function])
    shown = [f"{facts.sizes.parts[part].name} ({number:,})" for part, number in files.items()]
    if shown:
        parts.append(element("div", "In files: ", names(shown, _FILES), "."))
    return element("details", element("summary", "ways and files"), *parts)


def _way(facts: Facts, way: Ways, start: int) -> Markup:
    parts: list[Content] = [name(facts.name(start))]
    for step in way.way(start):
        parts += [" by a pointer" if step.by_pointer else "", ARROW, name(facts.name(step.function))]
    return join(*parts)


# ---------------------------------------------------------------- the imports


def imports_section(report: Report, facts: Facts) -> Section:
    """Each import: who answers it, who calls it, and from which exports calls lead there."""
    rows, ids = [], []
    answers = {"wasi": "the runtime's WASI", "runtime": "the runtime", "nobody": "nobody"}
    for place, (item, found) in enumerate(zip(report["imports"][:_ROWS], sorted(facts.module.imports))):
        described: Content = signature(item) if item["kind"] == "function" else item["kind"]
        shown = join(name(item["name"]), element("small", f"{item['module']}: ", described))
        users: list[Content] = ["", ""]
        if found.kind == "function" and facts.reach:
            callers = [node for node in facts.reach.callers(found.number) if node < facts.reach.functions]
            users = [names([facts.name(node) for node in callers], _USERS), _users(facts, facts.reach, found.number)]
        ids.append(f"import-{found.number}" if found.kind == "function" else f"import-other-{place}")
        rows.append([shown, answers[item["provided_by"]], *users])
    if facts.reach and facts.reach.types:
        types = element("small", "functions that the application registers")
        found_types = names([str(kind) for kind in facts.reach.types], _USERS)
        rows.append([join(name(_CALLBACKS), types), "the application", join("calls of type ", found_types), ""])
        ids.append("import-callbacks")
    text = element("p", "All that the library can ask for outside its own memory.", _cut(len(report["imports"])))
    made = table(("Import", "Answered by", "Called by", "Reached from"), rows, ids=ids)
    return Section("imports", "Imports", join(text, made if rows else element("p", "None.")), len(report["imports"]))


def _users(facts: Facts, reach: Reach, target: int) -> Content:
    sure = [entry.name for entry in facts.entries if reach.by_calls[entry.function] >> target & 1]
    maybe = [
        entry.name
        for entry in facts.entries
        if reach.by_any[entry.function] >> target & 1 and not reach.by_calls[entry.function] >> target & 1
    ]
    parts: list[Content] = []
    if sure:
        parts.append(element("div", "by calls: ", names(sure, _USERS)))
    if maybe:
        parts.append(element("div", "through pointers: ", names(maybe, _USERS)))
    return join(*parts) if parts else "no export"
