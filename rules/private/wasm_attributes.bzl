"""Checks what a user wrote for a wasm_library: each mistake gets one sentence that says how to fix it."""

load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load(":abi.bzl", "DEFAULT_ALLOWED_IMPORTS", "OTHER_WASI")
load(":library_flags.bzl", "check_library_flags")
load(":names.bzl", "check_identifiers", "check_target_name", "display_label", "printable", "public_name")

# A list of strings cannot say that a user has not given it. In the rule this value says so, which is neither a header nor
# a function; [] is a list that is empty on purpose. The macro has None instead.
NOT_GIVEN = ["*"]

def optional(value):
    """The macro's argument as the rule's attribute.

    Args:
        value: list of string, or None if the user has not given it.

    Returns:
        A list of string.
    """
    return NOT_GIVEN if value == None else value

def given(value):
    """The rule's attribute as the macro's argument: the reverse of `optional`.

    Args:
        value: list of string.

    Returns:
        The list; None if the user has not given it.
    """
    return None if value == NOT_GIVEN else value

_PAGE = 65536
_MOST_BYTES = 65536 * _PAGE

_UNDEFINED = "an undefined function cannot be in a sandbox. To fix: define the function, or remove the code that calls the function"
_BY_ATTRIBUTE = "an attribute sets this. To fix: "
_EXPORTS = _BY_ATTRIBUTE + "use exports or exports_only"
_STACK = "the stack must lie below the data. To fix: leave the option out"
_STATIC = "a sandbox is linked statically. To fix: leave the option out"

# Options of the linker, without their dashes, that an attribute stands for or that a sandbox cannot be linked with. This
# list is for a clear message. What keeps a module inside is the check of the module, which sees what was linked.
_LINK_OPTIONS = {
    "Map": "the rules write a map. To fix: use the output group rlbox_link_map",
    "allow-undefined": _UNDEFINED,
    "allow-undefined-file": _UNDEFINED,
    "export": _EXPORTS,
    "export-all": _BY_ATTRIBUTE + "use export_all",
    "export-dynamic": _EXPORTS,
    "export-if-defined": _EXPORTS,
    "export-memory": _BY_ATTRIBUTE + "use import_memory",
    "export-table": _BY_ATTRIBUTE + "use import_table",
    "global-base": _STACK,
    "import-memory": _BY_ATTRIBUTE + "use import_memory",
    "import-table": _BY_ATTRIBUTE + "use import_table",
    "initial-memory": _BY_ATTRIBUTE + "use initial_memory",
    "max-memory": _BY_ATTRIBUTE + "use max_memory",
    "no-stack-first": _STACK,
    "pie": _STATIC,
    "relocatable": _STATIC,
    "shared": _STATIC,
    "shared-memory": "a sandbox has no threads. To fix: leave the option out",
    "stack-size": _BY_ATTRIBUTE + "use stack_size",
    "unresolved-symbols": _UNDEFINED,
    "zstack-size": _BY_ATTRIBUTE + "use stack_size",
}

# Follows a -z.
_Z_OPTION = "stack-size"

# What hands the words after it on to the linker.
_PREFIXES = ["-Wl,", "-Xlinker=", "--for-linker="]

def _check_memory(label, attr):
    """Fails unless the memory attributes, in bytes as strings (a rule's int has 31 bits), make sense."""
    values = {}
    for name in ["initial_memory", "max_memory"]:
        value = getattr(attr, name)
        if not value:
            continue
        if not value.isdigit() or int(value) == 0 or int(value) % _PAGE or int(value) > _MOST_BYTES:
            fail("%s: %s must be a multiple of 65536 bytes (a WebAssembly page) up to 4 GiB, got %s" % (label, name, value))
        values[name] = int(value)
    if len(values) == 2 and values["initial_memory"] > values["max_memory"]:
        fail("%s: initial_memory (%d) is larger than max_memory (%d). To fix: raise max_memory, or lower initial_memory" % (label, values["initial_memory"], values["max_memory"]))
    for name, value in values.items():
        if attr.stack_size >= value:
            fail("%s: %s (%d) has no room for the stack (stack_size = %d). To fix: make %s larger" % (label, name, value, attr.stack_size, name))

