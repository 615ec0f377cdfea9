"""The provider of a wasi-sdk and the rule that makes a toolchain of it."""

def _wasi_sdk_info_init(*, version, clang, tools, sysroot_include, resource_include, headers):
    return {
        "clang": clang,
        "headers": headers,
        "resource_include": resource_include,
        "sysroot_include": sysroot_include,
        "tools": tools,
        "version": version,
    }

WasiSdkInfo, _new_wasi_sdk_info = provider(
    doc = """\
A wasi-sdk for one exec platform.

Compiling and linking go through its `cc_toolchain`; this is for tools that need the compiler itself, such as a
reader of C headers. From `ctx.toolchains["@rules_rlbox//rules/toolchains/wasi_sdk:toolchain_type"].wasi_sdk`.""",
    fields = {
        "clang": "File, the clang driver.",
        "headers": "depset of File, everything below the two include folders.",
        "resource_include": "string, exec path of clang's own headers (the `include` folder of its resource directory).",
        "sysroot_include": "string, exec path of the C library's headers.",
        "tools": "depset of File, the clang driver and what it runs: an action's `tools`.",
        "version": "string, the wasi-sdk's version, as the version table or the tag says it.",
    },
    init = _wasi_sdk_info_init,
)

def _wasi_sdk_toolchain_impl(ctx):
    root = ctx.executable.clang.dirname.removesuffix("/bin")
    info = WasiSdkInfo(
        version = ctx.attr.version,
        clang = ctx.executable.clang,
        tools = depset(ctx.files.tools),
        headers = depset(ctx.files.headers),
        resource_include = root + "/" + ctx.attr.resource_include,
        sysroot_include = root + "/" + ctx.attr.sysroot_include,
    )
    return [
        platform_common.ToolchainInfo(wasi_sdk = info),
        info,
        DefaultInfo(files = depset(transitive = [info.headers, info.tools])),
    ]

wasi_sdk_toolchain = rule(
    implementation = _wasi_sdk_toolchain_impl,
    doc = "A toolchain of the type `//rules/toolchains/wasi_sdk:toolchain_type`.",
    attrs = {
        "clang": attr.label(
            doc = "The clang driver. It lies in a folder `bin`.",
            allow_single_file = True,
            cfg = "exec",
            executable = True,
            mandatory = True,
        ),
        "headers": attr.label_list(
            doc = "The headers of the sysroot and of clang.",
            cfg = "exec",
            mandatory = True,
        ),
        "resource_include": attr.string(
            doc = "clang's own headers, relative to the folder that `bin` is in.",
            mandatory = True,
        ),
        "sysroot_include": attr.string(
            doc = "The C library's headers, relative to the folder that `bin` is in.",
            mandatory = True,
        ),
        "tools": attr.label_list(
            doc = "The clang driver and what it runs.",
            cfg = "exec",
            mandatory = True,
        ),
        "version": attr.string(
            doc = "The wasi-sdk's version.",
            mandatory = True,
        ),
    },
    provides = [platform_common.ToolchainInfo, WasiSdkInfo],
)
