"""The rule for Python tests: `pytest_test`.

**EXAMPLE**

```starlark
load("//tests:pytest.bzl", "pytest_test")

pytest_test(
    name = "module_test",
    size = "small",
    srcs = ["module_test.py"],
    deps = ["//tools/wasm"],
)
```
"""

load("@rules_python//python:py_test.bzl", "py_test")

# The tags of tests that take long and of which another test runs a part by default: CONTRIBUTING.md says how to run them.
NIGHTLY = [
    "manual",
    "nightly",
]

_MAIN = Label("//tests:pytest_main.py")
_PYTEST = [Label("@rlbox_dev_pip//:pytest"), Label("@rlbox_dev_pip//:hypothesis")]

def pytest_test(name, srcs, deps = [], args = [], **kwargs):
    """A `py_test` that runs pytest on its sources.

    pytest and hypothesis are always there. A test that collects nothing fails. `--test_filter=EXPR` is
    pytest's `-k`, `--test_arg=ARG` adds an argument, `shard_count` works, and `test.xml` has an entry for
    each test function. Hypothesis tries the same examples each time; for others,
    `--test_arg=--hypothesis-profile=random`.

    Args:
        name: the target's name.
        srcs: the test files, `*_test.py` or `test_*.py`, and any `conftest.py`.
        deps: `py_library` targets that the tests import.
        args: further arguments for pytest.
        **kwargs: any other attribute of `py_test`: data, size, tags, env, shard_count, ...
    """
    tests = [src for src in srcs if not src.endswith("conftest.py")]
    if not tests:
        fail("pytest_test(name = \"%s\"): srcs has no test file; name at least one *_test.py" % name)
    py_test(
        name = name,
        srcs = srcs + [_MAIN],
        main = _MAIN,
        args = ["$(rootpath %s)" % test for test in tests] + args,
        legacy_create_init = 0,
        deps = deps + _PYTEST,
        **kwargs
    )
