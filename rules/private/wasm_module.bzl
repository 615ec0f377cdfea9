"""Links a module, checks it and gives it its start function: the part of wasm_library that is built for wasm."""

load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain", "use_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load(":names.bzl", "check_identifiers", "display_label")
load(":transition.bzl", "wasm_transition")

LinkedModuleInfo = provider(
    doc = "What the wasm configuration has of a wasm_library.",
    fields = {
        "check": "File, the JSON that the check wrote.",
        "wasm": "File, the checked module.",
    },
)

# Guest functions that the runtime calls.
_RUNTIME_EXPORTS = ["free", "malloc"]

# What else may be exported: the runtime uses it where it is there.
_OPTIONAL_EXPORTS = ["__stack_pointer", "__wasm_call_dtors", "_initialize"]

_PAGE = 65536

# WASI functions that the runtime implements without giving the library anything of the host: standard output,
# clocks, random numbers, arguments and environment (empty unless the application sets them).
DEFAULT_ALLOWED_IMPORTS = [
    "args_get",
    "args_sizes_get",
    "clock_res_get",
    "clock_time_get",
    "environ_get",
    "environ_sizes_get",
    "fd_close",
    "fd_fdstat_get",
    "fd_prestat_dir_name",
    "fd_prestat_get",
    "fd_read",
    "fd_seek",
    "fd_write",
    "proc_exit",
    "random_get",
    "sched_yield",
]

def _check_attributes(ctx):
    label = ctx.attr.public_label
    if ctx.attr.stack_size <= 0 or ctx.attr.stack_size % 16:
        fail("%s: stack_size must be a positive multiple of 16 bytes, got %d" % (label, ctx.attr.stack_size))
    for name in ["initial_memory", "max_memory"]:
        value = getattr(ctx.attr, name)
        if value < 0 or value % _PAGE or value > 65536 * _PAGE:
            fail("%s: %s must be a multiple of 65536 bytes (a WebAssembly page) up to 4 GiB, got %d" % (label, name, value))
    if ctx.attr.max_memory and ctx.attr.initial_memory > ctx.attr.max_memory:
        fail("%s: initial_memory (%d) is larger than max_memory (%d)" % (label, ctx.attr.initial_memory, ctx.attr.max_memory))
    check_identifiers(label, "exports", ctx.attr.exports, "an export")
    for name in ctx.attr.allowed_imports:
        if name in DEFAULT_ALLOWED_IMPORTS:
            fail("%s: allowed_imports: %s is always allowed; remove it from the list" % (label, name))
    for dep in ctx.attr.deps:
        if CcInfo not in dep:
            fail("%s: deps: %s is not a C/C++ target (it gives no CcInfo); name a cc_library" % (label, display_label(dep.label)))

def _link_flags(ctx, map_file):
    """The tutorial's flags, or what the attributes say instead."""
    attr = ctx.attr
    flags = [
        "--stack-first",
        "-z",
        "stack-size=%d" % attr.stack_size,
        "--growable-table",
        "--import-memory" if attr.import_memory else None,
        "--import-table" if attr.import_table else "--export-table",
        "--initial-memory=%d" % attr.initial_memory if attr.initial_memory else None,
        "--max-memory=%d" % attr.max_memory if attr.max_memory else None,
        # An undefined function becomes an import, which the check refuses with its caller's name and object file.
        "--import-undefined",
        "--export-all" if attr.export_all else None,
        "-Map=" + map_file.path,
    ]
    flags += ["--export=" + name for name in _RUNTIME_EXPORTS + ["__wasm_call_dtors"]]
    flags.append("--export-if-defined=__stack_pointer")

    # Not --export: the check says more about a missing function than the linker does.
    flags += ["--export-if-defined=" + name for name in attr.exports]
    return ["-Wl," + flag.replace(",", "\\,") for flag in flags if flag]

def _library_files(libraries):
    files = []
    for library in libraries:
        archive = library.static_library or library.pic_static_library
        if archive:
            files.append(archive)
        else:
            files += library.objects or library.pic_objects
    return files

def _whole_archives(ctx, feature_configuration, cc_toolchain, linker_inputs):
    """The same libraries with every object linked: what export_all means."""
    return cc_common.create_linking_context(linker_inputs = depset([
        cc_common.create_linker_input(
            owner = ctx.label,
            libraries = depset([
                cc_common.create_library_to_link(
                    actions = ctx.actions,
                    feature_configuration = feature_configuration,
                    cc_toolchain = cc_toolchain,
                    static_library = library.static_library or library.pic_static_library,
                    alwayslink = True,
                )
                for library in linker_input.libraries
            ]),
            user_link_flags = linker_input.user_link_flags,
            additional_inputs = depset(linker_input.additional_inputs),
        )
        for linker_input in linker_inputs
    ]))

