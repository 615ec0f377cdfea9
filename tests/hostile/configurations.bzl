"""The configurations that every behaviour is run in.

Compilers, compilation modes, exceptions and RTTI, sanitizers, bounds checks, imported and exported memory and table, vector
instructions. (The clang at hand has no sanitizers.)
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

def _configuration(clang, opt, throws, module, sanitize = []):
    return struct(clang = clang, module = module, opt = opt, sanitize = sanitize, throws = throws)

# The configurations of the default test. Every pair of settings of the application is in one of them, and so is every pair of
# bounds, vectors, and whose memory and table it is. gcc without optimisation is there with sanitizers; PRODUCT has it plain.
CONFIGURATIONS = {
    "clang_fastbuild_bare": _configuration(True, False, False, "exported_guard_simd"),
    "clang_opt": _configuration(True, True, True, "imported_explicit_simd"),
    "gcc_asan": _configuration(False, False, True, "imported_guard", ["address", "undefined"]),
    "gcc_asan_bare": _configuration(False, False, False, "exported_explicit", ["address"]),
    "gcc_opt_bare": _configuration(False, True, False, "imported_guard"),
}

# All combinations without sanitizers, for the nightly hostile_product_test.
PRODUCT = {
    "_".join([
        "clang" if clang else "gcc",
        "opt" if opt else "fastbuild",
        "throw" if throws else "bare",
        module,
    ]): _configuration(clang, opt, throws, module)
    for clang in [False, True]
    for opt in [False, True]
    for throws in [False, True]
    for module in MODULES
}

# For everything that is native. Undefined behaviour is looked for in the application and the headers only.
_ASAN = ["-fsanitize=address", "-fno-omit-frame-pointer"]

def _sanitizer_flags(sanitize):
    return ["-fsanitize=" + ",".join(sanitize), "-fno-sanitize-recover=all"] if sanitize else []

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
        "asan": attr.bool(doc = "With the sanitizer for addresses."),
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
    copts = ["-std=c++17"] + (_THROW if settings.throws else _BARE) + _sanitizer_flags(settings.sanitize)
    if settings.opt:
        copts.append("-O2")
    if MODULES[settings.module].bounds == "explicit":
        copts.append("-DHOSTILE_EXPLICIT_BOUNDS")
    return copts

def hostile_programs(srcs, deps = []):
    """The programs with all behaviours, one for each configuration.

    Args:
        srcs: the behaviours and the kit.
        deps: further libraries, for all configurations.
    """
    for config, settings in (CONFIGURATIONS | PRODUCT).items():
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
            cc_binary(linkopts = _sanitizer_flags(settings.sanitize), **common)
        _hostile_program(
            name = config,
            # clang's programs get their options alone; what is linked with them is compiled by gcc all the same.
            opt = settings.opt and not settings.clang,
            asan = bool(settings.sanitize),
            program = ":" + config + "_program",
            tags = ["manual"],
            target_compatible_with = ["@platforms//os:linux"] if settings.clang else [],
            testonly = True,
        )
