"""The C++ tests that are run for arm64, by default and at night."""

load("//tests:pytest.bzl", "NIGHTLY")
load(":emulated.bzl", "emulated_test")

# One of each kind: traps, traps that are survived, memories, stacks, narrow values.
_ALWAYS = {
    "memory_functions": "//tests/runtime/wasm2c:memory_functions_test",
    "narrow": "//tests/hosts:narrow_test",
    "stack": "//tests/runtime/wasm2c:stack_imported_test",
    "survive": "//tests/runtime/wasm2c:survive_imported_test",
    "traps": "//tests/runtime/wasm2c:traps_imported_test",
}

# Without host_stack: two of its cases start the program again by exec, which qemu does not do.
_RUNTIME = [
    "callbacks",
    "calls",
    "custom_abort",
    "lifetime",
    "no_stack_pointer",
    "stack",
    "stopping",
    "survive",
    "traps",
    "upstream_style",
    "wasi",
]

_AT_NIGHT = {
    "%s_%s" % (name, kind): "//tests/runtime/wasm2c:%s_%s_test" % (name, kind)
    for name in _RUNTIME
    for kind in ["imported", "exported"]
    if (name, kind) not in [("stack", "imported"), ("survive", "imported"), ("traps", "imported")]
} | {
    "exceptions": "//tests/exceptions:exceptions_test",
    "exceptions_bare": "//tests/exceptions:exceptions_test_bare",
    "jumps": "//tests/setjmp:jumps_test",
    "jumps_bare": "//tests/setjmp:jumps_test_bare",
    "throws": "//tests/throws:throws_test",
    "two_modules": "//tests/runtime/wasm2c:two_modules_imported_test",
    "wasi_functions": "//tests/runtime/wasm2c:wasi_functions_test",
}

# Return addresses that are signed, and landing pads for jumps.
_PROTECTED = ["stopping", "survive", "traps"]

def arm64_tests(name, **kwargs):
    """Declares the tests.

    Args:
        name: the suite of those that always run; the others are in `<name>_nightly`.
        **kwargs: what all tests have.
    """
    always = []
    nightly = []
    for test, program in (_ALWAYS | _AT_NIGHT).items():
        target = "%s_%s_test" % (name, test)
        (always if test in _ALWAYS else nightly).append(target)
        emulated_test(
            name = target,
            size = "medium",
            program = program,
            tags = [] if test in _ALWAYS else NIGHTLY,
            **kwargs
        )
    for test in _PROTECTED:
        nightly.append("%s_%s_protected_test" % (name, test))
        emulated_test(
            name = nightly[-1],
            size = "medium",
            copts = ["-mbranch-protection=standard"],
            program = "//tests/runtime/wasm2c:%s_imported_test" % test,
            tags = NIGHTLY,
            **kwargs
        )
    native.test_suite(name = name, tests = always)
    native.test_suite(name = name + "_nightly", tags = NIGHTLY, tests = nightly)
