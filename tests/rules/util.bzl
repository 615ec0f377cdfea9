"""What the Starlark tests share."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")

def _failure_test_impl(ctx):
    env = analysistest.begin(ctx)
    asserts.expect_failure(env, ctx.attr.message)
    return analysistest.end(env)

_failure_test = analysistest.make(
    _failure_test_impl,
    attrs = {"message": attr.string(mandatory = True)},
    expect_failure = True,
)

_noop_failure_test = analysistest.make(
    _failure_test_impl,
    attrs = {"message": attr.string(mandatory = True)},
    expect_failure = True,
    config_settings = {str(Label("//rules/settings:backend")): "noop"},
)

_old_sdk_failure_test = analysistest.make(
    _failure_test_impl,
    attrs = {"message": attr.string(mandatory = True)},
    expect_failure = True,
    config_settings = {str(Label("//rules/settings:wasi_sdk")): "0.15.2"},
)

def failure_test(name, target, message, backend = "wasm2c", wasi_sdk = "default"):
    """Declares a test that a target's analysis fails with a message.

    Args:
        name: the test's name.
        target: the target, tagged manual.
        message: a part of the message, verbatim.
        backend: the value of //rules/settings:backend.
        wasi_sdk: the value of //rules/settings:wasi_sdk: "default" or "0.15.2".
    """
    test = _noop_failure_test if backend == "noop" else _failure_test
    if wasi_sdk == "0.15.2":
        test = _old_sdk_failure_test
    test(name = name, target_under_test = target, message = message)

def find_action(env, actions, mnemonic):
    """Returns the one action with a mnemonic.

    Args:
        env: the test environment.
        actions: a list of actions.
        mnemonic: the mnemonic.

    Returns:
        The action, or None after a failed assertion.
    """
    found = [action for action in actions if action.mnemonic == mnemonic]
    asserts.equals(env, 1, len(found), "actions with mnemonic " + mnemonic)
    return found[0] if found else None

def assert_has_flags(env, argv, flags):
    """Asserts that each flag is in a command line.

    Args:
        env: the test environment.
        argv: the command line.
        flags: the flags.
    """
    for flag in flags:
        asserts.true(env, flag in argv, "%s is missing in %s" % (flag, argv))

def assert_no_flags(env, argv, flags):
    """Asserts that no flag is in a command line.

    Args:
        env: the test environment.
        argv: the command line.
        flags: the flags.
    """
    for flag in flags:
        asserts.false(env, flag in argv, "%s should not be in %s" % (flag, argv))
