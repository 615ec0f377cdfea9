"""Programs that are compiled and linked with options of the application's own: the library's traps must stay what they are."""

load("//tests:pytest.bzl", "NIGHTLY")
load("//tests/runtime/wasm2c:sanitized_test.bzl", "sanitized_test")

# name -> options for the compiler and the linker of everything native
_OPTIONS = {
    "bfd": ["-fuse-ld=bfd"],
    "cet": ["-fcf-protection=full"],
    "gold": ["-fuse-ld=gold"],
    "lto": ["-flto", "-O2"],
    "together": ["-flto", "-O2", "-fcf-protection=full", "-fuse-ld=bfd"],
}

# Bazel gives objects to gold in a way that ld.bfd does not know.
_BFD = ["-supports_start_end_lib"]

_PROGRAMS = {
    "survive": "//tests/runtime/wasm2c:survive_imported_test",
    "traps": "//tests/runtime/wasm2c:traps_imported_test",
    "tutorial": "//examples:myapp",
}

def option_tests(name, target_compatible_with):
    """Declares the tests.

    Args:
        name: the suite's name, and the beginning of the tests' names.
        target_compatible_with: of each test.
    """
    tests = []
    for option, flags in _OPTIONS.items():
        for program, test in _PROGRAMS.items():
            tests.append("%s_%s_%s_test" % (name, option, program))
            sanitized_test(
                name = tests[-1],
                size = "small",
                flags = flags,
                tags = NIGHTLY,
                target_compatible_with = target_compatible_with,
                test = test,
                test_features = _BFD if "-fuse-ld=bfd" in flags else [],
            )
    native.test_suite(name = name, tags = NIGHTLY, tests = tests)
