"""The C names that wasm2c gives to a module, its exports and C's types."""

from __future__ import annotations

_ALPHANUMERIC = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_UPPER_HEX = frozenset("0123456789ABCDEF")
_WASM2C_TYPES = {
    **{f"{sign}{bits}": f"{'u' if sign == 'u' else ''}int{bits}_t" for sign in "us" for bits in (8, 16, 32, 64)},
    "f32": "float",
    "f64": "double",
}


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


def declarations(module: str) -> list[str]:
    """The lines that include wasm2c's declarations without the global names that it gives to C's types."""
    return [
        "// wasm2c's declarations, without its names for C's types: an application may have others of these names.",
        "#include <stdint.h>",
        "",
        '#include "wasm-rt.h"',
        "",
        *[line for name in _WASM2C_TYPES for line in (f'#pragma push_macro("{name}")', f"#undef {name}")],
        '#pragma push_macro("WASM_RT_CORE_TYPES_DEFINED")',
        "#undef WASM_RT_CORE_TYPES_DEFINED",
        "#define WASM_RT_CORE_TYPES_DEFINED",
        *[f"#define {name} {_WASM2C_TYPES[name]}" for name in _WASM2C_TYPES],
        f'#include "{module}.wasm.h"',
        *[f'#pragma pop_macro("{name}")' for name in [*_WASM2C_TYPES, "WASM_RT_CORE_TYPES_DEFINED"]],
    ]
