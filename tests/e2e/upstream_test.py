"""Programs made with the RLBox project's own framework and plugin: --@rules_rlbox//rules/settings:rlbox=upstream.

The network is not needed: two git repositories stand in for the project's. The framework's has the headers of
this repository's own, the plugin's is written for this test: see upstream/stand_in_plugin.
"""

from __future__ import annotations

import os
import pathlib
import shutil

import pytest
from nested_bazel import NestedBazel, Result
from stand_in_sdk import make_wabt
from upstream_workspace import Upstream, git

_SETTINGS = "--@rules_rlbox//rules/settings:"
_UPSTREAM = f"{_SETTINGS}rlbox=upstream"
_NOOP = f"{_SETTINGS}backend=noop"
_DEFAULT_REMOTE = "https://github.com/PLSysSec/rlbox.git"
_A = 40 * "a"

_TUTORIAL = """\
Hello from mylib
3 + 4 = 7
echo: hello sandbox!
callback: Hi from the sandbox
"""

_JOURNAL = """\
1 entry
journal: started
kind 2 at 10000000001 after kind 1
entry 1: opened
entry 2: started
sum 3
2 entries
journal: closed with 2 entries
the end
"""

_ANGLE = "2 turns and 50.5 degrees\n770.5 degrees\n"


@pytest.fixture(scope="module")
def upstream(bazel: NestedBazel) -> Upstream:
    return Upstream(bazel)


def test_nothing_is_fetched_without_the_flag(upstream: Upstream) -> None:
    upstream.tags()
    assert upstream.output("journal_app") == (_JOURNAL, "")
    assert upstream.output("angle_app_exported") == (_ANGLE, "")
    assert upstream.external() == {}


def test_noop_needs_no_plugin(upstream: Upstream) -> None:
    upstream.tags(plugin_remote="file:///nonexistent/plugin.git")
    assert upstream.output("angle_app", _NOOP, _UPSTREAM) == (_ANGLE, "")


def test_noop(upstream: Upstream) -> None:
    upstream.tags()
    expected = upstream.output("journal_app", _NOOP)[0]
    assert upstream.output("journal_app", _NOOP, _UPSTREAM) == (expected, "made with a commit\n")
    # Here the program and the library end together.
    assert expected.endswith("2 entries\n\nthe end\njournal: closed with 2 entries")


@pytest.mark.parametrize("part", ["rlbox", "wasm2c"])
def test_the_runtimes_targets_follow_the_setting(upstream: Upstream, part: str) -> None:
    """A cc_library that depends on one of them is not mixed with the other framework's sandboxes."""
    upstream.tags()
    assert upstream.output(f"made_with_{part}") == ("made with the bundled RLBox\n", "")
    assert upstream.output(f"made_with_{part}", _UPSTREAM) == ("made with a commit\n", "")


def test_noop_has_no_plugin_to_depend_on(upstream: Upstream) -> None:
    upstream.tags()
    assert upstream.output("made_with_rlbox", _UPSTREAM, _NOOP) == ("made with a commit\n", "")
    assert upstream.error("//:made_with_wasm2c", _UPSTREAM, _NOOP) == (
        "@rules_rlbox//runtime:wasm2c: upstream's wasm2c plugin is a dependency with "
        "--@rules_rlbox//rules/settings:rlbox=upstream and backend=wasm2c only. To fix: depend on "
        "@rules_rlbox//runtime:rlbox, which follows both settings"
    )


def test_the_tutorial(upstream: Upstream) -> None:
    upstream.tags()
    for flags in ([_UPSTREAM], [_UPSTREAM, _NOOP]):
        result = upstream.run("run", "@rules_rlbox//examples:myapp", *flags)
        assert result.returncode == 0, result.stderr
        assert result.stdout == _TUTORIAL


@pytest.mark.parametrize("suffix", ["", "_exported"])
def test_a_library_in_cxx(upstream: Upstream, suffix: str) -> None:
    """Its constructor runs before the first call, and its destructor, with all output, when the sandbox is destroyed."""
    upstream.tags()
    assert upstream.output(f"journal_app{suffix}", _UPSTREAM) == (_JOURNAL, "made with a commit\n")


@pytest.mark.parametrize("suffix", ["", "_exported"])
def test_a_library_that_imports_nothing(upstream: Upstream, suffix: str) -> None:
    upstream.tags()
    assert upstream.output(f"angle_app{suffix}", _UPSTREAM) == (_ANGLE, "")


def test_what_is_fetched(upstream: Upstream) -> None:
    """Only what a build needs, and nothing of git's."""
    upstream.tags()
    upstream.output("angle_app", _UPSTREAM)
    files = {
        name: {str(file.relative_to(path)) for file in path.rglob("*") if file.is_file()}
        for name, path in upstream.external().items()
    }
    listed = git(upstream.plugin, "ls-files").splitlines()
    assert files["rlbox_upstream_plugin"] - {"REPO.bazel", "WORKSPACE"} == {"BUILD.bazel", *listed}
    listed = git(upstream.framework, "ls-files", "code/include").splitlines()
    assert files["rlbox_upstream_framework"] - {"REPO.bazel", "WORKSPACE"} == {"BUILD.bazel", *listed}


