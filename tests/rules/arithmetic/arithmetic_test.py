"""The library computes what its source says, whatever the application's options allow for floating-point arithmetic."""

import os
import struct
import subprocess
from pathlib import Path

import pytest


def _bits(value: float) -> str:
    return struct.pack(">d", value).hex()


_EXPECTED = [
    # The sum of 1000 ones: without the compensation each of them is lost.
    f"compensated sum {_bits(1000.0)}",
    # (1 + 2^-30) (1 - 2^-30) - 1 with the product rounded; fused, the result is -2^-60.
    f"product and sum {_bits((1 + 2**-30) * (1 - 2**-30) - 1)}",
    f"third {_bits(5.0 / 3.0)}",
    f"plus zero {_bits(0.0)}",
    "not a number 1",
]


def _runs_here(program: str) -> bool:
    return "fused" not in program or " fma " in Path("/proc/cpuinfo").read_text(encoding="utf-8")


@pytest.mark.parametrize("program", os.environ["PROGRAMS"].split())
def test_the_library_computes_what_its_source_says(program: str) -> None:
    if not _runs_here(program):
        pytest.skip("the processor has no fused multiply-add")
    result = subprocess.run([program], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines() == _EXPECTED
