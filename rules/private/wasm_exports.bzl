"""What a library's public headers say: the functions to export and the structs that cross the boundary.

Two actions, so that editing a source does not parse the headers again:
  RlboxReadHeaders    the toolchain's clang reads the headers          -> facts (JSON)
  RlboxSelectExports  the facts meet the symbols of the objects        -> options for the linker and for the check
"""

load("@rules_cc//cc:action_names.bzl", "ACTION_NAMES")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load(":names.bzl", "printable")

# What ends a line of a file with arguments, for one reader or another: line feed and its kin, and in UTF-8 the line ends of Unicode.
_LINE_ENDS = ["\n", "\r", "\v", "\f", "\034", "\035", "\036", "\302\205", "\342\200\250", "\342\200\251"]

def public_headers(label, found, wanted):
    """Picks the public headers that an application includes.

    Args:
        label: the wasm_library, for messages, as a string.
        found: list of string, what to write in an #include for each public header of deps.
        wanted: list of string, the value of the attribute `public_headers`; None for all.

    Returns:
        A list of string.
    """
    for header in wanted or []:
        if header not in found:
            fail("%s: public_headers: %s is not how a public header of deps is included; there are: %s" %
                 (label, printable(header), printable(", ".join(found)) if found else "none"))
    headers = found if wanted == None else wanted
    for header in headers:
        if "\"" in header or "\\" in header:
            fail("%s: deps: an #include cannot name the public header %s; rename the file, or leave it out with public_headers" % (label, printable(header)))
    return headers

def _compiler(cc_toolchain, feature_configuration, action_name, compilation_context):
    """Returns (program, flags) of a compile action of the wasm toolchain, without a source and an output."""
    variables = cc_common.create_compile_variables(
        feature_configuration = feature_configuration,
        cc_toolchain = cc_toolchain,
        user_compile_flags = [],
        include_directories = compilation_context.includes,
        quote_include_directories = compilation_context.quote_includes,
        system_include_directories = depset(transitive = [
            compilation_context.system_includes,
            getattr(compilation_context, "external_includes", depset()),
        ]),
        preprocessor_defines = compilation_context.defines,
    )
    return (
        cc_common.get_tool_for_action(feature_configuration = feature_configuration, action_name = action_name),
        cc_common.get_memory_inefficient_command_line(
            feature_configuration = feature_configuration,
            action_name = action_name,
            variables = variables,
        ),
    )

def _check_flags(label, flags):
    """Fails if an option would be more than one line of the file with the tool's arguments."""
    for flag in flags:
        for end in _LINE_ENDS:
            if end in flag:
                fail("%s: deps: the compiler's option %s has a line end in it; remove it from defines or includes of the library" % (label, printable(flag)))

def read_headers(ctx, *, name, label, headers, public_files, compilation_context, cc_toolchain, feature_configuration):
    """Declares the action that reads the public headers.

    Args:
        ctx: the rule's context, with the executable `_read_headers`.
        name: the module's file name, without an extension.
        label: the wasm_library, for messages, as a string.
        headers: list of string, what to write in an #include.
        public_files: list of File, the public headers themselves: what they declare counts.
        compilation_context: of the library, in the wasm configuration.
        cc_toolchain: the wasm toolchain.
        feature_configuration: of that toolchain.

    Returns:
        File, the facts as JSON; tools/headers/read_headers.py says what is in it.
    """
    facts = ctx.actions.declare_file(name + ".facts.json")
    c_compiler, c_flags = _compiler(cc_toolchain, feature_configuration, ACTION_NAMES.c_compile, compilation_context)
    cxx_compiler, cxx_flags = _compiler(cc_toolchain, feature_configuration, ACTION_NAMES.cpp_compile, compilation_context)
    _check_flags(label, c_flags + cxx_flags)
    args = ctx.actions.args()
    args.add(label, format = "--target=%s")
    args.add("--output", facts)
    args.add_all(headers, format_each = "--include=%s")
    args.add_all(public_files, format_each = "--public-file=%s")
    args.add("--c-compiler", c_compiler)
    args.add("--cxx-compiler", cxx_compiler)
    args.add_all(c_flags, format_each = "--c-flag=%s")
    args.add_all(cxx_flags, format_each = "--cxx-flag=%s")
    args.use_param_file("@%s", use_always = False)
    args.set_param_file_format("multiline")
    ctx.actions.run(
        executable = ctx.executable._read_headers,
        arguments = [args],
        inputs = depset(transitive = [compilation_context.headers, cc_toolchain.all_files]),
        outputs = [facts],
        mnemonic = "RlboxReadHeaders",
        progress_message = "Reading the public headers of %{label}",
        toolchain = None,
    )
    return facts

def select_exports(ctx, *, name, label, facts, objects, exports, exports_only):
    """Declares the action that decides what the module exports.

    Args:
        ctx: the rule's context, with the executable `_select_exports`.
        name: the module's file name, without an extension.
        label: the wasm_library, for messages, as a string.
        facts: File, what read_headers wrote; None if no header is read.
        objects: list of File, the library's objects and archives.
        exports: list of string, functions that the user names.
        exports_only: whether those are all.

    Returns:
        struct(link = File of options for the linker, check = File of arguments for check_wasm_exports,
        report = File, JSON: what is exported and what is left out, and why).
    """
    link = ctx.actions.declare_file(name + ".exports.rsp")
    check = ctx.actions.declare_file(name + ".exports.args")
    report = ctx.actions.declare_file(name + ".exports.json")
    args = ctx.actions.args()
    args.add(label, format = "--target=%s")
    if facts:
        args.add("--facts", facts)
    args.add_all(objects, format_each = "--object=%s")
    args.add_all(exports, format_each = "--export=%s")
    if exports_only:
        args.add("--exports-only")
    args.add("--link-output", link)
    args.add("--check-output", check)
    args.add("--output", report)
    args.use_param_file("@%s", use_always = False)
    args.set_param_file_format("multiline")
    ctx.actions.run(
        executable = ctx.executable._select_exports,
        arguments = [args],
        inputs = objects + ([facts] if facts else []),
        outputs = [link, check, report],
        mnemonic = "RlboxSelectExports",
        progress_message = "Selecting the exports of %{label}",
        toolchain = None,
    )
    return struct(link = link, check = check, report = report)
