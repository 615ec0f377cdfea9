"""The configuration of a cc_toolchain that Debian's gcc for another architecture is."""

load("@rules_cc//cc:action_names.bzl", "ACTION_NAMES")
load("@rules_cc//cc:cc_toolchain_config_lib.bzl", "feature", "flag_group", "flag_set", "tool_path")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/toolchains:cc_toolchain_config_info.bzl", "CcToolchainConfigInfo")

_COMPILE = [
    ACTION_NAMES.assemble,
    ACTION_NAMES.c_compile,
    ACTION_NAMES.cpp_compile,
    ACTION_NAMES.cpp_header_parsing,
    ACTION_NAMES.cpp_module_compile,
    ACTION_NAMES.linkstamp_compile,
    ACTION_NAMES.preprocess_assemble,
]
_LINK = [
    ACTION_NAMES.cpp_link_dynamic_library,
    ACTION_NAMES.cpp_link_executable,
    ACTION_NAMES.cpp_link_nodeps_dynamic_library,
]

# Files are found by the names that the action has for them, also where these are links.
_RELATIVE = ["-no-canonical-prefixes"]
_RELATIVE_HEADERS = ["-fno-canonical-system-headers"]

# As Bazel's own toolchain for the machine's compiler.
_MODES = {
    "dbg": ["-g"],
    "fastbuild": ["-g0"],
    "opt": ["-g0", "-O2", "-DNDEBUG"],
}

def _flags(name, actions, flags, enabled = True):
    return feature(
        name = name,
        enabled = enabled,
        flag_sets = [flag_set(actions = actions, flag_groups = [flag_group(flags = flags)])],
    )

def _gnu_toolchain_config_impl(ctx):
    programs = {"dwp": "dwp", "gcc": "gcc", "gcov": "gcov", "cpp": "cpp", "ld": "ld", "ar": "ar", "nm": "nm", "objcopy": "objcopy", "objdump": "objdump", "strip": "strip"}
    root = ctx.label.workspace_root
    return cc_common.create_cc_toolchain_config_info(
        ctx = ctx,
        abi_libc_version = "glibc",
        abi_version = "gcc",
        compiler = "gcc",
        # Relative to the root of the repository, where the target is.
        cxx_builtin_include_directories = [root + "/usr"],
        features = [
            _flags("relative", _COMPILE + _LINK, _RELATIVE),
            _flags("relative_headers", _COMPILE, _RELATIVE_HEADERS),
            # An empty folder: the headers and libraries of the machine are not looked at.
            _flags("no_machine_headers", _COMPILE + _LINK, ["--sysroot=%s/none" % root]),
            _flags("cxx_library", _LINK, ["-lstdc++", "-lm"]),
            # gcc would note what gcc 9 passed in another way; everything here comes from one gcc.
            _flags("no_abi_notes", _COMPILE, ["-Wno-psabi"]),
            feature(name = "supports_pic", enabled = True),
        ] + [_flags(name, _COMPILE, flags, enabled = False) for name, flags in _MODES.items()],
        host_system_name = "local",
        target_cpu = ctx.attr.cpu,
        target_libc = "glibc",
        target_system_name = ctx.attr.prefix.removesuffix("-"),
        tool_paths = [
            tool_path(name = name, path = "usr/bin/" + ctx.attr.prefix + program)
            for name, program in programs.items()
        ],
        toolchain_identifier = "debian-gnu-" + ctx.attr.cpu,
    )

gnu_toolchain_config = rule(
    implementation = _gnu_toolchain_config_impl,
    doc = "The configuration of a cc_toolchain: the gcc in the target's own repository, which has unpacked packages at its root.",
    attrs = {
        "cpu": attr.string(
            doc = "The architecture that programs run on.",
            mandatory = True,
        ),
        "prefix": attr.string(
            doc = "What the names of the programs begin with.",
            mandatory = True,
        ),
    },
    provides = [CcToolchainConfigInfo],
)
