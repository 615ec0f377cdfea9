"""Modules for a machine without a module registry.

Bazel's own tools depend on modules, and every build resolves them. Debian packages the sources of
most; the others are never used in a build that does without a registry, and are empty here.
"""

import re
from pathlib import Path

_EMPTY = ("apple_support", "buildozer", "protobuf", "zlib")

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


def write_empty_modules(folder: Path) -> None:
    """Writes the modules that Debian does not package, each to a folder of its own name."""
    for name in _EMPTY:
        module = folder / name
        module.mkdir(parents=True)
        (module / "MODULE.bazel").write_text(f'module(name = "{name}", version = "0")\n')
        (module / "BUILD.bazel").touch()
    (folder / "buildozer" / "buildozer_binary.bzl").write_text(_BUILDOZER_EXTENSION)


def bazelrc(built_in: Path, final: Path) -> str:
    """Returns the options with which Bazel takes modules from its own copy.

    Args:
        built_in: the folder of the copy while it is being made
        final: the folder that it will have
    """
    sources = [*built_in.glob("install/rules/*"), *built_in.glob("install/tools/*"), *built_in.glob("modules/*")]
    overrides = {name: final / path.relative_to(built_in) for path in sources if (name := module_name(path))}
    return "".join(
        [
            "# Modules come from this copy of Bazel; no registry is asked for them.\n",
            *(f"common --override_module={name}={path}\n" for name, path in sorted(overrides.items())),
            "# A lock file would name this machine's folders.\n",
            "common --lockfile_mode=off\n",
        ]
    )
