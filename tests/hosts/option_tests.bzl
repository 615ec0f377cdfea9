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

_PROGRAMS = {
    "survive": "//tests/runtime/wasm2c:survive_imported_test",
    "traps": "//tests/runtime/wasm2c:traps_imported_test",
    "tutorial": "//examples:myapp",
}

# What always runs.
_ALWAYS = [("together", "tutorial")]

def option_tests(name, target_compatible_with):
    """Declares the tests.

    Args:
        name: the suite of those that always run; the others are in `<name>_nightly`.
        target_compatible_with: of each test.
    """
    tests = {True: [], False: []}
    for option, flags in _OPTIONS.items():
        for program, test in _PROGRAMS.items():
            always = (option, program) in _ALWAYS
            target = "%s_%s_%s_test" % (name, option, program)
            tests[always].append(target)
            sanitized_test(
                name = target,
                size = "small",
                flags = flags,
                tags = [] if always else NIGHTLY,
                target_compatible_with = target_compatible_with,
                test = test,
            )
    native.test_suite(name = name, tests = tests[True])
    native.test_suite(name = name + "_nightly", tags = NIGHTLY, tests = tests[False])
