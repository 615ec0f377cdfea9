"""The wasm half of wasm_library: its attributes, what is checked about them, and the order of the actions."""

load("@bazel_skylib//rules:common_settings.bzl", "BuildSettingInfo")
load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain", "use_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load(":includes.bzl", "HeaderOrderInfo", "header_order", "include_strings", "named_headers")
load(":language.bzl", "LanguageInfo", "language", "says_cxx")
load(":library_flags.bzl", "check_drop_copts", "dropped_flags", "library_flags")
load(":names.bzl", "display_label", "printable", "public_label", "public_name")
load(":transition.bzl", "wasm_transition")
load(":wasm_actions.bzl", "check_module", "library_files", "link", "read_headers", "select_exports", "toolchain_libraries")
load(":wasm_attributes.bzl", "NOT_GIVEN", "check_attributes", "check_linkopts", "given")

LinkedModuleInfo = provider(
    doc = "What the wasm half hands to the other half: everything about the library that both need.",
    fields = {
        "dropped_flags": "list of string, the label of a target, a tab and a flag in its BUILD file that the toolchain drops.",
        "exports": "File, what is exported and what is left out, as JSON; None with export_all.",
        "header_description": "File, what the public headers declare, as JSON; None if no header is read.",
        "headers": "list of string, what to write in an #include for each public header.",
        "hides_headers": "bool, whether the application is to have nothing of the library: neither headers nor defines.",
        "link_map": "File, the linker's map of the module.",
        "opaque_structs": "list of string, the attribute.",
        "own_toolchain": "bool, whether a wasi-sdk of rules_rlbox has compiled the module.",
        "wasm": "File, the checked module.",
    },
)

def _public_headers(label, infos, orders, wanted):
    """Picks the public headers that are read, and that an application includes.

    Args:
        label: the target, for messages, as a string.
        infos: list of CcInfo, those of deps.
        orders: list of HeaderOrderInfo, those of deps.
        wanted: list of string, the value of the attribute `public_headers`; None for all.

    Returns:
        (list of string, list of File): what to write in an #include, and those among them that are no direct headers.
    """
    found = include_strings(infos, orders)
    others = [header for header in wanted or [] if header not in found]
    further = named_headers(infos, others)
    for header in others:
        if header not in further:
            fail("%s: public_headers: %s is not how a public header of deps, or of their deps, is included. To fix: %s" %
                 (label, printable(header), "choose from " + printable(", ".join(found)) if found else "name a library with public headers in deps"))
    headers = found if wanted == None else wanted
    for header in headers:
        if "\"" in header or "\\" in header:
            fail("%s: deps: an #include cannot name the public header %s. To fix: rename the file, or leave it out with public_headers" % (label, printable(header)))
    return headers, further.values()

def _check_static(label, linker_input):
    """Fails if a library can only be linked when a program starts."""
    for library in linker_input.libraries:
        if not (library.static_library or library.pic_static_library or library.objects or library.pic_objects):
            shared = library.dynamic_library or library.interface_library
            fail("%s: deps: %s of %s is a shared library, and a sandbox is linked statically. To fix: name a cc_library with the library's sources in deps" %
                 (label, printable(shared.basename if shared else "a file"), display_label(linker_input.owner)))

_C_TOOLCHAIN = Label("//rules/toolchains/wasi_sdk:c_toolchain_type")

def _is_own(ctx, cc_toolchain):
    """Whether a cc_toolchain is one of rules_rlbox: the toolchain in the same place without the C++ libraries is."""
    found = ctx.toolchains[_C_TOOLCHAIN]
    return bool(found) and found.cc.compiler_executable == cc_toolchain.compiler_executable

def _c_toolchain(ctx, cc_toolchain):
    """The same toolchain without the C++ libraries; with them if there is no such, or if the build has a toolchain of its own."""
    return ctx.toolchains[_C_TOOLCHAIN].cc if _is_own(ctx, cc_toolchain) else cc_toolchain

def foreign_toolchain(label, compiler, setting):
    """Says that a library is compiled with a cc_toolchain that is none of rules_rlbox.

    Args:
        label: the target.
        compiler: where the toolchain's compiler is.
        setting: the value of //rules/settings:wasm_cc_toolchain.

    Returns:
        One sentence; None if the build asks for such a toolchain.
    """
    if setting == "registered":
        return None
    return ("%s: a cc_toolchain for wasm32-wasi that is registered before that of rules_rlbox compiles the library; its compiler is %s." % (label, compiler) +
            " To fix: choose with --@rules_rlbox//rules/settings:wasm_cc_toolchain=rlbox, or registered for this one")

