"""What the ruleset loads from other modules exists in their oldest supported and in their current versions."""

from __future__ import annotations

import os
import pathlib
import re

import pytest

_ROOT = pathlib.Path(os.environ["TEST_SRCDIR"]) / os.environ["TEST_WORKSPACE"]

# Label -> symbols. Seen in rules_cc 0.0.11 and 0.2.22, rules_python 0.22.1 and 2.3.2, bazel_skylib 1.9.1, platforms 0.0.10;
# those of bazel_tools in Bazel 7, 8 and 9. Check both before adding one.
_KNOWN = {
    "@bazel_skylib//lib:selects.bzl": {"selects"},
    "@bazel_skylib//lib:unittest.bzl": {"analysistest", "asserts", "unittest"},
    "@bazel_skylib//rules:build_test.bzl": {"build_test"},
    "@bazel_skylib//rules:common_settings.bzl": {
        "BuildSettingInfo",
        "bool_flag",
        "int_flag",
        "string_flag",
        "string_list_flag",
    },
    "@bazel_skylib//rules:diff_test.bzl": {"diff_test"},
    "@bazel_skylib//rules:native_binary.bzl": {"native_binary", "native_test"},
    "@bazel_skylib//rules:run_binary.bzl": {"run_binary"},
    "@bazel_skylib//rules:write_file.bzl": {"write_file"},
    "@bazel_skylib//rules:copy_file.bzl": {"copy_file"},
    "@bazel_skylib//:bzl_library.bzl": {"bzl_library"},
    "@bazel_tools//tools/build_defs/repo:utils.bzl": {"read_netrc", "read_user_netrc", "use_netrc"},
    "@platforms//host:constraints.bzl": {"HOST_CONSTRAINTS"},
    "@rules_cc//cc:action_names.bzl": {"ACTION_NAMES"},
    "@rules_cc//cc:cc_binary.bzl": {"cc_binary"},
    "@rules_cc//cc:cc_import.bzl": {"cc_import"},
    "@rules_cc//cc:cc_library.bzl": {"cc_library"},
    "@rules_cc//cc:cc_shared_library.bzl": {"cc_shared_library"},
    "@rules_cc//cc:cc_test.bzl": {"cc_test"},
    "@rules_cc//cc:cc_toolchain_config_lib.bzl": {
        "action_config",
        "artifact_name_pattern",
        "env_entry",
        "env_set",
        "feature",
        "feature_set",
        "flag_group",
        "flag_set",
        "tool",
        "tool_path",
        "variable_with_value",
        "with_feature_set",
    },
    "@rules_cc//cc:find_cc_toolchain.bzl": {"CC_TOOLCHAIN_TYPE", "find_cc_toolchain", "use_cc_toolchain"},
    "@rules_cc//cc/common:cc_common.bzl": {"cc_common"},
    "@rules_cc//cc/common:cc_info.bzl": {"CcInfo"},
    "@rules_cc//cc/common:cc_shared_library_hint_info.bzl": {"CcSharedLibraryHintInfo"},
    "@rules_cc//cc/toolchains:cc_toolchain.bzl": {"cc_toolchain"},
    "@rules_cc//cc/toolchains:cc_toolchain_config_info.bzl": {"CcToolchainConfigInfo"},
    "@rules_python//python:py_binary.bzl": {"py_binary"},
    "@rules_python//python:py_info.bzl": {"PyInfo"},
    "@rules_python//python:py_library.bzl": {"py_library"},
    "@rules_python//python:py_test.bzl": {"py_test"},
}
_OWN = ("//", ":", "@rules_rlbox//", "@rlbox_toolchains//")

# Rules and symbols that a newer Bazel no longer has without a load().
_GONE = re.compile(
    r"\b(native\.(?:cc|py|sh|java|proto)_\w+|native\.bind|native\.existing_rules\(\)\[|ctx\.host_fragments|cfg = \"host\"|"
    r"incompatible_use_toolchain_transition|command_line_option:crosstool_top)"
)
_MUST_LOAD = re.compile(r"^\s*(cc_\w+|py_\w+|sh_\w+|java_\w+)\(", re.MULTILINE)


def _files() -> list[pathlib.Path]:
    found = [
        path
        for folder in ("examples", "rules", "runtime", "tools")
        for path in (_ROOT / folder).rglob("*")
        if path.suffix == ".bzl" or path.name == "BUILD.bazel"
    ]
    assert len(found) > 20
    return sorted(found)


def _loads(text: str) -> list[tuple[str, list[str]]]:
    statements = re.findall(r"\bload\(\s*\"([^\"]+)\",([^)]*)\)", text)
    return [(label, re.findall(r"\"([^\"]+)\"", symbols)) for label, symbols in statements]


@pytest.mark.parametrize("path", _files(), ids=lambda path: str(path.relative_to(_ROOT)))
def test_only_symbols_of_both_module_sets(path: pathlib.Path) -> None:
    text = path.read_text()
    loaded = set()
    for label, symbols in _loads(text):
        loaded |= set(symbols)
        if not label.startswith(_OWN):
            assert label in _KNOWN, f"{label} is not known to exist in all supported versions"
            assert set(symbols) <= _KNOWN[label], label
    assert _GONE.findall(text) == []
    if path.name == "BUILD.bazel":
        assert set(_MUST_LOAD.findall(text)) <= loaded
