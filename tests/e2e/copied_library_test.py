"""A folder of examples/libraries, copied into a workspace of somebody's own as its README says, builds and does the same there."""

from __future__ import annotations

import hashlib
import os
import pathlib
import re
import shutil
import tarfile

from nested_bazel import NestedBazel, copy_tree

_COPIED = ("libpng", "zlib")


def _archive(library: str, folder: pathlib.Path) -> pathlib.Path:
    """Puts a library's sources into an archive: the README's addresses are for machines that reach them."""
    (sources,) = pathlib.Path(os.environ["TEST_SRCDIR"]).glob(f"*shelf_{library}")
    path = folder / f"{library}.tar.gz"
    with tarfile.open(path, "w:gz", compresslevel=1, dereference=True) as tar:
        tar.add(sources, arcname="sources", filter=lambda entry: None if "BUILD" in entry.name else entry)
    return path


def _with_archive(text: str, library: str, archive: pathlib.Path) -> str:
    """The text with one of its http_archives served from here."""
    (rule,) = re.findall(rf'^http_archive\(\n    name = "shelf_{library}",\n.*?^\)\n', text, re.MULTILINE | re.DOTALL)
    changed = rule
    for attribute, value in {
        "sha256": hashlib.sha256(archive.read_bytes()).hexdigest(),
        "strip_prefix": "sources",
        "url": archive.as_uri(),
    }.items():
        changed, count = re.subn(rf'(?<=^    {attribute} = ").*(?=",$)', value, changed, flags=re.MULTILINE)
        assert count == 1, attribute
    return text.replace(rule, changed)


def test_copied_library_builds_and_does_the_same(
    bazel: NestedBazel, consumer: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    shelf = bazel.rules / "examples" / "libraries"
    page = (shelf / "README.md").read_text(encoding="utf-8")
    section = page.partition("\n## In a workspace of your own\n")[2]
    (text,) = re.findall(r"^```starlark\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    pinned = (bazel.rules / "rules/private/dev/shelf_sources.bzl").read_text(encoding="utf-8")
    for attribute in ("sha256", "strip_prefix"):
        assert all(value in pinned for value in re.findall(rf'{attribute} = "(.*)"', text))
    for library in _COPIED:
        text = _with_archive(text, library, _archive(library, tmp_path))
        copy_tree(shelf / library, consumer / library)
        # Nothing comes from where the folder was.
        shutil.rmtree(shelf / library)
    module = consumer / "MODULE.bazel"
    module.write_text(module.read_text(encoding="utf-8") + text, encoding="utf-8")
    result = bazel.run("test", "//libpng:libpng_test", "--test_output=errors", cwd=consumer)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "1 test passes" in result.stdout + result.stderr
