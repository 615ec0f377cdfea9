"""The repository that rules_rlbox registers: toolchain() targets only, so that loading it fetches nothing."""

load(":metadata.bzl", "metadata")

_HEAD = """\
# Written by @rules_rlbox//rules/toolchains/private:hub.bzl
load("@platforms//host:constraints.bzl", "HOST_CONSTRAINTS")

package(default_visibility = ["//visibility:public"])

# For documentation of .bzl files that load this one.
exports_files(["names.bzl"])
"""

_TOOLCHAIN = """
toolchain(
    name = "{name}",
    exec_compatible_with = {exec_constraints},
    target_compatible_with = {target_constraints},
    target_settings = {settings},
    toolchain = "{toolchain}",
    toolchain_type = "{toolchain_type}",
)
"""

_SETTING = """
config_setting(
    name = "{name}",
    flag_values = {{"@rules_rlbox//rules/settings:{tool}": "{value}"}},
)
"""

_NAMES = """\
\"\"\"The names that --@rules_rlbox//rules/settings:wasi_sdk and :wabt may say in this build.\"\"\"

NAMES = {names}

# The oldest wabt that upstream's RLBox plugin compiles with.
UPSTREAM_WABT_MINIMUM = {upstream_wabt_minimum}
"""

def toolchain_text(target):
    """Returns the BUILD text of one toolchain() target.

    Args:
        target: a struct with name, exec_constraints (None for the machine at hand), target_constraints, settings
            (labels of config_settings that must all match), toolchain and toolchain_type.

    Returns:
        The text.
    """
    return _TOOLCHAIN.format(
        name = target.name,
        exec_constraints = "HOST_CONSTRAINTS" if target.exec_constraints == None else json.encode(target.exec_constraints),
        target_constraints = json.encode(target.target_constraints),
        settings = json.encode(target.settings),
        toolchain = target.toolchain,
        toolchain_type = target.toolchain_type,
    )

def setting_text(name, tool, value):
    """Returns the BUILD text of the config_setting that a selection's toolchains want.

    Args:
        name: its name.
        tool: `wasi_sdk` or `wabt`.
        value: the value of the build setting.

    Returns:
        The text.
    """
    return _SETTING.format(name = name, tool = tool, value = value)

def _toolchains_repository_impl(repository_ctx):
    attr = repository_ctx.attr
    repository_ctx.file("BUILD.bazel", _HEAD + "".join(attr.targets), executable = False)
    repository_ctx.file("names.bzl", _NAMES.format(
        names = json.encode(attr.names),
        upstream_wabt_minimum = json.encode(attr.upstream_wabt_minimum),
    ), executable = False)
    return metadata(repository_ctx)

toolchains_repository = repository_rule(
    implementation = _toolchains_repository_impl,
    doc = "The hub: toolchain() and config_setting() targets only.",
    attrs = {
        "names": attr.string_list_dict(
            doc = "For each tool, the names of its toolchains.",
            mandatory = True,
        ),
        "targets": attr.string_list(
            doc = "The BUILD text of each target.",
            mandatory = True,
        ),
        "upstream_wabt_minimum": attr.string(
            doc = "The oldest wabt that upstream's RLBox plugin compiles with.",
            mandatory = True,
        ),
    },
)
