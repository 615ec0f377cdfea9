"""Modules for a machine without a module registry.

Bazel's own tools depend on modules, and every build resolves them. Debian packages the sources of
most; the others are never used in a build that does without a registry, and are empty here.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

_EMPTY = ("apple_support", "buildozer", "protobuf", "zlib")

# What Bazel's own targets depend on without ever building it here: `bazel query` wants it to be there.
_TARGETS = {"zlib": 'filegroup(\n    name = "zlib",\n    visibility = ["//visibility:public"],\n)\n'}

_BUILDOZER_EXTENSION = '''\
"""Stands in for the extension of buildozer that Bazel's own tools use."""

def _repository_impl(repository_ctx):
    repository_ctx.file("BUILD.bazel")

_repository = repository_rule(_repository_impl)

def _buildozer_binary_impl(_module_ctx):
    _repository(name = "buildozer_binary")

buildozer_binary = module_extension(_buildozer_binary_impl)
'''

_NAME = re.compile(r"""^module\s*\([^)]*?\bname\s*=\s*["']([^"']+)["']""", re.MULTILINE)


def module_name(folder: Path) -> str:
    """Returns the name of the module in a folder, "" where there is none."""
    file = folder / "MODULE.bazel"
    match = _NAME.search(file.read_text(encoding="utf-8")) if file.is_file() else None
    return match.group(1) if match else ""


def packaged_modules(built: Path) -> dict[str, Path]:
    """Returns the folders of the modules that came with Debian's packages, by the modules' names.

    Args:
        built: the folder of the copy while it is made
    """
    folders = [*built.glob("install/rules/*"), *built.glob("install/tools/*")]
    return {name: folder for folder in sorted(folders) if (name := module_name(folder))}


def write_empty_modules(folder: Path, packaged: Iterable[str]) -> dict[str, Path]:
    """Writes the modules that Debian does not package, each to a folder of its own name.

    One of them depends on every module that Debian does package: Bazel allows options to override
    only modules that some module depends on, and its own do not depend on all of these.

    Args:
        folder: the folder to write them to
        packaged: the names of the modules that Debian packages

    Returns:
        The folders of the modules, by the modules' names.
    """
    for name in _EMPTY:
        module = folder / name
        module.mkdir(parents=True)
        (module / "MODULE.bazel").write_text(f'module(name = "{name}", version = "0")\n')
        (module / "BUILD.bazel").write_text(_TARGETS.get(name, ""))
    (folder / "buildozer" / "buildozer_binary.bzl").write_text(_BUILDOZER_EXTENSION)
    with (folder / _EMPTY[0] / "MODULE.bazel").open("a") as file:
        file.writelines(f'bazel_dep(name = "{name}", version = "0")\n' for name in packaged)
    return {name: folder / name for name in _EMPTY}


def bazelrc(folders: Mapping[str, Path]) -> str:
    """Returns the options with which Bazel takes modules from these folders, by their names."""
    return "".join(
        [
            "# Modules come from this copy of Bazel; no registry is asked for them.\n",
            *(f"common --override_module={name}={folder}\n" for name, folder in sorted(folders.items())),
            "# Without this Bazel 7 asks the network for what an empty WORKSPACE depends on.\n",
            "common --noenable_workspace\n",
            "# A lock file would name this machine's folders.\n",
            "common --lockfile_mode=off\n",
        ]
    )


def place_modules(built: Path, final: Path) -> None:
    """Makes modules/ and modules.bazelrc of a copy of Bazel.

    Args:
        built: the folder of the copy while it is made
        final: the folder that it will have
    """
    packaged = packaged_modules(built)
    folders = {**packaged, **write_empty_modules(built / "modules", packaged)}
    final_folders = {name: final / folder.relative_to(built) for name, folder in folders.items()}
    (built / "modules.bazelrc").write_text(bazelrc(final_folders))
