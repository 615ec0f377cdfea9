"""The actions that make a module: from headers, objects and a linked module to one that wasm2c may translate.

  RlboxReadHeaders    the toolchain's clang reads the headers              -> <name>.headers.json
  RlboxSelectExports  what the headers declare meets the objects' symbols  -> <name>.exports.rsp, <name>.exports.json
  CppLink             the toolchain's linker                               -> the linked module, <name>.map
  RlboxCheckModule    refuses the module, or finishes it                   -> <name>.wasm

Reading headers is a step of its own so that editing a source does not parse the headers again.
"""

load("@rules_cc//cc:action_names.bzl", "ACTION_NAMES")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("//rules/toolchains/wasi_sdk:host_flags.bzl", "matches")
load(":abi.bzl", "EXCEPTION_EXPORTS", "LINKER_EXPORTS", "OPTIONAL_EXPORTS", "REQUIRED_EXPORTS", "allowed_imports")
load(":names.bzl", "printable", "public_label")
load(":path_mapping.bzl", "PATH_MAPPING")
load(":transition.bzl", "WASM_FEATURES")

# What ends a line of a file with arguments, for one reader or another: line feed and its kin, and in UTF-8 the line ends of Unicode.
_LINE_ENDS = ["\n", "\r", "\v", "\f", "\034", "\035", "\036", "\302\205", "\342\200\250", "\342\200\251"]

def _compiler(ctx, cc_toolchain, feature_configuration, action_name, compilation_context):
    """Returns (program, flags) of a compile action of the wasm toolchain, without a source and an output."""
    variables = cc_common.create_compile_variables(
        feature_configuration = feature_configuration,
        cc_toolchain = cc_toolchain,
        # Those of the sandbox, which change what a header declares.
        user_compile_flags = ctx.fragments.cpp.copts,
        include_directories = compilation_context.includes,
        quote_include_directories = compilation_context.quote_includes,
        system_include_directories = depset(transitive = [
            compilation_context.system_includes,
            getattr(compilation_context, "external_includes", depset()),
        ]),
        preprocessor_defines = compilation_context.defines,
    )
    flags = cc_common.get_memory_inefficient_command_line(
        feature_configuration = feature_configuration,
        action_name = action_name,
        variables = variables,
    )
    return (
        cc_common.get_tool_for_action(feature_configuration = feature_configuration, action_name = action_name),
        [flag for flag in flags if not matches(flag, ctx.attr.drop_copts)],
    )

def _check_flags(label, flags):
    """Fails if an option would be more than one line of the file with the tool's arguments."""
    for flag in flags:
        for end in _LINE_ENDS:
            if end in flag:
                fail("%s: deps: the compiler's option %s has a line end in it. To fix: remove it from defines or includes of the library" % (label, printable(flag)))

def read_headers(ctx, *, name, headers, public_files, functions, compilation_context, cc_toolchain, files, feature_configuration):
    """Declares the action that reads the public headers.

    Args:
        ctx: the rule's context, with the attribute `drop_copts`, the fragment `cpp` and the executable `_read_headers`.
        name: the module's file name, without an extension.
        headers: list of string, what to write in an #include.
        public_files: list of File, the public headers themselves: what they declare counts.
        functions: list of string, functions that count wherever they are declared.
        compilation_context: of the library, in the wasm configuration.
        cc_toolchain: the wasm toolchain.
        files: depset of File, the toolchain's programs and headers.
        feature_configuration: of that toolchain.

    Returns:
        File, the header description as JSON; tools/headers/description.py says what is in it.
    """
    description = ctx.actions.declare_file(name + ".headers.json")
    c_compiler, c_flags = _compiler(ctx, cc_toolchain, feature_configuration, ACTION_NAMES.c_compile, compilation_context)
    cxx_compiler, cxx_flags = _compiler(ctx, cc_toolchain, feature_configuration, ACTION_NAMES.cpp_compile, compilation_context)
    _check_flags(public_label(ctx.label), c_flags + cxx_flags)
    args = ctx.actions.args()
    args.add(public_label(ctx.label), format = "--target=%s")
    args.add("--output", description)
    args.add_all(headers, format_each = "--include=%s")
    args.add_all(public_files, format_each = "--public-file=%s")
    args.add_all(functions, format_each = "--function=%s")
    args.add("--c-compiler", c_compiler)
    args.add("--cxx-compiler", cxx_compiler)
    args.add_all(c_flags, format_each = "--c-flag=%s")
    args.add_all(cxx_flags, format_each = "--cxx-flag=%s")
    args.use_param_file("@%s", use_always = False)
    args.set_param_file_format("multiline")
    ctx.actions.run(
        executable = ctx.executable._read_headers,
        arguments = [args],
        inputs = depset(transitive = [compilation_context.headers, files]),
        outputs = [description],
        mnemonic = "RlboxReadHeaders",
        progress_message = "Reading the public headers of %{label}",
        toolchain = None,
    )
    return description