def test_settings_of_git(upstream: Upstream, tmp_path: pathlib.Path) -> None:
    """The user's own settings count, but do not change what is fetched."""
    settings = tmp_path / "gitconfig"
    settings.write_text(
        f'[url "{upstream.framework.as_uri()}"]\n\tinsteadOf = {_DEFAULT_REMOTE}\n[core]\n\tautocrlf = true\n'
    )
    upstream.tags(framework_remote="")
    # As in a hook, where git says what its repository is.
    env: dict[str, str | None] = {"GIT_CONFIG_GLOBAL": str(settings), "GIT_DIR": str(tmp_path / "other")}
    result = upstream.run("build", "--nobuild", "@rlbox_upstream_framework//:rlbox", env=env)
    assert result.returncode == 0, result.stderr
    fetched = upstream.external()["rlbox_upstream_framework"] / "code" / "include" / "rlbox.hpp"
    assert fetched.read_bytes() == (upstream.framework / "code" / "include" / "rlbox.hpp").read_bytes()


def test_checkouts(upstream: Upstream) -> None:
    """`path`, absolute and relative to the module: what is changed there is built."""
    checkout = upstream.folder / "checkout"
    shutil.copytree(upstream.framework, checkout)
    try:
        for version in ("a checkout", "a changed checkout"):
            upstream.version(checkout, version)
            upstream.tags(framework_path="checkout", plugin_path=upstream.plugin)
            assert upstream.output("journal_app", _UPSTREAM) == (_JOURNAL, f"made with {version}\n")
    finally:
        shutil.rmtree(checkout)


def test_override_repository(upstream: Upstream) -> None:
    """As docs/toolchains.md says it."""
    upstream.tags(framework_remote="file:///nonexistent/rlbox.git")
    checkout = upstream.bazel.folder / "src" / "rlbox"
    shutil.copytree(upstream.framework, checkout)
    upstream.version(checkout, "another repository")
    (checkout / "REPO.bazel").touch()
    (checkout / "BUILD.bazel").write_text(
        'load("@rules_rlbox//rules/toolchains/upstream:targets.bzl", "upstream_framework")\n\nupstream_framework()\n'
    )
    (checkout / "code" / "BUILD.bazel").unlink()
    override = f"--override_repository=rules_rlbox~~rlbox~rlbox_upstream_framework={checkout}"
    assert upstream.output("journal_app", _UPSTREAM, override) == (_JOURNAL, "made with another repository\n")


_TWO = "upstream's RLBox can have one wasm2c sandbox in a program, and this one has 2: //:angle_sandbox, //:journal_sandbox. To fix: "


def test_two_sandboxes(upstream: Upstream) -> None:
    upstream.tags()
    assert upstream.error("//:two_sandboxes", _UPSTREAM) == (
        f"//:two_sandboxes: {_TWO}split the program, or build it with --@rules_rlbox//rules/settings:rlbox=bundled"
    )
    upstream.output("two_sandboxes", _UPSTREAM, _NOOP)


def compile_errors(result: Result) -> list[str]:
    """What the compiler calls an error, without the file and the line."""
    assert result.returncode == 1
    return [line.partition("error: ")[2] for line in result.stderr.splitlines() if ": error: " in line]


def test_two_headers(upstream: Upstream) -> None:
    upstream.tags()
    errors = compile_errors(upstream.run("build", "//:two_headers", _UPSTREAM))
    assert errors == [
        "#error \"journal.rlbox.h: upstream's RLBox can have one sandbox in a program, and this file includes another. To fix: "
        'build with --@rules_rlbox//rules/settings:rlbox=bundled"'
    ]


def test_a_struct_of_one_field(upstream: Upstream) -> None:
    """It would arrive as an address; the call is refused where it stands."""
    upstream.tags()
    upstream.output("one_field")
    errors = compile_errors(upstream.run("build", "//:one_field", _UPSTREAM))
    assert "upstream_RLBox_cannot_pass_struct_angle_which_has_one_field" in errors[0]


def test_imported_memory_and_exported_table(upstream: Upstream) -> None:
    upstream.tags()
    result = upstream.run("build", "//:mixed_sandbox", _UPSTREAM)
    assert (
        "\n//:mixed_sandbox: the module imports its memory and exports its table, but upstream's RLBox takes a module that "
        "imports both its memory and its table, or exports both. To fix: set import_memory and import_table to the same value, or "
        "build with --@rules_rlbox//rules/settings:rlbox=bundled\n"
    ) in result.stderr


def test_an_old_wabt(upstream: Upstream) -> None:
    make_wabt(upstream.bazel.folder / "wabt")
    upstream.tags(f'rlbox.wabt(name = "old", version = "1.0.36", path = "{upstream.bazel.folder / "wabt"}")\n')
    error = upstream.error("@rlbox_upstream_plugin//:rlbox_wasm2c", _UPSTREAM, f"{_SETTINGS}wabt=old")
    assert error.partition(": ")[2] == (
        "wabt 1.0.36 is too old for upstream's RLBox, which needs 1.0.37 or newer. To fix: choose another with "
        "--@rules_rlbox//rules/settings:wabt or rlbox.wabt in MODULE.bazel"
    )


