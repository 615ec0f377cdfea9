"""The part of `<module>.rlbox.h` that lets an application call functions by name: `sandbox.parse(input, size)`.

The class that has these calls is explained in runtime/include/rlbox_internal/named_calls.hpp. Names that the header must
not take for itself are left to RLBox:

* a name of RLBOX_MEMBERS, or with one of RLBOX_PREFIXES, keeps RLBox's meaning;
* a keyword of C++, and `main`, cannot be written;
* an overloaded function has no one type.

Such a function has no call by name, and is called with invoke_sandbox_function. A macro of the library's headers with the
name of a function or a parameter is put aside where the header writes that name. Comments are the library's words, and may
have been written to be more than comments: see comment_lines.
"""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, Optional

from headers.description import Function

from codegen.identifiers import KEYWORDS, is_c_identifier

# The members of rlbox_sandbox, and the macros by which functions are called.
_MEMBERS = """
T_Backend T_Pointer allocation_size app_pointers call_backend callbacks can_destroy checked_invoke
clear_transition_times convert_to_sandbox_equivalent_nonclass_t create_sandbox destroy_sandbox destruction_refused
find_sandbox_from_example free_in_sandbox get_app_pointer get_memory_location get_sandbox_function_address
get_sandbox_impl get_sandboxed_pointer get_sandboxed_pointer_no_ctx get_total_memory
get_total_ns_time_in_sandbox_and_transitions get_transition_state get_unsandboxed_pointer
get_unsandboxed_pointer_no_ctx instance internal_lookup_symbol internal_symbols invoke invoke_sandbox_function
is_created is_in_same_sandbox is_pointer_in_app_memory is_pointer_in_sandbox_memory is_range_in_one_sandbox
lookup_app_ptr lookup_symbol malloc_in_sandbox other_sandbox process_and_get_transition_times register_callback
reset_instance_state sandbox_function_address sandbox_invoke sandbox_storage set_transition_state sizeof_in_sandbox
state symbols transition_state transitions
"""
RLBOX_MEMBERS = frozenset(_MEMBERS.split())
RLBOX_PREFIXES = ("impl_", "rlbox_", "RLBOX_", "INTERNAL_", "UNSAFE_")
_UNWRITABLE = KEYWORDS | {"main", "defined"}
_RESERVED = re.compile(r"__|_[A-Z]")


class Call(NamedTuple):
    """A function that can be called by name."""

    function: Function
    name: str
    parameters: Sequence[str]  # as the header writes them


class Calls(NamedTuple):
    """What can be called by name, what cannot, and what only says why it cannot be called at all."""

    calls: Sequence[Call] = ()
    taken: Sequence[str] = ()  # functions whose names are not free
    left_out: Sequence[str] = ()  # functions for which the descriptor says why


NO_CALLS = Calls()


def named_calls(
    functions: Sequence[Function], exported: Optional[Collection[str]], left_out: Iterable[str] = ()
) -> Calls:
    """Chooses the calls for the functions that are called `exported` in the module, or for all (None)."""
    names = [function.name for function in functions]
    found: dict[str, Call] = {}
    taken: set[str] = set()
    for function in functions:
        name = function.c_name
        if not function.can_be_called or function.variadic or not is_c_identifier(name) or name in found:
            continue
        if exported is not None and (function.symbol not in exported or (name != function.symbol and name in exported)):
            continue
        if (
            not _is_free(name)
            or names.count(function.name) > 1
            or not is_c_identifier(function.name.replace("::", "_"))
        ):
            taken.add(name)
            continue
        found[name] = Call(function, name, parameter_names(function.parameters))
    others = sorted(name for name in left_out if _is_free(name) and name not in found and name not in taken)
    return Calls([found[name] for name in sorted(found)], sorted(taken - set(found)), others)


def _is_free(name: str) -> bool:
    return name not in RLBOX_MEMBERS and not name.startswith(RLBOX_PREFIXES) and name not in _UNWRITABLE


def parameter_names(names: Sequence[str]) -> list[str]:
    """The parameters' names as C++ can write them: `argument_2` for the second one if it has no such name."""
    plain = [name.lstrip("_") for name in names]
    good = [is_c_identifier(name) and name not in _UNWRITABLE and not name.startswith(RLBOX_PREFIXES) for name in plain]
    numbered = re.compile(r"argument_\d+")
    return [
        name if ok and plain.count(name) == 1 and not numbered.fullmatch(name) else f"argument_{place + 1}"
        for place, (name, ok) in enumerate(zip(plain, good))
    ]


