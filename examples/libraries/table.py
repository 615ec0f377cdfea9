"""Measures the libraries of this folder and writes the table of README.md.

  ./tools/bazel run //examples/libraries:table -- [--times] [--cold] [NAME...]

Without names all libraries are measured; rows of other libraries stay as they are. With --cold, each program is built with
-c opt, with its sandbox and with the library itself, in a fresh output base where the toolchain is ready, and nothing else is
taken from a cache: what the processors spend on the actions is the build time. With --times, both programs are built with
-c opt and timed. All times are the processor's, so a machine that does other things as well gives almost the same numbers.
Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

_BEGIN, _END = "<!-- table -->\n", "<!-- end of table -->\n"
_HEAD = (
    "| library | attributes besides `name`, `module_name`, `deps` | exports | wasm KB | C MB | build s | natively | same result | time |\n"
    "|---|---|---|---|---|---|---|---|---|\n"
)
_NOT_COUNTED = ("name", "module_name", "deps", "tags")


def libraries(folder: Path) -> list[str]:
    """The libraries that have an example."""
    return sorted(path.parent.name for path in folder.glob("*/expected.txt"))


def attributes(build: str) -> list[str]:
    """The attributes of the sandbox in the text of a BUILD file that somebody had to find."""
    rule = re.search(r"^rlbox_sandbox\(\n(.*?)^\)", build, re.MULTILINE | re.DOTALL)
    names = re.findall(r"^    (\w+) = ", rule.group(1), re.MULTILINE) if rule else []
    return [name for name in names if name not in _NOT_COUNTED]


def rows(page: str) -> dict[str, str]:
    """The rows of the page's table, by library."""
    table = page.partition(_BEGIN)[2].partition(_END)[0]
    return {line.split("|")[1].strip(): line for line in table.splitlines()[2:]}


def with_rows(page: str, changed: dict[str, str]) -> str:
    """The page with these rows in its table."""
    before, _, rest = page.partition(_BEGIN)
    after = rest.partition(_END)[2]
    lines = {**rows(page), **changed}
    return before + _BEGIN + _HEAD + "".join(f"{lines[name]}\n" for name in sorted(lines)) + _END + after