def toolchain_libraries(cc_toolchain, feature_configuration, linkopts):
    """Lists the toolchain's own objects and archives that a link takes, in its order.

    Args:
        cc_toolchain: the wasm toolchain.
        feature_configuration: of that toolchain.
        linkopts: list of string, further options of the link.

    Returns:
        A list of File. Libraries that the linker driver finds by itself are not in it.
    """
    variables = cc_common.create_link_variables(
        cc_toolchain = cc_toolchain,
        feature_configuration = feature_configuration,
        user_link_flags = linkopts,
    )
    flags = cc_common.get_memory_inefficient_command_line(
        feature_configuration = feature_configuration,
        action_name = ACTION_NAMES.cpp_link_executable,
        variables = variables,
    )

    # The toolchain has a handful of them among thousands of headers.
    files = {file.path: file for file in cc_toolchain.all_files.to_list() if file.extension in ["a", "o"]}
    folders = [flag[2:] for flag in flags if flag.startswith("-L")]
    found = {}
    for flag in flags:
        paths = ["%s/lib%s.a" % (folder, flag[2:]) for folder in folders] if flag.startswith("-l") else [flag]
        for path in [path for path in paths if path in files][:1]:
            found[path] = files[path]
    return found.values()

def select_exports(ctx, *, name, objects, description = None, libraries = [], exports = [], exports_only = False, exports_except = []):
    """Declares the action that decides what the module exports. With export_all it only looks at the objects.

    Args:
        ctx: the rule's context, with the attributes `allowed_imports` and `export_all`, and the executable `_select_exports`.
        name: the module's file name, without an extension.
        objects: list of File, the library's objects and archives.
        description: File, what read_headers wrote; None if no header is read.
        libraries: list of File, the toolchain's.
        exports: list of string, functions that the user names.
        exports_only: whether those are all.
        exports_except: list of string, functions that the user wants left out.

    Returns:
        struct(link = File of options for the linker, listed = File, JSON: what is exported and what is left out, and
        why; tools/link/exports.py says what is in it; None with export_all).
    """
    link = ctx.actions.declare_file(name + ".exports.rsp")
    listed = None if ctx.attr.export_all else ctx.actions.declare_file(name + ".exports.json")
    args = ctx.actions.args()
    args.add(public_label(ctx.label), format = "--target=%s")
    if description:
        args.add("--headers", description)
    args.add_all(objects, format_each = "--object=%s")
    args.add_all(exports, format_each = "--export=%s")
    if exports_only:
        args.add("--exports-only")
    args.add_all(libraries, format_each = "--library=%s")
    args.add_all(exports_except, format_each = "--exclude=%s")
    args.add_all(allowed_imports(ctx.attr), format_each = "--allow-import=%s")
    args.add("--link-output", link)
    if listed:
        args.add("--output", listed)
    else:
        args.add("--export-all")
    args.use_param_file("@%s", use_always = False)
    args.set_param_file_format("multiline")
    ctx.actions.run(
        executable = ctx.executable._select_exports,
        arguments = [args],
        inputs = objects + libraries + ([description] if description else []),
        outputs = [file for file in [link, listed] if file],
        mnemonic = "RlboxSelectExports",
        progress_message = "Selecting the exports of %{label}",
        toolchain = None,
    )
    return struct(link = link, listed = listed)

def _link_flags(attr, map_file):
    """The tutorial's flags, or what the attributes say instead."""
    flags = [
        "--stack-first",
        "-z",
        "stack-size=%d" % attr.stack_size,
        "--growable-table",
        "--import-memory" if attr.import_memory else None,
        "--import-table" if attr.import_table else "--export-table",
        "--initial-memory=" + attr.initial_memory if attr.initial_memory else None,
        "--max-memory=" + attr.max_memory if attr.max_memory else None,
        # An undefined function becomes an import, which the check refuses with its caller's name and object file.
        "--import-undefined",
        "-Map=" + map_file.path,
    ]
    flags += ["--export=" + name for name in REQUIRED_EXPORTS + LINKER_EXPORTS]
    flags += ["--export-if-defined=" + name for name in OPTIONAL_EXPORTS]
    if attr.exceptions:
        # Named, so that it is linked.
        flags += ["--export=" + name for name in EXCEPTION_EXPORTS]

    # -Wl would split a path at its commas.
    return [word for flag in flags if flag for word in ["-Xlinker", flag]]

