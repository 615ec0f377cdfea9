"""Flags for compiling a library: a sandbox's own, which reach all of its deps, and those that BUILD files of deps add."""

load("@rules_cc//cc:action_names.bzl", "ACTION_NAMES")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("//rules/toolchains/wasi_sdk:host_flags.bzl", "HOST_FLAGS", "matches")
load(":names.bzl", "display_label", "printable")

_SPACES = [" ", "\t", "\n", "\r"]

def words(text):
    """Splits an element of `copts` into words, as Bazel does for a cc_library: at spaces, with the quotes of a shell.

    Args:
        text: string.

    Returns:
        A list of string; None if a quote or a backslash has nothing after it.
    """
    found, word, quote, escaped = [], None, "", False
    for char in text.elems():
        if escaped:
            word = (word or "") + char
            escaped = False
        elif char == "\\" and quote != "'":
            escaped = True
            word = word or ""
        elif quote and char == quote:
            quote = ""
        elif not quote and char in ["'", "\""]:
            quote = char
            word = word or ""
        elif not quote and char in _SPACES:
            if word != None:
                found.append(word)
            word = None
        else:
            word = (word or "") + char
    if quote or escaped:
        return None
    return found + ([word] if word != None else [])

def all_words(options):
    """The words of all elements of `copts`, without those that `words` cannot split.

    Args:
        options: list of string.

    Returns:
        A list of string.
    """
    return [word for option in options for word in words(option) or []]

def _macro(define):
    return define.split("=")[0]

def compile_flags(copts, defines):
    """The flags that a sandbox adds to each command that compiles a file of the library.

    Args:
        copts: list of string, the attribute. Their order stays.
        defines: list of string, the attribute. Different macros are sorted, so that two sandboxes share a configuration.

    Returns:
        A list of string.
    """
    macros = {word: True for word in all_words(defines)}
    return ["-D" + define for define in sorted(macros, key = _macro)] + all_words(copts)

_TOOLCHAIN = "the toolchain sets this. To fix: leave the option out"
_EXCEPTIONS = "an attribute sets this. To fix: use exceptions"
_OUTPUTS = "Bazel says what a compiler writes. To fix: leave the option out"
_CODE = "the compiler would run code that is no input of the build. To fix: leave the option out"

# What a sandbox's copts cannot have, as patterns, and the way out. The list is for a clear message: the module's check sees
# what was compiled.
_REFUSED = {
    "--config*": _TOOLCHAIN,
    "--gcc-toolchain*": _TOOLCHAIN,
    "--sysroot*": _TOOLCHAIN,
    "--target*": _TOOLCHAIN,
    "-B*": _TOOLCHAIN,
    "-E": _OUTPUTS,
    "-M*": _OUTPUTS,
    "-S": _OUTPUTS,
    "-Xclang": "options of the compiler behind the driver are not checked. To fix: use the driver's option",
    "-c": _OUTPUTS,
    "-fdebug-compilation-dir*": _TOOLCHAIN,
    "-fexceptions": _EXCEPTIONS,
    "-ffile-compilation-dir*": _TOOLCHAIN,
    "-fpass-plugin*": _CODE,
    "-fplugin*": _CODE,
    "-fwasm-exceptions": _EXCEPTIONS,
    "-gsplit-dwarf*": _OUTPUTS,
    "-isysroot*": _TOOLCHAIN,
    "-load*": _CODE,
    "-matomics": "a sandbox has no threads. To fix: leave the option out",
    "-mrelaxed-simd": "its results differ between machines. To fix: use simd",
    "-msimd128": "an attribute sets this. To fix: use simd",
    "-nostdinc*": _TOOLCHAIN,
    "-o*": _OUTPUTS,
    "-resource-dir*": _TOOLCHAIN,
    "-save-temps*": _OUTPUTS,
    "--save-temps*": _OUTPUTS,
    "-target": _TOOLCHAIN,
}

_HOST = "this only means something to the host's compiler. To fix: leave the option out"
_ABSOLUTE = "an absolute path is another file on another machine. To fix: name a target with the file in deps"

def _absolute(word):
    """Whether an option names a file outside of the build."""
    if word.startswith("/"):
        return True
    for option in ["-I", "-isystem", "-iquote", "-idirafter", "-include", "-imacros", "-iprefix", "-F"]:
        if word.startswith(option + "/"):
            return True
    return False

def refused_copt(option):
    """Says why an option of the compiler is not to be given to a sandbox.

    Args:
        option: one element of `copts`.

    Returns:
        Why it is refused and how to fix that, as a string; None if it may be given.
    """
    if "$(" in option:
        return "Make variables are not known where all of deps are compiled. To fix: write the value, or set the option on the cc_library in deps"
    split = words(option)
    if split == None:
        return "a quote or a backslash has nothing after it. To fix: write \\\\ before each that is meant as it is"
    for word in split:
        if word.startswith("@"):
            return "options in a file are not checked. To fix: write them into copts"
        if _absolute(word):
            return _ABSOLUTE
        if matches(word, HOST_FLAGS):
            return _HOST
        for pattern, way_out in _REFUSED.items():
            if matches(word, [pattern]):
                return way_out
    return None

