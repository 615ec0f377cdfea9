"""The report as one HTML page, for review: who reaches what, how large the parts are, what is limited and left out.

The page is complete in itself and asks for nothing: its policy forbids every request, and all scripts and styles but the
two of page_assets.py. It can be read without a script; the script filters rows.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from report.facts import Facts
from report.markup import Content, Markup, element, join, raw
from report.page_assets import SCRIPT, STYLE
from report.page_calls import exports_section, imports_section, picture_section
from report.page_parts import Section, amount, name, plural, table
from report.page_sizes import functions_section, sizes_section

Report = Mapping[str, Any]


def page(report: Report, facts: Facts) -> str:
    """The page, ASCII: the same text for the same module, target and tools."""
    title = f"Attack surface of {report['target']}"
    sections = [
        picture_section(facts),
        exports_section(report, facts),
        imports_section(report, facts),
        sizes_section(facts),
        functions_section(facts),
        _limits_section(report),
        _left_out_section(report),
        *_rare_sections(report),
        _origin_section(report),
    ]
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy()),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        raw("style", STYLE),
    )
    links = [element("li", element("a", made.title, href=f"#{made.id}")) for made in sections]
    top = element(
        "header",
        element("h1", "Attack surface of ", element("code", report["target"])),
        _subtitle(report),
        _tiles(report),
        element("nav", element("ul", *links), aria_label="Sections"),
    )
    body = element(
        "body",
        top,
        _filter(),
        element("main", *[made.markup for made in sections]),
        element(
            "footer", element("p", "Made by rules_rlbox from the module alone: the same module gives the same page.")
        ),
        raw("script", SCRIPT),
    )
    return f'<!DOCTYPE html>\n<html lang="en">{head}{body}</html>\n'


def policy() -> str:
    """The page's Content-Security-Policy: no request, and no script or style but ours."""
    script, style = (b64encode(sha256(content.encode()).digest()).decode() for content in (SCRIPT, STYLE))
    return f"default-src 'none'; script-src 'sha256-{script}'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"


def _subtitle(report: Report) -> Markup:
    sandbox: Content = (
        join("Sandbox ", element("code", report["module_name"]), ". ") if report["module_name"] else Markup()
    )
    return element("p", sandbox, "Module ", element("code", f"sha256 {report['sha256']}"), class_="soft")


def _tiles(report: Report) -> Markup:
    exports = [item for item in report["exports"] if item["for"] == "application"]
    wasi = [item for item in report["imports"] if item["provided_by"] == "wasi"]
    sizes, memory = report["sizes"], report["memory"]
    tiles: list[tuple[str, Content, str]] = [
        ("Exports to the application", len(exports), "what the program can call"),
        ("Imports", len(wasi), "functions that the library can call outside"),
        ("Left out", len(report["left_out"]), "declared in headers, not exported"),
        ("Functions", f"{sizes['functions']:,}", f"{sizes['functions_in_table']:,} can be called through pointers"),
        ("Module", amount(sizes["module_bytes"]), f"{amount(sizes['code_bytes'])} of it code"),
        (
            "Memory, at most",
            amount(memory["maximum"]) if memory else "none",
            f"{amount(memory['initial'])} at creation" if memory else "",
        ),
    ]
    made = [
        element("div", element("dt", label), element("dd", value, element("small", more)))
        for label, value, more in tiles
    ]
    return element("dl", *made, class_="tiles")


def _filter() -> Markup:
    field = element(
        "input", id="filter", type="search", autocomplete="off", spellcheck="false", placeholder="name, file, reason"
    )
    label = element("label", "Filter", for_="filter")
    return element("div", element("div", label, field, element("output", for_="filter")), class_="filter", hidden=True)


def _limits_section(report: Report) -> Section:
    rows: list[list[Content]] = [[element("b", label), value, why] for label, value, why in _limits(report)]
    features = report["features"]
    rows.append([element("b", "Code may use"), _names(features["declared"]), "features that the compiler was allowed"])
    rows.append([element("b", "Code does use"), _names(features["used"]), "features found in the code itself"])
    text = element("p", "The runtime keeps the module to these, whatever its code does.")
    return Section("limits", "Limits", join(text, table(("Limit", "Value", "Meaning"), rows)))


def _limits(report: Report) -> Iterator[tuple[str, str, str]]:
    memory, limits, stack = report["memory"], report["table"], report["stack"]
    if memory:
        stated = (
            ""
            if memory["stated_maximum"]
            else "; the module states no limit of its own: set max_memory for a lower one"
        )
        yield "Memory, at most", f"{memory['maximum']:,} bytes", f"{amount(memory['maximum'])}{stated}"
        yield "Memory at creation", f"{memory['initial']:,} bytes", amount(memory["initial"])
    if limits:
        most = f"{limits['maximum']:,} functions" if limits["stated_maximum"] else "no limit stated"
        yield "Table, at most", most, "functions that can be called through pointers, with the application's callbacks"
        yield "Table at creation", f"{limits['initial']:,} functions", "those of the library"
    yield (
        "Stack",
        "not known" if stack is None else f"{stack:,} bytes",
        "the module does not export its stack pointer" if stack is None else "where the stack begins, to grow down",
    )


def _names(names: list[str]) -> Content:
    return join(*[element("span", item, class_="tag") for item in names]) if names else "none"


def _left_out_section(report: Report) -> Section:
    rows = [
        [name(item["name"]), element("span", item["reason"].replace("_", " "), class_="refused"), item["detail"]]
        for item in report["left_out"]
    ]
    text = element(
        "p",
        "The library's headers declare these functions, and the module does not export them."
        if rows
        else "Every function that the headers declare is exported, or no headers were read.",
    )
    return Section(
        "left-out", "Left out", join(text, table(("Function", "Reason", "Why, and how to get it"), rows)), len(rows)
    )


def _rare_sections(report: Report) -> Iterator[Section]:
    traps = [
        [
            name(item["name"]),
            join(
                *[
                    element("div", f"{use['type']} in {use['object']}{', which defines it' if use['defined'] else ''}")
                    for use in item["uses"]
                ]
            ),
        ]
        for item in report["prototypes"]
        if item["traps"]
    ]
    if traps:
        text = element(
            "p", "Files of the library declare these functions with different types. A call with a wrong one traps."
        )
        yield Section(
            "prototypes", "Prototypes that differ", join(text, table(("Function", "Types"), traps)), len(traps)
        )
    flags = [[name(item["flag"]), item["target"]] for item in report["dropped_flags"]]
    if flags:
        text = element("p", "The toolchain of the sandbox leaves out these flags of BUILD files.")
        yield Section("flags", "Dropped flags", join(text, table(("Flag", "Target"), flags)), len(flags))


def _origin_section(report: Report) -> Section:
    rows: list[list[Content]] = [[element("b", "compiler"), item, ""] for item in report["compilers"]]
    for tool in report["tools"]:
        files = [element("li", f"{file['name']}: ", element("code", file["sha256"])) for file in tool["files"]]
        hashes: Content = (
            element("details", element("summary", plural(len(files), "file")), element("ul", *files)) if files else ""
        )
        rows.append([element("b", tool["name"]), tool["version"], hashes])
    return Section("made-by", "Made by", table(("Tool", "Version", "SHA-256 of its programs"), rows))
