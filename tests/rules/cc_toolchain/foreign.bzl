"""A cc_toolchain for wasm32-wasi that is none of rules_rlbox, and which toolchain compiles a sandbox beside it."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts", "unittest")
load("@rules_cc//cc:cc_toolchain_config_lib.bzl", "tool_path")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/toolchains:cc_toolchain_config_info.bzl", "CcToolchainConfigInfo")
load("//rules:defs.bzl", "WasmModuleInfo")
load("//rules/private:wasm_module.bzl", "foreign_toolchain")
load("//tests/rules:util.bzl", "find_action")

_COMPILER = "/nowhere/clang"

def _foreign_config_impl(ctx):
    return cc_common.create_cc_toolchain_config_info(
        ctx = ctx,
        toolchain_identifier = "foreign",
        compiler = "clang",
        host_system_name = "local",
        target_system_name = "wasm32-wasi",
        target_cpu = "wasm32",
        target_libc = "wasi",
        abi_version = "wasi",
        abi_libc_version = "wasi",
        tool_paths = [
            tool_path(name = name, path = _COMPILER)
            for name in ["ar", "cpp", "gcc", "ld", "nm", "objdump", "strip"]
        ],
    )

foreign_config = rule(
    implementation = _foreign_config_impl,
    doc = "The least that a cc_toolchain needs. Its programs are never run.",
    provides = [CcToolchainConfigInfo],
)

def _compiler_test_impl(ctx):
    env = analysistest.begin(ctx)
    program = find_action(env, analysistest.target_actions(env), "CppLink").argv[0]
    asserts.equals(env, ctx.attr.foreign, program == _COMPILER, "what links the module: " + program)
    return analysistest.end(env)

_SETTING = str(Label("//rules/settings:wasm_cc_toolchain"))
_EXTRA = {"//command_line_option:extra_toolchains": [str(Label(":foreign_toolchain"))]}
_ATTRS = {"foreign": attr.bool(doc = "Whether the other toolchain compiles the library.")}

first_registered_test = analysistest.make(
    _compiler_test_impl,
    attrs = _ATTRS,
    # Without the word that the default has for it.
    config_settings = _EXTRA | {_SETTING: "registered"},
)

asked_for_test = analysistest.make(
    _compiler_test_impl,
    attrs = _ATTRS,
    config_settings = _EXTRA | {_SETTING: "rlbox"},
)

def _report_test_impl(ctx):
    """The report does not say that the default wasi-sdk has made what another toolchain makes."""
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    asserts.equals(env, ctx.attr.foreign, target[WasmModuleInfo].wasi_sdk == None)
    return analysistest.end(env)

report_of_first_registered_test = analysistest.make(
    _report_test_impl,
    attrs = _ATTRS,
    # Without the word that the default has for it.
    config_settings = _EXTRA | {_SETTING: "registered"},
)

report_test = analysistest.make(_report_test_impl, attrs = _ATTRS)

def _message_test_impl(ctx):
    env = unittest.begin(ctx)
    asserts.equals(
        env,
        "//x:y: a cc_toolchain for wasm32-wasi that is registered before that of rules_rlbox compiles the library; its compiler is " +
        "/nowhere/clang. To fix: choose with --@rules_rlbox//rules/settings:wasm_cc_toolchain=rlbox, or registered for this one",
        foreign_toolchain("//x:y", _COMPILER, "default"),
    )
    asserts.equals(env, None, foreign_toolchain("//x:y", _COMPILER, "registered"))
    return unittest.end(env)

message_test = unittest.make(_message_test_impl)
