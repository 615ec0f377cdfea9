"""The targets that every repository with a wasi-sdk has, whatever its layout."""

load("@rules_cc//cc/toolchains:cc_toolchain.bzl", "cc_toolchain")
load(":cc_toolchain_config.bzl", "wasi_cc_toolchain_config")
load(":guest_runtime.bzl", "GUEST_ANSWERS", "guest_runtime")
load(":toolchain.bzl", "wasi_sdk_toolchain")

_EXCEPTIONS = str(Label(":exceptions"))

def _with_exceptions(supported, without, with_exceptions):
    """What depends on whether the code that is built has exceptions."""
    return select({_EXCEPTIONS: with_exceptions, "//conditions:default": without}) if supported else without

def _cc_toolchain(*, name, exec_compatible_with, all_files, linker_files, **config):
    """A cc_toolchain and its configuration."""
    wasi_cc_toolchain_config(
        name = name + "_config",
        exec_compatible_with = exec_compatible_with,
        **config
    )
    cc_toolchain(
        name = name,
        all_files = all_files,
        ar_files = ":tools",
        as_files = ":compiler_files",
        compiler_files = ":compiler_files",
        dwp_files = ":empty",
        exec_compatible_with = exec_compatible_with,
        linker_files = linker_files,
        objcopy_files = ":empty",
        strip_files = ":tools",
        # wasm-ld takes a response file, and a link has hundreds of arguments.
        supports_param_files = True,
        toolchain_config = ":%s_config" % name,
    )

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
        exceptions = False,
        sysroot_libs_c = None):
    """Declares `cc_toolchain`, `c_toolchain` and `wasi_sdk`.

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
        sysroot_libs_c: the target that has the C libraries alone; None where all libraries are there without being built.
    """
    native.filegroup(
        name = "compiler_files",
        srcs = [":headers", ":tools"],
    )
    answers = [":guest_" + name for name in GUEST_ANSWERS]
    guest = [":guest_runtime"] + answers
    for suffix, files in {
        "": guest + [":sysroot_libs"],
        "_c": guest + [sysroot_libs_c] if sysroot_libs_c else [],
        "_exceptions": guest + [":guest_exceptions", ":sysroot_libs_exceptions"] if exceptions else [],
    }.items():
        native.filegroup(
            name = "linker_files" + suffix,
            srcs = files + [":tools"],
        )
        native.filegroup(
            name = "all_files" + suffix,
            srcs = [":compiler_files", ":linker_files" + suffix],
        )
    native.filegroup(name = "empty")

    archives = {"guest_runtime": Label("//runtime:guest")}
    archives.update({"guest_" + name: Label("//runtime:guest_" + name) for name in GUEST_ANSWERS})
    if exceptions:
        archives["guest_exceptions"] = Label("//runtime:guest_exceptions")
    for name, sources in archives.items():
        guest_runtime(
            name = name,
            srcs = sources,
            clang = root + "bin/clang",
            exec_compatible_with = exec_compatible_with,
            llvm_ar = root + "bin/llvm-ar",
            target = target,
            tools = [":tools"],
        )
    config = dict(
        clang = root + "bin/clang",
        clang_cxx = root + "bin/clang++",
        cxx_include = cxx_include,
        exec_compatible_with = exec_compatible_with,
        guest_answers = answers,
        guest_runtime = ":guest_runtime",
        llvm_ar = root + "bin/llvm-ar",
        llvm_strip = root + "bin/llvm-strip",
        resource_dir = resource_dir,
        sysroot = sysroot,
        target = target,
    )
    _cc_toolchain(
        name = "cc_toolchain",
        all_files = _with_exceptions(exceptions, ":all_files", ":all_files_exceptions"),
        exceptions = _with_exceptions(exceptions, False, True),
        guest_exceptions = _with_exceptions(exceptions, None, ":guest_exceptions"),
        linker_files = _with_exceptions(exceptions, ":linker_files", ":linker_files_exceptions"),
        sysroot_libs = _with_exceptions(exceptions, ":sysroot_libs", ":sysroot_libs_exceptions"),
        **config
    )
    if sysroot_libs_c:
        _cc_toolchain(
            name = "c_toolchain",
            all_files = ":all_files_c",
            linker_files = ":linker_files_c",
            sysroot_libs = sysroot_libs_c,
            **config
        )
    else:
        native.alias(
            name = "c_toolchain",
            actual = ":cc_toolchain",
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