class Workspace:
    """The checkout, and Bazel in it."""

    def __init__(self, root: Path) -> None:
        """Uses the checkout at `root`."""
        self.root = root
        self.folder = root / "examples" / "libraries"

    def bazel(self, *words: str, startup: Sequence[str] = ()) -> str:
        """Runs Bazel and returns what it prints to stdout; a failure ends the program."""
        line = [str(self.root / "tools" / "bazel"), *startup, *words]
        done = subprocess.run(line, cwd=self.root, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            sys.exit(f"table: {shlex.join(line)} failed. To fix: see what it prints above")
        return done.stdout

    def files(self, target: str, *options: str) -> list[Path]:
        """Builds a target and returns its files."""
        self.bazel("build", target, *options)
        listed = self.bazel("cquery", "--output=files", target, *options)
        base = Path(self.bazel("info", "execution_root").strip())
        return [base / line for line in listed.splitlines()]

    def build_seconds(self, name: str, folder: Path) -> tuple[float, float]:
        """What the program takes to build with the sandbox and with the library itself, where only the toolchain is ready.

        `folder` gets an output base, and a disk cache with what is built.
        """
        startup = (f"--output_base={folder / 'base'}",)
        options = ("--compilation_mode=opt",)
        program = f"//examples/libraries/{name}:{name}_test"
        # The toolchain with the C libraries, and with those of C++.
        toolchain = ("//examples:myapp", "//tests/throws:throws_sandbox")
        self.bazel("build", *options, "--remote_download_outputs=all", *toolchain, startup=startup)
        variants = [f"{program}.{variant}" for variant in ("wasm2c", "noop")]
        self.bazel("build", *options, "--nobuild", *variants, startup=startup)
        server = int(self.bazel("info", "server_pid", startup=startup))
        spent = [children_seconds(server)]
        for variant in variants:
            self.bazel("build", *options, disk_cache(folder), variant, startup=startup)
            spent.append(children_seconds(server))
        return spent[1] - spent[0], spent[2] - spent[1]


def disk_cache(folder: Path) -> str:
    """The option for the disk cache of build_seconds."""
    return f"--disk_cache={folder / 'cache'}"


def children_seconds(process: int) -> float:
    """What the processors have spent on the programs that a process has run to their ends."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def processor_seconds(line: Sequence[str]) -> float:
    """What the processor spends on a command."""
    before = os.times()
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def ratio(native: str, sandboxed: str, samples: Sequence[str]) -> float:
    """The sandbox's time by the library's own: the least of five runs each, in turns, without the start."""
    times = 1
    while processor_seconds([native, f"--times={times}", *samples]) < 0.3:
        times *= 2
    best: dict[str, float] = {}
    for program in (native, sandboxed) * 5:
        spent = processor_seconds([program, f"--times={times}", *samples])
        best[program] = min(spent, best.get(program, spent))
    start = {program: processor_seconds([program, "--times=0", *samples]) for program in best}
    return (best[sandboxed] - start[sandboxed]) / max(best[native] - start[native], 1e-9)


def measure(workspace: Workspace, name: str, times: bool, cold: Path | None) -> str:
    """A library's row; `cold` is a folder for build times."""
    package = f"//examples/libraries/{name}"
    module = f"{package}:{name}_sandbox.wasm_library"
    wasm = next(file for file in workspace.files(module) if file.suffix == ".wasm")
    found = workspace.files(module, "--output_groups=rlbox_exports")
    exports = json.loads(next(file for file in found if file.name.endswith(".json")).read_text(encoding="utf-8"))
    # First: a disk cache then has what the other builds ask for.
    seconds = [f"{spent:.1f}" for spent in workspace.build_seconds(name, cold)] if cold else ["-", "-"]
    programs = {}
    # The generated C is looked at, too.
    options = ["--remote_download_outputs=all", *(["--compilation_mode=opt"] if times else [])]
    options += [disk_cache(cold)] if cold else []
    for variant in ("noop", "wasm2c"):
        target = f"{package}:{name}_test.{variant}"
        programs[variant] = str(workspace.files(target, *options)[0].resolve())
    arguments = json.loads(
        workspace.bazel("query", "--output=streamed_jsonproto", f"{package}:{name}_test").splitlines()[0]
    )
    listed = next(a for a in arguments["rule"]["attribute"] if a["name"] == "data").get("stringListValue", [])
    base = Path(workspace.bazel("info", "output_base").strip())
    labels = [label for label in listed if not re.search(r"_test\.(noop|wasm2c|native)$|:expected\.txt$", label)]
    mapping = json.loads(workspace.bazel("mod", "dump_repo_mapping", ""))
    samples = [sample_path(workspace.root, base, mapping, label) for label in labels]
    outputs = {
        subprocess.run([program, *samples], capture_output=True, check=True).stdout for program in programs.values()
    }
    generated = Path(workspace.bazel("info", "bazel-bin", *options).strip()) / "examples/libraries" / name / "_rlbox"
    size = sum(file.stat().st_size for file in generated.rglob("*.wasm_*.c"))
    needed = ", ".join(
        f"`{a}`" for a in attributes((workspace.folder / name / "BUILD.bazel").read_text(encoding="utf-8"))
    )
    quotient = f"{ratio(programs['noop'], programs['wasm2c'], samples):.2f}" if times else "-"
    cells = [
        f"[{name}]({name}/{name}.cpp)",
        needed or "none",
        str(len(exports["exports"])),
        f"{wasm.stat().st_size / 1000:.0f}",
        f"{size / 1e6:.1f}",
        *seconds,
        "yes" if len(outputs) == 1 else "no",
        quotient,
    ]
    return f"| {' | '.join(cells)} |"


def sample_path(root: Path, output_base: Path, names: Mapping[str, str], label: str) -> str:
    """Where the file of a label is; `names` are the repositories' canonical names."""
    repository, _, rest = label.partition("//")
    package, _, file = rest.partition(":")
    place = output_base / "external" / names[repository.lstrip("@")] if repository else root
    return str(place / package / file)


def main(words: Sequence[str]) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="table", description=__doc__)
    parser.add_argument("--times", action="store_true", help="measure what the programs take, too")
    parser.add_argument("--cold", action="store_true", help="measure build times, too: minutes for each library")
    parser.add_argument("names", nargs="*", metavar="NAME", help="libraries; default: all")
    options = parser.parse_args(words)
    if "BUILD_WORKSPACE_DIRECTORY" not in os.environ:
        sys.exit("table: no checkout. To fix: run it with ./tools/bazel run //examples/libraries:table")
    workspace = Workspace(Path(os.environ["BUILD_WORKSPACE_DIRECTORY"]))
    known = libraries(workspace.folder)
    for name in options.names:
        if name not in known:
            sys.exit(f"table: there is no library {name}. To fix: name one of {', '.join(known)}")
    page = workspace.folder / "README.md"
    with tempfile.TemporaryDirectory() as base:
        for name in options.names or known:
            row = measure(workspace, name, options.times, Path(base) if options.cold else None)
            print(row, flush=True)
            text = with_rows(page.read_text(encoding="utf-8"), {row.split("|")[1].strip(): row})
            page.write_text(text, encoding="utf-8")
        if options.cold:
            workspace.bazel("shutdown", startup=(f"--output_base={Path(base) / 'base'}",))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
