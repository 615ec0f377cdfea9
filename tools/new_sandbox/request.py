"""What the user asks for: the library's label, the sandbox's name, and the folder for the draft."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import NamedTuple, Optional

from codegen.identifiers import is_c_identifier, module_name_problem
from tool_main import ToolError
from wasm.reader import printable

_LABEL = re.compile(
    r"(?P<repository>@{0,2}[\w.~+-]*)//(?P<package>[\w.~+=,@-]+(?:/[\w.~+=,@-]+)*|)(?P<name>:[\w.~+=,@/-]+)?", re.ASCII
)
_REPOSITORY = re.compile(r"@{1,2}[\w.~+-]+", re.ASCII)
_FOLDER = re.compile(r"[\w.~+=,@-]+(?:/[\w.~+=,@-]+)*", re.ASCII)
_PATTERNS = ("...", "all", "all-targets", "*")


class Label(NamedTuple):
    """The label of one target."""

    repository: str  # '' in the main repository
    package: str
    name: str

    @property
    def text(self) -> str:
        """The label as a BUILD file has it."""
        return f"{self.repository}//{self.package}:{self.name}"


class Request(NamedTuple):
    """What is to be written."""

    label: Label
    name: str  # of the sandbox
    directory: str  # relative to the workspace

    @property
    def guard(self) -> str:
        """The macro that guards the draft's header."""
        words = re.sub(r"\W", "_", f"{self.directory}/callbacks.hpp", flags=re.ASCII).upper()
        return f"{'H_' if words[0].isdigit() else ''}{words.lstrip('_')}_"


def parse_label(text: str) -> Label:
    """The label that the user has typed.

    Raises:
        ToolError: it is no absolute label of one target.
    """
    found = _LABEL.fullmatch(text)
    if found:
        package, name = found["package"], found["name"]
        label = Label(found["repository"], package, name[1:] if name else package.rpartition("/")[2])
        if label.name and package.rpartition("/")[2] not in _PATTERNS and label.name not in _PATTERNS:
            return label if label.repository not in ("@", "@@") else label._replace(repository="")
    elif _REPOSITORY.fullmatch(text):
        return Label(text, "", text.lstrip("@"))
    raise ToolError(
        f"{printable(text)}: is not the label of one target. To fix: name one like //path:library or @repository//:library"
    )


def make_request(label: Label, name: Optional[str], directory: Optional[str]) -> Request:
    """The request, with defaults for what the user has not said.

    Raises:
        ToolError: a name or a folder cannot be used.
    """
    module = name or _module_name(label.name)
    problem = module_name_problem(module)
    if problem:
        raise ToolError(
            f"--name={printable(module)}: {problem}. To fix: name the sandbox like a variable in C, such as {_module_name(label.name)}"
        )
    folder = os.path.normpath(directory) if directory else "/".join(
        ([label.package] if label.package and not label.repository else []) + [f"{module}_sandbox"]
    )  # fmt: skip
    if not _FOLDER.fullmatch(folder) or folder.split("/")[0] in (".", ".."):
        raise ToolError(
            f"--directory={printable(folder)}: is not the path of a package, relative to the workspace. To fix: name one like sandboxes/{module}"
        )
    return Request(label, module, folder)


def _module_name(target: str) -> str:
    """A name in C for the sandbox of a target."""
    name = re.sub(r"\W", "_", target.rpartition("/")[2], flags=re.ASCII)
    return f"lib{name}" if not is_c_identifier(name) or module_name_problem(name) else name


def sees(directory: str, visibility: Sequence[str]) -> bool:
    """Whether the package `directory` of the main repository may use a target of such a visibility; True if that is unknown."""
    if not visibility:
        return True
    for item in visibility:
        package, _, group = item.lstrip("@").partition("//")[2].rpartition(":")
        is_main = item.startswith(("//", "@//", "@@//"))
        if item.endswith("//visibility:public"):
            return True
        if item.endswith("//visibility:private"):
            continue
        if group not in ("__pkg__", "__subpackages__"):
            return True  # a package_group, which Bazel knows
        below = group == "__subpackages__" and (not package or directory.startswith(f"{package}/"))
        if is_main and (below or directory == package):
            return True
    return False
