"""Tests of tools/testing/golden_file.py."""

import pytest
from testing import golden_file


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A workspace in which the golden file is x/golden.txt, and what the command line says about it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BUILD_WORKSPACE_DIRECTORY", raising=False)
    (tmp_path / "x").mkdir()
    (tmp_path / "actual.txt").write_text("a\nb\nc\n")
    return ["--actual=actual.txt", "--golden=x/golden.txt", "--what=the surface of //x:y", "--command=bazel run //x:t"]


def test_the_same(files, tmp_path, capsys):
    (tmp_path / "x/golden.txt").write_text("a\nb\nc\n")
    assert golden_file.main(["test", *files]) == 0
    assert capsys.readouterr().out == ""


def test_a_difference(files, tmp_path, capsys):
    (tmp_path / "x/golden.txt").write_text("a\nB\nc\n")
    assert golden_file.main(["test", *files]) == 1
    assert (
        capsys.readouterr().out
        == """\
the surface of //x:y is not what x/golden.txt says (-: golden file, +: now):

 a
-B
+b
 c

If that is meant to be so, update the golden file and check it in:

  bazel run //x:t
"""
    )


def test_no_golden_file_yet(files, capsys):
    assert golden_file.main(["test", *files]) == 1
    assert capsys.readouterr().out == (
        "There is no golden file x/golden.txt yet. Make it, look at it and check it in:\n\n  bazel run //x:t\n"
    )


def test_update(files, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("BUILD_WORKSPACE_DIRECTORY", str(tmp_path / "source"))
    assert golden_file.main(["update", *files]) == 0
    assert (tmp_path / "source/x/golden.txt").read_text() == "a\nb\nc\n"
    assert golden_file.main(["update", *files]) == 0
    assert capsys.readouterr().out == "wrote x/golden.txt\nx/golden.txt is up to date\n"
    assert sorted(p.name for p in (tmp_path / "source/x").iterdir()) == ["golden.txt"]


def test_update_without_bazel_run(files, tmp_path):
    with pytest.raises(SystemExit, match=r"this writes into the source tree\. To fix: start it with: bazel run //x:t"):
        golden_file.main(["update", *files])
    assert not (tmp_path / "x/golden.txt").exists()


def test_update_that_cannot_write(files, tmp_path, monkeypatch):
    (tmp_path / "source").write_text("a file where a folder should be")
    monkeypatch.setenv("BUILD_WORKSPACE_DIRECTORY", str(tmp_path / "source"))
    with pytest.raises(SystemExit, match=r"golden.txt: cannot be written: "):
        golden_file.main(["update", *files])


def test_an_unreadable_text(files, tmp_path):
    (tmp_path / "actual.txt").unlink()
    with pytest.raises(SystemExit, match=r"actual.txt: cannot be read: .*. To fix: build the test again"):
        golden_file.main(["test", *files])
