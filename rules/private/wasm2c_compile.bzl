"""Compiles what wasm2c wrote, for the application's platform."""

load("@bazel_skylib//rules:common_settings.bzl", "BuildSettingInfo")
load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")

_RUNTIME = Label("//runtime:toolchain_type")

# wasm2c's output is not written for people: its warnings help nobody, and the application's -Werror must not reach it.
_WARNINGS = ["-w"]

# Nor is it written to be read file by file: one of its headers is the beginning of each of its sources.
_NOT_FOR_PEOPLE = ["layering_check", "parse_headers"]

# Compiled for speed in every compilation mode but dbg: unoptimised, the code is ten times slower and no easier to read.
# Code for shared libraries calls its own functions as directly as other code does: nobody replaces one of them.
_OPTIMISE = ["-O2", "-fno-semantic-interposition"]

# Nothing in a sandbox may jump over the host's guard page below the stack.
_HARDEN = ["-fstack-clash-protection"]

# gcc for arm64 takes the guard for 64 KiB, as glibc's threads have it, and does not probe smaller frames. Stacks of an
# application's own have a page.
_SMALL_GUARD = ["--param=stack-clash-protection-guard-size=12"]

# The library computes what its source says, whatever the application's options allow for floating-point arithmetic: no sum
# is reordered, and no product is fused with a sum. Only options that gcc and clang share.
_SAME_RESULTS = [
    "-ffp-contract=off",
    "-fno-associative-math",
    "-fno-fast-math",
    "-fno-finite-math-only",
    "-fno-reciprocal-math",
    "-fno-unsafe-math-optimizations",
    "-fsigned-zeros",
]

def _bounds_flags(ctx):
    bounds = ctx.attr.bounds if ctx.attr.bounds != "default" else ctx.attr._bounds[BuildSettingInfo].value
    return ["-DWASM_RT_MEMCHECK_BOUNDS_CHECK=1"] if bounds == "explicit" else []

def _last_flags(ctx, cc_toolchain):
    """What no option before it can take back: these follow the target's copts."""
    flags = _HARDEN + _SAME_RESULTS if "gcc" in cc_toolchain.compiler or "clang" in cc_toolchain.compiler else []
    if cc_toolchain.compiler == "gcc" and cc_toolchain.cpu == "aarch64":
        flags = flags + _SMALL_GUARD
    if ctx.toolchains[_RUNTIME].api != "bundled":
        return flags

    # The types of the imports and the settings of the runtime, compared with what the generated code and all options
    # say. The file is one of the runtime's headers, so it is an input of the action already.
    return flags + ["-include", ctx.file._imports.path]

def compile_generated(ctx, *, sources, private_headers, public_headers, folder_path, defines, dependencies, link_flags = []):
    """Declares the actions that compile the generated C.

    Args:
        ctx: the rule's context, with the attributes of wasm2c_library.
        sources: list of File, the C files.
        private_headers: list of File, headers that only those include.
        public_headers: list of File, headers for the application.
        folder_path: exec path of the folder that the application includes the headers from.
        defines: list of string, macros for these actions alone.
        dependencies: list of CcInfo, the runtime.
        link_flags: list of string, options for linking whatever the code gets into. They stay with the code: a
            cc_shared_library drops those of a library without any.

    Returns:
        CcInfo with the code and what it depends on.
    """
    cc_toolchain = find_cc_toolchain(ctx)
    feature_configuration = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = cc_toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features + _NOT_FOR_PEOPLE,
    )
    flags = _WARNINGS + _bounds_flags(ctx) + ([] if ctx.var["COMPILATION_MODE"] == "dbg" else _OPTIMISE)
    compilation_context, outputs = cc_common.compile(
        actions = ctx.actions,
        name = ctx.label.name,
        feature_configuration = feature_configuration,
        cc_toolchain = cc_toolchain,
        srcs = sources,
        private_hdrs = private_headers,
        public_hdrs = public_headers,
        # -isystem: neither wasm2c's header nor ours is the application's to fix.
        system_includes = [folder_path],
        local_defines = defines,
        user_compile_flags = flags + ctx.attr.copts + _last_flags(ctx, cc_toolchain),
        compilation_contexts = [info.compilation_context for info in dependencies],
    )
    linking_context, _ = cc_common.create_linking_context_from_compilation_outputs(
        actions = ctx.actions,
        name = ctx.label.name,
        feature_configuration = feature_configuration,
        cc_toolchain = cc_toolchain,
        compilation_outputs = outputs,
        user_link_flags = link_flags,
        linking_contexts = [info.linking_context for info in dependencies],
        disallow_dynamic_library = True,
    )
    return CcInfo(compilation_context = compilation_context, linking_context = linking_context)

def header_context(ctx, *, header, dependencies):
    """Declares what a library without sources would: the header belongs to the target, for compilers that check layers.

    Args:
        ctx: the rule's context, with the attributes of wasm2c_library.
        header: File, the header for the application.
        dependencies: list of CcInfo, what it includes.

    Returns:
        CcCompilationContext with the header and what it depends on.
    """
    cc_toolchain = find_cc_toolchain(ctx)
    compilation_context, _ = cc_common.compile(
        actions = ctx.actions,
        name = ctx.label.name,
        feature_configuration = cc_common.configure_features(
            ctx = ctx,
            cc_toolchain = cc_toolchain,
            requested_features = ctx.features,
            unsupported_features = ctx.disabled_features + _NOT_FOR_PEOPLE,
        ),
        cc_toolchain = cc_toolchain,
        public_hdrs = [header],
        system_includes = [header.dirname],
        compilation_contexts = [info.compilation_context for info in dependencies],
    )
    return compilation_context
