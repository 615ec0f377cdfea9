"""The targets of a repository that holds zig laid out as a wasi-sdk."""

load(":sysroot.bzl", "zig_sysroot")
load(":targets.bzl", "wasi_sdk_targets")

def zig_wasi_sdk(*, version, clang_major, exec_compatible_with):
    """Declares the toolchains of a repository that tools/sdk/unpack_zig_wheel.py has laid out.

    Args:
        version: the version of the wheel.
        clang_major: the major version of the clang in it.
        exec_compatible_with: constraint values of the platform that its programs run on.
    """

    # The wrappers in bin/ and the program that they run. clang finds wasm-ld beside itself.
    native.filegroup(
        name = "tools",
        srcs = ["bin/" + tool for tool in ["clang", "clang++", "llvm-ar", "llvm-strip", "wasm-ld", "zig"]],
    )
    native.filegroup(
        name = "headers",
        srcs = native.glob(["lib/clang/%s/include/**" % clang_major, "share/wasi-sysroot/include/**"]),
    )

    # What zig has no file of, or one that does something else: tools/sdk/sysroot has ours.
    own_sources = ["mman.c", "random.c"]
    if not native.glob(["zig/lib/libc/wasi/emmalloc/*"], allow_empty = True):
        own_sources += ["malloc.c", "string.c"]
    threads = bool(native.glob(["zig/lib/libc/wasi/thread-stub/*"], allow_empty = True))
    if threads:
        own_sources += ["files.c", "thread_atexit.c", "threads.c"]

    # What is built of one target is built when a build first needs it: libraries with exceptions are for those who ask.
    for name, languages in {
        "sysroot_c": ["c"],
        "sysroot_cxx": ["c++"],
        "sysroot_cxx_exceptions": ["c++-exceptions"],
    }.items():
        zig_sysroot(
            name = name,
            exec_compatible_with = exec_compatible_with,
            languages = languages,
            own_sources = [Label("//tools/sdk:sysroot/" + source) for source in own_sources],
            # libc++ with threads is compiled against the headers of this layout.
            headers = [":headers"] if threads else [],
            resource_dir = "lib/clang/" + clang_major,
            sysroot = "share/wasi-sysroot",
            zig = "bin/zig",
            zig_lib = native.glob(["zig/lib/**"]),
            zig_lib_marker = "zig/lib/zig.h",
        )
    native.filegroup(
        name = "sysroot_libs",
        srcs = [":sysroot_c", ":sysroot_cxx"],
    )
    native.filegroup(
        name = "sysroot_libs_exceptions",
        srcs = [":sysroot_c", ":sysroot_cxx_exceptions"],
    )
    wasi_sdk_targets(
        cxx_include = "share/wasi-sysroot/include/c++/v1",
        # libc++ without threads is zig's own build, which knows no exceptions.
        exceptions = threads,
        exec_compatible_with = exec_compatible_with,
        resource_dir = "lib/clang/" + clang_major,
        root = "",
        sysroot = "share/wasi-sysroot",
        sysroot_include = "share/wasi-sysroot/include/wasm32-wasip1",
        sysroot_libs_c = ":sysroot_c",
        target = "wasm32-wasip1",
        version = version,
    )
