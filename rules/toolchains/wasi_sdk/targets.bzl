"""The targets that every repository with a wasi-sdk has, whatever its layout."""

load("@rules_cc//cc/toolchains:cc_toolchain.bzl", "cc_toolchain")
load(":cc_toolchain_config.bzl", "wasi_cc_toolchain_config")
load(":guest_runtime.bzl", "guest_runtime")
load(":toolchain.bzl", "wasi_sdk_toolchain")

_EXCEPTIONS = str(Label(":exceptions"))

def _with_exceptions(supported, without, with_exceptions):
    """What depends on whether the code that is built has exceptions."""
    return select({_EXCEPTIONS: with_exceptions, "//conditions:default": without}) if supported else without

def wasi_sdk_targets(
        *,
        version,
        target,
        root,
        resource_dir,
        sysroot,
        sysroot_include,
        cxx_include,
        exec_compatible_with,
        exceptions = False):
    """Declares `cc_toolchain` and `wasi_sdk`.

    The package has the filegroups `tools` (what runs), `headers` and `sysroot_libs` (each library and start-up object once);
    with `exceptions` also `sysroot_libs_exceptions`.

    Args:
        version: the wasi-sdk's version.
        target: the target triple.
        root: the folder that holds `bin`, "" or with a slash at its end. The following four are relative to it.
        resource_dir: clang's resource directory.
        sysroot: the sysroot.
        sysroot_include: the C library's headers.
        cxx_include: libc++'s headers.
        exec_compatible_with: constraint values of the platform that its programs run on.
        exceptions: whether there are C and C++ libraries that throw and catch.
    """
    native.filegroup(
        name = "compiler_files",
        srcs = [":headers", ":tools"],
    )
    native.filegroup(
        name = "linker_files",
        srcs = [":guest_runtime", ":sysroot_libs", ":tools"],
    )
    native.filegroup(
        name = "all_files",
        srcs = [":compiler_files", ":linker_files"],
    )
    native.filegroup(
        name = "linker_files_exceptions",
        srcs = [":guest_exceptions", ":guest_runtime", ":sysroot_libs_exceptions", ":tools"] if exceptions else [],
    )
    native.filegroup(
        name = "all_files_exceptions",
        srcs = [":compiler_files", ":linker_files_exceptions"],
    )
    native.filegroup(name = "empty")

    guest_runtime(
        name = "guest_runtime",
        clang = root + "bin/clang",
        exec_compatible_with = exec_compatible_with,
        llvm_ar = root + "bin/llvm-ar",
        target = target,
        tools = [":tools"],
    )
    if exceptions:
        guest_runtime(
            name = "guest_exceptions",
            srcs = Label("//runtime:guest_exceptions"),
            clang = root + "bin/clang",
            exec_compatible_with = exec_compatible_with,
            llvm_ar = root + "bin/llvm-ar",
            target = target,
            tools = [":tools"],
        )
    wasi_cc_toolchain_config(
        name = "cc_toolchain_config",
        clang = root + "bin/clang",
        clang_cxx = root + "bin/clang++",
        cxx_include = cxx_include,
        exceptions = _with_exceptions(exceptions, False, True),
        exec_compatible_with = exec_compatible_with,
        guest_exceptions = _with_exceptions(exceptions, None, ":guest_exceptions"),
        guest_runtime = ":guest_runtime",
        llvm_ar = root + "bin/llvm-ar",
        llvm_strip = root + "bin/llvm-strip",
        resource_dir = resource_dir,
        sysroot = sysroot,
        sysroot_libs = _with_exceptions(exceptions, ":sysroot_libs", ":sysroot_libs_exceptions"),
        target = target,
    )
    cc_toolchain(
        name = "cc_toolchain",
        all_files = _with_exceptions(exceptions, ":all_files", ":all_files_exceptions"),
        ar_files = ":tools",
        as_files = ":compiler_files",
        compiler_files = ":compiler_files",
        dwp_files = ":empty",
        exec_compatible_with = exec_compatible_with,
        linker_files = _with_exceptions(exceptions, ":linker_files", ":linker_files_exceptions"),
        objcopy_files = ":empty",
        strip_files = ":tools",
        # wasm-ld takes a response file, and a link has hundreds of arguments.
        supports_param_files = True,
        toolchain_config = ":cc_toolchain_config",
    )

    wasi_sdk_toolchain(
        name = "wasi_sdk",
        clang = root + "bin/clang",
        exec_compatible_with = exec_compatible_with,
        headers = [":headers"],
        tools = [":tools"],
        resource_include = resource_dir + "/include",
        sysroot_include = sysroot_include,
        version = version,
    )
