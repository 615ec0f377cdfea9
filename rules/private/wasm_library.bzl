"""wasm_library: a C/C++ library as a checked WebAssembly module."""

load("@rules_cc//cc:cc_library.bzl", "cc_library")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load(":includes.bzl", "include_strings")
load(":names.bzl", "display_label")
load(":providers.bzl", "WasmModuleInfo")
load(":sandbox_report.bzl", "REPORT_ATTRS", "declare_report", "report_files")
load(":wasm_module.bzl", "LinkedModuleInfo", "wasm_module")

_WASI_SDK = "//rules/toolchains/wasi_sdk:toolchain_type"

def _wasm_library_impl(ctx):
    module = ctx.attr.module[LinkedModuleInfo]
    wasi_sdk = ctx.toolchains[_WASI_SDK].wasi_sdk if ctx.toolchains[_WASI_SDK] else None
    report = declare_report(
        ctx,
        stem = ctx.label.name,
        wasm = module.wasm,
        check = module.check,
        wasi_sdk = wasi_sdk,
    )
    infos = [dep[CcInfo] for dep in ctx.attr.deps if CcInfo in dep]
    return [
        DefaultInfo(files = depset([module.wasm])),
        OutputGroupInfo(sandbox_report = report_files(report)),
        report,
        WasmModuleInfo(
            check = module.check,
            headers = include_strings(infos),
            label = ctx.label,
            native = cc_common.merge_cc_infos(cc_infos = infos),
            wasi_sdk = wasi_sdk,
            wasm = module.wasm,
        ),
    ]

_wasm_library = rule(
    implementation = _wasm_library_impl,
    doc = "The public half of `wasm_library`: the module and, for the application, the library's headers.",
    attrs = REPORT_ATTRS | {
        "deps": attr.label_list(),
        "module": attr.label(
            mandatory = True,
            providers = [LinkedModuleInfo],
        ),
    },
    provides = [WasmModuleInfo],
    # Only for the report: a cc_toolchain for wasm may come without it.
    toolchains = [config_common.toolchain_type(_WASI_SDK, mandatory = False)],
)

def wasm_library(
        name,
        deps = [],
        srcs = [],
        hdrs = [],
        copts = [],
        defines = [],
        includes = [],
        exports = [],
        export_all = False,
        stack_size = 262144,
        initial_memory = None,
        max_memory = None,
        import_memory = True,
        import_table = True,
        allowed_imports = [],
        linkopts = [],
        features = [],
        **kwargs):
    """Compiles a C/C++ library to WebAssembly and links it as a module for a sandbox.

    The library is an ordinary `cc_library`: it is not edited, and the same target can be linked natively elsewhere.
    It is compiled with the wasi-sdk toolchain, file by file, in a configuration of its own: the application's
    `--copt`, `--features`, sanitizers and compilation mode do not reach it. The module is linked as a reactor
    (constructors run when the sandbox is created) with RLBox's flags: `--stack-first -z stack-size=N
    --growable-table --import-memory --import-table`. `check_wasm_exports` then compares its exports and imports
    with what is asked for here; without a passed check there is no module.

    **EXAMPLE**

    ```starlark
    load("@rules_rlbox//rules:defs.bzl", "wasm_library")

    wasm_library(
        name = "mylib_wasm",
        exports = ["hello", "add"],
        deps = [":mylib"],
    )
    ```

    The output is `<name>.wasm`; the provider is `WasmModuleInfo`. The output group `sandbox_report` tells what an
    attacker can reach in the module.

    Args:
        name: the target's name.
        deps: C/C++ targets (with `CcInfo`) that make up the library. Their direct public headers are what
            `<module>.rlbox.h` includes.
        srcs: C/C++ sources, for a library without a `cc_library` of its own; as in `cc_library`.
        hdrs: public headers of `srcs`.
        copts: compiler options for `srcs`.
        defines: preprocessor definitions for `srcs` and for the application.
        includes: include folders for `srcs` and for the application, relative to the package.
        exports: C functions that the application calls or takes the address of. Each must be defined by the library.
        export_all: export every function, as the `--export-all` of RLBox's tutorial does; all objects of all libraries
            are linked. The attack surface then includes libc; for porting only.
        stack_size: the library's stack in linear memory, in bytes, a multiple of 16. It lies below everything else:
            an overflow traps. Default 256 KiB.
        initial_memory: the linear memory at creation, in bytes, a multiple of 65536. Default: what the data and
            the stack need.
        max_memory: what the linear memory may grow to, in bytes, a multiple of 65536. Default 4 GiB.
        import_memory: the host provides the linear memory (True, faster) or the module exports its own.
        import_table: the same for the table of indirect functions.
        allowed_imports: WASI functions that the module may import besides the harmless default ones, e.g.
            `["path_open"]`. The runtime refuses them at run time: this is for code that is linked and never called.
        linkopts: further options for the linker (clang as driver).
        features: features of the wasm cc_toolchain, e.g. `["rtti"]`.
        **kwargs: `visibility`, `tags`, `testonly` and other attributes that all rules have.
    """
    public_label = display_label(native.package_relative_label(":" + name))
    common = {key: kwargs[key] for key in ["compatible_with", "deprecation", "restricted_to", "tags", "testonly"] if key in kwargs}
    hidden = dict(common, tags = kwargs.get("tags", []) + ["manual"], visibility = ["//visibility:private"])
    if srcs or hdrs:
        cc_library(
            name = name + ".srcs",
            srcs = srcs,
            hdrs = hdrs,
            copts = copts,
            defines = defines,
            includes = includes,
            features = features,
            deps = deps,
            **hidden
        )
        deps = [":" + name + ".srcs"]
    elif copts or defines or includes:
        fail("%s: copts, defines and includes are for srcs, and there are none; set them on the cc_library in deps" % public_label)
    wasm_module(
        name = name + ".module",
        allowed_imports = allowed_imports,
        deps = deps,
        export_all = export_all,
        exports = exports,
        features = features,
        import_memory = import_memory,
        import_table = import_table,
        initial_memory = initial_memory,
        linkopts = linkopts,
        max_memory = max_memory,
        output_name = name,
        public_label = public_label,
        stack_size = stack_size,
        **hidden
    )
    _wasm_library(
        name = name,
        module = ":" + name + ".module",
        deps = deps,
        **kwargs
    )
