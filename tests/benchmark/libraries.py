"""How long whole libraries take in a sandbox, beside the same code natively.

  bazel run -c opt //tests/benchmark:libraries -- [--quick] [--markdown FILE] [--table NAME] [--chart FILE] [NAME...]

Each row is one library, or one kernel, doing its typical work in a single call (tests/benchmark/work). The programs run in
turns, so that what else happens on the machine meets all of them. The ratio is the median of those of all turns; the spread is
what lies between the quarter and three quarters of the turns. With valgrind on PATH, the instructions are counted, too. The
recipe is the sandbox with the flags of RLBox's documentation.
"""

from __future__ import annotations

import argparse
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Optional

SECONDS = 0.08  # of native work in a measurement
TURNS = 15


class Row(NamedTuple):
    """What one library's work takes."""

    name: str
    kernel: bool
    native: float  # nanoseconds a round
    ratios: list[float]
    instructions: Optional[float]  # those in the sandbox by native ones
    recipe: list[float]  # the ratios with RLBox's flags; none if they were not built
    recipe_instructions: Optional[float]

    @property
    def ratio(self) -> float:
        """The median."""
        return statistics.median(self.ratios)

    @property
    def spread(self) -> tuple[float, float]:
        """The first and the third quarter."""
        if len(self.ratios) < 2:
            return self.ratio, self.ratio
        first, _, third = statistics.quantiles(self.ratios, n=4)
        return first, third


def run(program: Path, rounds: int, times: int) -> tuple[str, list[float]]:
    """What a program prints: the checksum, and nanoseconds (at least one, whatever the clock says of a short time)."""
    line = [str(program), str(rounds), str(times)]
    done = subprocess.run(line, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"libraries: {program} ends with {done.returncode}. To fix: run it by itself")
    checksum, *numbers = done.stdout.split()
    return checksum, [max(float(number), 1.0) for number in numbers]


