"""A module without an attribute for files imports nothing for them, and its list of exports says what its calls do."""

import json
import os

from wasm.module import parse
from wasm.wasi_functions import FILE_FUNCTIONS

DEFAULT = {"fd_close", "fd_fdstat_get", "fd_prestat_dir_name", "fd_prestat_get", "fd_read", "fd_seek", "fd_write"}


def answers() -> dict[str, str]:
    with open(os.environ["EXPORTS"], encoding="ascii") as file:
        return {item["name"]: item["answered"] for item in json.load(file)["exports"]}


def test_no_import_is_for_files_or_waits() -> None:
    with open(os.environ["MODULE"], "rb") as file:
        module = parse(file.read())
    names = {item.name for item in module.imports}
    assert not names & (FILE_FUNCTIONS - DEFAULT), names
    assert "poll_oneoff" not in names


def test_each_function_that_reaches_one_says_so() -> None:
    found = answers()
    assert found["use_stdio"].startswith("its calls for files fail (through fopen -> ")
    assert found["use_stdio"].endswith("; set files = True to give the library files in memory")
    assert found["sleep_often"].startswith("its calls that wait return at once, without waiting (through sleep -> ")
    assert "; its calls that wait" not in found["use_posix"]
