"""wasm2c_library: a WebAssembly module as C, compiled for the application's platform."""

load("@bazel_skylib//rules:common_settings.bzl", "BuildSettingInfo")
load("@rules_cc//cc:find_cc_toolchain.bzl", "use_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("@rules_cc//cc/common:cc_shared_library_hint_info.bzl", "CcSharedLibraryHintInfo")
load(":module_header.bzl", "declare_header")
load(":names.bzl", "check_identifiers", "check_module_name", "check_target_name", "display_label", "file_name", "printable")
load(":providers.bzl", "RlboxSandboxInfo", "WasmModuleInfo")
load(":sandbox_report.bzl", "REPORT_ATTRS", "declare_report", "report_files")
load(":wasm2c_compile.bzl", "compile_generated", "header_context")
load(":wasm2c_translate.bzl", "translate")
load(":wasm_actions.bzl", "check_module")
load(":wasm_attributes.bzl", "check_imports")

_WABT = Label("//rules/toolchains/wabt:toolchain_type")
_RUNTIME = Label("//runtime:toolchain_type")

# Instead of the function of upstream's plugin, which fails: see there.
_UPSTREAM_DEFINES = ["w2c_wasi__snapshot__preview1_fd_fdstat_get=rlbox_upstream_fd_fdstat_get"]

DOC = """\
Turns a WebAssembly module into a sandbox: wasm2c translates it to C, the target's C compiler compiles that, and
`<module_name>.rlbox.h` gives it to an application.

The application depends on it through `rlbox_cc_binary(sandboxes = [...])` (or any C++ rule's `deps`), includes
`<module_name>.rlbox.h` and nothing else, and uses `rlbox_sandbox_<module_name>` and `tainted_<module_name><T>`.

The output group `sandbox_report` tells what an attacker can reach in the sandbox: see `sandbox_report_test`.

With `--@rules_rlbox//rules/settings:backend=noop` the same target gives the library itself, without a sandbox; with
`--@rules_rlbox//rules/settings:rlbox=upstream` the sandbox is one of the RLBox project's own headers and plugin.

**EXAMPLE**

```starlark
load("@rules_rlbox//rules:defs.bzl", "wasm2c_library")

wasm2c_library(
    name = "mylib_sandbox",
    module_name = "mylib",
    wasm = ":mylib_wasm",
)
```
"""

def _native_only(ctx):
    """The noop backend: the library itself."""
    if WasmModuleInfo not in ctx.attr.wasm:
        fail("%s: wasm: %s is a prebuilt module, and --//rules/settings:backend=noop needs the library itself. To fix: give a wasm_library or build with backend=wasm2c" %
             (display_label(ctx.label), display_label(ctx.attr.wasm.label)))
    return ctx.attr.wasm[WasmModuleInfo]

def _module(ctx, folder):
    """Returns the WasmModuleInfo of the module. A prebuilt one is checked here, and finished as a linked one is."""
    if WasmModuleInfo in ctx.attr.wasm:
        return ctx.attr.wasm[WasmModuleInfo]
    files = ctx.attr.wasm[DefaultInfo].files.to_list()
    if len(files) != 1 or files[0].extension != "wasm":
        fail("%s: wasm: %s is neither a wasm_library nor one .wasm file. To fix: name one of them" % (display_label(ctx.label), display_label(ctx.attr.wasm.label)))
    return WasmModuleInfo(
        defines = [],
        dropped_flags = [],
        exports = None,
        header_description = None,
        headers = [],
        label = ctx.attr.wasm.label,
        link_map = None,
        native = CcInfo(),
        opaque_structs = [],
        wasi_sdk = None,
        wasm = check_module(
            ctx,
            label = display_label(ctx.label),
            linked = files[0],
            output = "%s/%s.wasm" % (folder, ctx.attr.module_name),
            exports = ctx.attr.exports,
            export_all = not ctx.attr.exports,
        ),
    )

def _headers_only(module):
    """What the application needs of the library in a sandbox: its headers as the sandbox compiles them, none of its code."""
    return cc_common.merge_cc_infos(cc_infos = [
        CcInfo(compilation_context = module.native.compilation_context),
        CcInfo(compilation_context = cc_common.create_compilation_context(defines = depset(module.defines))),
    ])

def _link_flags(ctx):
    linker_inputs = ctx.attr._bound_at_start[CcInfo].linking_context.linker_inputs.to_list()
    return [flag for linker_input in linker_inputs for flag in linker_input.user_link_flags]

def _wasm2c_impl(ctx, folder):
    module = _module(ctx, folder)
    wasm_header, private_headers, sources = translate(ctx, folder = folder, wasm = module.wasm, prebuilt = WasmModuleInfo not in ctx.attr.wasm)
    header = declare_header(ctx, folder = folder, backend = "wasm2c", api = ctx.toolchains[_RUNTIME].api, module = module)
    code = compile_generated(
        ctx,
        sources = sources,
        private_headers = private_headers,
        public_headers = [header, wasm_header],
        folder_path = header.dirname,
        defines = _UPSTREAM_DEFINES if ctx.toolchains[_RUNTIME].api == "upstream" else [],
        link_flags = _link_flags(ctx),
        dependencies = [ctx.attr._runtime[CcInfo]],
    )
    cc_info = cc_common.merge_cc_infos(direct_cc_infos = [code], cc_infos = [_headers_only(module)])
    report = declare_report(
        ctx,
        stem = "%s/%s" % (folder, ctx.attr.module_name),
        module_name = ctx.attr.module_name,
        wasm = module.wasm,
        dropped_flags = module.dropped_flags,
        exports = module.exports,
        header_description = module.header_description,
        link_map = module.link_map,
        wasi_sdk = module.wasi_sdk,
        wabt = ctx.toolchains[_WABT].wabt,
    )
    info = RlboxSandboxInfo(
        api = ctx.toolchains[_RUNTIME].api,
        backend = "wasm2c",
        header = header,
        linker_inputs = depset(),
        module_name = ctx.attr.module_name,
        sources = sources,
        wasm = module.wasm,
    )
    return [
        cc_info,
        # The library itself is not linked.
        CcSharedLibraryHintInfo(attributes = ["_runtime"]),
        info,
        report,
        DefaultInfo(files = depset([header, wasm_header] + private_headers + sources)),
        OutputGroupInfo(
            rlbox_wasm = depset([module.wasm]),
            sandbox_report = report_files(report),
        ),
    ]

def _noop_impl(ctx, folder):
    module = _native_only(ctx)
    header = declare_header(ctx, folder = folder, backend = "noop", api = ctx.toolchains[_RUNTIME].api, module = module)
    own = CcInfo(compilation_context = header_context(
        ctx,
        header = header,
        dependencies = [module.native, ctx.attr._runtime[CcInfo]],
    ))
    info = RlboxSandboxInfo(
        api = ctx.toolchains[_RUNTIME].api,
        backend = "noop",
        header = header,
        linker_inputs = module.native.linking_context.linker_inputs,
        module_name = ctx.attr.module_name,
        sources = [],
        wasm = None,
    )
    return [
        cc_common.merge_cc_infos(direct_cc_infos = [own], cc_infos = [module.native, ctx.attr._runtime[CcInfo]]),
        CcSharedLibraryHintInfo(attributes = ["_runtime", "wasm"]),
        info,
        DefaultInfo(files = depset([header])),
    ]

def _check_copts(label, copts):
    """Says early and clearly what the header in front of the generated C would refuse, however it is spelled."""
    for option in copts:
        if "WASM_RT_" in option:
            fail("%s: copts: %s: the runtime is compiled with other values. To fix: use bounds, or leave the option out" % (label, printable(option)))
        if option.startswith("@"):
            fail("%s: copts: %s: options in a file are not checked. To fix: write them into copts" % (label, printable(option)))

def _check_attributes(ctx):
    label = display_label(ctx.label)
    check_target_name(label, ctx.label.name)
    check_module_name(label, ctx.attr.module_name)
    check_identifiers(label, "exports", ctx.attr.exports, "an export")
    if ctx.attr.num_outputs < 0 or ctx.attr.num_outputs > 256:
        fail("%s: num_outputs must be between 1 and 256, or 0 to let the compilation mode decide, got %d" % (label, ctx.attr.num_outputs))
    _check_copts(label, ctx.attr.copts)
    check_imports(label, ctx.attr.allowed_imports)
    for file in ctx.files.wasm:
        if file.path[0] in "-@":
            fail("%s: wasm: the tools would take the file name %s for an option. To fix: rename the file, or move it into a package" % (label, printable(file.path)))
    if WasmModuleInfo in ctx.attr.wasm:
        misplaced = [name for name in ["allowed_imports", "exceptions", "exports", "files", "simd"] if getattr(ctx.attr, name)]
        misplaced += [name for name in ["import_memory", "import_table"] if not getattr(ctx.attr, name)]
        if misplaced:
            fail("%s: %s: only for a prebuilt module. To fix: set it on %s" % (label, ", ".join(misplaced), display_label(ctx.attr.wasm.label)))

def _wasm2c_library_impl(ctx):
    _check_attributes(ctx)
    folder = "_rlbox/" + file_name(ctx.label.name)
    if ctx.attr._backend[BuildSettingInfo].value == "noop":
        return _noop_impl(ctx, folder)
    return _wasm2c_impl(ctx, folder)

_wasm2c_library = rule(
    implementation = _wasm2c_library_impl,
    doc = DOC,
    attrs = REPORT_ATTRS | {
        "allowed_imports": attr.string_list(
            doc = "For a prebuilt module: WASI functions that it may import besides the default ones. A `wasm_library` states its own.",
        ),
        "bounds": attr.string(
            doc = """How accesses to the sandbox's memory are kept inside: `guard_pages` (8 GiB of address space per sandbox, and an
access outside faults), or `explicit` (a comparison before each access, besides that). Default: the build setting
`//rules/settings:bounds`.""",
            default = "default",
            values = ["default", "explicit", "guard_pages"],
        ),
        "copts": attr.string_list(
            doc = "Further options for compiling the generated C.",
        ),
        "exceptions": attr.bool(
            doc = "For a prebuilt module: whether it may catch what it throws, as C++ code does (`catch_all` and `rethrow`). A `wasm_library` states its own.",
            default = False,
        ),
        "exports": attr.string_list(
            doc = "For a prebuilt module: the functions that it must export, and no others. Empty: any.",
        ),
        "files": attr.bool(
            doc = "For a prebuilt module: whether it may import WASI's functions for files, for those that the application gives it. A `wasm_library` states its own.",
            default = False,
        ),
        "import_memory": attr.bool(
            doc = "For a prebuilt module: whether it imports its memory.",
            default = True,
        ),
        "import_table": attr.bool(
            doc = "For a prebuilt module: whether it imports its table.",
            default = True,
        ),
        "module_name": attr.string(
            doc = "The sandbox's name in C++, a C identifier, unique in a program. Default: the target's name.",
            mandatory = True,
        ),
        "num_outputs": attr.int(
            doc = "How many C files the module is split into, to be compiled in parallel. Default: 4 with `-c opt`, else 8.",
            default = 0,
        ),
        "simd": attr.bool(
            doc = "For a prebuilt module: whether it may use WebAssembly's 128-bit vector instructions. A `wasm_library` states its own.",
            default = False,
        ),
        "wasm": attr.label(
            doc = "A `wasm_library`, or a prebuilt `.wasm` file.",
            allow_files = True,
            mandatory = True,
        ),
        "_backend": attr.label(default = Label("//rules/settings:backend")),
        "_bound_at_start": attr.label(default = Label("//rules/private:bound_at_start")),
        "_bounds": attr.label(default = Label("//rules/settings:bounds")),
        "_check_module": attr.label(
            default = Label("//tools/link:check_module"),
            cfg = "exec",
            executable = True,
        ),
        "_imports": attr.label(
            default = Label("//runtime:include/wasm2c_rt_imports.h"),
            allow_single_file = True,
        ),
        "_runtime": attr.label(default = Label("//runtime:linked")),
        "_gen_header": attr.label(
            default = Label("//tools/codegen:gen_module_header"),
            cfg = "exec",
            executable = True,
        ),
    },
    fragments = ["cpp"],
    provides = [CcInfo, RlboxSandboxInfo],
    toolchains = use_cc_toolchain(mandatory = True) + [_RUNTIME, _WABT],
)

# For the reference documentation.
wasm2c_library_rule = _wasm2c_library

# A sandbox takes virtual memory and signals, which a program in WebAssembly has not: such a program is incompatible, and so
# is all that depends on the sandbox.
_COMPATIBLE = select({
    Label("//rules/private:wasm2c_on_wasm32"): [Label("@platforms//:incompatible")],
    "//conditions:default": [],
})

def wasm2c_library(name, module_name = None, target_compatible_with = [], **kwargs):
    """A sandbox of a module. See the rule's documentation, which this macro only gives a default name.

    Args:
        name: the target's name.
        module_name: the sandbox's name in C++; default: the target's name.
        target_compatible_with: as in every rule. A sandbox is never compatible with WebAssembly itself.
        **kwargs: the rule's other attributes.
    """
    _wasm2c_library(
        name = name,
        module_name = name if module_name == None else module_name,
        target_compatible_with = (target_compatible_with or []) + _COMPATIBLE,
        **kwargs
    )