def _link(ctx, name, linking_context, linker_inputs):
    cc_toolchain = find_cc_toolchain(ctx)
    feature_configuration = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = cc_toolchain,
        requested_features = ctx.features + ["wasi_reactor"],
        unsupported_features = ctx.disabled_features,
    )
    if ctx.attr.export_all:
        linking_context = _whole_archives(ctx, feature_configuration, cc_toolchain, linker_inputs)
    map_file = ctx.actions.declare_file(name + ".map")
    linked = cc_common.link(
        actions = ctx.actions,
        name = name + ".linked",
        feature_configuration = feature_configuration,
        cc_toolchain = cc_toolchain,
        linking_contexts = [linking_context],
        user_link_flags = _link_flags(ctx, map_file) + ctx.attr.linkopts,
        additional_outputs = [map_file],
        output_type = "executable",
    )
    return linked.executable, map_file

def add_check_arguments(args, *, label, import_memory, import_table, allowed_imports):
    """Adds the arguments of check_wasm_exports that do not depend on how a module came to be.

    Args:
        args: the Args object.
        label: the target, for messages, as a string.
        import_memory: whether the module imports its memory (else it exports it).
        import_table: whether it imports its table.
        allowed_imports: WASI functions it may import, besides the default ones.
    """

    # One argument: a word that starts with @ would be read as the name of a file with arguments.
    args.add(label, format = "--target=%s")
    args.add_all(_RUNTIME_EXPORTS, before_each = "--runtime-export")
    args.add_all(_OPTIONAL_EXPORTS, before_each = "--optional-export")
    args.add_all(
        ["wasi_snapshot_preview1." + name for name in DEFAULT_ALLOWED_IMPORTS + allowed_imports],
        before_each = "--allow-import",
    )
    args.add("--memory", "imported" if import_memory else "exported")
    args.add("--table", "imported" if import_table else "exported")

def _check(ctx, name, linked, map_file, objects):
    check = ctx.actions.declare_file(name + ".check.json")
    args = ctx.actions.args()
    args.add("--wasm", linked)
    args.add("--output", check)
    add_check_arguments(
        args,
        label = ctx.attr.public_label,
        import_memory = ctx.attr.import_memory,
        import_table = ctx.attr.import_table,
        allowed_imports = ctx.attr.allowed_imports,
    )
    args.add_all(ctx.attr.exports, before_each = "--export")
    if ctx.attr.export_all:
        args.add("--export-all")
    args.add("--map", map_file)
    args.add_all(objects, before_each = "--object")
    args.use_param_file("@%s", use_always = False)
    args.set_param_file_format("multiline")
    ctx.actions.run(
        executable = ctx.executable._check,
        arguments = [args],
        inputs = [linked, map_file] + objects,
        outputs = [check],
        mnemonic = "RlboxCheckExports",
        progress_message = "Checking exports and imports of %{label}",
        toolchain = None,
    )
    return check

def _set_start(ctx, name, linked, check):
    wasm = ctx.actions.declare_file(name + ".wasm")
    args = ctx.actions.args()
    args.add("--wasm", linked)
    args.add("--check", check)
    args.add("--output", wasm)
    ctx.actions.run(
        executable = ctx.executable._set_start,
        arguments = [args],
        inputs = [linked, check],
        outputs = [wasm],
        mnemonic = "RlboxSetStart",
        progress_message = "Setting the start function of %{label}",
        toolchain = None,
    )
    return wasm

def _wasm_module_impl(ctx):
    _check_attributes(ctx)
    name = ctx.attr.output_name
    linking_context = cc_common.merge_cc_infos(cc_infos = [dep[CcInfo] for dep in ctx.attr.deps]).linking_context

    # Once per module: the check wants the objects themselves.
    linker_inputs = linking_context.linker_inputs.to_list()
    objects = _library_files([library for i in linker_inputs for library in i.libraries])

    linked, map_file = _link(ctx, name, linking_context, linker_inputs)
    check = _check(ctx, name, linked, map_file, objects)
    wasm = _set_start(ctx, name, linked, check)
    return [
        DefaultInfo(files = depset([wasm])),
        LinkedModuleInfo(check = check, wasm = wasm),
        OutputGroupInfo(rlbox_link_map = depset([map_file])),
    ]

wasm_module = rule(
    implementation = _wasm_module_impl,
    doc = "The wasm half of `wasm_library`, which makes one of these and documents the attributes.",
    attrs = {
        "allowed_imports": attr.string_list(),
        "deps": attr.label_list(),
        "export_all": attr.bool(),
        "exports": attr.string_list(),
        "import_memory": attr.bool(default = True),
        "import_table": attr.bool(default = True),
        "initial_memory": attr.int(),
        "linkopts": attr.string_list(),
        "max_memory": attr.int(),
        "output_name": attr.string(mandatory = True),
        "public_label": attr.string(mandatory = True),
        "stack_size": attr.int(),
        "_check": attr.label(
            default = Label("//tools:check_wasm_exports"),
            cfg = "exec",
            executable = True,
        ),
        "_set_start": attr.label(
            default = Label("//tools:set_wasm_start"),
            cfg = "exec",
            executable = True,
        ),
    },
    cfg = wasm_transition,
    fragments = ["cpp"],
    toolchains = use_cc_toolchain(mandatory = True),
)
