"""Parts of a program that do not fit together do not compile or do not link, and the message says why."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

PART = "tests/runtime/link/part.cpp"

FLAGS = Path(os.environ["FLAGS"]).read_text(encoding="utf-8").split()


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)


def _compile(
    output: Path,
    module: str,
    *flags: str,
    without: str = "",
    source: str = PART,
    language: str = "c++",
    step: str = "-c",
) -> subprocess.CompletedProcess[str]:
    """Compiles a part for a module; `without` is a setting of the runtime to leave out, and with `-E` as `step` the
    part is only preprocessed, which is where settings are compared."""
    settings = [flag for flag in FLAGS if not flag.startswith(f"-D{without}=")]
    assert (len(settings) < len(FLAGS)) == bool(without)
    module_flags = [f"-DMODULE={module}", f"-DMODULE_IS_{module}"]
    compiler = str(Path(os.environ["COMPILER"]).absolute())
    standard = "-std=c++17" if language == "c++" else "-std=gnu11"
    return _run(
        [compiler, standard, "-I.", *settings, *module_flags, *flags, step, f"-x{language}", source, "-o", str(output)]
    )


def _link(output: Path, parts: list[Path], *flags: str, after: Sequence[Path] = ()) -> subprocess.CompletedProcess[str]:
    linker = str(Path(os.environ["LINKER"]).absolute())
    archives = ["-Wl,--start-group", *os.environ["ARCHIVES"].split(), "-Wl,--end-group"]
    libraries = ["-lstdc++", "-lm", "-ldl", "-pthread"]
    return _run(
        [linker, *flags, "-xnone", *map(str, parts), *archives, *map(str, after), *libraries, "-o", str(output)]
    )


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


# A setting that everything in a program must agree about -> how to compile with another value: options to add, and
# whether the right definition is left out, as whoever builds without Bazel may do.
DIFFERENCES = {
    "WASM_RT_USE_MMAP": (["-DWASM_RT_USE_MMAP=0"], True),
    "WASM_RT_SKIP_SIGNAL_RECOVERY": ([], True),
    "WASM_RT_NONCONFORMING_UNCHECKED_STACK_EXHAUSTION": ([], True),
    "WASM_RT_NONCONFORMING_ALLOW_OOB_READ_ELIMINATION": (
        ["-DWASM_RT_NONCONFORMING_ALLOW_OOB_READ_ELIMINATION=1"],
        False,
    ),
    "WASM_RT_USE_SEGUE": (["-DWASM_RT_USE_SEGUE=1"], False),
}

# What sees wasm-rt.h: text of a file -> its language. Generated code: see tests/rules/imports_test.py.
SOURCES = {
    "an application with the generated header": ('#include "guest.rlbox.h"\n', "c++"),
    "an application with upstream's header": (f'#include "{PART}"\n', "c++"),
    "functions of WASI": ('#include "wasm2c_rt_minwasi.h"\n', "c"),
    "the C runtime": ('#include "runtime/src/wasm2c_rt_trap.c"\n', "c"),
}


def test_a_program_with_32_bit_pointers_is_refused_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "source"
    file.write_text('#include "wasm2c_rt_imports.h"\n', encoding="utf-8")
    # The machine may have no headers of a 32-bit C library: the compiler's own come before the sentence, and what comes after
    # it is not looked at.
    done = _compile(tmp_path / "output", "guest", "-m32", "-ffreestanding", source=str(file), language="c", step="-E")
    assert done.returncode != 0
    assert "error: " in done.stderr
    first = next(line for line in done.stderr.splitlines() if "error: " in line)
    assert "RLBox: the wasm2c backend needs 64-bit pointers, because each sandbox has 8 GiB of addresses" in first
    assert "To fix: build the application for a 64-bit platform." in first


@pytest.mark.parametrize("setting", DIFFERENCES)
@pytest.mark.parametrize("source", SOURCES)
def test_other_settings_than_the_runtime_has_do_not_compile(tmp_path: Path, source: str, setting: str) -> None:
    text, language = SOURCES[source]
    flags, left_out = DIFFERENCES[setting]
    file = tmp_path / "source"
    file.write_text(text, encoding="utf-8")
    compiled = _compile(
        tmp_path / "part.o",
        "guest",
        *flags,
        without=setting if left_out else "",
        source=str(file),
        language=language,
        step="-E",
    )
    assert compiled.returncode != 0
    errors = [line for line in compiled.stderr.splitlines() if "error: " in line]
    wanted = "1" if left_out else "0"
    assert f"RLBox: {setting} must be {wanted} in everything that includes wasm-rt.h. To fix: " in errors[0]


def test_the_settings_of_the_runtime_compile(tmp_path: Path) -> None:
    for source, (text, language) in SOURCES.items():
        file = tmp_path / "source"
        file.write_text(text, encoding="utf-8")
        compiled = _compile(tmp_path / "part.o", "guest", source=str(file), language=language, step="-E")
        assert compiled.returncode == 0, (source, compiled.stderr)


@pytest.mark.parametrize("order", ["before", "after"])
def test_wabts_own_runtime_does_not_link(parts: dict[tuple[str, int], Path], tmp_path: Path, order: str) -> None:
    """It would end the program at a trap without a report, unless WASM_RT_TRAP_HANDLER is defined."""
    objects = []
    for source in os.environ["WABT_RUNTIME"].split():
        objects.append(tmp_path / (Path(source).stem + ".o"))
        compiled = _compile(objects[-1], "guest", source=source, language="c")
        assert compiled.returncode == 0, compiled.stderr
    archive = tmp_path / "libwabt.a"
    archiver = _run([str(Path(os.environ["LINKER"]).absolute()), "-print-prog-name=ar"]).stdout.strip()
    assert _run([archiver, "rcs", str(archive), *map(str, objects)]).returncode == 0
    first, second = parts["guest", 1], parts["guest", 2]
    places = [first, second, archive] if order == "before" else [first, second]
    after = [] if order == "before" else [archive]
    linked = _link(tmp_path / "program", places, after=after)
    if order == "before":
        assert linked.returncode != 0
        assert "multiple definition of `wasm_rt_trap'" in linked.stderr
    else:  # nothing is left for it to define
        assert linked.returncode == 0, linked.stderr