def fetch_error(part: str, what: str, output: str, remote: str, wanted: str) -> str:
    name = {"framework": "RLBox framework", "plugin": "RLBox wasm2c plugin"}[part]
    return (
        f"rlbox.upstream: cannot fetch the {name}: {what}.\n{output}"
        f"  Tried: git fetch {remote} {wanted}, with this machine's git settings.\n"
        f"  To fix: in rlbox.upstream(...), set {part}_remote to a mirror, {part}_commit to another commit or {part}_path to a "
        "checkout;\n"
        "  or use --override_repository (docs/toolchains.md), or --@rules_rlbox//rules/settings:rlbox=bundled, which fetches nothing."
    )


def test_a_remote_that_is_not_there(upstream: Upstream) -> None:
    remote = "file:///nonexistent/rlbox.git"
    upstream.tags(framework_remote=remote)
    output = (
        "  git: fatal: '/nonexistent/rlbox.git' does not appear to be a git repository\n"
        "  git: fatal: Could not read from remote repository.\n"
        "  git: Please make sure you have the correct access rights\n  git: and the repository exists.\n"
    )
    error = upstream.error("//:angle_app", _UPSTREAM)
    assert error == fetch_error("framework", "the repository cannot be read", output, remote, upstream.framework_commit)


def test_a_commit_that_is_not_there(upstream: Upstream) -> None:
    upstream.tags(plugin_commit=_A)
    error = upstream.error("//:angle_app", _UPSTREAM)
    what = "there is no such commit in the repository, or its server gives no commit by its id"
    remote = upstream.plugin.as_uri().replace(str(upstream.bazel.folder), "FOLDER")
    assert error == fetch_error("plugin", what, "", remote, _A)


def test_no_git(upstream: Upstream, tmp_path: pathlib.Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for folder in os.environ["PATH"].split(":"):
        for program in pathlib.Path(folder).glob("*"):
            if program.name != "git" and not (programs / program.name).is_symlink():
                (programs / program.name).symlink_to(program)
    upstream.tags(framework_remote="file:///srv/rlbox.git")
    error = upstream.error("@rlbox_upstream_framework//:rlbox", env={"PATH": str(programs)})
    assert error == fetch_error(
        "framework", "there is no git on PATH", "", "file:///srv/rlbox.git", upstream.framework_commit
    )


def test_a_repository_of_something_else(upstream: Upstream) -> None:
    # The two are easily taken for each other.
    upstream.tags(framework_commit=upstream.plugin_commit, framework_remote=upstream.plugin.as_uri())
    assert upstream.error("@rlbox_upstream_framework//:rlbox") == (
        f"rlbox.upstream: commit {upstream.plugin_commit} of file://FOLDER/git/rlbox_wasm2c_sandbox is not an RLBox framework "
        "that can be used.\n"
        "  missing: rlbox.hpp (looked for code/include/rlbox.hpp)\n"
        "  missing: rlbox_noop_sandbox.hpp (looked for code/include/rlbox_noop_sandbox.hpp)\n"
        "  To fix: set framework_commit to a commit of framework_remote that has them, or leave both out for the default."
    )


_PATH_FIX = "  To fix: set plugin_path to the folder of a checkout, absolute or relative to the root module's folder."


def test_a_checkout_of_something_else(upstream: Upstream) -> None:
    upstream.tags(plugin_path=upstream.framework)
    assert upstream.error("@rlbox_upstream_plugin//:rlbox_wasm2c") == (
        "rlbox.upstream: FOLDER/git/rlbox is not an RLBox wasm2c plugin that can be used.\n"
        "  missing: rlbox_wasm2c_sandbox.hpp (looked for include/rlbox_wasm2c_sandbox.hpp)\n"
        "  missing: rlbox_wasm2c_tls.hpp (looked for include/rlbox_wasm2c_tls.hpp)\n"
        "  missing: wasm2c_rt_mem.h (looked for include/wasm2c_rt_mem.h)\n"
        "  missing: wasm2c_rt_minwasi.h (looked for include/wasm2c_rt_minwasi.h)\n"
        "  missing: wasm2c_rt_mem.c (looked for src/wasm2c_rt_mem.c)\n"
        f"  missing: wasm2c_rt_minwasi.c (looked for src/wasm2c_rt_minwasi.c)\n{_PATH_FIX}"
    )


def test_a_checkout_that_is_not_there(upstream: Upstream) -> None:
    upstream.tags(plugin_path="nowhere/plugin")
    assert upstream.error("@rlbox_upstream_plugin//:rlbox_wasm2c") == (
        'rlbox.upstream: FOLDER/upstream/nowhere/plugin (plugin_path = "nowhere/plugin") is not an RLBox wasm2c plugin that '
        "can be used.\n"
        f"  missing: the folder itself (looked for FOLDER/upstream/nowhere/plugin)\n{_PATH_FIX}"
    )
