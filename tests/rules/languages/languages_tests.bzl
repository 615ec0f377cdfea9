"""Tests of which C++ libraries a module's actions read."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")

def _libcxx_test_impl(ctx):
    env = analysistest.begin(ctx)
    for action in analysistest.target_actions(env):
        names = [file.basename for file in action.inputs.to_list()]
        if action.mnemonic in ["CppLink", "RlboxSelectExports"]:
            asserts.equals(env, ctx.attr.libcxx, "libc++.a" in names and "libc++abi.a" in names, action.mnemonic)
            asserts.true(env, "libc.a" in names, action.mnemonic)
        else:
            asserts.false(env, "libc++.a" in names, action.mnemonic)
    return analysistest.end(env)

_libcxx_test = analysistest.make(_libcxx_test_impl, attrs = {"libcxx": attr.bool()})

def languages_tests(*, name, without, with_libcxx):
    """Declares a test for each module.

    Args:
        name: of the test suite.
        without: list of string, modules that are linked without libc++, without `_wasm`.
        with_libcxx: list of string, those that are linked with libc++.
    """
    names = []
    for libcxx, modules in [(False, without), (True, with_libcxx)]:
        for module in modules:
            names.append("%s_libcxx_test" % module)
            _libcxx_test(
                name = names[-1],
                libcxx = libcxx,
                target_under_test = ":%s_wasm.module" % module,
            )
    native.test_suite(
        name = name,
        tests = names,
    )
