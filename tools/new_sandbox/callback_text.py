"""Writes callbacks.hpp: a stub for each type of function that the library can be given to call back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Optional

from new_sandbox.calls import Call, Type
from new_sandbox.cpp_text import comment, wrapped

_SHOWN = 3  # functions that take a callback and are named above its stub


class Callback(NamedTuple):
    """A type of callbacks."""

    name: str  # of the stub
    type: Type  # the function's
    takers: Sequence[str]  # who takes such a callback, in words


def collect(calls: Sequence[Call]) -> list[Callback]:
    """The types of callbacks that functions take, each once, in the order of the functions."""
    found: dict[tuple[str, Type], list[str]] = {}
    names: dict[tuple[str, Type], str] = {}
    for call in calls:
        for place, parameter in enumerate(call.parameters):
            function = parameter.type.function
            if function is None or not _can_be_written(function):
                continue
            # Two typedefs of one type are two purposes; without a typedef, the type is all there is.
            key = (parameter.type.alias, function._replace(alias="", const=False))
            names.setdefault(key, f"on_{parameter.type.alias or f'{call.name}_{parameter.name or place + 1}'}")
            taker = f"{call.name} (parameter {parameter.name or place + 1})"
            found.setdefault(key, []).append(taker)
    return [Callback(names[key], key[1], takers) for key, takers in found.items()]


def _can_be_written(function: Type) -> bool:
    result = function.result
    if result is None or not (result.kind == "void" or _is_value(result)):
        return False
    return all(_is_value(item) for item in function.parameters)


def _is_value(item: Type) -> bool:
    return bool(item.text) and item.kind != "void" and item.kind != "struct"


def callbacks_text(module: str, label: str, guard: str, callbacks: Sequence[Callback]) -> Optional[str]:
    """The file; None if the library takes no callbacks.

    Args:
        module: the sandbox's name.
        label: the library.
        guard: the macro that guards the file.
        callbacks: what `collect` found.
    """
    if not callbacks:
        return None
    lines = [
        f"#ifndef {guard}",
        f"#define {guard}",
        *comment(
            f"Stubs of the functions that {label} can be given to call back. Keep the ones that the program needs:"
            " what is registered is what the library can call."
        ),
        "//",
        *comment(
            "A registered function can be called in the middle of any call of the library, as often as the library"
            " likes, and with any arguments. So each argument is tainted: verify what the function uses. A pointer"
            " is good until the function returns. To register one:"
        ),
        "//",
        "//   auto callback = sandbox.register_callback(on_...);  // keep it while the library may call",
        "//   sandbox.invoke_sandbox_function(..., callback, ...);",
        "",
        f'#include "{module}.rlbox.h"',
    ]
    for item in callbacks:
        lines += ["", *_stub(module, item)]
    return "\n".join([*lines, "", f"#endif  // {guard}"]) + "\n"


def _stub(module: str, callback: Callback) -> list[str]:
    takers = ", ".join(callback.takers[:_SHOWN])
    more = f" and {len(callback.takers) - _SHOWN} more" if len(callback.takers) > _SHOWN else ""
    plural = "take" if len(callback.takers) > 1 else "takes"
    result = callback.type.result
    assert result is not None
    gives = "void" if result.kind == "void" else f"tainted_{module}<{result.text}>"
    parameters = [f"rlbox_sandbox_{module}& /*sandbox*/"]
    parameters += [f"tainted_{module}<{item.text}>" for item in callback.type.parameters]
    lines = comment(f"{takers}{more} {plural} it.", "/// ")
    lines += wrapped(f"inline {gives} {callback.name}(", parameters, ") {")
    lines.append("  // TODO: copy_and_verify the arguments that are used here.")
    if result.kind != "void":
        lines += [
            "  // TODO: the answer that is safe whatever the library wants to do with it.",
            f"  return {_zero(module, result)};",
        ]
    return [*lines, "}"]


def _zero(module: str, item: Type) -> str:
    if item.kind == "pointer":
        return "nullptr"
    return {"bool": "false", "enum": f"tainted_{module}<{item.text}>()"}.get(item.kind, "0")
