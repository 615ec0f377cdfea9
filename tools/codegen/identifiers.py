"""Which names C and C++ code can use.

rules/private/names.bzl has the same lists, so that a bad name fails before any action runs, with the label of its
target; tests/tools/codegen/identifiers_test.py compares the two.
"""

from __future__ import annotations

import re

# Of C and of C++.
_KEYWORDS = """
alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t char8_t class co_await
co_return co_yield compl concept const const_cast consteval constexpr constinit continue decltype default delete do
double dynamic_cast else enum explicit export extern false float for friend goto if inline int long mutable namespace
new noexcept not not_eq nullptr operator or or_eq private protected public register reinterpret_cast requires restrict
return short signed sizeof static static_assert static_cast struct switch template this thread_local throw true try
typedef typeid typename union unsigned using virtual void volatile wchar_t while xor xor_eq
"""
KEYWORDS = frozenset(_KEYWORDS.split())

# Names that the compiler or the C library defines as macros, so that code cannot use them for anything else.
_MACROS = """
BUFSIZ EOF FILENAME_MAX NULL RAND_MAX assert errno i386 linux stderr stdin stdout unix
"""
MACROS = frozenset(_MACROS.split())

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")


def is_c_identifier(name: str) -> bool:
    """Whether `name` can be a name in C (ASCII letters, digits and underscores, no digit first)."""
    return _IDENTIFIER.fullmatch(name) is not None


def module_name_problem(name: str) -> str:
    """Why `name` cannot be the name of a sandbox module, as a clause; empty if it can."""
    if not is_c_identifier(name):
        return "is not a C identifier (ASCII letters, digits and underscores, no digit first)"
    if name in KEYWORDS:
        return "is a keyword of C or C++"
    if name in MACROS:
        return "is a macro of the compiler or the C library"
    return ""