def _has_cxx(ctx):
    """Whether the module is to be linked with the C++ libraries."""
    return (
        ctx.attr.exceptions or
        says_cxx(ctx.attr.copts + ctx.attr.linkopts) or
        bool([dep for dep in ctx.attr.deps if dep[LanguageInfo].cxx])
    )

def _configure(ctx, cc_toolchain):
    return cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = cc_toolchain,
        requested_features = ctx.features + ["wasi_reactor", "no_sleep"] + ([] if ctx.attr.files else ["no_files"]),
        unsupported_features = ctx.disabled_features,
    )

def _description(ctx, name, headers, further, infos, compilation_context, cc_toolchain, feature_configuration):
    """What the public headers say; None if there are none to read."""
    if not headers:
        return None
    exports = ctx.attr.exports + (given(ctx.attr.exports_only) or [])
    return read_headers(
        ctx,
        name = name,
        headers = headers,
        public_files = [file for info in infos for file in info.compilation_context.direct_public_headers] + further,
        functions = exports,
        compilation_context = compilation_context,
        cc_toolchain = cc_toolchain,
        # Without C++ libraries, which may have to be built.
        files = _c_toolchain(ctx, cc_toolchain).all_files,
        feature_configuration = feature_configuration,
    )

def _exports(ctx, name, description, objects, libraries):
    if ctx.attr.export_all:
        return select_exports(ctx, name = name, objects = objects)
    only = given(ctx.attr.exports_only)
    return select_exports(
        ctx,
        name = name,
        description = description,
        objects = objects,
        libraries = libraries,
        exports = ctx.attr.exports if only == None else only,
        exports_only = only != None,
        exports_except = ctx.attr.exports_except,
    )

def _wasm_module_impl(ctx):
    label = public_label(ctx.label)
    name = public_name(ctx.label.name)
    check_attributes(label, ctx.attr)
    infos = [dep[CcInfo] for dep in ctx.attr.deps]
    merged = cc_common.merge_cc_infos(cc_infos = infos)
    cc_toolchain = find_cc_toolchain(ctx)
    own_toolchain = _is_own(ctx, cc_toolchain)
    if not own_toolchain:
        warning = foreign_toolchain(label, cc_toolchain.compiler_executable, ctx.attr._wasm_cc_toolchain[BuildSettingInfo].value)
        if warning:
            print(warning)  # buildifier: disable=print
    feature_configuration = _configure(ctx, cc_toolchain)
    if ctx.attr.exceptions and not cc_common.is_enabled(feature_configuration = feature_configuration, feature_name = "exceptions"):
        fail("%s: exceptions: the wasi-sdk of this build has no C++ libraries with exceptions that wasm2c can read. To fix: use a version that docs/toolchains.md lists with exceptions, such as the default, or leave the attribute out" % label)
    check_drop_copts(label, ctx.attr.drop_copts, cc_toolchain, feature_configuration)
    headers, further = _public_headers(label, infos, [dep[HeaderOrderInfo] for dep in ctx.attr.deps], given(ctx.attr.public_headers))
    description = _description(ctx, name, headers, further, infos, merged.compilation_context, cc_toolchain, feature_configuration)

    # Once per module: the check wants the objects themselves.
    linker_inputs = merged.linking_context.linker_inputs.to_list()
    for linker_input in linker_inputs:
        check_linkopts(label, "deps: linkopts of %s" % display_label(linker_input.owner), linker_input.user_link_flags)
        _check_static(label, linker_input)
    objects = library_files(linker_inputs)
    flags = [flag for linker_input in linker_inputs for flag in linker_input.user_link_flags]
    linker = cc_toolchain if _has_cxx(ctx) else _c_toolchain(ctx, cc_toolchain)
    linker_features = _configure(ctx, linker)
    libraries = toolchain_libraries(linker, linker_features, flags + ctx.attr.linkopts)
    exports = _exports(ctx, name, description, objects, libraries)
    linked, map_file = link(
        ctx,
        name = name,
        linking_context = merged.linking_context,
        linker_inputs = linker_inputs,
        exports = exports.link,
        cc_toolchain = linker,
        feature_configuration = linker_features,
    )
    wasm = check_module(
        ctx,
        label = label,
        linked = linked,
        output = name + ".wasm",
        listed = exports.listed,
        exports = ctx.attr.exports if ctx.attr.export_all else [],
        export_all = ctx.attr.export_all,
        max_table = ctx.attr.max_table,
        map_file = map_file,
        objects = objects,
    )
    return [
        DefaultInfo(files = depset([wasm])),
        LinkedModuleInfo(
            dropped_flags = dropped_flags(ctx.attr.deps, ctx.attr.drop_copts),
            exports = exports.listed,
            header_description = description,
            headers = headers,
            hides_headers = given(ctx.attr.public_headers) == [],
            link_map = map_file,
            opaque_structs = ctx.attr.opaque_structs,
            own_toolchain = own_toolchain,
            wasm = wasm,
        ),
        OutputGroupInfo(
            rlbox_exports = depset([exports.listed] if exports.listed else []),
            rlbox_headers = depset([description] if description else []),
            rlbox_link_map = depset([map_file]),
        ),
    ]

