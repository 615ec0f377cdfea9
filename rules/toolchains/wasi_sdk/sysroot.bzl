"""Builds the libraries of a WASI sysroot from zig's sources, as a cacheable action."""

# Output files per language; tools/sdk/build_wasi_sysroot.py writes exactly these. "c++-exceptions" are the libraries of "c++",
# which throw and catch.
_LIBRARIES = {
    "c": [
        "crt1-command.o",
        "crt1-reactor.o",
        "libc-printscan-long-double.a",
        "libc.a",
        "libclang_rt.builtins-wasm32.a",
        "libcrypt.a",
        "libdl.a",
        "libm.a",
        "libpthread.a",
        "libresolv.a",
        "librt.a",
        "libutil.a",
        "libwasi-emulated-getpid.a",
        "libwasi-emulated-mman.a",
        "libwasi-emulated-process-clocks.a",
        "libwasi-emulated-signal.a",
        "libxnet.a",
    ],
    "c++": [
        "libc++.a",
        "libc++abi.a",
    ],
    "c++-exceptions": [
        "libc++.a",
        "libc++abi.a",
    ],
}

_FOLDERS = {"c++-exceptions": "share/wasi-sysroot/lib/wasm32-wasip1-exceptions"}

LIB_FOLDER = "share/wasi-sysroot/lib/wasm32-wasip1"

def _zig_sysroot_impl(ctx):
    outputs = []
    for language in ctx.attr.languages:
        folder = _FOLDERS.get(language, LIB_FOLDER)
        files = [ctx.actions.declare_file("%s/%s" % (folder, name)) for name in _LIBRARIES[language]]
        cxx = language != "c"
        args = ctx.actions.args()
        args.add("--zig", ctx.executable.zig)
        args.add("--zig-lib", ctx.file.zig_lib_marker.dirname)
        args.add("--language", language)
        own_sources = [] if cxx else ctx.files.own_sources
        args.add_all(own_sources, before_each = "--source")
        if cxx and ctx.files.headers:
            root = ctx.executable.zig.dirname.removesuffix("/bin")
            args.add("--sysroot", root + "/" + ctx.attr.sysroot)
            args.add("--resource-dir", root + "/" + ctx.attr.resource_dir)
        args.add("--output", files[0].dirname)
        ctx.actions.run(
            executable = ctx.executable._build,
            arguments = [args],
            inputs = depset(ctx.files.zig_lib + own_sources + (ctx.files.headers if cxx else [])),
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
    doc = "wasi-libc, libc++ and compiler-rt for wasm32-wasip1, built by zig from its own sources and `own_sources`.",
    attrs = {
        "headers": attr.label_list(
            doc = "The headers of the sysroot and of clang, to compile libc++ and libc++abi against; none: as zig itself builds the two.",
            allow_files = True,
        ),
        "languages": attr.string_list(
            doc = "Which libraries: `c`, `c++`, and `c++-exceptions`, the latter two in different folders.",
            mandatory = True,
        ),
        "own_sources": attr.label_list(
            doc = "C sources of ours that belong to libc, too.",
            allow_files = [".c"],
        ),
        "resource_dir": attr.string(
            doc = "clang's resource directory, relative to the folder that `bin` is in.",
            mandatory = True,
        ),
        "sysroot": attr.string(
            doc = "The sysroot with the headers, relative to the folder that `bin` is in.",
            mandatory = True,
        ),
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
