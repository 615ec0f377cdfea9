"""Tests of the pure functions below the rules and the extension."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")
load("//rules/private:includes.bzl", "drop_originals", "in_order", "include_string")
load("//rules/private:library_flags.bzl", "compile_flags", "words")
load("//rules/private:names.bzl", "is_c_identifier")
load("//rules/private:wasm2c_translate.bzl", "features")
load("//rules/toolchains/wasi_sdk:host_flags.bzl", "HOST_FLAGS", "drop_features", "dropped_by", "matches", "override_options")

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

    # A CcInfo has headers in no order, and links to them besides.
    def file(path):
        return struct(path = path, basename = path.split("/")[-1])

    listed = [file(path) for path in ["l/z.h", "l/a.h", "l/sub/a.h", "l/m.h"]]
    links = ["bin/_virtual_includes/x/" + path for path in ["sub/a.h", "m.h", "z.h", "in/a.h"]]
    found = ["l/m.h", "l/sub/a.h", "other.h", "l/z.h", "l/a.h"] + links
    asserts.equals(env, [
        "l/z.h",
        links[2],
        "l/a.h",
        links[3],
        "l/sub/a.h",
        links[0],
        "l/m.h",
        links[1],
        "other.h",
    ], [header.path for header in in_order([file(path) for path in found], listed)])
    return unittest.end(env)

includes_test = unittest.make(_includes_test_impl)

def _features_test_impl(ctx):
    env = unittest.begin(ctx)
    for version in ["1.0.42", "1.0.42.0", "1.0.43", "1.1.0", "2.0.0"]:
        asserts.true(env, "--disable-tail-call" in features(version, exceptions = True), version)
        asserts.false(env, "--disable-exceptions" in features(version, exceptions = True), version)
        asserts.true(env, "--disable-exceptions" in features(version, exceptions = False), version)
    for version in ["1.0.37", "1.0.41"]:
        asserts.equals(env, ["--enable-exceptions"], features(version, exceptions = True))
        asserts.equals(env, [], features(version, exceptions = False))
    for version in ["1.0", "", "local", "main.1.2"]:
        asserts.equals(env, [], features(version, exceptions = True))
        asserts.equals(env, [], features(version, exceptions = False))
    return unittest.end(env)

features_test = unittest.make(_features_test_impl)

def _flags_test_impl(ctx):
    env = unittest.begin(ctx)

    # As a cc_library splits its copts.
    for text, expected in {
        "": [],
        "  -O2\t-g ": ["-O2", "-g"],
        "-DA=\\\"x\\\"": ["-DA=\"x\""],
        "'-DA=\"a b\"' \"-DB='c'\"": ["-DA=\"a b\"", "-DB='c'"],
        "-DA=''": ["-DA="],
        "''": [""],
        "'a\\b'": ["a\\b"],
    }.items():
        asserts.equals(env, expected, words(text), text)
    for text in ["'", "-DA=\"b", "\\", "'a\\'b'"]:
        asserts.equals(env, None, words(text), text)

    # One configuration for the same flags, and the last definition of a macro stays the last.
    asserts.equals(env, ["-DA=2", "-DA=1", "-DB", "-g", "-O1"], compile_flags(["-g", "-O1"], ["B", "A=2", "A=1", "B"]))
    asserts.equals(env, drop_features(["-b", "-a", "-b"]), drop_features(["-a", "-b"]))
    asserts.equals(env, ["-a", "-b*"], dropped_by(["simd"] + drop_features(["-b*", "-a"])))

    for flag in ["-march=native", "-mavx2", "-fcf-protection", "-fcf-protection=full", "-Wl,-rpath,/x", "-Wl,--as-needed", "-ldl", "-L/usr/lib", "-D_FORTIFY_SOURCE=2"]:
        asserts.true(env, matches(flag, HOST_FLAGS), flag)
    for flag in ["-msimd128", "-mllvm", "-ldlx", "-Lx", "-Wl,--gc-sections", "-O2", "-DX=-march=native", "x-ldl", "-D_FORTIFY"]:
        asserts.false(env, matches(flag, HOST_FLAGS), flag)

    # The edit of clang's is split at spaces and slashes, whatever a pattern holds.
    asserts.equals(
        env,
        "# s/^(-a\\.b\\*c|-DA=[^!-.0-~]x[^!-.0-~]\\(\\|.*)$/--no-default-config/",
        override_options(["-a.b*c", "-DA=/x (|*"]),
    )
    return unittest.end(env)

flags_test = unittest.make(_flags_test_impl)

def unit_test_suite(name):
    """Declares the unit tests.

    Args:
        name: the suite's name.
    """
    unittest.suite(name, names_test, includes_test, features_test, flags_test)
