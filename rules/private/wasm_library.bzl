"""wasm_library: a C/C++ library as a checked WebAssembly module."""

load("@rules_cc//cc:cc_library.bzl", "cc_library")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("@rules_cc//cc/common:cc_shared_library_hint_info.bzl", "CcSharedLibraryHintInfo")
load(":library_flags.bzl", "all_words")
load(":names.bzl", "MODULE_SUFFIX")
load(":providers.bzl", "WasmModuleInfo")
load(":sandbox_report.bzl", "REPORT_ATTRS", "declare_report", "report_files")
load(":wasm_attributes.bzl", "optional")
load(":wasm_module.bzl", "LinkedModuleInfo", "wasm_module")

_WASI_SDK = Label("//rules/toolchains/wasi_sdk:toolchain_type")

def _wasm_library_impl(ctx):
    module = ctx.attr.module[LinkedModuleInfo]
    found = ctx.toolchains[_WASI_SDK]
    wasi_sdk = found.wasi_sdk if found and module.own_toolchain else None
    report = declare_report(
        ctx,
        stem = ctx.label.name,
        wasm = module.wasm,
        dropped_flags = module.dropped_flags,
        exports = module.exports,
        header_description = module.header_description,
        link_map = module.link_map,
        wasi_sdk = wasi_sdk,
    )
    groups = ctx.attr.module[OutputGroupInfo]
    native = cc_common.merge_cc_infos(cc_infos = [dep[CcInfo] for dep in ctx.attr.deps if CcInfo in dep])
    if module.hides_headers:
        # No defines and no include folders either.
        native = CcInfo(linking_context = native.linking_context)
    return [
        DefaultInfo(files = depset([module.wasm])),
        OutputGroupInfo(
            rlbox_exports = groups.rlbox_exports,
            rlbox_headers = groups.rlbox_headers,
            rlbox_link_map = groups.rlbox_link_map,
            sandbox_report = report_files(report),
        ),
        report,
        # With the noop backend a cc_shared_library over the sandbox links the library itself.
        CcSharedLibraryHintInfo(attributes = ["deps"]),
        WasmModuleInfo(
            defines = [] if module.hides_headers else all_words(ctx.attr.defines),
            dropped_flags = module.dropped_flags,
            exports = module.exports,
            header_description = module.header_description if ctx.attr.describe_structs else None,
            headers = module.headers,
            label = ctx.label,
            link_map = module.link_map,
            native = native,
            opaque_structs = module.opaque_structs,
            wasi_sdk = wasi_sdk,
            wasm = module.wasm,
        ),
    ]

_wasm_library = rule(
    implementation = _wasm_library_impl,
    doc = "The public half of `wasm_library`: the module and, for the application, the library itself.",
    attrs = REPORT_ATTRS | {
        "defines": attr.string_list(
            doc = "Preprocessor definitions of the sandbox, for the application.",
        ),
        "deps": attr.label_list(
            doc = "The library, in the application's configuration: its headers, and its code for the noop backend.",
        ),
        "describe_structs": attr.bool(
            doc = "Whether the application is told the fields of structs.",
            default = True,
        ),
        "module": attr.label(
            doc = "The wasm half.",
            mandatory = True,
            providers = [LinkedModuleInfo],
        ),
    },
    provides = [CcSharedLibraryHintInfo, WasmModuleInfo],
    # Only for the report: a cc_toolchain for wasm may come without it.
    toolchains = [config_common.toolchain_type(_WASI_SDK, mandatory = False)],
)

def _bytes(size):
    """A size as the rule takes it: its integers have 31 bits, and a memory has up to 4 GiB."""
    return None if size == None else str(size)

