"""The targets of a repository that holds wabt's files."""

load(":toolchain.bzl", "wabt_toolchain")

def wabt_files(*, version, root = "", header_dir = "wasm2c", runtime_dir = "wasm2c", simde_dir = "include"):
    """Declares the toolchain of a repository with wabt's programs and wasm2c's runtime.

    Args:
        version: wabt's version.
        root: the folder that holds `bin`, "" or with a slash at its end. What follows is relative to it.
        header_dir: the folder with wasm-rt.h.
        runtime_dir: the folder with the runtime's C sources.
        simde_dir: the folder that holds `simde`; "" if there is none (only modules with SIMD need it).
    """
    wabt_toolchain(
        name = "wabt",
        runtime_hdrs = native.glob(
            # Only the headers that simde/wasm/simd128.h includes. The rest of simde is other processors' intrinsics, 8 MB that
            # every compilation of a sandbox would have as inputs.
            ([root + simde_dir + "/simde/" + pattern for pattern in ["*.h", "wasm/**"]] if simde_dir else []) + [
                "%s%s/%s" % (root, folder, pattern)
                for folder in depset([header_dir, runtime_dir]).to_list()
                for pattern in ["wasm-rt*.h", "*.inc"]
            ],
            allow_empty = True,
        ),
        runtime_marker = "%s%s/wasm-rt.h" % (root, header_dir),
        runtime_srcs = native.glob(["%s%s/wasm-rt*.c" % (root, runtime_dir)]),
        simde_marker = root + simde_dir + "/simde/check.h" if simde_dir else None,
        version = version,
        wasm2c = root + "bin/wasm2c",
        wasm_objdump = root + "bin/wasm-objdump",
        wasm_validate = root + "bin/wasm-validate",
    )
