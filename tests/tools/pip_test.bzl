"""Unit tests of rules/private/dev/pip.bzl: what is said when the test requirements cannot be installed."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")
load("//rules/private/dev:pip.bzl", "pip_error")

_WAY_OUT = (
    "  To fix: put a python3 (3.9 or newer) with pip on PATH, and name an index that pip can reach " +
    "(pip.conf, PIP_INDEX_URL or PIP_FIND_LINKS: all are honoured); or leave out the targets below //tests."
)

def _pip_error_test_impl(ctx):
    env = unittest.begin(ctx)
    start = "the test requirements of rules_rlbox cannot be installed: there is no python3 on PATH.\n"
    message = pip_error(what = "there is no python3 on PATH", tried = None, output = "")
    asserts.equals(env, start + _WAY_OUT, message)
    message = pip_error(
        what = "pip failed with code 1",
        tried = ["python3", "-m", "pip"],
        output = "1\n2\n3\n\n4\n5\nERROR: 6\n",
    )
    asserts.equals(env, """\
the test requirements of rules_rlbox cannot be installed: pip failed with code 1.
  tried: python3 -m pip
  | 2
  | 3
  | 4
  | 5
  | ERROR: 6
""" + _WAY_OUT, message)
    return unittest.end(env)

_pip_error_test = unittest.make(_pip_error_test_impl)

def pip_test_suite(name):
    """Declares the tests.

    Args:
        name: the suite's name.
    """
    unittest.suite(name, _pip_error_test)
