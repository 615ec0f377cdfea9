"""The tutorial with other C libraries and for other systems, compiled by zig: what runs here runs."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ZIG = str(Path(os.environ["ZIG"]).absolute())
FLAGS = Path(os.environ["FLAGS"]).read_text(encoding="utf-8").split()
EXPECTED = "Hello from mylib\n3 + 4 = 7\necho: hello sandbox!\ncallback: Hi from the sandbox\n"  # examples/README.md

# As rules/private/wasm2c_compile.bzl has them.
GENERATED = ["-w", "-O2", "-fstack-clash-protection", "-ffp-contract=off", "-include", "wasm2c_rt_imports.h"]
RUNTIME = ["-O2", "-Wall", "-Wextra", "-Werror"]
APPLICATION = ["-std=c++17", "-O2", "-fstack-clash-protection"]


@dataclass(frozen=True)
class System:
    """A system that programs are built for, and what runs them here."""

    target: str
    runs_with: tuple[str, ...] | None


SYSTEMS = [
    System("x86_64-linux-musl", ()),
    System("aarch64-linux-musl", (str(Path(os.environ["QEMU"]).absolute()),)),
    System("aarch64-macos", None),
    System("x86_64-macos", None),
]


class Compiler:
    """zig for one system, with its caches in a folder."""

    def __init__(self, target: str, folder: Path) -> None:
        self._target = ["-target", target]
        if "linux" not in target:  # -fstack-clash-protection means nothing there; on Linux its loss would be a fault.
            self._target.append("-Wno-unused-command-line-argument")
        self._folder = folder
        self._environment = {
            **os.environ,
            "ZIG_GLOBAL_CACHE_DIR": str(folder.parent / "cache"),
            "ZIG_LOCAL_CACHE_DIR": str(folder / "local"),
        }

    def run(self, driver: str, *arguments: str) -> None:
        """Runs zig; what it says must be nothing."""
        done = subprocess.run(
            [ZIG, driver, *self._target, *arguments],
            capture_output=True,
            text=True,
            check=False,
            env=self._environment,
        )
        assert (done.returncode, done.stderr) == (0, "")

    def objects(self, sources: list[Path], *flags: str) -> list[str]:
        """Compiles C."""
        made = []
        for source in sources:
            made.append(str(self._folder / f"{source.name}.o"))
            self.run("cc", "-std=gnu11", "-I.", *FLAGS, *flags, "-c", str(source), "-o", made[-1])
        return made


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.target)
def test_the_tutorial(system: System, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp() / system.target
    folder.mkdir()
    compiler = Compiler(system.target, folder)
    generated = [Path(path) for path in os.environ["GENERATED"].split() if path.endswith(".c")]
    assert generated
    objects = compiler.objects(generated, *GENERATED)
    objects += compiler.objects(sorted(Path("runtime/src").glob("*.c")), *RUNTIME)
    program = folder / "myapp"
    compiler.run("c++", *APPLICATION, "-I.", *FLAGS, "examples/main.cpp", *objects, "-o", str(program))
    assert program.stat().st_size > 0
    if system.runs_with is not None:
        done = subprocess.run(
            [*system.runs_with, str(program)], capture_output=True, text=True, check=False, timeout=300
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, EXPECTED, "")
