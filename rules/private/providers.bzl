"""The providers that the rules exchange."""

WasmModuleInfo = provider(
    doc = """\
A library, linked as a WebAssembly module that has passed the check of its code, exports and imports. From `wasm_library`.""",
    fields = {
        "defines": "list of string, preprocessor definitions of the sandbox that an application needs for the library's headers.",
        "dropped_flags": "list of string, each the label of a target, a tab and a flag in its BUILD file that the toolchain dropped.",
        "exports": "File, JSON: what the module exports, and what it does not and why; None for one that exports everything, or is prebuilt.",
        "header_description": "File, JSON: what the public headers declare, functions and structs; None if the application is told no structs.",
        "headers": "list of string, what to write in an #include for each public header of the library.",
        "label": "Label of the wasm_library.",
        "link_map": "File, the linker's map of the module; None for a prebuilt one.",
        "native": "CcInfo of the library as it is, for the application's own platform: headers, and code for the noop backend.",
        "opaque_structs": "list of string, structs whose fields the application does not use.",
        "wasi_sdk": "WasiSdkInfo of the toolchain; None if the module's cc_toolchain came without one.",
        "wasm": "File, the module. It has passed the check: nothing else writes this file.",
    },
)

RlboxSandboxInfo = provider(
    doc = "A sandbox: a module as C code, compiled for the application's platform. From `wasm2c_library`.",
    fields = {
        "api": "string, whose RLBox it is made for: `bundled` (rules_rlbox's own) or `upstream`.",
        "backend": "string, `wasm2c` or `noop`.",
        "header": "File, `<module_name>.rlbox.h`, the one header that an application includes.",
        "linker_inputs": "depset of LinkerInput, the library itself with the noop backend; empty for wasm2c.",
        "module_name": "string, the name of the module: `rlbox_sandbox_<module_name>` is its type in C++.",
        "sources": "list of File, the generated C; empty for the noop backend.",
        "wasm": "File, the module; None for the noop backend.",
    },
)
