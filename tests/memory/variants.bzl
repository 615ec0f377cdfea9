"""A sandbox and its test for each combination of memory attributes."""

load("//rules:defs.bzl", "rlbox_cc_test", "rlbox_sandbox")

_LIMITS = dict(initial_memory = 32 * 65536, max_memory = 64 * 65536, stack_size = 65536)
_EXPECTED_LIMITS = ["EXPECTED_INITIAL_PAGES=32", "EXPECTED_MAX_PAGES=64", "EXPECTED_SIMD=0"]

# name -> (attributes of the sandbox, what the test expects of it)
_VARIANTS = {
    # The library's own code takes no function's address: entry 0, which is no function, and room for five.
    "callbacks": (dict(max_table = 6), ["EXPECTED_CALLBACKS=5", "EXPECTED_SIMD=0"]),
    "default": ({}, ["EXPECTED_SIMD=0"]),
    "explicit": (dict(bounds = "explicit"), ["EXPECTED_SIMD=0"]),
    "limits": (_LIMITS, _EXPECTED_LIMITS),
    "one_file": (dict(num_outputs = 1), ["EXPECTED_SIMD=0"]),
    "own_memory": (dict(_LIMITS, import_memory = False, import_table = False), _EXPECTED_LIMITS),
    "simd": (dict(simd = True), ["EXPECTED_SIMD=1"]),
}

def memory_tests(name):
    """Declares them.

    Args:
        name: the name of a test_suite of all tests.
    """
    for variant, (attributes, expectations) in _VARIANTS.items():
        rlbox_sandbox(
            name = "vectors_" + variant,
            module_name = "vectors",
            deps = [":vectors"],
            **attributes
        )
        rlbox_cc_test(
            name = variant + "_test",
            size = "small",
            srcs = ["memory_test.cpp"],
            local_defines = expectations,
            sandboxes = [":vectors_" + variant],
            deps = ["//tests/runtime:harness"],
        )
    native.test_suite(name = name, tests = [":%s_test" % variant for variant in _VARIANTS])
