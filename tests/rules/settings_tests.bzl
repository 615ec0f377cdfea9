"""What build settings refuse."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")

_RLBOX = "//rules/settings:rlbox"

def _refused_test_impl(ctx):
    env = analysistest.begin(ctx)
    asserts.expect_failure(env, ctx.attr.message)
    return analysistest.end(env)

_ATTRS = {"message": attr.string(mandatory = True)}

_old_name_test = analysistest.make(
    _refused_test_impl,
    attrs = _ATTRS,
    config_settings = {str(Label(_RLBOX)): "runtime"},
    expect_failure = True,
)

_unknown_name_test = analysistest.make(
    _refused_test_impl,
    attrs = _ATTRS,
    config_settings = {str(Label(_RLBOX)): "downstream"},
    expect_failure = True,
)

def settings_test_suite(name):
    """Declares the tests.

    Args:
        name: the suite's name.
    """
    _old_name_test(
        name = name + "_old_name",
        message = "--@rules_rlbox//rules/settings:rlbox=runtime: the value runtime is called bundled now. To fix: --@rules_rlbox//rules/settings:rlbox=bundled",
        target_under_test = _RLBOX,
    )
    _unknown_name_test(
        name = name + "_unknown_name",
        message = "--@rules_rlbox//rules/settings:rlbox=downstream: there is no such value. To fix: choose one of bundled, upstream",
        target_under_test = _RLBOX,
    )
    native.test_suite(
        name = name,
        tests = [":%s_%s" % (name, case) for case in ["old_name", "unknown_name"]],
    )
