"""The exec platforms that toolchains exist for: the one table of them."""

# Key (as in wasi-sdk's asset names, os and cpu swapped to Bazel's order) -> constraint values.
EXEC_PLATFORMS = {
    "linux_arm64": ["@platforms//os:linux", "@platforms//cpu:arm64"],
    "linux_x86_64": ["@platforms//os:linux", "@platforms//cpu:x86_64"],
    "macos_arm64": ["@platforms//os:macos", "@platforms//cpu:arm64"],
    "macos_x86_64": ["@platforms//os:macos", "@platforms//cpu:x86_64"],
}

# What a wasi-sdk compiles for.
WASI_CONSTRAINTS = ["@platforms//cpu:wasm32", "@platforms//os:wasi"]
