"""The members of a module's descriptor that stand for its functions; see header_text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from codegen.wasm2c_names import mangle


def function_member(prefix: str, name: str, longs: Sequence[str]) -> str:
    """The member that stands for an exported function."""
    address = f"&::w2c_{prefix}_{mangle(name)}"
    if not longs:
        return f"static constexpr auto rlbox_fn_{name} = {address};"
    types = ", ".join(item or "void" for item in longs)
    return f"static constexpr ::rlbox::detail::described_function<{address}, {types}> rlbox_fn_{name}{{}};"


def _quotable(text: str) -> str:
    """`text` for a string literal; names in it are an object's, which may be anything."""
    return re.sub(r"[^A-Za-z0-9_ .,;:()-]", "?", text)


def left_out_members(module: str, left_out: Mapping[str, str]) -> list[str]:
    """The members that say why a function is not there."""
    if not left_out:
        return []
    calls = [
        line
        for name in sorted(left_out)
        for line in (
            f"  RLBOX_DETAIL_LEFT_OUT_FUNCTION({name},",
            f'                                 "RLBox: {module} does not export {name}: {_quotable(left_out[name])}.");',
        )
    ]
    return ["", "  // Functions that the headers declare and that are left out: a call says why.", *calls]


def function_name(names: Mapping[str, Sequence[str]]) -> list[str]:
    """The member that names an exported function for reports; `names` has what Function.longs is for each."""
    return [
        "static const char* function_name(::wasm_rt_function_ptr_t function) {",
        "  struct entry {",
        "    ::wasm_rt_function_ptr_t function;",
        "    const char* name;",
        "  };",
        "  static const entry entries[] = {",
        *[
            f"      {{reinterpret_cast<::wasm_rt_function_ptr_t>(rlbox_fn_{name}{'.function' if longs else ''}), "
            f'"{name}"}},'
            for name, longs in names.items()
        ],
        "  };",
        "  for (const entry& candidate : entries) {",
        "    if (candidate.function == function) return candidate.name;",
        "  }",
        "  return nullptr;",
        "}",
    ]
