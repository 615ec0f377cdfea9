"""The exec platforms that toolchains exist for: the one table of them."""

# Key (as in wasi-sdk's asset names, os and cpu swapped to Bazel's order) -> constraint values.
EXEC_PLATFORMS = {
    "linux_arm64": ["@platforms//os:linux", "@platforms//cpu:arm64"],
    "linux_x86_64": ["@platforms//os:linux", "@platforms//cpu:x86_64"],
    "macos_arm64": ["@platforms//os:macos", "@platforms//cpu:arm64"],
    "macos_x86_64": ["@platforms//os:macos", "@platforms//cpu:x86_64"],
}

# What a wasi-sdk compiles for: a suffix of toolchains' names -> constraint values. //rules/platforms has the platforms.
WASM_PLATFORMS = {
    "cc": ["@platforms//cpu:wasm32", "@platforms//os:wasi"],
    "cc_as_linux": ["@platforms//cpu:wasm32", "@platforms//os:linux", "@rules_rlbox//rules/platforms:sandbox"],
}