def comment_lines(text: str) -> list[str]:
    """`text`, which a library's author chose, as comment lines.

    Each line is ASCII, begins with `//` and does not continue in the next line: a backslash at the end, and the trigraph for
    one, are dropped. No line is documentation for compilers that check documentation, such as clang's -Wdocumentation.
    """
    lines = []
    for line in re.split(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", text):
        plain = "".join(char if char in _PRINTABLE else _PLAIN.get(char, "?") for char in line)
        previous = None
        while plain != previous:
            previous, plain = plain, plain.rstrip().removesuffix("\\").removesuffix("??/")
        lines.append(f"// {plain}".rstrip())
    return lines if text else []


_PRINTABLE = frozenset(string.ascii_letters + string.digits + string.punctuation + " ")
# Signs of typography that have a plain form.
_PLAIN = {"\t": " ", "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-",
          "\u2026": "...", "\u00a0": " "}  # fmt: skip


def forward_declaration(module: str, chosen: Calls) -> list[str]:
    """The lines before the descriptor."""
    return ["template <typename rlbox_base>", f"class {_class(module)};", ""] if _has_class(chosen) else []


def descriptor_member(module: str, chosen: Calls) -> list[str]:
    """The descriptor's member through which the framework finds the class."""
    if not _has_class(chosen):
        return []
    return ["", "  template <typename rlbox_base>", f"  using rlbox_calls = {_class(module)}<rlbox_base>;"]


def _has_class(chosen: Calls) -> bool:
    return bool(chosen.calls or chosen.left_out)


def _class(module: str) -> str:
    return f"rlbox_calls_{module}"


def call_lines(module: str, chosen: Calls, descriptor: str, *, direct: bool) -> list[str]:
    """The class with the calls.

    `descriptor` is the class that has a member `rlbox_fn_NAME` for each function that is left out, and for all functions
    unless the library is called `direct`.
    """
    if not _has_class(chosen):
        return []
    names = {name for call in chosen.calls for name in (call.name, *call.parameters)} | set(chosen.left_out)
    macros = [name for name in sorted(names) if not _RESERVED.match(name)]
    shown = ", ".join(chosen.taken)
    return [
        "",
        "// Calls by name, with the library's own names and comments: sandbox.NAME(...).",
        *([f"// Names that are RLBox's or C++'s own; use invoke_sandbox_function: {shown}."] if shown else []),
        "#if defined(__GNUC__) || defined(__clang__)",
        "#pragma GCC diagnostic push",
        '#pragma GCC diagnostic ignored "-Wdeprecated-declarations"',
        '#pragma GCC diagnostic ignored "-Wshadow"',
        "#endif",
        *[line for name in macros for line in (f'#pragma push_macro("{name}")', f"#undef {name}")],
        *_declared(module, chosen.calls),
        "",
        "namespace rlbox_modules {",
        "",
        "template <typename rlbox_base>",
        f"class {_class(module)} : protected rlbox_base {{",
        " public:",
        *[line for call in chosen.calls for line in _call(module, call, None if direct else descriptor)],
        *[line for name in chosen.left_out for line in _left_out(name, descriptor)],
        "};",
        "",
        "}  // namespace rlbox_modules",
        "",
        *[f'#pragma pop_macro("{name}")' for name in macros],
        "#if defined(__GNUC__) || defined(__clang__)",
        "#pragma GCC diagnostic pop",
        "#endif",
    ]


def _declared(module: str, calls: Sequence[Call]) -> list[str]:
    """Functions that find the library's, declared or not: see `declared` in named_calls.hpp."""
    if not calls:
        return []
    plain = [call for call in calls if "::" not in call.function.name]
    return [
        "",
        f"namespace rlbox_undeclared_{module} {{",
        *[
            f"::rlbox::detail::undeclared_function {call.name}({'' if call.parameters else '::rlbox::detail::undeclared*'});"
            for call in plain
        ],
        f"}}  // namespace rlbox_undeclared_{module}",
        f"namespace rlbox_declared_{module} {{",
        f"using namespace ::rlbox_undeclared_{module};",
        *[
            line
            for call in calls
            for line in (
                "template <typename rlbox_any>",
                f"RLBOX_DETAIL_ALWAYS_INLINE constexpr auto rlbox_fn_{call.name}() {{",
                f"  return ::rlbox::detail::{'declared' if call.parameters else 'declared_without_parameters'}"
                f"<rlbox_any>(&{_spelled(call)}, 0);",
                "}",
            )
        ],
        f"}}  // namespace rlbox_declared_{module}",
    ]


def _spelled(call: Call) -> str:
    return call.name if call.function.name == call.name else f"::{call.function.name}"


def _call(module: str, call: Call, descriptor: Optional[str]) -> list[str]:
    places = range(1, len(call.parameters) + 1)
    types = ", ".join(f"typename rlbox_{place}" for place in places)
    parameters = ", ".join(f"const rlbox_{place}& {name}" for place, name in zip(places, call.parameters))
    found = f"::rlbox_declared_{module}::rlbox_fn_{call.name}<rlbox_base>()"
    function = found if descriptor is None else f"{descriptor}::rlbox_fn_{call.name}"
    arguments = ", ".join([f'"{call.name}"', function, *call.parameters])
    return [
        *[f"  {line}" for line in comment_lines(_declaration(call)) + comment_lines(call.function.comment)],
        *([f"  template <{types}>"] if types else []),
        f"  RLBOX_DETAIL_ALWAYS_INLINE auto {call.name}({parameters}) {{",
        *[f'    RLBOX_DETAIL_ARGUMENT(rlbox_{place}, "{call.name}", "{_shown(call, place)}");' for place in places],
        "    return static_cast<::rlbox::rlbox_sandbox<rlbox_base>*>(this)",
        f"        ->template INTERNAL_call_by_name<decltype({found})>(",
        f"            {arguments});",
        "  }",
    ]


def _shown(call: Call, place: int) -> str:
    """What errors call a parameter."""
    name = call.parameters[place - 1]
    return f"argument {place}" if name == f"argument_{place}" else f"argument {place} ({name})"


def _declaration(call: Call) -> str:
    """The function's type, as C has it."""
    return f"{call.name}: {call.function.signature}"


def _left_out(name: str, descriptor: str) -> list[str]:
    return [
        "  template <typename... rlbox_types>",
        f"  auto {name}(const rlbox_types&...) {{",
        f"    return ::rlbox::detail::call_left_out<rlbox_base>({descriptor}::rlbox_fn_{name});",
        "  }",
    ]
