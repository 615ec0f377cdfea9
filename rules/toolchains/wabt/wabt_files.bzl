"""The targets of a repository that holds wabt's files."""

load(":toolchain.bzl", "wabt_toolchain")

def wabt_files(*, version):
    """Declares the toolchain of a repository with wabt's `bin`, `wasm2c` and `include/simde`.

    Args:
        version: the version of the distribution.
    """
    wabt_toolchain(
        name = "wabt",
        runtime_hdrs = native.glob([
            "include/simde/**",
            "wasm2c/*.h",
            "wasm2c/*.inc",
        ]),
        runtime_marker = "wasm2c/wasm-rt.h",
        runtime_srcs = [
            "wasm2c/wasm-rt-impl.c",
            "wasm2c/wasm-rt-mem-impl.c",
        ],
        simde_marker = "include/simde/check.h",
        version = version,
        wasm2c = "bin/wasm2c",
        wasm_objdump = "bin/wasm-objdump",
        wasm_validate = "bin/wasm-validate",
    )
