"""Writes main.cpp: a program that creates the sandbox, calls one function, and verifies what comes back."""

from __future__ import annotations

from new_sandbox.calls import Parameter, Type
from new_sandbox.choice import Argument, Plan, result_role
from new_sandbox.cpp_text import comment, wrapped

_WIDTH = 98  # the lines of main() are indented
_ROOM = 1024  # bytes for what the library writes
_COUNT = 16  # numbers for the library
_MOST = {"char": 100, "signed char": 100, "unsigned char": 100, "short": 10000, "unsigned short": 10000, "bool": 1}
_BOUNDED = [
    *comment(
        "A number that the program goes on with: it lies between `least` and `most`. The library chooses every bit of its"
        " numbers, and a number that nobody compares with what the program itself knows is an index out of bounds or a loop"
        " without an end. Any other number, NaN too, becomes `least`.",
        "/// ",
    ),
    "template <typename T>",
    "T bounded(T value, T least, T most) {",
    "  return value >= least && value <= most ? value : least;",
    "}",
]
_PRINTABLE = [
    *comment(
        "What the program shows of a text of the library. Other characters could change what a terminal or a log looks"
        " like, and a text can be as long as the sandbox's memory.",
        "/// ",
    ),
    "std::string printable(std::string text) {",
    "  text = text.substr(0, 200);",
    "  for (char& c : text) {",
    "    if (c < ' ' || c > '~') {",
    "      c = '?';",
    "    }",
    "  }",
    "  return text;",
    "}",
]


def main_text(module: str, label: str, program: str, plan: Plan, *, has_callbacks: bool) -> str:
    """The file.

    Args:
        module: the sandbox's name.
        label: the library.
        program: the label of the program.
        plan: the call to make.
        has_callbacks: whether there is a callbacks.hpp.
    """
    draft = _Draft(module, plan)
    body = draft.body()
    helpers: list[str] = []
    for name, lines in (("bounded", _BOUNDED), ("printable", _PRINTABLE)):
        if any(f"{name}(" in line or f"{name}<" in line for line in body):
            helpers += [*lines, ""]
    text = "\n".join(body)
    includes = [
        "#include <chrono>",
        "#include <cstdio>",
        *(["#include <string>"] if "std::to_string" in text or "std::string" in text else []),
        *(["#include <utility>"] if "std::move" in text else []),
    ]
    lines = [
        *comment(f"A first draft: {label} in a sandbox. new_sandbox wrote it once, and it is yours to change."),
        "//",
        f"//   bazel run {program}",
        "//",
        *comment(
            "What comes out of the sandbox is tainted: it is whatever the library chose, or an attacker who has taken the"
            " library over. The compiler refuses a tainted value until copy_and_verify has given the program a copy of it"
            " to look at. What goes in is copied into the sandbox's memory: the library sees no other."
        ),
        f'#include "{module}.rlbox.h"  // instead of the library\'s headers',
        "",
        *includes,
        *(["", '#include "callbacks.hpp"'] if has_callbacks else []),
        "",
        *(["namespace {", "", *helpers, "}  // namespace", ""] if helpers else []),
        "int main() {",
        *[f"  {line}" if line else "" for line in body],
        "}",
    ]
    return "\n".join(lines) + "\n"