def count_instructions(program: Path, rounds: int, valgrind: str) -> int:
    """How many instructions the program runs, with so many rounds of work."""
    with tempfile.TemporaryDirectory() as folder:
        tool = [valgrind, "--tool=callgrind", f"--callgrind-out-file={folder}/out"]
        done = subprocess.run([*tool, str(program), str(rounds)], capture_output=True, text=True, check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if not found:
        raise ValueError(done.stderr[-500:])
    return int(found[1])


def instruction_ratios(native: Path, others: Sequence[Path]) -> list[Optional[float]]:
    """The instructions of three rounds, without those of the start; None without valgrind, or if it cannot run the programs."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        return [None for _ in others]
    try:
        base, *found = [
            count_instructions(program, 4, valgrind) - count_instructions(program, 1, valgrind)
            for program in (native, *others)
        ]
    except ValueError:
        return [None for _ in others]
    return [each / base for each in found]


def more_rounds(rounds: int, taken: float) -> int:
    """How many rounds to try after these, if each took so many nanoseconds: few rounds tell little, so at most eight times."""
    return min(rounds * 8, max(rounds * 2, int(SECONDS * 1e9 / taken)))


def same_work(name: str, program: Path, rounds: int, checksum: str) -> float:
    """The nanoseconds that a round takes in a sandbox, where the checksum has to be the native one."""
    found, [taken] = run(program, rounds, 1)
    if found != checksum:
        sys.exit(
            f"libraries: {name}: the sandbox's checksum is {found}, the native one {checksum}. To fix: see the test of {name}"
        )
    return taken


def measure(name: str, kernel: bool, native: Path, others: Sequence[Path], quick: bool) -> Row:
    """Measures one library: the sandbox, and the recipe if there is one."""
    rounds = 1
    _, [taken] = run(native, rounds, 1)
    while not quick and rounds * taken < SECONDS * 1e9:
        rounds = more_rounds(rounds, taken)
        _, [taken] = run(native, rounds, 1)
    ratios: list[list[float]] = [[], []]
    fastest = taken
    for _ in range(1 if quick else TURNS):
        checksum, [base] = run(native, rounds, 1)
        for found, program in zip(ratios, others):
            found.append(same_work(name, program, rounds, checksum) / base)
        fastest = min(fastest, base)
    counted = [] if quick else instruction_ratios(native, others)
    ours, recipe, *_ = [*counted, None, None]
    return Row(name, kernel, fastest, ratios[0], ours, ratios[1], recipe)


def geometric_mean(numbers: Sequence[float]) -> float:
    """The geometric mean."""
    return math.exp(statistics.fmean(math.log(number) for number in numbers))


def two_places(number: Optional[float]) -> str:
    """A ratio as the table writes it; nothing for None."""
    return "" if number is None else f"{number:.2f}"


def markdown(rows: Sequence[Row]) -> str:
    """The table."""
    lines = [
        "| | natively | ratio | spread | instructions | recipe: ratio | recipe: instructions |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        first, third = row.spread
        recipe = two_places(statistics.median(row.recipe) if row.recipe else None)
        time = f"{row.native / 1e6:.2f} ms" if row.native >= 1e6 else f"{row.native / 1e3:.1f} us"
        lines.append(
            f"| {row.name} | {time} | {row.ratio:.2f} | {first:.2f} to {third:.2f} | {two_places(row.instructions)} |"
            f" {recipe} | {two_places(row.recipe_instructions)} |"
        )
    for kernel, title in ((False, "libraries"), (True, "kernels")):
        chosen = [row for row in rows if row.kernel == kernel]
        if len(chosen) > 1:
            lines.append(mean_line(f"all {len(chosen)} {title}", chosen))
    return "\n".join(lines) + "\n"


def mean_line(title: str, rows: Sequence[Row]) -> str:
    """The line with the geometric means; a column that lacks a row's number has none."""
    columns: list[list[Optional[float]]] = [
        [row.ratio for row in rows],
        [row.instructions for row in rows],
        [statistics.median(row.recipe) if row.recipe else None for row in rows],
        [row.recipe_instructions for row in rows],
    ]
    known = [[each for each in column if each is not None] for column in columns]
    ratio, instructions, recipe, recipe_instructions = (
        f"**{geometric_mean(column):.2f}**" if len(column) == len(rows) else "" for column in known
    )
    return f"| **{title}**, geometric mean | | {ratio} | | {instructions} | {recipe} | {recipe_instructions} |"


def chart(rows: Sequence[Row]) -> str:
    """The ratios as an SVG picture: a bar for each, and a line where native code is."""
    height, left, scale = 22, 120, 260.0
    most = max(1.5, *(row.ratio for row in rows))
    width, bottom = left + int(most * scale) + 60, height * len(rows) + 28
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {bottom}" font-family="sans-serif" font-size="13"'
        ' role="img" aria-label="Time in a sandbox by native time">',
        f'<rect width="{width}" height="{bottom}" fill="#ffffff"/>',
    ]
    for number, row in enumerate(rows):
        top = number * height + 4
        color = "#5b7fa6" if row.kernel else "#2f6f4f"
        first, third = (left + value * scale for value in row.spread)
        lines += [
            f'<text x="{left - 8}" y="{top + 13}" text-anchor="end">{row.name}</text>',
            f'<rect x="{left}" y="{top}" width="{row.ratio * scale:.0f}" height="{height - 6}" fill="{color}"/>',
            f'<line x1="{first:.0f}" y1="{top + 8}" x2="{third:.0f}" y2="{top + 8}" stroke="#d08a2e" stroke-width="3"/>',
            f'<text x="{left + row.ratio * scale + 8:.0f}" y="{top + 13}">{row.ratio:.2f}</text>',
        ]
    native = left + scale
    lines += [
        f'<line x1="{native:.0f}" y1="0" x2="{native:.0f}" y2="{bottom - 20}" stroke="#000000" stroke-dasharray="4 3"/>',
        f'<text x="{native:.0f}" y="{bottom - 6}" text-anchor="middle">native</text>',
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def put_between(path: Path, name: str, text: str) -> None:
    """Puts the text between the two marks of a page that have this name."""
    marks = f"<!-- {name} -->", f"<!-- end of {name} -->"
    page = path.read_text(encoding="utf-8")
    before, begin, rest = page.partition(marks[0])
    _, end, after = rest.partition(marks[1])
    if not begin or not end:
        sys.exit(f"libraries: {path} has no {marks[0]} and {marks[1]}. To fix: put both lines where the table shall be")
    path.write_text(f"{before}{begin}\n{text}{end}{after}", encoding="utf-8")


def main(words: Sequence[str]) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--quick", action="store_true", help="run everything once: shows that it runs, the numbers mean nothing"
    )
    parser.add_argument("--markdown", metavar="FILE", help="the page whose table to write")
    parser.add_argument(
        "--table", metavar="NAME", default="libraries", help="the page's table, if it has several; default: libraries"
    )
    parser.add_argument("--chart", metavar="FILE", help="the SVG picture to write")
    parser.add_argument("names", nargs="*", metavar="NAME", help="what to measure; default: everything that was built")
    options = parser.parse_args(words)
    folder = Path(os.environ.get("WORK_FOLDER", "tests/benchmark/work"))
    kernels = os.environ["KERNELS"].split()
    known = [*os.environ["LIBRARIES"].split(), *kernels]
    for name in options.names:
        if name not in known:
            sys.exit(f"libraries: {name} is not measured. To fix: choose from {', '.join(known)}")
    recipes = os.environ.get("RECIPES", "").split()
    here = Path(os.environ.get("BUILD_WORKING_DIRECTORY", "."))
    rows = []
    for name in options.names or known:
        others = [folder / f"{name}_test.wasm2c", *([folder / f"{name}_recipe"] if name in recipes else [])]
        rows.append(measure(name, name in kernels, folder / f"{name}_test.noop", others, options.quick))
        print(markdown(rows[-1:]).splitlines()[-1], flush=True)
    print(markdown(rows))
    if options.markdown:
        put_between(here / options.markdown, options.table, markdown(rows))
    if options.chart:
        (here / options.chart).write_text(chart(rows), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
