"""Unit tests of rules/private/dev/debian.bzl."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")
load("//rules/private/dev:debian.bzl", "debian_error")

def _error_test_impl(ctx):
    env = unittest.begin(ctx)
    asserts.equals(env, """\
tests/hosts: Debian's packages one, two cannot be unpacked.
  | why
  To fix: use Debian, or name a mirror with BAZEL_BOOTSTRAP_MIRROR; or leave out the targets of //tests/hosts.""", debian_error(output = "why\n", packages = ["one", "two"]))
    return unittest.end(env)

_error_test = unittest.make(_error_test_impl)

def debian_test_suite(name):
    """Declares the tests.

    Args:
        name: the suite's name.
    """
    unittest.suite(name, _error_test)
