"""Builds the libraries of a WASI sysroot from zig's sources, as a cacheable action."""

# Output files per language; tools/sdk/build_wasi_sysroot.py writes exactly these.
_LIBRARIES = {
    "c": [
        "crt1-command.o",
        "crt1-reactor.o",
        "libc.a",
        "libclang_rt.builtins-wasm32.a",
        "libcrypt.a",
        "libdl.a",
        "libm.a",
        "libpthread.a",
        "libresolv.a",
        "librt.a",
        "libutil.a",
        "libxnet.a",
    ],
    "c++": [
        "libc++.a",
        "libc++abi.a",
    ],
}

LIB_FOLDER = "share/wasi-sysroot/lib/wasm32-wasi"

def _zig_sysroot_impl(ctx):
    outputs = []
    for language, names in _LIBRARIES.items():
        files = [ctx.actions.declare_file("%s/%s" % (LIB_FOLDER, name)) for name in names]
        args = ctx.actions.args()
        args.add("--zig", ctx.executable.zig)
        args.add("--zig-lib", ctx.file.zig_lib_marker.dirname)
        args.add("--language", language)
        args.add("--output", files[0].dirname)
        ctx.actions.run(
            executable = ctx.executable._build,
            arguments = [args],
            inputs = depset(ctx.files.zig_lib),
            tools = [ctx.executable.zig],
            outputs = files,
            mnemonic = "WasiSysroot",
            progress_message = "Building the WASI sysroot (%s) for %%{label}" % language,
            toolchain = None,
        )
        outputs += files
    return [DefaultInfo(files = depset(outputs))]

zig_sysroot = rule(
    implementation = _zig_sysroot_impl,
    doc = "wasi-libc, libc++ and compiler-rt for wasm32-wasi, built by zig from its own sources.",
    attrs = {
        "zig": attr.label(
            doc = "The zig program.",
            allow_single_file = True,
            cfg = "exec",
            executable = True,
            mandatory = True,
        ),
        "zig_lib": attr.label_list(
            doc = "zig's library folder.",
            allow_files = True,
            mandatory = True,
        ),
        "zig_lib_marker": attr.label(
            doc = "A file that lies directly in zig's library folder.",
            allow_single_file = True,
            mandatory = True,
        ),
        "_build": attr.label(
            default = Label("//tools/sdk:build_wasi_sysroot"),
            cfg = "exec",
            executable = True,
        ),
    },
)
