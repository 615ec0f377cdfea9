"""Unit tests of rules/private/dev/shelf.bzl: where the sources of examples/libraries come from, and what is said if they do not."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")
load("//rules/private/dev:shelf.bzl", "debian_mirrors", "shelf_error")
load("//rules/private/dev:shelf_sources.bzl", "SHELF_FOLDERS", "SHELF_SOURCES")

def _mirrors_test_impl(ctx):
    env = unittest.begin(ctx)
    printed = """\
'fake:/one/dists/stable/InRelease' one_dists_stable_InRelease 0
'fake:/one-security/dists/stable-security/InRelease' one-security_dists_stable-security_InRelease 0
'fake:/one/dists/stable-updates/InRelease' one_dists_stable-updates_InRelease 0
'fake:/two/dists/stable/InRelease' two_dists_stable_InRelease 0
'fake:/flat/InRelease' flat_InRelease 0
E: 'it' is no list of dists/
"""
    asserts.equals(env, ["fake:/one", "fake:/two"], debian_mirrors(printed))
    asserts.equals(env, [], debian_mirrors(""))
    return unittest.end(env)

_mirrors_test = unittest.make(_mirrors_test_impl)

def _error_test_impl(ctx):
    env = unittest.begin(ctx)
    asserts.equals(env, """\
examples/libraries: the sources of zlib cannot be fetched.
  tried: this
  tried: that
  To fix: let the machine reach one of these; or leave out the targets of //examples/libraries/zlib.""", shelf_error(library = "zlib", package = "examples/libraries/zlib", tried = ["this", "that"]))
    return unittest.end(env)

_error_test = unittest.make(_error_test_impl)

def _sources_test_impl(ctx):
    env = unittest.begin(ctx)
    for library, sources in SHELF_SOURCES.items():
        for source in sources:
            asserts.equals(env, 64, len(source.sha256), library)
            for url in getattr(source, "urls", []):
                asserts.true(env, url.startswith("https://"), url)

        # One that a machine without the internet can have.
        asserts.true(env, hasattr(sources[-1], "debian") or hasattr(sources[-1], "npm"), library)
    for part, folder in SHELF_FOLDERS.items():
        asserts.true(env, part in SHELF_SOURCES and folder in SHELF_SOURCES, part)
    return unittest.end(env)

_sources_test = unittest.make(_sources_test_impl)

def shelf_test_suite(name):
    """Declares the tests.

    Args:
        name: the suite's name.
    """
    unittest.suite(name, _mirrors_test, _error_test, _sources_test)
