"""Workspaces that use rules_rlbox in different ways: each builds and runs.

They take turns in one output base, so that a toolchain is unpacked once for all.
"""

from __future__ import annotations

import base64
import hashlib
import json
import pathlib
import shutil
import subprocess

import pytest
from nested_bazel import NestedBazel, Result
from stand_in_sdk import LAYOUTS, make_wasi_sdk, pack


def place(bazel: NestedBazel, workspace: str) -> pathlib.Path:
    """Where a workspace is."""
    return bazel.rules / "tests" / "e2e" / workspace


def run(bazel: NestedBazel, workspace: str, command: str, *arguments: str, startup: tuple[str, ...] = ()) -> Result:
    """Runs Bazel in a workspace and expects it to succeed."""
    folder = place(bazel, workspace)
    if not folder.exists():
        bazel.add(workspace)
    shared = f"--output_base={bazel.folder / 'shared'}"
    result = bazel.run(command, *arguments, cwd=folder, startup=(shared, *startup))
    assert result.returncode == 0, result.stderr
    return result


def test_strict_flags(bazel: NestedBazel) -> None:
    """What Bazel 8 and 9 do by default: autoloads off, no WORKSPACE, no native repository rules, other repository names."""
    strict = f"--bazelrc={bazel.rules / '.bazelrc'}"
    run(bazel, "consumer", "build", "--nobuild", "//:app", "--config=strict", startup=(strict,))
    # With other repository names nothing of what is in the disk cache fits.
    names = "--noincompatible_use_plus_in_repo_names"
    result = run(bazel, "consumer", "run", "//:app", "--config=strict", names, startup=(strict,))
    assert result.stdout == "dessert -> tressed\n"
    assert "common:strict --incompatible_autoload_externally=\n" in (bazel.rules / ".bazelrc").read_text()


def test_checkouts_of_other_modules(
    bazel: NestedBazel, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How docs/compatibility.md runs this suite with other versions of the rulesets: the checkout is what is loaded."""
    run(bazel, "consumer", "build", "--nobuild", "//:app")
    used = next(
        (bazel.folder / "shared" / "external").glob("rules_cc?")
    )  # one for each spelling of repositories' names
    checkout = tmp_path / "rules_cc"
    shutil.copytree(used, checkout, symlinks=False)
    library = checkout / "cc" / "cc_library.bzl"
    library.chmod(0o644)
    library.write_text(library.read_text() + 'print("this is the checkout")\n')
    monkeypatch.setenv("NESTED_BAZEL_FLAGS", f"--override_module=rules_cc={checkout}")
    result = run(bazel, "consumer", "build", "--nobuild", "//:app")
    assert "cc_library.bzl" in result.stderr and ": this is the checkout\n" in result.stderr


def test_two_versions_and_an_installation_at_once(bazel: NestedBazel) -> None:
    make_wasi_sdk(place(bazel, "installed-sdk"), LAYOUTS["25"])
    run(bazel, "sdks", "build", "//...")
    said = {name: run(bazel, "sdks", "run", f"//:{name}").stdout for name in ("app", "app_default", "app_installed")}
    assert said == {"app": "wasi-sdk: 0\n", "app_default": "wasi-sdk: 0\n", "app_installed": "wasi-sdk: 25\n"}


def test_dependency_uses_the_extension(bazel: NestedBazel) -> None:
    assert run(bazel, "product", "run", "//:app").stdout == "a3b1c2\n"
    # The dependency's wish for another default counts only where it is the root module.
    output_base = bazel.folder / "shared" / "external"
    assert [path.name for path in output_base.iterdir() if "wasi_sdk_33" in path.name and path.is_dir()] == []


def test_plain_program_for_wasm(bazel: NestedBazel) -> None:
    run(bazel, "wasm_only", "build", "//:primes")
    program = place(bazel, "wasm_only") / "bazel-bin" / "primes.wasm"
    # wabt's interpreter says what the program asks of its host.
    run(
        bazel,
        "wasm_only",
        "build",
        "--nobuild",
        "@rules_rlbox//runtime:wasm_rt",
        "--platforms=@bazel_tools//tools:host_platform",
    )
    interpreter = next((bazel.folder / "shared" / "external").glob("*wabt_1.0.42.0*/bin/wasm-interp"))
    command = [str(interpreter), "--dummy-import-func", "--run-export=_start", str(program)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "called host wasi_snapshot_preview1.proc_exit(i32:77) =>" in done.stdout


@pytest.fixture
def registry(bazel: NestedBazel, tmp_path: pathlib.Path) -> str:
    """The address of a registry with one module: checksum."""
    source = bazel.add("checksum")
    archive = tmp_path / "checksum.tar.gz"
    pack(source, archive)
    module = tmp_path / "registry" / "modules" / "checksum" / "1.0"
    module.mkdir(parents=True)
    (module / "MODULE.bazel").write_bytes((source / "MODULE.bazel").read_bytes())
    digest = base64.b64encode(hashlib.sha256(archive.read_bytes()).digest()).decode()
    entry = {"url": archive.as_uri(), "integrity": f"sha256-{digest}", "strip_prefix": "checksum"}
    (module / "source.json").write_text(json.dumps(entry))
    return (tmp_path / "registry").as_uri()


def test_library_of_another_module_that_selects_on_the_system(bazel: NestedBazel, registry: str) -> None:
    flags = (f"--registry={registry}", "--registry=https://bcr.bazel.build")
    assert run(bazel, "third_party", "run", "//:app", *flags).stdout == f"checksum: {1000 + sum(b'abc')}\n"


def test_library_without_a_branch_for_wasi(bazel: NestedBazel, registry: str) -> None:
    """Without the patch: the error that docs/toolchains.md answers."""
    flags = (f"--registry={registry}", "--registry=https://bcr.bazel.build")
    module = place(bazel, "third_party") / "MODULE.bazel"
    original = module.read_text()
    try:
        module.write_text(original.replace('    patches = ["//:checksum-wasi.patch"],\n', ""))
        shared = f"--output_base={bazel.folder / 'shared'}"
        result = bazel.run("build", "//:app", *flags, cwd=module.parent, startup=(shared,))
    finally:
        module.write_text(original)
    assert result.returncode == 1
    assert "doesn't match this configuration" in result.stderr
