"""A workspace whose libraries come from other modules, with two wasi-sdks: each program builds and runs."""

from __future__ import annotations

import base64
import hashlib
import json
import pathlib
import subprocess
from dataclasses import dataclass

import pytest
from nested_bazel import NestedBazel, Result
from stand_in_sdk import LAYOUTS, make_wasi_sdk, pack


@dataclass(frozen=True)
class Product:
    """The workspace, its Bazel, and the registries that it reads."""

    bazel: NestedBazel
    folder: pathlib.Path
    registries: tuple[str, ...]

    def attempt(self, command: str, *arguments: str) -> Result:
        """Runs Bazel."""
        return self.bazel.run(command, *self.registries, *arguments, cwd=self.folder)

    def run(self, command: str, *arguments: str) -> Result:
        """Runs Bazel and expects it to succeed."""
        result = self.attempt(command, *arguments)
        assert result.returncode == 0, result.stderr
        return result

    def external(self, pattern: str) -> list[pathlib.Path]:
        """What has been fetched."""
        return sorted((pathlib.Path(self.run("info", "output_base").stdout.strip()) / "external").glob(pattern))


def registry(source: pathlib.Path, folder: pathlib.Path) -> str:
    """Makes a registry with one module; returns its address.

    Args:
      source: the module's folder.
      folder: where the registry goes.
    """
    archive = folder / "checksum.tar.gz"
    pack(source, archive)
    module = folder / "modules" / "checksum" / "1.0"
    module.mkdir(parents=True)
    (module / "MODULE.bazel").write_bytes((source / "MODULE.bazel").read_bytes())
    digest = base64.b64encode(hashlib.sha256(archive.read_bytes()).digest()).decode()
    entry = {"url": archive.as_uri(), "integrity": f"sha256-{digest}", "strip_prefix": "checksum"}
    (module / "source.json").write_text(json.dumps(entry))
    return folder.as_uri()


@pytest.fixture(scope="module")
def product(bazel: NestedBazel, tmp_path_factory: pytest.TempPathFactory) -> Product:
    folder = bazel.add("product")
    make_wasi_sdk(folder.parent / "installed-sdk", LAYOUTS["25"])
    address = registry(folder / "checksum", tmp_path_factory.mktemp("registry"))
    return Product(bazel, folder, (f"--registry={address}", "--registry=https://bcr.bazel.build"))


def test_dependency_uses_the_extension(product: Product) -> None:
    assert product.run("run", "//:codec_app").stdout == "a3b1c2\n"
    # The dependency's wish for other defaults counts only where it is the root module.
    assert [path for path in product.external("*rlbox~wasi_sdk_33*") if path.is_dir()] == []
    assert [path for path in product.external("*rlbox~wabt_1.0.41*") if path.is_dir()] == []
    assert product.external("*rlbox~wabt_1.0.42*")


def test_two_versions_and_an_installation_at_once(product: Product) -> None:
    names = ("compiler_app", "compiler_app_default", "compiler_app_installed")
    product.run("build", *(f"//:{name}" for name in names))
    said = {name: product.run("run", f"//:{name}").stdout for name in names}
    assert said == dict(zip(names, ("wasi-sdk: 0\n", "wasi-sdk: 0\n", "wasi-sdk: 25\n")))


def test_library_of_another_module_that_selects_on_the_system(product: Product) -> None:
    assert product.run("run", "//:checksum_app").stdout == f"checksum: {1000 + sum(b'abc')}\n"


def test_library_without_a_branch_for_wasi(product: Product) -> None:
    """Without the patch: the error that docs/toolchains.md answers."""
    module = product.folder / "MODULE.bazel"
    original = module.read_text()
    try:
        module.write_text(original.replace('    patches = ["//:checksum-wasi.patch"],\n', ""))
        result = product.attempt("build", "//:checksum_app")
    finally:
        module.write_text(original)
    assert result.returncode == 1
    assert "doesn't match this configuration" in result.stderr


def test_plain_program_for_wasm(product: Product) -> None:
    # For wabt's interpreter, which says what the program asks of its host.
    product.run("build", "--nobuild", "//:compiler_app")
    product.run("build", "//:primes", "--platforms=@rules_rlbox//rules/platforms:wasm32_wasi")
    (interpreter,) = product.external("*wabt_1.0.42.0*/bin/wasm-interp")
    program = product.folder / "bazel-bin" / "primes.wasm"
    command = [str(interpreter), "--dummy-import-func", "--run-export=_start", str(program)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "called host wasi_snapshot_preview1.proc_exit(i32:77) =>" in done.stdout