def _check_exports(label, attr):
    check_identifiers(label, "exports", attr.exports, "an export")
    check_identifiers(label, "exports_only", given(attr.exports_only) or [], "an export")
    check_identifiers(label, "exports_except", attr.exports_except, "an export")
    check_identifiers(label, "opaque_structs", [name.removeprefix("struct ") for name in attr.opaque_structs], "a struct")
    if attr.exports_only != NOT_GIVEN:
        if not attr.exports_only:
            fail("%s: exports_only is empty: the application could call nothing. To fix: list functions, or leave exports_only out" % label)
        if attr.exports:
            fail("%s: exports and exports_only are both set. To fix: put all functions into exports_only" % label)
        if attr.export_all:
            fail("%s: export_all and exports_only are both set. To fix: leave one of them out" % label)
    if attr.exports_except:
        for name, is_set in {"export_all": attr.export_all, "exports_only": attr.exports_only != NOT_GIVEN}.items():
            if is_set:
                fail("%s: exports_except and %s are both set. To fix: leave one of them out; exports_except takes from the functions that the headers declare" % (label, name))
        both = [name for name in attr.exports_except if name in attr.exports]
        if both:
            fail("%s: exports_except: %s is in exports, too. To fix: remove it from one of the two" % (label, both[0]))
    for name in ["exports", "exports_only", "exports_except"]:
        seen = {}
        for export in getattr(attr, name):
            if export in seen:
                fail("%s: %s: %s is listed twice. To fix: remove one" % (label, name, export))
            seen[export] = True

def check_imports(label, names):
    """Fails unless every name is a WASI function that can be allowed.

    Args:
        label: the target, for the message.
        names: the value of `allowed_imports`.
    """
    for name in names:
        if name in DEFAULT_ALLOWED_IMPORTS:
            fail("%s: allowed_imports: %s is always allowed. To fix: remove it from the list" % (label, name))
        if name not in OTHER_WASI:
            fail("%s: allowed_imports: %s is not a function of WASI preview 1. To fix: write its name alone, e.g. path_open" % (label, printable(name)))

def refused_link_option(option):
    """Says why an option of the linker is not to be given to a wasm_library.

    Args:
        option: one element of `linkopts`.

    Returns:
        Why the option is refused and how to fix that, as a string; None if the option may be given.
    """
    for prefix in _PREFIXES:
        option = option.removeprefix(prefix)

    # A linker driver that knows no quotes splits its arguments at spaces, too.
    for char in [" ", "\t", "\n", "\r"]:
        option = option.replace(char, ",")
    for word in option.split(","):
        if word.startswith("@"):
            return "options in a file are not checked. To fix: write them into linkopts"
        name = word.split("=")[0]
        if name.startswith("-") or name == _Z_OPTION:
            way_out = _LINK_OPTIONS.get(name.lstrip("-"))
            if way_out:
                return way_out
    return None

def check_linkopts(label, attribute, linkopts):
    """Fails if an option of the linker is not to be given to a wasm_library.

    Args:
        label: the target, for the message.
        attribute: where the options come from, for the message.
        linkopts: list of string, the options.
    """
    for option in linkopts:
        way_out = refused_link_option(option)
        if way_out:
            fail("%s: %s: %s: %s" % (label, attribute, printable(option), way_out))

def _check_deps(label, deps):
    if not deps:
        fail("%s: there is no library: deps and srcs are both empty. To fix: name a cc_library in deps" % label)
    for dep in deps:
        if CcInfo not in dep:
            fail("%s: deps: %s is not a C/C++ target (it gives no CcInfo). To fix: name a cc_library" % (label, display_label(dep.label)))

def check_attributes(label, attr):
    """Fails with one sentence if an attribute of a wasm_module makes no sense.

    Args:
        label: the target, for the message.
        attr: the rule's `ctx.attr`.
    """
    check_target_name(label, public_name(attr.name))
    _check_deps(label, attr.deps)
    if attr.macro_error:
        fail("%s: %s" % (label, attr.macro_error))
    if attr.stack_size <= 0 or attr.stack_size % 16:
        fail("%s: stack_size must be a positive multiple of 16 bytes, got %d" % (label, attr.stack_size))
    if attr.max_table < 0:
        fail("%s: max_table must be a number of functions, got %d" % (label, attr.max_table))
    if "exceptions" in attr.features:
        fail("%s: features: exceptions are for the library and all of its deps, not for one target. To fix: set exceptions = True instead" % label)
    if "-wasi_reactor" in attr.features:
        fail("%s: features: -wasi_reactor: a sandbox is always linked as a reactor. To fix: leave the feature out" % label)
    _check_memory(label, attr)
    _check_exports(label, attr)
    check_imports(label, attr.allowed_imports)
    check_linkopts(label, "linkopts", attr.linkopts)
    check_library_flags(label, attr)
