"""Reads the headers, links a module, checks it and gives it its start function: what wasm_library builds for wasm."""

load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain", "use_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load(":includes.bzl", "include_strings")
load(":names.bzl", "display_label")
load(":transition.bzl", "wasm_transition")
load(":wasm_attributes.bzl", "check_attributes", "check_linkopts")
load(":wasm_check.bzl", "check")
load(":wasm_exports.bzl", "public_headers", "read_headers", "select_exports")
load(":wasm_link.bzl", "library_files", "link")

LinkedModuleInfo = provider(
    doc = "What the wasm configuration has of a wasm_library.",
    fields = {
        "check": "File, the JSON that the check wrote.",
        "facts": "File, what the public headers say, as JSON; None if no header is read.",
        "wasm": "File, the checked module.",
    },
)

def _set_start(ctx, name, linked, checked):
    wasm = ctx.actions.declare_file(name + ".wasm")
    args = ctx.actions.args()
    args.add("--wasm", linked)
    args.add("--check", checked)
    args.add("--output", wasm)
    if ctx.attr.max_table:
        args.add("--max-table", str(ctx.attr.max_table))
    ctx.actions.run(
        executable = ctx.executable._set_start,
        arguments = [args],
        inputs = [linked, checked],
        outputs = [wasm],
        mnemonic = "RlboxSetStart",
        progress_message = "Setting the start function of %{label}",
        toolchain = None,
    )
    return wasm

def _facts(ctx, name, infos, compilation_context, cc_toolchain, feature_configuration):
    """What the public headers say; None if there are none to read."""
    headers = public_headers(
        ctx.attr.public_label,
        include_strings(infos),
        None if ctx.attr.all_public_headers else ctx.attr.public_headers,
    )
    if not headers:
        return None
    return read_headers(
        ctx,
        name = name,
        label = ctx.attr.public_label,
        headers = headers,
        public_files = [file for info in infos for file in info.compilation_context.direct_public_headers],
        compilation_context = compilation_context,
        cc_toolchain = cc_toolchain,
        feature_configuration = feature_configuration,
    )

def _exports(ctx, name, facts, objects):
    if ctx.attr.export_all:
        return struct(link = None, check = None, report = None)
    return select_exports(
        ctx,
        name = name,
        label = ctx.attr.public_label,
        facts = facts,
        objects = objects,
        exports = ctx.attr.exports if ctx.attr.derive_exports else ctx.attr.exports_only,
        exports_only = not ctx.attr.derive_exports,
    )

def _wasm_module_impl(ctx):
    check_attributes(ctx.attr)
    name = ctx.attr.output_name
    infos = [dep[CcInfo] for dep in ctx.attr.deps]
    merged = cc_common.merge_cc_infos(cc_infos = infos)
    cc_toolchain = find_cc_toolchain(ctx)
    feature_configuration = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = cc_toolchain,
        requested_features = ctx.features + ["wasi_reactor"],
        unsupported_features = ctx.disabled_features,
    )
    facts = _facts(ctx, name, infos, merged.compilation_context, cc_toolchain, feature_configuration)

    # Once per module: the check wants the objects themselves.
    linker_inputs = merged.linking_context.linker_inputs.to_list()
    for linker_input in linker_inputs:
        check_linkopts(ctx.attr.public_label, "deps: linkopts of %s" % display_label(linker_input.owner), linker_input.user_link_flags)
    objects = library_files(linker_inputs)
    exports = _exports(ctx, name, facts, objects)
    linked, map_file = link(
        ctx,
        name = name,
        linking_context = merged.linking_context,
        linker_inputs = linker_inputs,
        exports = exports.link,
        cc_toolchain = cc_toolchain,
        feature_configuration = feature_configuration,
    )
    checked = check(
        ctx,
        name = name,
        linked = linked,
        map_file = map_file,
        objects = objects,
        exports = exports.check,
    )
    wasm = _set_start(ctx, name, linked, checked)
    return [
        DefaultInfo(files = depset([wasm])),
        LinkedModuleInfo(check = checked, facts = facts, wasm = wasm),
        OutputGroupInfo(
            rlbox_exports = depset([exports.report] if exports.report else []),
            rlbox_facts = depset([facts] if facts else []),
            rlbox_link_map = depset([map_file]),
        ),
    ]

def _tool(label):
    return attr.label(default = Label(label), cfg = "exec", executable = True)

wasm_module = rule(
    implementation = _wasm_module_impl,
    doc = "The wasm half of `wasm_library`, which makes one of these and documents the attributes.",
    attrs = {
        "all_public_headers": attr.bool(default = True),
        "allowed_imports": attr.string_list(),
        "deps": attr.label_list(),
        "derive_exports": attr.bool(default = True),
        "export_all": attr.bool(),
        "exports": attr.string_list(),
        "exports_only": attr.string_list(),
        "import_memory": attr.bool(default = True),
        "import_table": attr.bool(default = True),
        "initial_memory": attr.string(),
        "linkopts": attr.string_list(),
        "max_memory": attr.string(),
        "max_table": attr.int(),
        "misplaced": attr.string_list(
            doc = "Attributes of wasm_library that need srcs, and there are none.",
        ),
        "opaque_structs": attr.string_list(),
        "output_name": attr.string(mandatory = True),
        "public_headers": attr.string_list(),
        "public_label": attr.string(mandatory = True),
        "simd": attr.bool(),
        "stack_size": attr.int(),
        "_check": _tool("//tools:check_wasm_exports"),
        "_read_headers": _tool("//tools/headers:read_headers"),
        "_select_exports": _tool("//tools/link:select_exports"),
        "_set_start": _tool("//tools:set_wasm_start"),
    },
    cfg = wasm_transition,
    fragments = ["cpp"],
    toolchains = use_cc_toolchain(mandatory = True),
)
