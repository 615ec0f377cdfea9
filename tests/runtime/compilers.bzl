"""The compilers for the application's own platform that the runtime is tested with: the host's gcc and a clang.

The gcc is what the C++ toolchain names. The clang is the one of the wasi-sdk toolchain, used for native code with the
host's headers and libraries, so that nothing needs to be installed and no second C++ toolchain is registered. It has
no sanitizer runtimes.

Two ways to use them:
  in an action   a rule takes a label of a `native_compiler` and reads its NativeCompilerInfo
  in a test      the target is executable: with it in `data`, `"$(rlocationpath //tests/runtime:clang)"` is a script that
                 runs the compiler with the arguments it gets
"""

load("@rules_cc//cc:action_names.bzl", "ACTION_NAMES")
load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain", "use_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")

_WASI_SDK = "//rules/toolchains/wasi_sdk:toolchain_type"

NativeCompilerInfo = provider(
    doc = "A C++ compiler for the application's platform, as an action runs it.",
    fields = {
        "executable": "string, what to run: an exec path, or the absolute path of an installed compiler.",
        "files": "depset of File, the compiler's own files: an action's `tools`. Empty for an installed compiler.",
        "flags": "list of string, what comes before all other arguments; they select C++ and the platform.",
        "kind": "string, `gcc` or `clang`.",
    },
)

def _script(compiler, flags):
    """The text of a script that runs a compiler in a test.

    Args:
        compiler: the path of the compiler, absolute or relative to the runfiles' root.
        flags: arguments before the script's own; `{ROOT}` stands for the runfiles' root.
    """
    lines = ["#!/bin/sh", "exec \"%s\" \\" % compiler]
    lines += ["  \"%s\" \\" % flag for flag in flags]
    return "\n".join(lines + ["  \"$@\"", ""]).replace("{ROOT}", "${TEST_SRCDIR:?this script is for tests}")

def _in_runfiles(short_path):
    return short_path.removeprefix("../")

def _executable(ctx, text, files):
    script = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(script, text, is_executable = True)
    return DefaultInfo(executable = script, runfiles = ctx.runfiles(transitive_files = files))

def _native_clang_impl(ctx):
    sdk = ctx.toolchains[_WASI_SDK].wasi_sdk

    # The folders above and below clang's `include`, in actions and in tests.
    resource_dir = sdk.resource_include.removesuffix("/include")
    root = sdk.clang.dirname.removesuffix("/bin")
    runfiles_root = "{ROOT}/" + _in_runfiles(sdk.clang.short_path).removesuffix("/bin/" + sdk.clang.basename)
    flags = ["--driver-mode=g++", "--target=" + ctx.attr.target, "-no-canonical-prefixes"]

    # Only clang's own headers, not the wasm sysroot's.
    headers = [header for header in sdk.headers.to_list() if header.path.startswith(sdk.resource_include)]
    files = depset(headers, transitive = [sdk.tools])
    return [
        NativeCompilerInfo(
            executable = sdk.clang.path,
            files = files,
            flags = flags + ["-resource-dir", resource_dir],
            kind = "clang",
        ),
        _executable(ctx, _script(
            runfiles_root + "/bin/" + sdk.clang.basename,
            flags + ["-resource-dir", runfiles_root + resource_dir.removeprefix(root)],
        ), files),
    ]

native_clang = rule(
    implementation = _native_clang_impl,
    doc = "The wasi-sdk's clang as a C++ compiler for the application's platform.",
    attrs = {
        "target": attr.string(
            doc = "The platform, as in clang's `--target`.",
            mandatory = True,
        ),
    },
    executable = True,
    provides = [NativeCompilerInfo],
    toolchains = [_WASI_SDK],
)

def _native_gcc_impl(ctx):
    cc_toolchain = find_cc_toolchain(ctx)
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = cc_toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    compiler = cc_common.get_tool_for_action(
        action_name = ACTION_NAMES.cpp_compile,
        feature_configuration = features,
    )
    flags = ["-xc++"]
    return [
        NativeCompilerInfo(
            executable = compiler,
            files = cc_toolchain.all_files,
            flags = flags,
            kind = "clang" if "clang" in cc_toolchain.compiler else "gcc",
        ),
        _executable(ctx, _script(
            compiler if compiler.startswith("/") else "{ROOT}/" + ctx.workspace_name + "/" + compiler,
            flags,
        ), cc_toolchain.all_files),
    ]

native_gcc = rule(
    implementation = _native_gcc_impl,
    doc = "The C++ compiler of the C++ toolchain, for tests that run it; compile only, do not link with it.",
    attrs = {},
    executable = True,
    fragments = ["cpp"],
    provides = [NativeCompilerInfo],
    toolchains = use_cc_toolchain(mandatory = True),
)
