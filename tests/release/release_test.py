"""tools/dev/release: the same bytes anywhere, and what is in them."""

from __future__ import annotations

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tarfile

import pytest

_ROOT = pathlib.Path(os.environ["TEST_SRCDIR"]) / os.environ["TEST_WORKSPACE"]
_ENV = {
    **os.environ,
    "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z",
    "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z",
    "GIT_CONFIG_GLOBAL": "/dev/null",
}


def git(folder: pathlib.Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, env=_ENV, check=True, capture_output=True)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A git repository with the files of a release, the minimal workspace and a test."""
    folder = pathlib.Path(tmp_path_factory.mktemp("repository"))
    for name in (".bazelrc", ".bcr", ".gitattributes", "BUILD.bazel", "LICENSE", "MODULE.bazel"):
        source = _ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copyfile(source, folder / name)
    for name in ("examples", "rules", "runtime", "tools", "tests/e2e/consumer"):
        shutil.copytree(_ROOT / name, folder / name)
    (folder / "tools" / "bazel").chmod(0o755)
    (folder / "tools" / "dev" / "release").chmod(0o755)
    (folder / "tests" / "e2e" / "some_test.py").touch()
    git(folder, "init", "--quiet")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message", "Release")
    return folder


def release(repository: pathlib.Path, output: pathlib.Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(repository / "tools" / "dev" / "release"), "--output", str(output), *arguments]
    return subprocess.run(command, env=_ENV, capture_output=True, text=True, check=False)


def test_archive(repository: pathlib.Path, tmp_path: pathlib.Path) -> None:
    done = release(repository, tmp_path / "one", "1.2.3")
    assert done.returncode == 0, done.stderr
    archive = tmp_path / "one" / "rules_rlbox-1.2.3.tar.gz"
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert (tmp_path / "one" / "rules_rlbox-1.2.3.tar.gz.sha256").read_text() == f"{digest}  {archive.name}\n"
    assert digest in (tmp_path / "one" / "notes.md").read_text()
    with tarfile.open(archive) as tar:
        names = tar.getnames()
        module = tar.extractfile("rules_rlbox-1.2.3/MODULE.bazel")
        assert module is not None
        assert b'    name = "rules_rlbox",\n    version = "1.2.3",\n' in module.read()
        launcher = tar.getmember("rules_rlbox-1.2.3/tools/bazel")
    assert launcher.mode & 0o111
    assert {name.split("/")[0] for name in names} == {"rules_rlbox-1.2.3"}
    assert "rules_rlbox-1.2.3/rules/defs.bzl" in names
    assert "rules_rlbox-1.2.3/tests/e2e/consumer/MODULE.bazel" in names
    assert [name for name in names if name.endswith("_test.py")] == []
    assert "rules_rlbox-1.2.3/tools/dev/bootstrap/__main__.py" in names, "tools/bazel needs it"
    assert {name.split("/")[3] for name in names if name.count("/") > 2 and "/tools/dev/" in name} == {"bootstrap"}


def test_same_bytes_elsewhere(repository: pathlib.Path, tmp_path: pathlib.Path) -> None:
    clone = tmp_path / "some" / "where" / "else"
    subprocess.run(["git", "clone", "--quiet", str(repository), str(clone)], env=_ENV, check=True)
    for folder, output in ((repository, "one"), (clone, "two")):
        done = release(folder, tmp_path / output, "1.2.3")
        assert done.returncode == 0, done.stderr
    name = "rules_rlbox-1.2.3.tar.gz"
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["v1.2.3"], "a version is X.Y.Z, got 'v1.2.3'; leave the v of the tag out"),
        ([], "usage: tools/dev/release [--output FOLDER] VERSION"),
    ],
)
def test_bad_arguments(repository: pathlib.Path, tmp_path: pathlib.Path, arguments: list[str], message: str) -> None:
    done = release(repository, tmp_path / "out", *arguments)
    assert done.returncode == 1
    assert done.stderr == f"tools/dev/release: {message}\n"


def test_uncommitted_changes(repository: pathlib.Path, tmp_path: pathlib.Path) -> None:
    file = repository / "LICENSE"
    original = file.read_text()
    try:
        file.write_text("changed")
        done = release(repository, tmp_path / "out", "1.2.3")
    finally:
        file.write_text(original)
    assert done.returncode == 1
    assert done.stderr == "tools/dev/release: there are changes that are not committed; commit or stash them\n"


def test_registry_builds_a_workspace_that_the_archive_has(repository: pathlib.Path) -> None:
    presubmit = (_ROOT / ".bcr" / "presubmit.yml").read_text()
    (path,) = re.findall(r"module_path: (\S+)", presubmit)
    module = repository / path / "MODULE.bazel"
    (override,) = re.findall(r'path = "([^"]+)"', module.read_text())
    assert (module.parent / override).resolve() == repository.resolve(), "it uses the checkout that it lies in"
    assert "//:app" in presubmit
    assert '    name = "app",\n' in (repository / path / "BUILD.bazel").read_text()
