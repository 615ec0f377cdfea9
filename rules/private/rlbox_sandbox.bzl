"""rlbox_sandbox: a library in, a sandbox out."""

load(":names.bzl", "SANDBOX_SUFFIX")
load(":wasm2c_library.bzl", "wasm2c_library")
load(":wasm_library.bzl", "wasm_library")

# Attributes of wasm2c_library; everything else is wasm_library's or both's.
_SANDBOX_ONLY = ["bounds", "num_outputs"]
_BOTH = ["compatible_with", "deprecation", "restricted_to", "tags", "testonly"]

def rlbox_sandbox(name, deps, module_name = None, generated_copts = [], visibility = None, **kwargs):
    """A sandbox of a C/C++ library, in one target: `wasm_library` and `wasm2c_library` together.

    **EXAMPLE**

    ```starlark
    load("@rules_rlbox//rules:defs.bzl", "rlbox_cc_binary", "rlbox_sandbox")

    rlbox_sandbox(
        name = "mylib_sandbox",
        module_name = "mylib",
        deps = [":mylib"],
    )

    rlbox_cc_binary(
        name = "myapp",
        srcs = ["main.cpp"],
        sandboxes = [":mylib_sandbox"],
    )
    ```

    The module itself is the target `<name>.wasm_library`.

    Args:
        name: the target's name.
        deps: C/C++ targets that make up the library; their public headers say what is exported.
        module_name: the sandbox's name in C++, a C identifier, unique in a program. Default: `name`.
        generated_copts: compiler options for the generated C, the `copts` of `wasm2c_library`.
        visibility: the sandbox's visibility.
        **kwargs: every other attribute of `wasm_library` that is not about sources of its own (`exports_only`, `max_memory`,
            `copts` for the library, ...) and of `wasm2c_library` (`bounds`, `num_outputs`), and `tags`, `testonly` and the like.
    """
    both = {key: kwargs.pop(key) for key in _BOTH if key in kwargs}
    sandbox = {key: kwargs.pop(key) for key in _SANDBOX_ONLY if key in kwargs}
    wasm_library(
        name = name + SANDBOX_SUFFIX,
        visibility = ["//visibility:private"],
        deps = deps,
        **dict(both, **kwargs)
    )
    wasm2c_library(
        name = name,
        module_name = module_name,
        copts = generated_copts,
        visibility = visibility,
        wasm = ":" + name + SANDBOX_SUFFIX,
        **dict(both, **sandbox)
    )
