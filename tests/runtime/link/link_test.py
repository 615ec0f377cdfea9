"""Parts of a program that do not fit together do not link (or compile), and the message says why."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

PART = "tests/runtime/link/part.cpp"

FLAGS = Path(os.environ["FLAGS"]).read_text(encoding="utf-8").split()


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)


def _compile(
    output: Path, module: str, *flags: str, without: str = "", source: str = PART
) -> subprocess.CompletedProcess[str]:
    """Compiles a part for a module; `without` is a setting of the runtime to leave out."""
    settings = [flag for flag in FLAGS if not flag.startswith(f"-D{without}=")]
    assert (len(settings) < len(FLAGS)) == bool(without)
    module_flags = [f"-DMODULE={module}", f"-DMODULE_IS_{module}"]
    compiler = str(Path(os.environ["COMPILER"]).absolute())
    return _run(
        [compiler, "-std=c++17", "-I.", *settings, *module_flags, *flags, "-c", "-xc++", source, "-o", str(output)]
    )


def _link(output: Path, parts: list[Path], *flags: str) -> subprocess.CompletedProcess[str]:
    linker = str(Path(os.environ["LINKER"]).absolute())
    archives = ["-Wl,--start-group", *os.environ["ARCHIVES"].split(), "-Wl,--end-group"]
    libraries = ["-lstdc++", "-lm", "-ldl", "-pthread"]
    return _run([linker, *flags, "-xnone", *map(str, parts), *archives, *libraries, "-o", str(output)])


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], Path]:
    """The parts of programs, by module and number."""
    folder = tmp_path_factory.mktemp("parts")
    made = {}
    for module, number in (("guest", 1), ("guest", 2), ("other", 2)):
        output = folder / f"{module}_{number}.o"
        # Sections of their own: the linker may drop each that nothing uses.
        flags = ["-ffunction-sections", "-fdata-sections", "-DSECOND_PART"][: number + 1]
        compiled = _compile(output, module, *flags)
        assert compiled.returncode == 0, compiled.stderr
        made[module, number] = output
    return made


GARBAGE = [[], ["-Wl,--gc-sections"]]


@pytest.mark.parametrize("flags", GARBAGE)
def test_parts_that_name_one_module_link_and_run(
    parts: dict[tuple[str, int], Path], tmp_path: Path, flags: list[str]
) -> None:
    linked = _link(tmp_path / "program", [parts["guest", 1], parts["guest", 2]], *flags)
    assert (linked.returncode, linked.stderr) == (0, "")
    assert _run([str(tmp_path / "program")]).stdout == "main runs\n"


@pytest.mark.parametrize("flags", GARBAGE)
def test_parts_that_name_two_modules_do_not_link(
    parts: dict[tuple[str, int], Path], tmp_path: Path, flags: list[str]
) -> None:
    first, second = parts["guest", 1], parts["other", 2]
    for order, discarded in (([first, second], "other"), ([second, first], "guest")):
        linked = _link(tmp_path / "program", order, *flags)
        assert linked.returncode != 0
        sentence = (
            "rlbox_error__parts_of_this_program_define_RLBOX_WASM2C_MODULE_NAME_differently__"
            f"include_the_generated_rlbox_h_of_each_module_instead__one_of_them_is_0x24{discarded}0x2Ewasm"
        )
        assert sentence in linked.stderr


# How a part is compiled differently from the runtime, and the part of the symbol that says so. wasm-rt.h derives what the
# symbol names from the settings.
DIFFERENCES = {
    "bounds checks": (["-DWASM_RT_MEMCHECK_BOUNDS_CHECK=1"], "", "__guard_pages_0__"),
    "elimination of reads": (
        ["-UWASM_RT_NONCONFORMING_ALLOW_OOB_READ_ELIMINATION", "-DWASM_RT_NONCONFORMING_ALLOW_OOB_READ_ELIMINATION=1"],
        "",
        "__oob_read_elimination_1__",
    ),
    "a signal handler of wasm-rt's": ([], "WASM_RT_SKIP_SIGNAL_RECOVERY", "__signal_handler_1__"),
    "counted stack depth": (
        [],
        "WASM_RT_NONCONFORMING_UNCHECKED_STACK_EXHAUSTION",
        "__stack_depth_count_1'",
    ),
}


@pytest.mark.parametrize("difference", DIFFERENCES)
def test_other_settings_than_the_runtime_has_do_not_link(tmp_path: Path, difference: str) -> None:
    flags, without, words = DIFFERENCES[difference]
    part = tmp_path / "part.o"
    compiled = _compile(part, "guest", *flags, without=without)
    assert compiled.returncode == 0, compiled.stderr
    linked = _link(tmp_path / "program", [part])
    assert linked.returncode != 0
    missing = [line for line in linked.stderr.splitlines() if "rlbox_wasm_rt_definitions_differ__" in line]
    assert missing
    assert words in missing[0]


def test_memory_that_is_not_mapped_does_not_compile(tmp_path: Path) -> None:
    compiled = _compile(tmp_path / "part.o", "guest", "-DWASM_RT_USE_MMAP=0", without="WASM_RT_USE_MMAP")
    assert compiled.returncode != 0
    assert "the wasm2c backend needs -DWASM_RT_USE_MMAP=1 for everything that includes wasm-rt.h" in compiled.stderr


@pytest.mark.parametrize(
    "setting", ["WASM_RT_SKIP_SIGNAL_RECOVERY", "WASM_RT_NONCONFORMING_UNCHECKED_STACK_EXHAUSTION"]
)
def test_the_generated_header_names_a_setting_that_differs(tmp_path: Path, setting: str) -> None:
    source = tmp_path / "header.cpp"
    source.write_text('#include "guest.rlbox.h"\n', encoding="utf-8")
    compiled = _compile(tmp_path / "part.o", "guest", without=setting, source=str(source))
    assert compiled.returncode != 0
    assert f"guest: compile this file with {setting}=1, as the sandbox is" in compiled.stderr
