"""The repositories and the toolchain() targets of each selection, as pure functions of the version tables."""

load(":platforms.bzl", "EXEC_PLATFORMS", "WASM_PLATFORMS")

_WASI_SDK_TYPE = "@rules_rlbox//rules/toolchains/wasi_sdk:toolchain_type"
_WABT_TYPE = "@rules_rlbox//rules/toolchains/wabt:toolchain_type"
_RUNTIME_TYPE = "@rules_rlbox//runtime:toolchain_type"
_CC_TYPE = "@bazel_tools//tools/cpp:toolchain_type"
_C_TYPE = "@rules_rlbox//rules/toolchains/wasi_sdk:c_toolchain_type"

# The versions that a build gets without saying anything.
DEFAULT_VERSIONS = {
    "wabt": "1.0.42.0",
    "wasi_sdk": "0.17.1",
}

def _repository(selection, platform, rule, attrs):
    suffix = "_" + platform if platform else ""
    return struct(
        name = "%s_%s%s" % (selection.tool, selection.name, suffix),
        platform = platform,
        rule = rule,
        attrs = attrs,
    )

def _platform_error(file, platform):
    return "rlbox: %s names the unknown exec platform %s. To fix: choose one of %s" % (file, platform, ", ".join(sorted(EXEC_PLATFORMS)))

def _wheel_repositories(selection, table):
    entry = table[selection.tool]["versions"][selection.version]
    repositories = []
    for platform, wheel in sorted(entry["wheels"].items()):
        if platform not in EXEC_PLATFORMS:
            return _platform_error("wheels.json", platform), None
        attrs = {
            "netrc": selection.netrc,
            "package": table[selection.tool]["package"],
            "sha256": selection.sha256.get(platform, wheel["sha256"]),
            "urls": selection.urls.get(platform, []),
            "version": selection.version,
            "wheel": wheel["file"],
        }
        if selection.tool == "wasi_sdk":
            attrs["clang_major"] = entry["clang_major"]
            attrs["exec_constraints"] = EXEC_PLATFORMS[platform]
        repositories.append(_repository(selection, platform, "wheel", attrs))
    return None, repositories

def mirrored(mirror, path):
    """Returns the address of a file on a mirror.

    Args:
        mirror: a prefix, e.g. `https://mirror.example.com/github`, or an address with `{path}` or `{file}` in it.
        path: the file's path on the site that is mirrored.

    Returns:
        The address.
    """
    if "{path}" in mirror or "{file}" in mirror:
        return mirror.replace("{path}", path).replace("{file}", path.split("/")[-1])
    return mirror.rstrip("/") + "/" + path

def release_urls(selection, table, platform, file):
    """Lists where an archive of a release may be fetched from, best first.

    Args:
        selection: the selection, see selection.bzl.
        table: the entry of the tool in releases.json.
        platform: the exec platform.
        file: the archive's file name; "" if the table has none.

    Returns:
        A list of addresses: the tag's own; else the mirrors' followed by the release's site.
    """
    if selection.urls.get(platform):
        return selection.urls[platform]
    path = table["path"].replace("{version}", selection.version).replace("{file}", file)
    return [mirrored(mirror, path) for mirror in selection.mirrors + [table["site"]]]

def _release_repositories(selection, table):
    entry = table[selection.tool]["versions"].get(selection.version, {"archives": {}})
    repositories = []
    for platform in sorted(entry["archives"].keys() + [p for p in selection.urls if p not in entry["archives"]]):
        if platform not in EXEC_PLATFORMS:
            return _platform_error("releases.json", platform), None
        archive = entry["archives"].get(platform, {"file": "", "sha256": ""})
        attrs = {
            "netrc": selection.netrc,
            "sha256": selection.sha256.get(platform, archive["sha256"]),
            "tag": "rlbox.%s(name = \"%s\")" % (selection.tool, selection.name),
            "urls": release_urls(selection, table[selection.tool], platform, archive["file"]),
            "version": selection.version,
        }
        if selection.tool == "wasi_sdk":
            attrs["exec_constraints"] = EXEC_PLATFORMS[platform]
        repositories.append(_repository(selection, platform, "release", attrs))
    return None, repositories

