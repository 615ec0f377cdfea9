"""What shows whether rules_rlbox works with a compiler: headers, runtime, generated C, traps, and attacks.

    ./tools/bazel test --repo_env=CC=$(tools/dev/compiler clang-16) //tests/hosts:compiler
"""

load("//tests:pytest.bzl", "NIGHTLY", "pytest_test")

# Those of the suite's tests that the machine's own compiler compiles, as far as no sanitizer is in them.
_TESTS = [
    "//tests/exceptions:exceptions_test",
    "//tests/hosts:narrow_test",
    "//tests/runtime/framework:framework_nightly_test_gcc_cxx17",
    "//tests/runtime/framework:framework_part_test_gcc_cxx23_bare",
    "//tests/runtime/wasm2c:callbacks_imported_test",
    "//tests/runtime/wasm2c:calls_matrix_test_gcc_cxx17",
    "//tests/runtime/wasm2c:memory_functions_test",
    "//tests/runtime/wasm2c:stack_imported_test",
    "//tests/runtime/wasm2c:stopping_imported_test",
    "//tests/runtime/wasm2c:survive_exported_test",
    "//tests/runtime/wasm2c:survive_matrix_test_gcc_cxx23_bare",
    "//tests/runtime/wasm2c:traps_imported_test",
    "//tests/runtime/wasm2c:wasi_functions_test",
    "//tests/setjmp:jumps_test",
]

# Of the hostile kit: optimised without exceptions and with guard pages; unoptimised with exceptions and comparisons.
_HOSTILE = [
    "gcc_fastbuild_throw_exported_explicit",
    "gcc_opt_bare",
]

def compiler_tests(name):
    """Declares the tests.

    Args:
        name: the suite's name, and the beginning of the tests' names.
    """
    own = [name + "_tutorial_test", name + "_hostile_test"]
    pytest_test(
        name = own[0],
        size = "small",
        srcs = ["tutorial_test.py"],
        data = ["//examples:myapp", "//examples:wordapp"],
        env = {
            "MYAPP": "$(rootpath //examples:myapp)",
            "WORDAPP": "$(rootpath //examples:wordapp)",
        },
        tags = NIGHTLY,
    )
    pytest_test(
        name = own[1],
        size = "large",
        srcs = ["//tests/hostile:hostile_test.py"],
        data = ["//tests/hostile:" + configuration for configuration in _HOSTILE] + [
            "//tests/hostile:outlaw_module",
            "//tests/hostile:thief_module",
        ],
        env = {"HOSTILE_CONFIGURATIONS": ",".join(_HOSTILE)},
        tags = NIGHTLY + ["cpu:2"],
        deps = ["//tests/hostile:refused_modules"],
    )
    native.test_suite(name = name, tags = ["manual"], tests = _TESTS + own)
