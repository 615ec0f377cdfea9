"""What the extension creates, as pure functions of the version table."""

load(":platforms.bzl", "EXEC_PLATFORMS", "WASI_CONSTRAINTS")

_WASI_SDK_TYPE = "@rules_rlbox//rules/toolchains/wasi_sdk:toolchain_type"
_WABT_TYPE = "@rules_rlbox//rules/toolchains/wabt:toolchain_type"
_CC_TYPE = "@bazel_tools//tools/cpp:toolchain_type"

# The versions that a build gets without saying anything.
DEFAULT_VERSIONS = {
    "wabt": "1.0.42.0",
    "wasi_sdk": "0.15.2",
}

def _row(name, toolchain, toolchain_type, exec_constraints, target_constraints = []):
    return struct(
        name = name,
        toolchain = toolchain,
        toolchain_type = toolchain_type,
        exec_constraints = exec_constraints,
        target_constraints = target_constraints,
    )

def wheel_plan(table, tool, version):
    """Lists the repositories that provide one version of a tool from wheels.

    Args:
        table: the decoded wheels.json.
        tool: `wasi_sdk` or `wabt`.
        version: a version in the table.

    Returns:
        (error, plan): error is None or the text for fail(); plan is a list of structs with name (the
        repository), platform (a key of EXEC_PLATFORMS) and attrs (a dict for the repository rule).
    """
    versions = table[tool]["versions"]
    if version not in versions:
        return "rlbox: %s has no version %s; known: %s" % (tool, version, ", ".join(sorted(versions))), None
    entry = versions[version]
    plan = []
    for platform, wheel in sorted(entry["wheels"].items()):
        if platform not in EXEC_PLATFORMS:
            return "rlbox: wheels.json names the unknown exec platform %s; known: %s" % (platform, ", ".join(sorted(EXEC_PLATFORMS))), None
        attrs = {
            "package": table[tool]["package"],
            "sha256": wheel["sha256"],
            "version": version,
            "wheel": wheel["file"],
        }
        if tool == "wasi_sdk":
            attrs["clang_major"] = entry["clang_major"]
            attrs["exec_constraints"] = EXEC_PLATFORMS[platform]
        plan.append(struct(
            name = "%s_%s_%s" % (tool, version, platform),
            platform = platform,
            attrs = attrs,
        ))
    return None, plan

def toolchain_rows(tool, plan):
    """Lists the toolchain() targets for a tool's repositories.

    Args:
        tool: `wasi_sdk` or `wabt`.
        plan: what wheel_plan returned.

    Returns:
        A list of structs: see toolchain_text.
    """
    rows = []
    for repository in plan:
        constraints = EXEC_PLATFORMS[repository.platform]
        label = "@%s//:" % repository.name
        if tool == "wabt":
            rows.append(_row(repository.name, label + "wabt", _WABT_TYPE, constraints))
        else:
            rows.append(_row(repository.name, label + "wasi_sdk", _WASI_SDK_TYPE, constraints))
            rows.append(_row(repository.name + "_cc", label + "cc_toolchain", _CC_TYPE, constraints, WASI_CONSTRAINTS))
    return rows