def toolchain_repositories(selection, tables):
    """Lists the repositories that provide a selection.

    Args:
        selection: a selection, see selection.bzl.
        tables: a dict: `wheel` and `release` to the decoded wheels.json and releases.json.

    Returns:
        (error, repositories): error is None or the text for fail(); repositories is a list of structs with name (the repository),
        platform (a key of EXEC_PLATFORMS, or None for the machine at hand), rule (`wheel`, `release` or `path`) and
        attrs (a dict for that repository rule).
    """
    if selection.source == "wheel":
        return _wheel_repositories(selection, tables["wheel"])
    if selection.source == "release":
        return _release_repositories(selection, tables["release"])
    return None, [_repository(selection, None, "path", {
        "path": selection.path,
        "tag": "rlbox.%s(name = \"%s\")" % (selection.tool, selection.name),
        "version": selection.version or "local",
    })]

def _target(name, toolchain, toolchain_type, exec_constraints, settings, target_constraints = []):
    return struct(
        name = name,
        toolchain = toolchain,
        toolchain_type = toolchain_type,
        exec_constraints = exec_constraints,
        settings = settings,
        target_constraints = target_constraints,
    )

def toolchain_targets(selection, repositories, is_default):
    """Lists the toolchain() targets for a selection's repositories.

    Args:
        selection: the selection.
        repositories: what toolchain_repositories() returned for it.
        is_default: whether builds that set no flag use it.

    Returns:
        A list of structs: see hub.bzl. exec_constraints is None for the machine at hand.
    """
    targets = []
    for value in [selection.name] + (["default"] if is_default else []):
        settings = [":" + setting_name(selection.tool, value)]
        for repository in repositories:
            name = repository.name + ("_default" if value == "default" else "")
            constraints = EXEC_PLATFORMS[repository.platform] if repository.platform else None
            label = "@%s//:" % repository.name
            if selection.tool == "wabt":
                targets.append(_target(name, label + "wabt", _WABT_TYPE, constraints, settings))
            else:
                targets.append(_target(name, label + "wasi_sdk", _WASI_SDK_TYPE, constraints, settings))
                for suffix, platform in WASM_PLATFORMS.items():
                    targets.append(_target(name + "_" + suffix, label + "cc_toolchain", _CC_TYPE, constraints, settings, platform))
                    targets.append(_target(name + "_" + suffix + "_c", label + "c_toolchain", _C_TYPE, constraints, settings, platform))
    return targets

def runtime_toolchains():
    """Lists the toolchain() targets for the RLBox that programs are made with: this module's own and upstream's.

    Returns:
        A list of structs: see hub.bzl.
    """
    toolchains = {
        ("bundled", "noop"): "@rules_rlbox//runtime:noop_toolchain",
        ("bundled", "wasm2c"): "@rules_rlbox//runtime:wasm2c_toolchain",
        ("upstream", "noop"): "@rlbox_upstream_framework//:noop",
        ("upstream", "wasm2c"): "@rlbox_upstream_plugin//:wasm2c",
    }
    return [
        _target("rlbox_%s_%s" % (rlbox, backend), toolchain, _RUNTIME_TYPE, [], [
            "@rules_rlbox//rules/settings:backend_" + backend,
            "@rules_rlbox//rules/settings:rlbox_" + rlbox,
        ])
        for (rlbox, backend), toolchain in toolchains.items()
    ]

def setting_name(tool, value):
    """Returns the name of the config_setting that a selection's toolchains want.

    Args:
        tool: `wasi_sdk` or `wabt`.
        value: a selection's name, or `default`.

    Returns:
        The name.
    """
    return "%s_is_%s" % (tool, value)
