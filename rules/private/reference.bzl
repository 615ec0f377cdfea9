"""For the reference documentation only: rules that users see through a macro, as NAME_rule."""

load(":wasm2c_library.bzl", _wasm2c_library_rule = "wasm2c_library_rule")

wasm2c_library_rule = _wasm2c_library_rule
