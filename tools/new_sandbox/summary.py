"""What the command prints: what is exported, what is left out and why, and what to do next."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from link.exports import Exports, LeftOut
from wasm.reader import printable

from new_sandbox.request import Request

_WIDTH = 100
_SHOWN = 6  # functions of a list that are named
# What each reason of link.select_exports means, for all functions that have it.
_REASONS = {
    "refused_import": "they can reach calls of the system that no sandbox allows by default",
    "inline": "their code is in the headers, so the program has its own",
    "static": "they are static in the headers, so the program has its own",
    "cxx_linkage": 'they have C++ linkage: declare them extern "C", or write a C interface for them',
    "variadic": "a variable number of arguments cannot cross the boundary",
    "symbol": "their names in objects cannot be exported",
    "static_definition": "they are static in the library",
    "cxx_definition": "the library defines them as C++",
    "undefined": "the library declares them and does not define them",
}


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(printable(name)[1:-1] for name in names[:_SHOWN])
    return shown + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def _paragraph(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=" " * len(indent), break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def _left_out(left_out: Sequence[LeftOut]) -> list[str]:
    lines = []
    for reason in dict.fromkeys([*_REASONS, *sorted(item.reason for item in left_out)]):
        items = [item for item in left_out if item.reason == reason]
        if not items:
            continue
        why = _REASONS.get(reason, items[0].detail)
        lines += _paragraph(f"{len(items)}: {why}: {_listed([item.name for item in items])}", "  - ")
    return lines


def summary(
    request: Request, exports: Exports, called: str, files: Sequence[str], callbacks: int, needing_files: int
) -> list[str]:
    """The lines to print.

    Args:
        request: what was asked for.
        exports: what the module exports, and what not.
        called: the function that the draft calls.
        files: the names of the files of the draft.
        callbacks: how many types of callbacks have stubs.
        needing_files: how many functions are left out that `files = True` brings back.
    """
    label, folder = request.label.text, request.directory
    names = sorted(item.name for item in exports.exports)
    lines = _paragraph(f"{label}: {len(names)} exported: {_listed(names)}")
    if exports.left_out:
        lines += [f"{len(exports.left_out)} left out:", *_left_out(exports.left_out)]
    lines += ["", *[f"wrote {folder}/{name}" for name in files], ""]
    for number, (text, words) in enumerate(_steps(request, called, callbacks, needing_files), 1):
        lines += _paragraph(text, f"{number}. ")
        lines += [f"     bazel {words}"] if words else []  # on a line of its own, to be copied
    return lines


def _steps(request: Request, called: str, callbacks: int, needing_files: int) -> list[tuple[str, str]]:
    """What to do next, each with a command for Bazel or ''."""
    folder, sandbox = request.directory, f"//{request.directory}:{request.name}_sandbox"
    steps = [
        (f"Run the program, which calls {called} with made-up arguments:", f"run //{folder}:{request.name}_app"),
        (f"In {folder}/main.cpp, replace the made-up arguments, and each TODO by what you know about the library.", ""),
    ]
    if callbacks:
        steps.append((f"Keep of the {callbacks} stubs in {folder}/callbacks.hpp those that the program registers.", ""))
    if needing_files:
        text = (
            f"With files = True on the rlbox_sandbox (or --files here) {needing_files} more can be exported: the library"
            " then sees files in memory that the program gives it."
        )
        steps.append((text, ""))
    text = f"In {folder}/BUILD.bazel, name the functions that you call in exports_only = [...]: the rest is not linked."
    return [
        *steps,
        (text, ""),
        ("See what is left to attack:", f"build --output_groups=sandbox_report {sandbox}"),
        (
            "See each function that is left out, with the reason:",
            f"build --output_groups=rlbox_exports {sandbox}.wasm_library",
        ),
    ]
