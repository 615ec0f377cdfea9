"""Writes BUILD.bazel: the sandbox and the program."""

from __future__ import annotations

from new_sandbox.request import Request


def build_text(request: Request, rules: str, *, files: bool, has_callbacks: bool) -> str:
    """The file.

    Args:
        request: what was asked for.
        rules: the repository of rules_rlbox, as the workspace calls it.
        files: whether the library works with files in memory.
        has_callbacks: whether there is a callbacks.hpp.
    """
    name, label = request.name, request.label.text
    sources = ["callbacks.hpp", "main.cpp"] if has_callbacks else ["main.cpp"]
    listed = "".join(f'\n        "{source}",' for source in sources) + "\n    " if has_callbacks else '"main.cpp"'
    return f'''"""{label} in a sandbox, and a program that calls it. new_sandbox wrote the first draft."""

load("{rules}//rules:defs.bzl", "rlbox_cc_binary", "rlbox_sandbox")

rlbox_sandbox(
    name = "{name}_sandbox",
{_FILES if files else ""}    module_name = "{name}",
    deps = ["{label}"],
)

rlbox_cc_binary(
    name = "{name}_app",
    srcs = [{listed}],
    sandboxes = [":{name}_sandbox"],
)
'''


_FILES = """    # The library sees the files that the program gives it in rlbox_wasm2c_options::files, and no others.
    files = True,
"""
