"""tools/dev/lint/run and its parts; the linters themselves are not called."""

from __future__ import annotations

import json
from pathlib import Path

import lint
import linters
import pytest
import text_rules

NO_FILES = lint.sort_files([], Path("/"))


def test_files_are_sorted_by_kind(tmp_path: Path) -> None:
    names = ["BUILD.bazel", "MODULE.bazel", "a.bzl", "a.py", "a.hpp", "b.c", "c.txt", "run", "plain", "x.sh"]
    for name in names:
        (tmp_path / name).write_text("#!/usr/bin/env bash\n" if name == "run" else "x\n")
    (tmp_path / "link.py").symlink_to("a.py")
    files = lint.sort_files(["", "gone.py", "link.py", *names, "a.py"], tmp_path)
    assert files.every == sorted(names)
    assert files.starlark == ["BUILD.bazel", "MODULE.bazel", "a.bzl"]
    assert files.python == ["a.py"]
    assert files.cxx == ["a.hpp", "b.c"]
    assert files.shell == ["run", "x.sh"]
    assert files.links == ["link.py"]


def test_a_link_into_a_machine_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "near").symlink_to("a.py")
    (tmp_path / "bazel-out").symlink_to("/output/execroot")
    monkeypatch.setattr(lint, "ROOT", tmp_path)
    monkeypatch.setattr(lint, "repository_files", lambda: lint.sort_files(["near", "bazel-out"], tmp_path))
    assert lint.main(["text"]) == 1
    assert capsys.readouterr().out.splitlines()[0] == (
        "bazel-out: it links to /output/execroot, which is a path of one machine; remove it"
    )


@pytest.mark.parametrize(
    ("name", "content", "problems"),
    [
        ("a.txt", b"", []),
        ("a.txt", b"one\n\ntwo\n", []),
        ("a.bin", b"\0 \n \n\n", []),
        ("a.txt", b"one", ["the last line has no line end; add one"]),
        ("a.txt", b"one\r\ntwo\r\n", ["lines end as on Windows; use plain line ends"]),
        ("a.txt", b"one\n\n", ["there are empty lines at the end; remove them"]),
        ("a.txt", b"one\ntwo \nthree\t\n", ["line 2 ends with white space; remove it"]),
        ("a.py", b"x\n" * 350, []),
        ("a.py", b"x\n" * 351, ["there are 351 lines, which are more than 350; split the file"]),
        ("a.hpp", b"x\n" * 501, ["there are 501 lines, which are more than 500; split the file"]),
        ("a.txt", b"x\n" * 9999, []),
    ],
)
def test_rules_for_text(tmp_path: Path, name: str, content: bytes, problems: list[str]) -> None:
    (tmp_path / name).write_bytes(content)
    assert list(text_rules.problems_of(tmp_path / name)) == problems


@pytest.mark.parametrize(
    ("link", "problems"),
    [
        ("other.md", []),
        ("other.md#how-do-i-read-foo_bar", []),
        ("#a-page", []),
        ("folder", []),
        ("https://example.com/nothing#there", []),
        ("gone.md", ["it links to gone.md, which is not there; name a file, relative to the page"]),
        (
            "other.md#in-code",
            ["it links to other.md#in-code, a heading that other.md does not have; name one of its headings"],
        ),
        ("#gone", ["it links to #gone, a heading that page.md does not have; name one of its headings"]),
    ],
)
def test_links_of_pages(tmp_path: Path, link: str, problems: list[str]) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "other.md").write_text("## How do I read `foo_bar`?\n\n```\n# In code\n[a](nowhere)\n```\n")
    (tmp_path / "page.md").write_text(f"# A page\n\nSee [the text]({link}), **not** [x](other.md).\n")
    assert list(text_rules.problems_of_page(tmp_path / "page.md")) == problems
    assert not list(text_rules.problems_of_page(tmp_path / "other.md"))
    (tmp_path / "page.txt").write_text(f"[the text]({link})\n")
    assert not list(text_rules.problems_of_page(tmp_path / "page.txt"))


def test_results_are_printed_and_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[tuple[str, bool]] = []

    def good(_files: lint.Files, fix: bool) -> lint.Result:
        calls.append(("good", fix))
        return lint.Result(True, "not shown\n")

    def bad(_files: lint.Files, fix: bool) -> lint.Result:
        calls.append(("bad", fix))
        return lint.Result(False, "a.py: bad\n")

    def missing(_files: lint.Files, _fix: bool) -> lint.Result:
        raise linters.LinterError("no linter; get one")

    monkeypatch.setattr(lint, "CHECKS", {"good": good, "bad": bad, "missing": missing})
    monkeypatch.setattr(lint, "repository_files", lambda: NO_FILES)
    monkeypatch.setattr("time.monotonic", lambda: 0.0)
    report = tmp_path / "report"
    assert lint.main(["--report", str(report)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "lint: good: passed (0.0 s)",
        "a.py: bad",
        "lint: bad: FAILED (0.0 s)",
        "no linter; get one",
        "lint: missing: FAILED (0.0 s)",
    ]
    assert json.loads(report.read_text()) == {"good": True, "bad": False, "missing": False}
    calls.clear()
    assert lint.main(["--fix", "good"]) == 0
    assert calls == [("good", True), ("good", False)]


def test_an_unknown_check(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        lint.main(["no-such-check"])
    assert "there is no check no-such-check; the checks are text, shell, " in capsys.readouterr().err


def test_no_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(linters.LinterError) as error:
        lint.repository_files()
    assert str(error.value) == (f"git cannot list the files of {lint.ROOT}; run this in a clone, with git installed")


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty cache; programs come from the folder `bin` beside it."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "rules_rlbox" / "lint"


def npm(cache: Path, text: str) -> None:
    program = cache.parents[2] / "bin" / "npm"
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)


def test_npm_is_called_once(cache: Path) -> None:
    # npm ci --prefix FOLDER ...
    npm(cache, 'echo x >>"$0.calls"; mkdir -p "$3/node_modules/.bin"; test -e "$3/package-lock.json"')
    first = linters.buildifier()
    assert linters.buildifier() == first
    assert first.parent.is_dir()
    assert (cache.parents[2] / "bin" / "npm.calls").read_text() == "x\n"
    assert sorted(path.name for path in cache.iterdir()) == ["lock", first.parents[2].name]


def test_npm_is_missing(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(cache.parents[2] / "bin"))
    with pytest.raises(linters.LinterError) as error:
        linters.buildifier()
    assert str(error.value) == "npm is not on PATH, which buildifier comes from; install Node.js with npm"


def test_npm_fails_and_the_next_run_tries_again(cache: Path) -> None:
    npm(cache, 'echo "npm warn x"; echo "npm error code ENOTFOUND" >&2; exit 1')
    with pytest.raises(linters.LinterError) as error:
        linters.buildifier()
    assert str(error.value) == ("npm ci --prefix ... failed (npm error code ENOTFOUND); check the network")
    assert [path.name for path in cache.iterdir()] == ["lock"]
    npm(cache, "exit 0")
    assert linters.buildifier()


def test_a_cache_that_cannot_be_written(cache: Path) -> None:
    cache.parents[1].write_text("a file")
    with pytest.raises(linters.LinterError) as error:
        linters.buildifier()
    assert str(error.value) == f"cannot write to {cache}: Not a directory; set XDG_CACHE_HOME to another folder"
