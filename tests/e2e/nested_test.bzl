"""A pytest test that runs Bazel in other workspaces."""

load("//tests:pytest.bzl", "pytest_test")

# What decides which Bazel the launcher runs and with which further flags, where caches are, and how pip finds its index.
_ENVIRONMENT = [
    "BAZEL_BOOTSTRAP_DIR",
    "BAZEL_REAL",
    "CC",
    "HOME",
    "NESTED_BAZEL_FLAGS",
    "PATH",
    "PIP_CONFIG_FILE",
    "PIP_FIND_LINKS",
    "PIP_INDEX_URL",
    "SSL_CERT_FILE",
    "USER",
    "XDG_CACHE_HOME",
]

def nested_test(name, srcs, data = [], size = "large", timeout = None, tags = [], deps = [], **kwargs):
    """Declares a test that uses nested_bazel.py.

    It runs outside Bazel's sandbox (Bazel makes one of its own) and, on a machine with empty caches, fetches the
    toolchains.

    Args:
        name: the test's name.
        srcs: the test files; a conftest.py beside them is added.
        data: the workspaces.
        size: `large`, because a nested Bazel takes its time on a cold machine; `medium` where it does little.
        timeout: how long it may take; `eternal` by default where the size is `large`.
        tags: further tags.
        deps: `py_library` targets that the tests import besides nested_bazel.
        **kwargs: any other attribute of pytest_test.
    """
    pytest_test(
        name = name,
        size = size,
        # Each nested Bazel on a cold machine builds the sysroot, beside other tests.
        timeout = timeout or ("eternal" if size == "large" else None),
        srcs = srcs + ["conftest.py"],
        data = data + ["//:distribution"],
        env_inherit = _ENVIRONMENT,
        # No "cpu:2": half of the time a nested Bazel starts, fetches or analyses, while another test can run.
        tags = tags + [
            "no-remote",
            "no-sandbox",
            "requires-network",
        ],
        deps = deps + [Label("//tests/e2e:nested_bazel")],
        **kwargs
    )
