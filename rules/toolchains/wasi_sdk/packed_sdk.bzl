"""The targets of a repository that holds a wasi-sdk as its makers packed it."""

load(":targets.bzl", "wasi_sdk_targets")

def packed_wasi_sdk(
        *,
        version,
        target,
        root,
        tools,
        resource_dir,
        sysroot_include,
        cxx_include,
        libraries,
        exec_compatible_with):
    """Declares the toolchains of a repository with an official wasi-sdk or one like it.

    Args:
        version: the wasi-sdk's version.
        target: the target triple.
        root: the folder that holds `bin`, with a slash at its end. What follows is relative to it.
        tools: the programs that actions run, and the shared libraries that these are linked with.
        resource_dir: clang's resource directory.
        sysroot_include: the C library's headers.
        cxx_include: libc++'s headers.
        libraries: the libraries and start-up objects.
        exec_compatible_with: constraint values of the platform that its programs run on.
    """
    native.filegroup(
        name = "tools",
        srcs = [root + tool for tool in tools],
    )
    native.filegroup(
        name = "headers",
        srcs = native.glob([
            root + folder + "/**"
            for folder in [resource_dir + "/include", sysroot_include, cxx_include]
        ]),
    )
    native.filegroup(
        name = "sysroot_libs",
        srcs = [root + library for library in libraries],
    )
    wasi_sdk_targets(
        cxx_include = cxx_include,
        exec_compatible_with = exec_compatible_with,
        resource_dir = resource_dir,
        root = root,
        sysroot = "share/wasi-sysroot",
        sysroot_include = sysroot_include,
        target = target,
        version = version,
    )