def wasm_library(
        name,
        deps = [],
        srcs = [],
        hdrs = [],
        copts = [],
        defines = [],
        drop_copts = [],
        os = "wasi",
        includes = [],
        public_headers = None,
        exports = [],
        exports_only = None,
        exports_except = [],
        export_all = False,
        describe_structs = True,
        opaque_structs = [],
        stack_size = 262144,
        initial_memory = None,
        max_memory = None,
        max_table = None,
        import_memory = True,
        import_table = True,
        allowed_imports = [],
        exceptions = False,
        files = False,
        simd = False,
        linkopts = [],
        features = [],
        **kwargs):
    """Compiles a C/C++ library to WebAssembly and links it as a module for a sandbox.

    The library is an ordinary `cc_library`: it is not edited, and the same target can be linked natively elsewhere.
    It is compiled with the wasi-sdk toolchain, file by file, in a configuration of its own: the application's
    `--copt`, `--features`, sanitizers and compilation mode do not reach it. The module is linked as a reactor
    (constructors run when the sandbox is created) with RLBox's flags: `--stack-first -z stack-size=N
    --growable-table --import-memory --import-table`.

    The module exports the functions that the library's direct public headers declare and the library defines, what the
    runtime needs (`malloc`, `free`), and nothing else: libc stays inside. Inline, static and variadic functions,
    functions with C++ linkage, and functions that can reach a WASI call which is not allowed (such as one that accepts
    connections) are left out; the output group `rlbox_exports` says which and why.
    The linked module is then checked: its code, exports, imports, memory and table. Without a passed check there is no `<name>.wasm`.

    **EXAMPLE**

    ```starlark
    load("@rules_rlbox//rules:defs.bzl", "wasm_library")

    wasm_library(
        name = "mylib_wasm",
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
        copts: compiler options for the whole library in the sandbox: `srcs`, `deps` and all that those depend on. They come
            before the options in BUILD files. Options that only mean something to the host's compiler (`-mavx2`), or that
            Bazel or the toolchain give, are refused.
        defines: preprocessor definitions for the whole library in the sandbox, and for the application, which includes the
            library's headers.
        drop_copts: options in BUILD files of the library that the sandbox is compiled without: each a whole option
            (`"-Werror"`), or its beginning and a `*` (`"-DHAVE_*"`). Flags that only mean something to the host, such as
            `-march=native`, `-fcf-protection`, `-Wl,-z,now` and `-ldl`, are always dropped; the report names all of them.
        os: which operating system a `select()` in the library's BUILD files takes the sandbox for: `"wasi"`, or `"linux"`
            for a library whose `select()` has neither a branch for WASI nor a default. The code is the same otherwise.
        includes: include folders for `srcs` and for the application, relative to the package.
        public_headers: which of the library's public headers to read and to include in `<module>.rlbox.h`, as written in
            an `#include`, in that order. Default: all direct ones, in an order in which they compile; those of the
            library's deps can be named, too. For a library whose `hdrs` hold internal headers. Headers are compiled in the application, outside of the sandbox, with
            the `defines` and `includes` of all of `deps`. With an empty list (and `exports_only`) nothing of the library
            gets there, and the application declares the functions itself: for a library that you do not trust.
        exports: further C functions that the application calls or takes the address of, declared elsewhere. Each must
            be defined by the library.
        exports_only: all functions to export, instead of those that the headers declare: the smallest surface.
        exports_except: functions to leave out of those that the headers declare. Each must be among them.
        export_all: export every function, as the `--export-all` of RLBox's tutorial does; all objects of all libraries
            are linked. The attack surface then includes libc and every function of WASI; the runtime answers those that
            a sandbox does not have with an error, and the report names them. For porting only.
        describe_structs: describe to RLBox, in `<module>.rlbox.h`, the fields of the structs that cross the boundary. False for
            an application that has its own `sandbox_fields_reflection_*` macros, such as one written for upstream RLBox.
        opaque_structs: structs that cross the boundary without a description of their fields, so that an application
            passes them on and cannot look inside. For structs with bit-fields, unions or packed fields that a function takes by value.
        stack_size: the library's stack in linear memory, in bytes, a multiple of 16. It lies below everything else:
            an overflow traps. Default 256 KiB.
        initial_memory: the linear memory at creation, in bytes, a multiple of 65536. Default: what the data and
            the stack need.
        max_memory: what the linear memory may grow to, in bytes, a multiple of 65536. Default 4 GiB.
        max_table: how many functions the table of indirect functions may hold: those whose address the library takes,
            and the application's callbacks. Default: no limit in the module.
        import_memory: the host provides the linear memory (True, faster) or the module exports its own.
        import_table: the same for the table of indirect functions.
        allowed_imports: WASI functions that the module may import besides the harmless default ones, e.g.
            `["sock_accept"]`. The runtime refuses them at run time: this is for code that is linked and never called, and
            brings the functions back that were left out for their sake.
        exceptions: C++ exceptions in the library and all of its deps: `throw` and `catch` do what they do natively, and
            destructors run. Without it `catch` blocks vanish, and a `throw` is a trap that names the type. With it a `try`
            block costs nanoseconds when it is entered, and the module grows. An exception that no `catch` of the library takes is a trap that
            names the type and `what()`: no exception gets into the application, and none of the application's into the library.
            Needs a wasi-sdk with such libraries (docs/toolchains.md).
        files: the library works with files: the module may import WASI's functions for files. What the library sees are files
            in memory that the application gives to each sandbox, with `rlbox_wasm2c_options::files` (docs/runtime.md). Nothing of
            the host's file system is there. Without the attribute the module answers these calls itself: no file is there, and
            the output group `rlbox_exports` says which exports can reach such a call. With the noop backend the library sees
            the real file system.
        simd: compile with WebAssembly's 128-bit vector instructions, which become the host's. Measure before and after: loops that
            shuffle bytes become slower (docs/performance.md).
        linkopts: further options for linking the module (clang as driver).
        features: features of the wasm cc_toolchain, e.g. `["-rtti"]`.
        **kwargs: `visibility`, `tags`, `testonly` and other attributes that all rules have.
    """

    common = {key: kwargs[key] for key in ["compatible_with", "deprecation", "restricted_to", "tags", "testonly"] if key in kwargs}
    graph = struct(copts = copts, defines = defines) if deps or not (srcs or hdrs) else struct(copts = [], defines = [])
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
    misplaced = ["includes"] if includes and not (srcs or hdrs) else []
    wasm_module(
        name = name + MODULE_SUFFIX,
        allowed_imports = allowed_imports,
        copts = graph.copts,
        defines = graph.defines,
        deps = deps,
        drop_copts = drop_copts,
        exceptions = exceptions,
        export_all = export_all,
        exports = exports,
        exports_except = exports_except,
        exports_only = optional(exports_only),
        files = files,
        features = features,
        import_memory = import_memory,
        import_table = import_table,
        initial_memory = _bytes(initial_memory),
        linkopts = linkopts,
        macro_error = ", ".join(misplaced) + ": only for srcs, and there are none. To fix: set it on the cc_library in deps" if misplaced else "",
        max_memory = _bytes(max_memory),
        max_table = max_table,
        os = os,
        opaque_structs = opaque_structs,
        public_headers = optional(public_headers),
        simd = simd,
        stack_size = stack_size,
        **hidden
    )
    _wasm_library(
        name = name,
        defines = graph.defines,
        describe_structs = describe_structs,
        module = ":" + name + MODULE_SUFFIX,
        deps = deps,
        **kwargs
    )
