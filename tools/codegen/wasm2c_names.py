"""The C names that wasm2c gives to a module and its exports, and which names C++ code can use."""

from __future__ import annotations

_ALPHANUMERIC = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_UPPER_HEX = frozenset("0123456789ABCDEF")

KEYWORDS = frozenset(
    [
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
        "char8_t",
        "char16_t",
        "char32_t",
        "class",
        "compl",
        "concept",
        "const",
        "consteval",
        "constexpr",
        "constinit",
        "const_cast",
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
        "restrict",
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
)

# Names that the compiler or the C library defines as macros, so that code cannot use them for anything else.
MACROS = frozenset(
    [
        "BUFSIZ",
        "EOF",
        "FILENAME_MAX",
        "NULL",
        "RAND_MAX",
        "assert",
        "errno",
        "i386",
        "linux",
        "stderr",
        "stdin",
        "stdout",
        "unix",
    ]
)


def mangle(name: str, *, is_module: bool = False) -> str:
    """The C name that wasm2c makes of `name`.

    Letters and digits stay, anything else becomes 0xNN byte by byte. So does an underscore at either end or after
    one that stayed, and a digit or upper-case hexadecimal digit after a "0x" that was in the name. In the
    name of a module the underscores that stay are doubled.
    """
    data = name.encode()
    out = []
    after_underscore = after_zero = after_zero_x = False
    for place, byte in enumerate(data):
        char = chr(byte)
        escape = char not in _ALPHANUMERIC
        if char == "_":
            escape = after_underscore or place in (0, len(data) - 1)
        elif after_zero_x:
            escape = escape or char in _UPPER_HEX
        out.append(f"0x{byte:02X}" if escape else "__" if is_module and char == "_" else char)
        after_underscore = char == "_" and not escape
        after_zero, after_zero_x = not (after_zero or after_zero_x) and char == "0", after_zero and char == "x"
    return "".join(out)


def module_prefix(module: str) -> str:
    """The part that all C names of the sandbox module `module` have: that of the wasm2c module `$module.wasm`."""
    return mangle(f"${module}.wasm", is_module=True)


def is_c_identifier(name: str) -> bool:
    """Whether `name` can be a name in C (ASCII letters, digits and underscores, no digit first)."""
    return bool(name) and name[0] not in "0123456789" and all(char in _ALPHANUMERIC or char == "_" for char in name)


def module_name_problem(name: str) -> str:
    """Why `name` cannot be the name of a sandbox module, as a clause; empty if it can."""
    if not is_c_identifier(name):
        return "is not a C identifier (ASCII letters, digits and underscores, no digit first)"
    if name in KEYWORDS:
        return "is a C++ keyword"
    if name in MACROS:
        return "is a macro of the compiler or the C library"
    return ""
