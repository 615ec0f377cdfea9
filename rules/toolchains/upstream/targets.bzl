"""The targets of the repositories that hold the RLBox project's own framework and wasm2c plugin.

A checkout that takes the place of one of them, by --override_repository, needs a BUILD.bazel with one of these macros.
"""

load("@rlbox_toolchains//:names.bzl", "UPSTREAM_WABT_MINIMUM")
load("@rules_cc//cc:cc_library.bzl", "cc_library")
load("//rules/private:runtime_toolchain.bzl", "HOST_LINKOPTS", "WASM_RT_SETTINGS", "runtime_toolchain")
load("//rules/private:wasm_rt.bzl", "wasm_rt")

# Outside of Starlark's repositories the other one is known by the extension's name for it.
_FRAMEWORK = "@rlbox_upstream_framework//:rlbox"

def upstream_framework():
    """Declares the framework and its noop backend: everything that `--//rules/settings:backend=noop` needs."""
    cc_library(
        name = "rlbox",
        hdrs = native.glob(["code/include/**/*.hpp"]),
        includes = ["code/include"],
        linkopts = HOST_LINKOPTS,
        visibility = ["//visibility:public"],
    )
    runtime_toolchain(
        name = "noop",
        api = "upstream",
        runtime = ":rlbox",
        visibility = ["//visibility:public"],
    )

def upstream_plugin():
    """Declares the wasm2c backend with its C sources and those of wabt."""
    wasm_rt(
        name = "wasm_rt",
        srcs = [
            "wasm-rt-impl.c",
            "wasm-rt-mem-impl.c",
        ],
        minimum = UPSTREAM_WABT_MINIMUM,
    )
    cc_library(
        name = "rlbox_wasm2c",
        srcs = native.glob(["src/wasm2c_rt_*.c"]) + [
            ":wasm_rt",
            Label("//runtime:upstream/rlbox_upstream_wasi.c"),
        ],
        hdrs = native.glob([
            "include/**/*.h",
            "include/**/*.hpp",
        ]),
        # As the generated code: fast in every compilation mode, and not the user's to fix.
        copts = [
            "-O2",
            "-w",
        ],
        defines = WASM_RT_SETTINGS,
        includes = ["include"],
        deps = [
            ":wasm_rt",
            _FRAMEWORK,
        ],
    )
    runtime_toolchain(
        name = "wasm2c",
        api = "upstream",
        runtime = ":rlbox_wasm2c",
        visibility = ["//visibility:public"],
    )
