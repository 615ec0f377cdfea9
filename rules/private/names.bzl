"""Names that become part of C and C++ code."""

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
_DIGITS = "0123456789"
_PUNCTUATION = " !\"#$%&'()*+,-./:;<=>?@[\\]^`{|}~"

# Of C and of C++. tools/codegen/identifiers.py has the same words, and so has the next list.
_KEYWORDS = """
alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t char8_t class co_await
co_return co_yield compl concept const const_cast consteval constexpr constinit continue decltype default delete do
double dynamic_cast else enum explicit export extern false float for friend goto if inline int long mutable namespace
new noexcept not not_eq nullptr operator or or_eq private protected public register reinterpret_cast requires restrict
return short signed sizeof static static_assert static_cast struct switch template this thread_local throw true try
typedef typeid typename union unsigned using virtual void volatile wchar_t while xor xor_eq
"""

# What the compiler or the C library defines as macros, so that code cannot use the name for anything else.
_MACROS = """
BUFSIZ EOF FILENAME_MAX NULL RAND_MAX assert errno i386 linux stderr stdin stdout unix
"""

def _words(text):
    return text.strip().replace("\n", " ").split(" ")

def is_c_identifier(name):
    """Says whether a string can name something in C and in C++.

    Args:
        name: any string.

    Returns:
        True for an identifier that is no keyword.
    """
    if not name or name[0] in _DIGITS or name in _words(_KEYWORDS):
        return False
    for char in name.elems():
        if char not in _LETTERS and char not in _DIGITS:
            return False
    return True

def check_identifiers(label, attribute, names, what):
    """Fails unless every name is a C identifier.

    Args:
        label: the target, for the message.
        attribute: the attribute that the names come from.
        names: the names.
        what: what the names are, in the singular, e.g. "a module name".
    """
    for name in names:
        if not is_c_identifier(name):
            fail("%s: %s: %s must be a C identifier (letters, digits and _, not a keyword), got \"%s\"" % (label, attribute, what, printable(name)))

def check_module_name(label, name):
    """Fails unless a sandbox can have this name in C++ code.

    Args:
        label: the target, for the message.
        name: the value of `module_name`.
    """
    check_identifiers(label, "module_name", [name], "a module name")
    if name in _words(_MACROS):
        fail("%s: module_name: \"%s\" is a macro of the compiler or the C library, so that no code can use the name. To fix: take another one, such as \"my%s\"" % (label, name, name))

# What may be in a test's arguments, besides letters and digits, and what more where the argument is in single quotes.
_IN_ARGUMENTS = "!%+,-./:=@^~"
_IN_QUOTES = _IN_ARGUMENTS + " #&()*;<>?[]{|}"

def is_printable(text):
    """Says whether a string has only characters that look the same in every message and every file.

    Args:
        text: any string.

    Returns:
        True for printable ASCII.
    """
    for char in text.elems():
        if char not in _LETTERS and char not in _DIGITS and char not in _PUNCTUATION:
            return False
    return True

def printable(text):
    """Returns a string for a message: a character that is not printable ASCII becomes `\\xNN`.

    A name may hold a character that moves or hides what follows it on a terminal.

    Args:
        text: any string.

    Returns:
        The string, on one line.
    """
    if is_printable(text):
        return text

    # The hash of a string of one character is the number of this character.
    return "".join([char if is_printable(char) else "\\x%s%X" % ("0" if hash(char) < 16 else "", hash(char)) for char in text.elems()])

def file_name(name):
    """Returns a file name that says which target it belongs to, for files that a compiler reads and lists.

    Args:
        name: the target's name, printable; slashes stay.

    Returns:
        A string of letters, digits and `_`, `.`, `+`, `-`, `/`; any other character becomes `~NN`. Names that differ stay different.
    """
    return "".join([char if char in _LETTERS or char in _DIGITS or char in ".+-/" else "~%X" % hash(char) for char in name.elems()])

def check_target_name(label, name):
    """Fails if files cannot be named after a target on every machine.

    Args:
        label: the target, for the message.
        name: its name.
    """
    if not is_printable(name):
        fail("%s: name: a sandbox's files are named after the target, and not every machine builds a file whose name is not plain ASCII. To fix: rename the target" % label)

def check_test_argument(label, attribute, text, quoted = False):
    """Fails if a text cannot be part of a test's arguments, which Bazel expands and splits into words as a shell does.

    Args:
        label: the test, as a string.
        attribute: where the text comes from, for the message.
        text: a label, a path or a name.
        quoted: whether the argument is in single quotes.
    """
    allowed = _IN_QUOTES if quoted else _IN_ARGUMENTS
    for char in text.elems():
        if char not in _LETTERS and char not in _DIGITS and char not in allowed:
            fail("%s: %s: %s: Bazel hands names to a test as words of a command line, and this one has a %s in it. To fix: use letters, digits and %s" %
                 (label, attribute, printable(text), "space" if char == " " else printable(char), allowed))

# What macros add to the names of the targets that they make. Messages name the target that the user wrote.
MODULE_SUFFIX = ".module"
SANDBOX_SUFFIX = ".wasm_library"

def public_name(name):
    """Returns the name of the target that a user wrote.

    Args:
        name: the name of a target, perhaps one that `wasm_library` or `rlbox_sandbox` made for it.

    Returns:
        A string.
    """
    return name.removesuffix(MODULE_SUFFIX).removesuffix(SANDBOX_SUFFIX)

def public_label(label):
    """Returns the label of the target that a user wrote, as people write it.

    Args:
        label: Label of a target, perhaps one that `wasm_library` or `rlbox_sandbox` made for it.

    Returns:
        As `display_label`.
    """
    return display_label(label.same_package_label(public_name(label.name)))

def display_label(label):
    """Returns a label as people write it.

    Args:
        label: a Label.

    Returns:
        `//pkg:name` in the main repository, the canonical form elsewhere; printable.
    """
    text = str(label)
    return printable("//" + text.split("//", 1)[1] if text.startswith("@@//") or text.startswith("@//") else text)
