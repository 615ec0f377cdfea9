"""A consumer's file that loads every public .bzl file of the toolchains; its documentation can be extracted."""

load("//rules:extensions.bzl", "rlbox")
load("//rules/toolchains:toolchain_flag.bzl", "toolchain_flag")
load("//rules/toolchains/upstream:targets.bzl", "upstream_framework", "upstream_plugin")
load("//rules/toolchains/wabt:toolchain.bzl", "WabtInfo", "wabt_toolchain")
load("//rules/toolchains/wabt:wabt_files.bzl", "wabt_files")
load("//rules/toolchains/wasi_sdk:packed_sdk.bzl", "packed_wasi_sdk")
load("//rules/toolchains/wasi_sdk:toolchain.bzl", "WasiSdkInfo", "wasi_sdk_toolchain")
load("//rules/toolchains/wasi_sdk:zig_sdk.bzl", "zig_wasi_sdk")

# Names of its own: what is only loaded has no documentation.
EXTENSION = rlbox
PROVIDERS = [WabtInfo, WasiSdkInfo]
RULES = [toolchain_flag, wabt_toolchain, wasi_sdk_toolchain]
MACROS = [packed_wasi_sdk, upstream_framework, upstream_plugin, wabt_files, zig_wasi_sdk]

def documented_sdk(name, version):
    """Declares the targets of a repository with zig's files.

    Args:
        name: the folder that they lie in.
        version: the version.
    """
    zig_wasi_sdk(version = version, clang_major = name, exec_compatible_with = [])
