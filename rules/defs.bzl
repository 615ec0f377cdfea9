"""The public rules of rules_rlbox. This is the only file to load.

```starlark
load("@rules_rlbox//rules:defs.bzl", "rlbox_cc_binary", "wasm2c_library", "wasm_library")
```
"""

load("//rules/private:differential_test.bzl", _rlbox_differential_test = "rlbox_differential_test")
load("//rules/private:providers.bzl", _RlboxSandboxInfo = "RlboxSandboxInfo", _WasmModuleInfo = "WasmModuleInfo")
load(
    "//rules/private:rlbox_cc.bzl",
    _rlbox_cc_binary = "rlbox_cc_binary",
    _rlbox_cc_library = "rlbox_cc_library",
    _rlbox_cc_test = "rlbox_cc_test",
)
load("//rules/private:rlbox_sandbox.bzl", _rlbox_sandbox = "rlbox_sandbox")
load("//rules/private:sandbox_report.bzl", _SandboxReportInfo = "SandboxReportInfo")
load(
    "//rules/private:surface_tests.bzl",
    _sandbox_report_test = "sandbox_report_test",
    _wasm_exports_test = "wasm_exports_test",
)
load("//rules/private:wasm2c_library.bzl", _wasm2c_library = "wasm2c_library")
load("//rules/private:wasm_library.bzl", _wasm_library = "wasm_library")
load("//rules/toolchains/wabt:toolchain.bzl", _WabtInfo = "WabtInfo")
load("//rules/toolchains/wasi_sdk:toolchain.bzl", _WasiSdkInfo = "WasiSdkInfo")

rlbox_cc_binary = _rlbox_cc_binary
rlbox_cc_library = _rlbox_cc_library
rlbox_cc_test = _rlbox_cc_test
rlbox_differential_test = _rlbox_differential_test
sandbox_report_test = _sandbox_report_test
rlbox_sandbox = _rlbox_sandbox
wasm2c_library = _wasm2c_library
wasm_exports_test = _wasm_exports_test
wasm_library = _wasm_library

SandboxReportInfo = _SandboxReportInfo
RlboxSandboxInfo = _RlboxSandboxInfo
WasmModuleInfo = _WasmModuleInfo
WabtInfo = _WabtInfo
WasiSdkInfo = _WasiSdkInfo