class _Draft:
    """The body of main(), without its indentation."""

    def __init__(self, module: str, plan: Plan) -> None:
        self._module = module
        self._plan = plan
        self._limits_asked = False  # whether there is a TODO about the limits of numbers

    def body(self) -> list[str]:
        """The lines."""
        return [
            *self._sandbox(),
            "",
            *self._inputs(),
            *self._call(),
            "",
            *self._trap(),
            "",
            *self._verify(),
            "return 0;",
        ]

    def _tainted(self, text: str) -> str:
        return f"tainted_{self._module}<{text}>"

    def _sandbox(self) -> list[str]:
        return [
            "rlbox::rlbox_wasm2c_options options;",
            *_comment("A fault in the library ends the call, and the program goes on with another sandbox."),
            "options.traps = rlbox::rlbox_wasm2c_trap_policy::survive;",
            *_comment("An input can keep the library busy for ever, or have it ask for all memory."),
            "options.time_limit = std::chrono::seconds(10);",
            "options.max_memory = 256u << 20;",
            f"rlbox_sandbox_{self._module} sandbox;",
            "sandbox.create_sandbox(options);",
        ]

    def _inputs(self) -> list[str]:
        """The arguments that need lines of their own."""
        roles = [item.role for item in self._plan.arguments]
        lines: list[str] = []
        if any(role in ("bytes", "text", "data", "in_place") for role in roles):
            lines += [
                *_comment(
                    "TODO: what the program gets from outside. It is copied into the sandbox, with the zero at its end."
                ),
                'const char input[] = "made-up input";',
            ]
        owners = [item for item in self._plan.arguments if item.role in _OWNED]
        outs = [item for item in self._plan.arguments if item.role == "out"]
        for item in self._plan.arguments:
            if item in outs[:1]:
                lines += _comment("Where the library leaves answers, in its own memory.")
            lines += self._declared(item)
        if owners:
            empty = " || ".join(f"!{item.name}" for item in owners)
            lines += [
                f"if ({empty}) {{",
                '  std::fprintf(stderr, "the sandbox has no memory left\\n");',
                "  return 1;",
                "}",
            ]
        for item in owners:
            lines += self._filled(item)
        return [*lines, ""] if lines else []

    def _declared(self, item: Argument) -> list[str]:
        """The lines that declare an argument's variable."""
        if item.role == "size":
            return [f"const {item.type.written} {item.name} = sizeof(input);"]
        if item.role in ("capacity", "count"):
            return [f"const {item.type.written} {item.name} = {_ROOM if item.role == 'capacity' else _COUNT};"]
        if item.role not in _OWNED:
            return []
        count = {"bytes": ", sizeof(input)", "data": ", sizeof(input)", "text": ", sizeof(input)"}.get(item.role, "")
        if item.role in ("room", "in_place", "numbers"):
            count = f", {_COUNT if item.role == 'numbers' else _ROOM}"
        lines = _comment("Room for what the library writes.") if item.role == "room" else []
        return [
            *lines,
            *wrapped(
                f"auto {item.name} = ",
                [f"rlbox::make_sandbox_unique<{_element(item.type)}>(sandbox{count})"],
                ";",
                _WIDTH,
            ),
        ]

    def _filled(self, item: Argument) -> list[str]:
        """The lines that fill an argument's memory."""
        if item.role == "out":
            return [f"*{item.name} = {'false' if item.type.to and item.type.to.kind == 'bool' else '0'};"]
        if item.role == "room":
            return [f"rlbox::memset(sandbox, {item.name}.get(), 0, {_ROOM});"]
        if item.role in ("struct", "numbers"):
            size = f"rlbox_sandbox_{self._module}::sizeof_in_sandbox<{_element(item.type)}>()"
            if item.role == "numbers":
                size = f"{_COUNT} * {size}"
            return wrapped("rlbox::memset(", ["sandbox", f"{item.name}.get()", "0", size], ");", _WIDTH)
        lines = [f"rlbox::memset(sandbox, {item.name}.get(), 0, {_ROOM});"] if item.role == "in_place" else []
        return [*lines, f"rlbox::memcpy(sandbox, {item.name}.get(), input, sizeof(input));"]

    def _call(self) -> list[str]:
        plan = self._plan
        lines = []
        if any(item.role == "nothing" for item in plan.arguments):
            lines += _comment("TODO: what the null pointers stand for; other functions of the library make it.")
        result = plan.call.result
        written = result.text if result.kind == "pointer" else result.written
        head = "" if result.kind == "void" else f"const {self._tainted(written)} result ="
        arguments = [plan.call.name, *map(_passed, plan.arguments, plan.call.parameters)]
        call = wrapped("sandbox.invoke_sandbox_function(", arguments, ");", _WIDTH - (4 if head else 0))
        if head and len(call) == 1 and len(head) + len(call[0]) < _WIDTH:
            return [*lines, f"{head} {call[0]}"]
        return [*lines, *([head] if head else []), *[f"    {line}" if head else line for line in call]]

    def _trap(self) -> list[str]:
        return [
            *_comment(
                "After a trap every result is zero, and the sandbox runs no more code of the library: destroy_sandbox()"
                " and create_sandbox(options) make a fresh one."
            ),
            "if (sandbox.get_sandbox_impl()->has_trapped()) {",
            '  std::fprintf(stderr, "%s\\n", sandbox.get_sandbox_impl()->trap_message());',
            "  return 1;",
            "}",
        ]

    def _verify(self) -> list[str]:
        """The lines that verify the result, and what the library left in memory."""
        plan = self._plan
        name = plan.call.name
        verifiers = {
            "void": self._verify_void,
            "number": self._verify_number,
            "enum": self._verify_enum,
            "text": self._verify_text,
            "pointer": self._verify_pointer,
        }
        lines = verifiers[result_role(plan.call)](name)
        first = True
        for item in plan.arguments:
            if item.role == "out":
                assert item.type.to is not None
                if first:
                    lines += _comment(
                        "A copy is verified, not the sandbox's memory, which the library can change afterwards."
                    )
                first = False
                number = item.type.to
                lines.append(f"const {self._tainted(_element(item.type))} {item.name}_copy = *{item.name};")
                lines += self._number(
                    f"{item.name}_copy", item.name, number, _element(item.type), f"{name}: {item.name}"
                )
            elif item.role == "in_place":
                lines += self._text(f"{item.name}.get()", item.name, f"{name}: {item.name}")
            elif item.role == "room":
                lines += _comment(
                    f"TODO: {item.name}.get() has what the library wrote; copy_and_verify_range makes a copy of it."
                )
        return lines

    def _verify_void(self, name: str) -> list[str]:
        seen = any(item.role in ("out", "in_place") for item in self._plan.arguments)
        return [] if seen else [f'std::printf("{name}() has returned\\n");']

    def _verify_number(self, name: str) -> list[str]:
        item = self._plan.call.result
        return self._number("result", "result", item, item.written, f"{name}()")

    def _verify_enum(self, name: str) -> list[str]:
        item = self._plan.call.result
        return [
            *_comment("TODO: which values can be right? An enum from the library can have values that have no name."),
            f"const long long checked_result = result.copy_and_verify([]({item.written} value) -> long long {{",
            "  return value;",
            "});",
            *_printed(f"{name}()", "checked_result"),
        ]

    def _verify_text(self, name: str) -> list[str]:
        return self._text("result", "result", f"{name}()")

    def _verify_pointer(self, name: str) -> list[str]:
        return [
            *_comment(
                "A pointer of the library stays tainted: it leads into the sandbox, and what is there can be anything. Pass it"
                " to other functions of the library, and verify each value that the program reads through it."
            ),
            *wrapped(
                "std::printf(",
                [f'"{name}() = %s\\n"', 'result == nullptr ? "nothing" : "something in the sandbox"'],
                ");",
                _WIDTH,
            ),
        ]

    def _number(self, value: str, name: str, item: Type, written: str, shown: str) -> list[str]:
        """The lines that verify a number and print it."""
        checked = f"checked_{name}"
        if item.kind == "bool" or (value == "result" and self._plan.any_number_will_do):
            lines = _comment("Any value will do, since it is only printed.")
            verdict = "value"
        else:
            most = _MOST.get(item.words, 1000000)
            least = 0 if item.words.startswith("unsigned") or item.words == "char" else -most
            lines = [] if self._limits_asked else _comment("TODO: which numbers can be right?")
            self._limits_asked = True
            verdict = f"bounded<{written}>(value, {least}, {most})"
        call = f"    {value}.copy_and_verify([]({written} value) {{ return {verdict}; }});"
        if len(call) <= _WIDTH:
            lines += [f"const {written} {checked} =", call]
        else:
            head = f"const {written} {checked} = {value}.copy_and_verify([]({written} value) {{"
            lines += [head, f"  return {verdict};", "});"]
        return [*lines, *_printed(shown, checked)]

    def _text(self, value: str, name: str, shown: str) -> list[str]:
        """The lines that verify a text and print it."""
        return [
            *_comment("TODO: which texts can be right? This one is only shown."),
            f"const std::string checked_{name} = {value}.copy_and_verify_string(",
            "    [](std::string value) { return printable(std::move(value)); });",
            *wrapped("std::printf(", [f'"{shown} = \\"%s\\"\\n"', f"checked_{name}.c_str()"], ");", _WIDTH),
        ]


# What lies in memory of the sandbox.
_OWNED = ("bytes", "text", "data", "room", "out", "in_place", "struct", "numbers")


def _comment(text: str) -> list[str]:
    return comment(text, width=_WIDTH)


def _printed(shown: str, variable: str) -> list[str]:
    return wrapped("std::printf(", [f'"{shown} = %s\\n"', f"std::to_string({variable}).c_str()"], ");", _WIDTH)


def _element(item: Type) -> str:
    """The type of the elements behind a pointer, for memory of the sandbox."""
    assert item.to is not None
    return "char" if item.to.kind == "void" else item.to.text


def _passed(item: Argument, parameter: Parameter) -> str:
    """What stands in the call for an argument; a value that says nothing by itself comes with the parameter's name."""
    if item.role in _OWNED:
        return f"{item.name}.get()"
    if item.role not in ("nothing", "number"):
        return item.name
    value = "nullptr" if item.role == "nothing" else {"bool": "true", "floating": "1.0"}.get(item.type.kind, "1")
    return f"/*{parameter.name}=*/{value}" if parameter.name else value
