"""The list of exports names the functions that can start a thread, through the real C and C++ libraries."""

import json
import os


def test_only_what_starts_a_thread_is_named() -> None:
    with open(os.environ["EXPORTS"], encoding="ascii") as file:
        answered = {item["name"]: item["answered"] for item in json.load(file)["exports"]}
    assert "it cannot start a thread" in answered["start_thread"]
    assert answered["start_thread"].endswith(": a sandbox has one")
    assert [name for name, words in answered.items() if "thread" in words] == ["start_thread"]
