"""Toolchains from releases, mirrors and folders: the tutorial runs with each, and each bad source gets one clear error.

The network is not needed: stand-ins of the official archives are served on the loopback interface.
"""

from __future__ import annotations

import json
import pathlib
import shutil
from collections.abc import Iterator

import pytest
from loopback import PASSWORD, Site, sha256
from nested_bazel import NestedBazel, module_text, runfiles_root
from stand_in_sdk import LAYOUTS, exec_platform, make_wabt, make_wasi_sdk, pack

_TUTORIAL = """\
Hello from mylib
3 + 4 = 7
echo: hello sandbox!
callback: Hi from the sandbox
"""
_SETTING = "--@rules_rlbox//rules/settings:"
_PLATFORM = exec_platform()
_HASH = 64 * "a"


class Workspace:
    """A workspace whose MODULE.bazel has a tag for each source, and the site that they come from."""

    def __init__(self, bazel: NestedBazel, site: Site) -> None:
        self.bazel = bazel
        self.site = site
        self.folder = bazel.folder / "sources"
        self.folder.mkdir()
        (self.folder / "BUILD.bazel").touch()
        shutil.copyfile(runfiles_root() / "tests/e2e/consumer/.bazelrc", self.folder / ".bazelrc")
        self.tags: list[str] = []
        self.tables = json.loads((bazel.rules / "rules" / "toolchains" / "releases.json").read_text())

    def tag(self, tool: str, **attributes: object) -> None:
        values = ", ".join(f"{name} = {value!r}" for name, value in attributes.items())
        self.tags.append(f"rlbox.{tool}({values})\n")

    def write(self) -> None:
        (self.folder / "MODULE.bazel").write_text(module_text("sources") + "".join(self.tags))

    def place(self, tool: str, version: str) -> tuple[pathlib.Path, str]:
        """Where the site has a release, as the version table says; and the name of the folder in the archive."""
        file = self.tables[tool]["versions"][version]["archives"][_PLATFORM]["file"]
        path = self.tables[tool]["path"].replace("{version}", version).replace("{file}", file)
        folder = file.removesuffix(".tar.gz") if tool == "wasi_sdk" else f"wabt-{version}"
        return self.site.folder / path, folder

    def run(self, command: str, *arguments: str) -> tuple[int, str, str]:
        caches = ["--repository_cache=" + str(self.bazel.folder / "repository_cache")]
        env: dict[str, str | None] = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.bazel.folder / "nothing")}
        result = self.bazel.run(command, *caches, *arguments, cwd=self.folder, env=env)
        return result.returncode, result.stdout, result.stderr

    def error(self, setting: str, value: str, warning: str = "") -> str:
        """The error of a build with a bad source, without Bazel's own words around it.

        Args:
          setting: the build setting that chooses the source.
          value: its value.
          warning: a part of a warning of Bazel's that is shown before.
        """
        code, _, stderr = self.run(
            "build", "--nobuild", "@rules_rlbox//examples:mylib_sandbox", f"{_SETTING}{setting}={value}"
        )
        assert code == 1, stderr
        start = f'Error in fail: rlbox.{setting}(name = "{value}"): '
        assert start in stderr, stderr
        assert not warning or [
            line for line in stderr.splitlines() if line.startswith("WARNING") and warning in line
        ], stderr
        text = stderr.split(start, 1)[1]
        return text.split("\nERROR", 1)[0].replace(str(self.site.address), "SITE").strip()


