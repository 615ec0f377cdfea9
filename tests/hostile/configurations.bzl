"""The configurations that every behaviour is run in.

Compilers, compilation modes, exceptions and RTTI, sanitizers, bounds checks, imported and exported memory and table, vector
instructions: each pair of two settings is in one of CONFIGURATIONS, as far as both can be had together. (The clang at
hand has no sanitizers.)
"""

load("@rules_cc//cc:cc_binary.bzl", "cc_binary")
load("//tests/runtime:matrix.bzl", "WARNINGS")
load("//tests/runtime:native_clang.bzl", "clang_test")

# The module in each form.
MODULES = {
    "exported_explicit": struct(imported = False, bounds = "explicit", simd = False),
    "exported_guard_simd": struct(imported = False, bounds = "guard_pages", simd = True),
    "imported_explicit_simd": struct(imported = True, bounds = "explicit", simd = True),
    "imported_guard": struct(imported = True, bounds = "guard_pages", simd = False),
}

_THROW = ["-DRLBOX_USE_EXCEPTIONS"]
_BARE = ["-fno-exceptions", "-fno-rtti"]

# Name of a configuration: compiler, options of the compiler, the module's form, sanitizers or not.
CONFIGURATIONS = {
    "clang_fastbuild": struct(clang = True, opt = False, throws = True, module = "exported_guard_simd", asan = False),
    "clang_fastbuild_bare": struct(clang = True, opt = False, throws = False, module = "imported_explicit_simd", asan = False),
    "clang_opt": struct(clang = True, opt = True, throws = True, module = "exported_explicit", asan = False),
    "clang_opt_bare": struct(clang = True, opt = True, throws = False, module = "imported_guard", asan = False),
    "gcc_asan": struct(clang = False, opt = False, throws = True, module = "imported_guard", asan = True),
    "gcc_asan_bare": struct(clang = False, opt = True, throws = False, module = "exported_explicit", asan = True),
    "gcc_fastbuild": struct(clang = False, opt = False, throws = True, module = "imported_explicit_simd", asan = False),
    "gcc_opt_bare": struct(clang = False, opt = True, throws = False, module = "exported_guard_simd", asan = False),
}

_ASAN = [
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
    "-fno-omit-frame-pointer",
]

_SETTINGS = [
    "//command_line_option:compilation_mode",
    "//command_line_option:copt",
    "//command_line_option:linkopt",
]

def _transition_impl(settings, attr):
    return {
        "//command_line_option:compilation_mode": "opt" if attr.opt else "fastbuild",
        "//command_line_option:copt": settings["//command_line_option:copt"] + (_ASAN if attr.asan else []),
        "//command_line_option:linkopt": settings["//command_line_option:linkopt"] + (_ASAN if attr.asan else []),
    }

_configured = transition(
    implementation = _transition_impl,
    inputs = _SETTINGS,
    outputs = _SETTINGS,
)

def _hostile_program_impl(ctx):
    link = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = link, target_file = ctx.executable.program, is_executable = True)
    return [DefaultInfo(
        executable = link,
        files = depset([link]),
        runfiles = ctx.runfiles(files = [ctx.executable.program]),
    )]

_hostile_program = rule(
    implementation = _hostile_program_impl,
    doc = "A program in one of CONFIGURATIONS: the application, the runtime and the generated C.",
    attrs = {
        "asan": attr.bool(doc = "With the sanitizers for addresses and undefined behaviour."),
        "opt": attr.bool(doc = "Optimised."),
        "program": attr.label(
            cfg = _configured,
            doc = "The program.",
            executable = True,
            mandatory = True,
        ),
    },
    executable = True,
)

def _copts(settings):
    copts = ["-std=c++17"] + (_THROW if settings.throws else _BARE)
    if settings.opt:
        copts.append("-O2")
    if MODULES[settings.module].bounds == "explicit":
        copts.append("-DHOSTILE_EXPLICIT_BOUNDS")
    return copts

def hostile_programs(name, srcs, deps = []):
    """The programs with all behaviours, one for each of CONFIGURATIONS, and a filegroup of them.

    Args:
        name: the filegroup's name.
        srcs: the behaviours and the kit.
        deps: further libraries, for all configurations.
    """
    for config, settings in CONFIGURATIONS.items():
        common = dict(
            name = config + "_program",
            srcs = srcs,
            copts = _copts(settings) + [flag for flag in WARNINGS if flag != "-Wpedantic"],
            tags = ["manual"],
            deps = deps + [":hostile_" + settings.module],
        )
        if settings.clang:
            clang_test(**common)
        else:
            cc_binary(**common)
        _hostile_program(
            name = config,
            asan = settings.asan,
            opt = settings.opt,
            program = ":" + config + "_program",
            tags = ["manual"],
            target_compatible_with = ["@platforms//os:linux"] if settings.clang else [],
            testonly = True,
        )
    native.filegroup(
        name = name,
        srcs = [":" + config for config in CONFIGURATIONS],
        tags = ["manual"],
        testonly = True,
    )