def check_library_flags(label, attr):
    """Fails with one sentence if a sandbox's own flags make no sense.

    Args:
        label: the target, for the message.
        attr: the attributes of a wasm_module.
    """
    for option in attr.copts:
        way_out = refused_copt(option)
        if way_out:
            fail("%s: copts: %s: %s" % (label, printable(option), way_out))
    for define in attr.defines:
        split = words(define)
        if "$(" in define or split == None or len(split) != 1 or not _macro(split[0]) or split[0][0] in "-=@":
            fail("%s: defines: %s is not a macro. To fix: write NAME or NAME=VALUE in one word, without -D" % (label, printable(define)))
    for pattern in attr.drop_copts:
        if not pattern.startswith("-") or pattern.rstrip("*") in ["", "-", "--"]:
            fail("%s: drop_copts: %s is not an option of the compiler. To fix: write a whole option, or its beginning and a *, e.g. -O3 or -Werror*" % (label, printable(pattern)))
        if matches(pattern, HOST_FLAGS):
            fail("%s: drop_copts: %s is dropped from every sandbox. To fix: remove it from the list" % (label, printable(pattern)))
    if attr.os not in PLATFORMS:
        fail("%s: os: %s is no operating system that a sandbox can pass for. To fix: choose one of %s" % (label, printable(attr.os), ", ".join(sorted(PLATFORMS))))

# What a library's `select()` on the operating system can be told, and the platform that says so.
PLATFORMS = {
    "linux": Label("//rules/platforms:wasm32_linux"),
    "wasi": Label("//rules/platforms:wasm32_wasi"),
}

# Each is followed by a word that would be left alone.
_TWO_WORDS = [
    "-D",
    "-F",
    "-I",
    "-MD",
    "-MF",
    "-U",
    "-Xclang",
    "-Xlinker",
    "-c",
    "-idirafter",
    "-imacros",
    "-include",
    "-iquote",
    "-isystem",
    "-mllvm",
    "-o",
    "-x",
]

def check_drop_copts(label, patterns, cc_toolchain, feature_configuration):
    """Fails if a pattern of `drop_copts` fits a flag that the toolchain gives itself, or if the toolchain drops nothing.

    Args:
        label: the target, for the message.
        patterns: list of string, the attribute.
        cc_toolchain: the wasm toolchain.
        feature_configuration: of that toolchain.
    """
    if not patterns:
        return
    if not cc_common.is_enabled(feature_configuration = feature_configuration, feature_name = "drop_flags"):
        fail("%s: drop_copts: the cc_toolchain for wasm32 is not of rules_rlbox and drops no flags. To fix: leave drop_copts out" % label)
    own = {flag: True for flag in _TWO_WORDS}
    variables = cc_common.create_compile_variables(
        cc_toolchain = cc_toolchain,
        feature_configuration = feature_configuration,
        user_compile_flags = [],
    )
    for action_name in [ACTION_NAMES.c_compile, ACTION_NAMES.cpp_compile]:
        own.update({flag: True for flag in cc_common.get_memory_inefficient_command_line(
            action_name = action_name,
            feature_configuration = feature_configuration,
            variables = variables,
        )})
    for pattern in patterns:
        for flag in own:
            if flag.startswith("-") and matches(flag, [pattern]):
                fail("%s: drop_copts: %s: the toolchain itself gives %s. To fix: name the library's flags more exactly, or give the opposite in copts" %
                     (label, printable(pattern), printable(flag)))

LibraryFlagsInfo = provider(
    doc = "The flags that the BUILD files of a library and of its deps add.",
    fields = {"of": "depset of struct(label = Label, flags = tuple of string)."},
)

# Attribute -> what stands before each of its elements.
_FLAG_ATTRIBUTES = {
    "conlyopts": "",
    "copts": "",
    "cxxopts": "",
    "defines": "-D",
    "local_defines": "-D",
    "linkopts": "",
}
_DEPS = ["deps", "implementation_deps"]

def _strings(value):
    """A rule's attribute as a list of string: any rule may have one of that name and another type."""
    return [element for element in value if type(element) == "string"] if type(value) == "list" else []

def _library_flags_impl(target, ctx):
    flags = []
    for attribute, prefix in _FLAG_ATTRIBUTES.items():
        flags += [prefix + word for word in all_words(_strings(getattr(ctx.rule.attr, attribute, None)))]
    below = []
    for attribute in _DEPS:
        deps = getattr(ctx.rule.attr, attribute, None)
        below += [dep[LibraryFlagsInfo].of for dep in deps if LibraryFlagsInfo in dep] if type(deps) == "list" else []
    own = [struct(label = target.label, flags = tuple(flags))] if flags else []
    return [LibraryFlagsInfo(of = depset(own, transitive = below))]

library_flags = aspect(
    implementation = _library_flags_impl,
    attr_aspects = _DEPS,
    doc = "Collects the flags in BUILD files; the toolchain sees each command alone.",
)

def dropped_flags(deps, drop_copts):
    """Lists the flags of BUILD files that the toolchain drops.

    Args:
        deps: the library's targets, with LibraryFlagsInfo.
        drop_copts: list of string, the attribute.

    Returns:
        A list of string, sorted, each the label of a target, a tab, and the flag.
    """
    found = {}

    # Only the module's rule can tell: each sandbox has drop_copts of its own.
    for library in depset(transitive = [dep[LibraryFlagsInfo].of for dep in deps]).to_list():
        for flag in library.flags:
            if matches(flag, HOST_FLAGS + drop_copts):
                found["%s\t%s" % (display_label(library.label), printable(flag))] = True
    return sorted(found)
