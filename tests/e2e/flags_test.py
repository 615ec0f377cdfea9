"""The minimal workspace with flags that other workspaces build with."""

from __future__ import annotations

import pathlib

from nested_bazel import NestedBazel

# The application's own sources, the generated code and the runtime are compiled with these.
_FLAGS = (
    "--copt=-Wconversion",
    "--copt=-Werror",
    "--features=parse_headers",
    "--incompatible_auto_exec_groups",
    "--process_headers_in_dependencies",
)


def test_flags_of_other_workspaces(bazel: NestedBazel, consumer: pathlib.Path) -> None:
    result = bazel.run("build", "//:app", "@rules_rlbox//runtime:wasm2c", *_FLAGS, cwd=consumer)
    assert result.returncode == 0, result.stderr


def host_clang(bazel: NestedBazel, consumer: pathlib.Path) -> pathlib.Path:
    """A clang for the host: the wasi-sdk's own, which compiles for every platform."""
    assert bazel.run("build", "//:reverse_wasm", cwd=consumer).returncode == 0
    base = pathlib.Path(bazel.run("info", "output_base", cwd=consumer).stdout.strip())
    (program,) = (base / "external").glob("*rlbox[~+]wasi_sdk_*/bin/clang")
    script = bazel.folder / "clang"
    script.write_text(f'#!/bin/sh\nexec "{program}" --target="$(uname -m)-linux-gnu" "$@"\n')
    script.chmod(0o755)
    return script


def test_layers_are_checked(bazel: NestedBazel, consumer: pathlib.Path) -> None:
    """With clang every header that a source includes must be one of a direct dependency: what a sandbox gives is."""
    env: dict[str, str | None] = {"CC": str(host_clang(bazel, consumer))}
    for backend in ("noop", "wasm2c"):
        setting = f"--@rules_rlbox//rules/settings:backend={backend}"
        result = bazel.run("build", "//:app", "--features=layering_check", setting, cwd=consumer, env=env)
        assert result.returncode == 0, result.stderr
    # It is checked: the header of the library itself is nobody's business but the sandbox's.
    source = consumer / "app.cc"
    original = source.read_text()
    try:
        source.write_text('#include "reverse.h"\n' + original)
        result = bazel.run("build", "//:app", "--features=layering_check", setting, cwd=consumer, env=env)
        assert result.returncode == 1
        assert "does not depend on" in result.stderr
    finally:
        source.write_text(original)


def test_an_application_for_webassembly_is_incompatible(bazel: NestedBazel, consumer: pathlib.Path) -> None:
    """Not an error of a compiler, and no error at all of a pattern."""
    platform = "--platforms=@rules_rlbox//rules/platforms:wasm32_wasi"
    result = bazel.run("build", "--nobuild", "//:app", platform, cwd=consumer)
    assert result.returncode == 1
    assert "Target //:app is incompatible and cannot be built, but was explicitly requested." in result.stderr
    assert "//:reverse_sandbox" in result.stderr
    result = bazel.run("build", "--nobuild", "//...", platform, cwd=consumer)
    assert result.returncode == 0, result.stderr
