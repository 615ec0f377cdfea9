"""Names that become part of C and C++ code."""

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
_DIGITS = "0123456789"

# buildifier: disable=unsorted-list-items
_KEYWORDS = [
    "alignas",
    "alignof",
    "and",
    "and_eq",
    "asm",
    "auto",
    "bitand",
    "bitor",
    "bool",
    "break",
    "case",
    "catch",
    "char",
    "char16_t",
    "char32_t",
    "char8_t",
    "class",
    "compl",
    "concept",
    "const",
    "const_cast",
    "consteval",
    "constexpr",
    "constinit",
    "continue",
    "co_await",
    "co_return",
    "co_yield",
    "decltype",
    "default",
    "delete",
    "do",
    "double",
    "dynamic_cast",
    "else",
    "enum",
    "explicit",
    "export",
    "extern",
    "false",
    "float",
    "for",
    "friend",
    "goto",
    "if",
    "inline",
    "int",
    "long",
    "mutable",
    "namespace",
    "new",
    "noexcept",
    "not",
    "not_eq",
    "nullptr",
    "operator",
    "or",
    "or_eq",
    "private",
    "protected",
    "public",
    "register",
    "reinterpret_cast",
    "requires",
    "return",
    "short",
    "signed",
    "sizeof",
    "static",
    "static_assert",
    "static_cast",
    "struct",
    "switch",
    "template",
    "this",
    "thread_local",
    "throw",
    "true",
    "try",
    "typedef",
    "typeid",
    "typename",
    "union",
    "unsigned",
    "using",
    "virtual",
    "void",
    "volatile",
    "wchar_t",
    "while",
    "xor",
    "xor_eq",
]

def is_c_identifier(name):
    """Says whether a string can name something in C and in C++.

    Args:
        name: any string.

    Returns:
        True for an identifier that is no keyword.
    """
    if not name or name[0] in _DIGITS or name in _KEYWORDS:
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
            fail("%s: %s: %s must be a C identifier (letters, digits and _, not a keyword), got %r" % (label, attribute, what, name))

def display_label(label):
    """Returns a label as people write it.

    Args:
        label: a Label.

    Returns:
        `//pkg:name` in the main repository, the canonical form elsewhere.
    """
    text = str(label)
    return "//" + text.split("//", 1)[1] if text.startswith("@@//") or text.startswith("@//") else text