@pytest.fixture(scope="module")
def workspace(bazel: NestedBazel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    scratch = pathlib.Path(tmp_path_factory.mktemp("stand-ins"))
    site = Site(scratch / "site")
    made = Workspace(bazel, site)
    _add_good_sources(made, scratch)
    _add_bad_sources(made)
    made.write()
    yield made
    site.close()


def _add_good_sources(made: Workspace, scratch: pathlib.Path) -> None:
    for version, layout in LAYOUTS.items():
        archive, folder = made.place("wasi_sdk", version)
        make_wasi_sdk(scratch / folder, layout)
        pack(scratch / folder, archive)
        made.tag(
            "wasi_sdk",
            version=version,
            sha256={_PLATFORM: sha256(archive)},
            mirrors=[made.site.address],
            default=version == "33",
        )
        # The last one stays, as an installation on disk.
        if version != "29":
            shutil.rmtree(scratch / folder)
        else:
            (scratch / folder).rename(made.folder / "installed-sdk")
    made.tag("wasi_sdk", name="installed", path="installed-sdk")
    archive, folder = made.place("wabt", "1.0.42")
    make_wabt(scratch / folder)
    pack(scratch / folder, archive)
    made.tag("wabt", version="1.0.42", sha256={_PLATFORM: sha256(archive)}, mirrors=[made.site.address], default=True)
    _add_private_sources(made, archive)


def _add_private_sources(made: Workspace, archive: pathlib.Path) -> None:
    """One archive twice, behind a password: with a netrc file that has it, and with an empty one."""
    private = made.site.folder / "private"
    private.mkdir()
    shutil.copyfile(archive, private / "wabt.tar.gz")
    host = made.site.address.removeprefix("http://").split(":")[0]
    for name, text in {
        "private": f"machine {host} login {PASSWORD[0]} password {PASSWORD[1]}\n",
        "locked": "",
    }.items():
        netrc = made.folder / f"{name}.netrc"
        netrc.write_text(text)
        made.tag(
            "wabt",
            name=name,
            version="9",
            urls={_PLATFORM: [f"{made.site.address}/private/wabt.tar.gz?{name}"]},
            sha256={_PLATFORM: sha256(archive)},
            netrc=str(netrc),
        )


def _add_bad_sources(made: Workspace) -> None:
    def add(tool: str, name: str, data: bytes | None, digest: str | None = None) -> None:
        file = made.site.folder / f"{name}.tar.gz"
        if data is not None:
            file.write_bytes(data)
        made.tag(
            tool,
            name=name,
            version="9",
            urls={_PLATFORM: [f"{made.site.address}/{file.name}"]},
            sha256={_PLATFORM: digest or sha256(file)},
        )

    other = made.folder / "other"
    (other / "bin").mkdir(parents=True)
    (other / "bin" / "clang").touch()
    pack(other, made.site.folder / "other.tar.gz")
    data = (made.site.folder / "other.tar.gz").read_bytes()
    add("wasi_sdk", "gone", None, _HASH)
    add("wasi_sdk", "changed", data, _HASH)
    add("wasi_sdk", "truncated", data[:-100])
    add("wasi_sdk", "other", data)
    add("wabt", "other-wabt", data)
    made.tag("wasi_sdk", name="nowhere", path="/nonexistent/sdk")
    made.tag("wasi_sdk", name="half", path="other")


@pytest.mark.parametrize("version", [*LAYOUTS, "installed"])
def test_runs_the_tutorial(workspace: Workspace, version: str) -> None:
    setting = f"{_SETTING}wasi_sdk={version}"
    code, stdout, stderr = workspace.run("run", "@rules_rlbox//examples:myapp", setting)
    assert code == 0, stderr
    assert stdout == _TUTORIAL
    # A C++ library: libc++'s headers and libraries are found, too.
    code, stdout, stderr = workspace.run("run", "@rules_rlbox//examples:wordapp", setting)
    assert code == 0, stderr
    assert stdout.startswith("first: 3 words: built-in, alpha, beta\n")


def test_fetches_only_what_is_chosen(workspace: Workspace) -> None:
    code, stdout, stderr = workspace.run("info", "output_base")
    assert code == 0, stderr
    fetched = [path.name for path in (pathlib.Path(stdout.strip()) / "external").iterdir() if path.is_dir()]
    assert [name for name in fetched if "wasi_sdk_33" in name]
    assert [name for name in fetched if "wasi_sdk_0.17.1" in name or "wabt_1.0.42.0" in name] == []


def test_site_with_a_password(workspace: Workspace, tmp_path: pathlib.Path) -> None:
    # By hash it would be found in the cache, since it is the default's archive, too.
    fresh = f"--repository_cache={tmp_path}"
    command = ("build", "--nobuild", "@rules_rlbox//examples:mylib_sandbox", fresh)
    code, _, stderr = workspace.run(*command, f"{_SETTING}wabt=locked")
    assert code == 1
    assert "GET returned 401 " in stderr
    assert 'rlbox.wabt(name = "locked"): the archive cannot be used: no address serves it' in stderr
    code, _, stderr = workspace.run(*command, f"{_SETTING}wabt=private")
    assert code == 0, stderr


_FETCH_FIX = (
    "  To fix: give the tag mirrors, or urls and sha256, or path for an installation on disk; pass --distdir=FOLDER with "
    "the file in it;\n  or leave the tag out: the default comes from the index that pip is configured with."
)


def _fetch_error(what: str, file: str) -> str:
    return (
        f"the archive cannot be used: {what}.\n  Tried: Bazel's repository cache, --distdir, SITE/{file}.\n{_FETCH_FIX}"
    )


_NOT_SERVED = f"no address serves it with the pinned SHA-256 {_HASH}; Bazel's warnings above say what each one does"


def test_404(workspace: Workspace) -> None:
    text = workspace.error("wasi_sdk", "gone", warning="GET returned 404 ")
    assert text == _fetch_error(_NOT_SERVED, "gone.tar.gz")


def test_wrong_hash(workspace: Workspace) -> None:
    actual = sha256(workspace.site.folder / "changed.tar.gz")
    text = workspace.error("wasi_sdk", "changed", warning=f"Checksum was {actual} but wanted {_HASH}")
    assert text == _fetch_error(_NOT_SERVED, "changed.tar.gz")


def test_truncated_archive(workspace: Workspace) -> None:
    what = "it is damaged (unexpected end of file), though it has the pinned SHA-256"
    assert workspace.error("wasi_sdk", "truncated") == _fetch_error(what, "truncated.tar.gz")


_OTHER = """\
{place} is not a wasi-sdk that can be used.
  missing: program clang++ (looked for bin/clang++)
  missing: program wasm-ld (looked for bin/wasm-ld)
  missing: program llvm-ar (looked for bin/llvm-ar)
  missing: clang headers (looked for lib/clang/NN/include/stddef.h)
  missing: compiler-rt builtins (looked for lib/clang/NN/lib/wasm32-unknown-wasip1/libclang_rt.builtins.a, \
lib/clang/NN/lib/wasip1/libclang_rt.builtins-wasm32.a, lib/clang/NN/lib/wasi/libclang_rt.builtins-wasm32.a)
  missing: C library (looked for share/wasi-sysroot/lib/wasm32-wasip1/libc.a, share/wasi-sysroot/lib/wasm32-wasi/libc.a)
  missing: start-up object crt1-command.o (looked for share/wasi-sysroot/lib/wasm32-wasip1/crt1-command.o)
  missing: start-up object crt1-reactor.o (looked for share/wasi-sysroot/lib/wasm32-wasip1/crt1-reactor.o)
  missing: C headers (looked for share/wasi-sysroot/include/wasm32-wasip1/stdio.h)
  missing: C++ library (looked for share/wasi-sysroot/lib/wasm32-wasip1/noeh/libc++.a, \
share/wasi-sysroot/lib/wasm32-wasip1/libc++.a)
  missing: C++ ABI library (looked for share/wasi-sysroot/lib/wasm32-wasip1/libc++abi.a)
  missing: C++ headers (looked for share/wasi-sysroot/include/wasm32-wasip1/c++/v1/__config, \
share/wasi-sysroot/include/c++/v1/__config)
  To fix: {fix}"""


def test_archive_of_something_else(workspace: Workspace) -> None:
    fix = "name an archive with the layout of an official release, or give path for an installation on disk."
    assert workspace.error("wasi_sdk", "other") == _OTHER.format(place="SITE/other.tar.gz", fix=fix)
    assert workspace.error("wabt", "other-wabt") == (
        "SITE/other-wabt.tar.gz is not a wabt that can be used.\n"
        "  missing: program wasm2c (looked for bin/wasm2c)\n"
        "  missing: program wasm-objdump (looked for bin/wasm-objdump)\n"
        "  missing: program wasm-validate (looked for bin/wasm-validate)\n"
        "  missing: wasm2c's header (looked for wasm2c/wasm-rt.h, include/wasm-rt.h, share/wabt/wasm2c/wasm-rt.h)\n"
        "  missing: wasm2c's runtime (looked for wasm2c/wasm-rt-impl.c, share/wabt/wasm2c/wasm-rt-impl.c)\n"
        f"  To fix: {fix}"
    )


def test_folder_of_something_else(workspace: Workspace) -> None:
    fix = "set path to the folder that holds bin, lib and share of a whole installation, or leave path out for the default."
    folder = str(workspace.folder / "other")
    assert workspace.error("wasi_sdk", "half") == _OTHER.format(place=folder, fix=fix)


def test_folder_that_is_not_there(workspace: Workspace) -> None:
    assert workspace.error("wasi_sdk", "nowhere") == (
        '/nonexistent/sdk (path = "/nonexistent/sdk") is not a wasi-sdk that can be used.\n'
        "  missing: the folder itself (looked for /nonexistent/sdk)\n"
        "  To fix: set path to the folder that holds bin, absolute or relative to the root module's folder."
    )


def test_unknown_name(workspace: Workspace) -> None:
    code, _, stderr = workspace.run("build", "--nobuild", "@rules_rlbox//examples:mylib_wasm", f"{_SETTING}wasi_sdk=31")
    assert code == 1
    assert (
        "Error in fail: --@rules_rlbox//rules/settings:wasi_sdk=31: no toolchain has this name. To fix: choose one of default, 0.17.1, 25, "
        "29, 33, 34, changed, gone, half, installed, nowhere, other, truncated, or add one with "
        'rlbox.wasi_sdk(name = "31", ...) in MODULE.bazel\n'
    ) in stderr