def _tool(label):
    return attr.label(default = Label(label), cfg = "exec", executable = True)

wasm_module = rule(
    implementation = _wasm_module_impl,
    doc = "The wasm half of `wasm_library`: everything that is built for WebAssembly. What users read about the attributes is at the macro.",
    attrs = {
        "allowed_imports": attr.string_list(
            doc = "WASI functions that the module may import besides DEFAULT_ALLOWED_IMPORTS.",
        ),
        "copts": attr.string_list(
            doc = "Options of the compiler for all of deps; the transition reads them.",
        ),
        "defines": attr.string_list(
            doc = "Preprocessor definitions for all of deps; the transition reads them.",
        ),
        "deps": attr.label_list(
            doc = "C/C++ targets: the library.",
            aspects = [header_order, language, library_flags],
        ),
        "drop_copts": attr.string_list(
            doc = "Patterns of flags that the toolchain drops besides those of hosts; the transition reads them.",
        ),
        "exceptions": attr.bool(
            doc = "Whether C++ code throws and catches; the transition reads it, too.",
        ),
        "export_all": attr.bool(
            doc = "Whether every function is exported; then no list of exports is made.",
        ),
        "exports": attr.string_list(
            doc = "Functions to export besides those that the headers declare.",
        ),
        "exports_except": attr.string_list(
            doc = "Functions that the headers declare and that are not to be exported.",
        ),
        "exports_only": attr.string_list(
            doc = "All functions to export; NOT_GIVEN: those that the headers declare.",
            default = NOT_GIVEN,
        ),
        "files": attr.bool(
            doc = "Whether the module may import FILE_IMPORTS.",
        ),
        "import_memory": attr.bool(
            doc = "Whether the module imports its memory; else it exports it.",
            default = True,
        ),
        "import_table": attr.bool(
            doc = "Whether the module imports its table; else it exports it.",
            default = True,
        ),
        "initial_memory": attr.string(
            doc = "Bytes, a multiple of a page; empty: what the data and the stack need.",
        ),
        "linkopts": attr.string_list(
            doc = "Options of the linker, after ours.",
        ),
        "macro_error": attr.string(
            doc = """A mistake that only the macro can see. It is said when the target is built, so that the package's other
targets can be.""",
        ),
        "max_memory": attr.string(
            doc = "Bytes, a multiple of a page; empty: 4 GiB.",
        ),
        "max_table": attr.int(
            doc = "How many functions the table may hold; 0: no limit.",
        ),
        "opaque_structs": attr.string_list(
            doc = "Structs whose fields the application is not told.",
        ),
        "os": attr.string(
            doc = "A key of PLATFORMS; the transition reads it.",
            default = "wasi",
        ),
        "public_headers": attr.string_list(
            doc = "Which public headers of deps are read, as written in an #include; NOT_GIVEN: all.",
            default = NOT_GIVEN,
        ),
        "simd": attr.bool(
            doc = "Whether vector instructions are compiled and allowed; the transition reads it, too.",
        ),
        "stack_size": attr.int(
            doc = "The library's stack, in bytes.",
        ),
        "_check_module": _tool("//tools/link:check_module"),
        "_read_headers": _tool("//tools/headers:read_headers"),
        "_wasm_cc_toolchain": attr.label(default = Label("//rules/settings:wasm_cc_toolchain")),
        "_select_exports": _tool("//tools/link:select_exports"),
    },
    cfg = wasm_transition,
    fragments = ["cpp"],
    toolchains = use_cc_toolchain(mandatory = True) + [config_common.toolchain_type(_C_TOOLCHAIN, mandatory = False)],
)