def library_files(linker_inputs):
    """Lists the objects and archives of a library.

    Args:
        linker_inputs: a list of LinkerInput.

    Returns:
        A list of File.
    """
    files = []
    for linker_input in linker_inputs:
        for library in linker_input.libraries:
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

def link(ctx, *, name, linking_context, linker_inputs, exports, cc_toolchain, feature_configuration):
    """Declares the link action of a module.

    Args:
        ctx: the rule's context, with the attributes of wasm_module.
        name: the module's file name, without an extension.
        linking_context: of the library.
        linker_inputs: the linking context's inputs, as a list.
        exports: File, a response file with the linker's options for the exports.
        cc_toolchain: the wasm toolchain.
        feature_configuration: of that toolchain.

    Returns:
        (File, File): the module, unchecked, and the linker's map.
    """
    if ctx.attr.export_all:
        linking_context = _whole_archives(ctx, feature_configuration, cc_toolchain, linker_inputs)
    map_file = ctx.actions.declare_file(name + ".map")
    if "%" in map_file.dirname:
        # It takes each % of the whole path for a random digit of its temporary file.
        fail("%s: the linker cannot write into a folder with %% in its name. To fix: rename the package, or the target's part before the slash" % public_label(ctx.label))
    linked = cc_common.link(
        actions = ctx.actions,
        name = name + ".linked",
        feature_configuration = feature_configuration,
        cc_toolchain = cc_toolchain,
        linking_contexts = [linking_context],
        user_link_flags = _link_flags(ctx.attr, map_file) + ["@" + exports.path] + ctx.attr.linkopts,
        additional_inputs = [exports],
        additional_outputs = [map_file],
        output_type = "executable",
    )
    return linked.executable, map_file

def check_module(ctx, *, label, linked, output, listed = None, exports = [], export_all = False, max_table = 0, map_file = None, objects = []):
    """Declares the action that checks a module and finishes it: a linked one, or a prebuilt one.

    What it writes is the only module that wasm2c and the steps after it read.

    Args:
        ctx: the rule's context, with the attributes `allowed_imports`, `exceptions`, `files`, `import_memory`, `import_table` and `simd`, and the
            executable `_check_module`.
        label: the target, for messages, as a string.
        linked: File, the module.
        output: the path of the module to write, relative to the package.
        listed: File, what select_exports wrote about the module's exports; None if only `exports` counts.
        exports: list of string, functions that must be exported.
        export_all: whether the module may export anything else.
        max_table: the upper limit of the table, in functions; 0: as it is.
        map_file: File, the linker's map, to say where a function comes from; None for a prebuilt module.
        objects: list of File, what was linked, to name the object that needs a refused import.

    Returns:
        File, the module. It exists only if the check passed.
    """
    wasm = ctx.actions.declare_file(output)
    args = ctx.actions.args()
    args.add("--wasm", linked)
    args.add("--output", wasm)

    # One argument: a word that starts with @ would be read as the name of a file with arguments.
    args.add(label, format = "--target=%s")
    if listed:
        args.add("--exports", listed)
    args.add_all(exports, before_each = "--export")
    if export_all:
        args.add("--export-all")
    args.add_all(allowed_imports(ctx.attr), before_each = "--allow-import")

    # Everything else that the code may use is in tools/link/policy.py.
    args.add_all(["--" + feature for feature in WASM_FEATURES if getattr(ctx.attr, feature)])
    args.add("--memory", "imported" if ctx.attr.import_memory else "exported")
    args.add("--table", "imported" if ctx.attr.import_table else "exported")
    if max_table:
        args.add("--max-table", str(max_table))
    if map_file:
        args.add("--map", map_file)
    args.add_all(objects, before_each = "--object")
    args.use_param_file("@%s", use_always = False)
    args.set_param_file_format("multiline")
    ctx.actions.run(
        executable = ctx.executable._check_module,
        arguments = [args],
        inputs = [file for file in [linked, listed, map_file] if file] + objects,
        outputs = [wasm],
        execution_requirements = PATH_MAPPING,
        mnemonic = "RlboxCheckModule",
        progress_message = "Checking code, exports and imports of %{label}",
        toolchain = None,
    )
    return wasm
