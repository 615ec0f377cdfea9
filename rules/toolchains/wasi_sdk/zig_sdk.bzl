"""The targets of a repository that holds zig laid out as a wasi-sdk."""

load("@rules_cc//cc/toolchains:cc_toolchain.bzl", "cc_toolchain")
load(":cc_toolchain_config.bzl", "wasi_cc_toolchain_config")
load(":sysroot.bzl", "zig_sysroot")
load(":toolchain.bzl", "wasi_sdk_toolchain")

def zig_wasi_sdk(*, version, clang_major, exec_compatible_with):
    """Declares the toolchains of a repository that tools/unpack_zig_wheel.py has laid out.

    Args:
        version: the version of the wheel.
        clang_major: the major version of the clang in it.
        exec_compatible_with: constraint values of the platform that its programs run on.
    """
    resource_include = "lib/clang/%s/include" % clang_major
    sysroot_include = "share/wasi-sysroot/include/wasm32-wasi"

    # What the wrappers in bin/ run; clang finds wasm-ld beside itself.
    native.filegroup(
        name = "tools",
        srcs = ["bin/" + tool for tool in ["clang", "clang++", "llvm-ar", "llvm-strip", "wasm-ld", "zig"]],
    )
    native.filegroup(
        name = "headers",
        srcs = native.glob([resource_include + "/**", "share/wasi-sysroot/include/**"]),
    )
    native.filegroup(
        name = "compiler_files",
        srcs = [":headers", ":tools"],
    )
    zig_sysroot(
        name = "sysroot_libs",
        exec_compatible_with = exec_compatible_with,
        zig = "bin/zig",
        zig_lib = native.glob(["zig/lib/**"]),
        zig_lib_marker = "zig/lib/zig.h",
    )
    native.filegroup(
        name = "linker_files",
        srcs = [":sysroot_libs", ":tools"],
    )
    native.filegroup(
        name = "all_files",
        srcs = [":compiler_files", ":linker_files"],
    )

    wasi_cc_toolchain_config(
        name = "cc_toolchain_config",
        clang = "bin/clang",
        clang_cxx = "bin/clang++",
        exec_compatible_with = exec_compatible_with,
        llvm_ar = "bin/llvm-ar",
        llvm_strip = "bin/llvm-strip",
        resource_dir = "lib/clang/" + clang_major,
        sysroot = "share/wasi-sysroot",
        sysroot_libs = ":sysroot_libs",
    )
    cc_toolchain(
        name = "cc_toolchain",
        all_files = ":all_files",
        ar_files = ":tools",
        as_files = ":compiler_files",
        compiler_files = ":compiler_files",
        dwp_files = ":empty",
        exec_compatible_with = exec_compatible_with,
        linker_files = ":linker_files",
        objcopy_files = ":empty",
        strip_files = ":tools",
        # wasm-ld takes a response file, and a link has hundreds of arguments.
        supports_param_files = True,
        toolchain_config = ":cc_toolchain_config",
    )
    native.filegroup(name = "empty")

    wasi_sdk_toolchain(
        name = "wasi_sdk",
        clang = "bin/clang",
        exec_compatible_with = exec_compatible_with,
        headers = [":headers"],
        tools = [":tools"],
        resource_include = resource_include,
        sysroot_include = sysroot_include,
        version = version,
    )
