"""C++ tests in several configurations: compilers, language versions, exceptions and RTTI, sanitizers.

The whole product would take an hour. The configurations below cover each pair of settings that has ever mattered, and
a test asks for a part of them. A large test runs whole in ENDS and in part in the others; its whole in the others is
nightly (CONTRIBUTING.md).
"""

load("@rules_cc//cc:cc_test.bzl", "cc_test")
load(":native_clang.bzl", "clang_test")

# The runtime's headers must be clean in user code. `includes` of a cc_library makes them system headers, which are never
# warned about; -iquote comes first.
WARNINGS = [
    "-iquoteruntime/include",
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Wconversion",
    "-Wsign-conversion",
    "-Wshadow",
    "-Wold-style-cast",
    "-Werror",
]

_BARE = [
    "-fno-exceptions",
    "-fno-rtti",
]

_ASAN = [
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
    "-fno-omit-frame-pointer",
]

# Reports by an illegal instruction, since this clang has no sanitizer runtimes. The two that are left out need one.
_UBSAN_TRAP = [
    "-fsanitize=undefined,float-cast-overflow",
    "-fno-sanitize=vptr,function",
    "-fsanitize-trap=all",
]

_TSAN = [
    "-fsanitize=thread",
    "-fno-omit-frame-pointer",
]

# Name of a configuration: compiler, flags of the compiler, flags of the linker, tags, environment.
CONFIGURATIONS = {
    "clang_cxx17_bare": struct(clang = True, copts = ["-std=c++17"] + _BARE),
    "clang_cxx20": struct(clang = True, copts = ["-std=c++20"]),
    "clang_cxx20_ubsan": struct(clang = True, copts = ["-std=c++20"] + _UBSAN_TRAP),
    "clang_cxx23": struct(clang = True, copts = ["-std=c++2b", "-O2"]),
    "gcc_cxx17": struct(clang = False, copts = ["-std=c++17", "-O2"]),
    "gcc_cxx20_asan": struct(
        clang = False,
        copts = ["-std=c++20"] + _ASAN,
        linkopts = _ASAN,
        env = {"UBSAN_OPTIONS": "print_stacktrace=1"},
    ),
    "gcc_cxx23_bare": struct(clang = False, copts = ["-std=c++2b"] + _BARE),
    "gcc_tsan": struct(clang = False, copts = ["-std=c++17", "-O1"] + _TSAN, linkopts = _TSAN),
}

# Two that differ in everything: compiler, language version, exceptions and RTTI; and the sanitizers are in one.
ENDS = [
    "clang_cxx17_bare",
    "gcc_cxx20_asan",
]

# The others, but for the sanitizer for threads, which has nothing to see in a program with one thread.
BETWEEN = [config for config in CONFIGURATIONS if config not in ENDS + ["gcc_tsan"]]

# Both compilers, both ends of the language versions, with and without exceptions.
FEW = [
    "clang_cxx17_bare",
    "clang_cxx23",
    "gcc_cxx17",
]

def matrix_test(name, srcs, configs = ENDS, copts = [], deps = [], size = "small", tags = [], **kwargs):
    """A C++ test for each of several configurations, and a test suite of them all.

    Args:
        name: the test suite's name; the tests are called `<name>_<configuration>`.
        srcs: the sources (`.cpp`) and headers of the test's own.
        configs: names of configurations; see CONFIGURATIONS.
        copts: further flags of the compiler.
        deps: C++ libraries; the harness is always there.
        size: as for any test.
        tags: as for any test; the suite has them, too.
        **kwargs: `data` and other attributes that both kinds of test have.
    """
    for config in configs:
        if config not in CONFIGURATIONS:
            fail("matrix_test(name = \"%s\"): no configuration is called %s; there are %s" % (name, config, ", ".join(CONFIGURATIONS)))
        settings = CONFIGURATIONS[config]
        common = dict(
            name = name + "_" + config,
            size = size,
            srcs = srcs,
            copts = WARNINGS + settings.copts + copts,
            tags = tags,
            deps = deps + ["//tests/runtime:harness"],
            **kwargs
        )
        if settings.clang:
            clang_test(target_compatible_with = ["@platforms//os:linux"], **common)
        else:
            cc_test(
                linkopts = getattr(settings, "linkopts", []),
                env = getattr(settings, "env", {}),
                **common
            )
    native.test_suite(
        name = name,
        tags = tags,
        tests = [":%s_%s" % (name, config) for config in configs],
    )
