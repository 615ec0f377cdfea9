"""Tests of wasm_library and wasm2c_library: actions, flags, configuration, providers."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("//rules:defs.bzl", "RlboxSandboxInfo", "WasmModuleInfo")
load(":util.bzl", "assert_has_flags", "assert_no_flags", "find_action")

# What an application might be built with; none of it may reach the module.
_APPLICATION_FLAGS = {
    "//command_line_option:collect_code_coverage": True,
    "//command_line_option:compilation_mode": "dbg",
    "//command_line_option:conlyopt": ["-DLEAK_CONLYOPT"],
    "//command_line_option:copt": ["-DLEAK_COPT"],
    "//command_line_option:cxxopt": ["-DLEAK_CXXOPT"],
    "//command_line_option:features": ["asan"],
    "//command_line_option:linkopt": ["-Wl,--leak-linkopt"],
}

_TUTORIAL_FLAGS = [
    "--stack-first",
    "-z",
    "--growable-table",
    "-Wl,--no-entry",
]

def _link_flags_test_impl(ctx):
    env = analysistest.begin(ctx)
    action = find_action(env, analysistest.target_actions(env), "CppLink")
    assert_has_flags(env, action.argv, _TUTORIAL_FLAGS + ctx.attr.flags)
    assert_no_flags(env, action.argv, ctx.attr.absent + ["-Wl,--leak-linkopt"])
    for argument in action.argv:
        asserts.false(env, argument.startswith("/"), "absolute path: " + argument)
    return analysistest.end(env)

_FLAG_ATTRS = {"absent": attr.string_list(), "flags": attr.string_list()}

link_flags_test = analysistest.make(_link_flags_test_impl, attrs = _FLAG_ATTRS)

link_flags_do_not_leak_test = analysistest.make(
    _link_flags_test_impl,
    attrs = _FLAG_ATTRS,
    config_settings = _APPLICATION_FLAGS,
)

def _only_checked_test_impl(ctx):
    """The module that users and later steps get is what the check writes, and the linked one gets nowhere else."""
    env = analysistest.begin(ctx)
    actions = analysistest.target_actions(env)
    select = find_action(env, actions, "RlboxSelectExports")
    check = find_action(env, actions, "RlboxCheckModule")
    linked = find_action(env, actions, "CppLink").outputs.to_list()
    readers = [action.mnemonic for action in actions if [file for file in action.inputs.to_list() if file in linked]]
    asserts.equals(env, ["RlboxCheckModule"], readers)
    asserts.equals(env, analysistest.target_under_test(env)[DefaultInfo].files.to_list(), check.outputs.to_list())
    selected = [file for file in select.outputs.to_list() if file.basename == "answer_wasm.exports.json"]
    asserts.equals(env, 1, len(selected))
    asserts.true(env, selected[0] in check.inputs.to_list())
    assert_has_flags(env, check.argv, ["--exports", selected[0].path, "--memory", "imported", "fd_write"])
    assert_no_flags(env, check.argv, ["--export-all", "path_open"])
    return analysistest.end(env)

only_checked_test = analysistest.make(_only_checked_test_impl)

def _exports_everything_test_impl(ctx):
    """With export_all the linker gets its option from the action that has looked at the objects."""
    env = analysistest.begin(ctx)
    actions = analysistest.target_actions(env)
    select = find_action(env, actions, "RlboxSelectExports")
    (selected,) = select.outputs.to_list()
    asserts.equals(env, "other_memory_wasm.exports.rsp", selected.basename)
    assert_has_flags(env, select.argv, ["--export-all"])
    assert_has_flags(env, find_action(env, actions, "CppLink").argv, ["@" + selected.path])
    assert_has_flags(env, find_action(env, actions, "RlboxCheckModule").argv, ["--export-all"])
    return analysistest.end(env)

exports_everything_test = analysistest.make(_exports_everything_test_impl)

def _module_provider_test_impl(ctx):
    env = analysistest.begin(ctx)
    info = analysistest.target_under_test(env)[WasmModuleInfo]
    asserts.equals(env, "answer_wasm.wasm", info.wasm.basename)
    asserts.equals(env, "answer_wasm.headers.json", info.header_description.basename)
    asserts.equals(env, ["tests/rules/answer.h"], info.headers)
    asserts.true(env, "-opt-" in info.wasm.path, "the module is always optimised: " + info.wasm.path)
    return analysistest.end(env)

module_provider_test = analysistest.make(_module_provider_test_impl)
module_provider_other_flags_test = analysistest.make(_module_provider_test_impl, config_settings = _APPLICATION_FLAGS)

def _debug_module_test_impl(ctx):
    """The module's own compilation mode is a setting: the application's is another matter."""
    env = analysistest.begin(ctx)
    info = analysistest.target_under_test(env)[WasmModuleInfo]
    asserts.true(env, "-dbg-" in info.wasm.path, "the module is compiled for debugging: " + info.wasm.path)
    return analysistest.end(env)

debug_module_test = analysistest.make(
    _debug_module_test_impl,
    config_settings = {
        "//command_line_option:compilation_mode": "opt",
        str(Label("//rules/settings:wasm_compilation_mode")): "dbg",
    },
)

def _wasm2c_test_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    info = target[RlboxSandboxInfo]
    asserts.equals(env, "wasm2c", info.backend)
    asserts.equals(env, "answer", info.module_name)
    asserts.equals(env, "answer.rlbox.h", info.header.basename)
    asserts.equals(env, 3, len(info.sources))
    asserts.true(env, info.header in target[CcInfo].compilation_context.headers.to_list())

    actions = analysistest.target_actions(env)
    translate = find_action(env, actions, "Wasm2c")
    assert_has_flags(env, translate.argv, ["$answer.wasm", "--num-outputs", "3", "--disable-tail-call"])
    assert_no_flags(env, translate.argv, ["--no-debug-names"])
    asserts.true(env, target[RlboxSandboxInfo].wasm in translate.inputs.to_list())

    compiles = [action for action in actions if action.mnemonic == "CppCompile"]
    asserts.true(env, len(compiles) >= 3, "one action per C file")
    for action in compiles:
        assert_has_flags(env, action.argv, ["-w", "-O2", "-fno-semantic-interposition"])

    # The library's own code must not be linked beside the sandbox.
    libraries = [
        library
        for linker_input in target[CcInfo].linking_context.linker_inputs.to_list()
        for library in linker_input.libraries
    ]
    names = [(library.static_library or library.pic_static_library).basename for library in libraries]
    asserts.false(env, "libanswer.a" in names or "libanswer.pic.a" in names, str(names))
    return analysistest.end(env)

wasm2c_test = analysistest.make(_wasm2c_test_impl)

def _prebuilt_test_impl(ctx):
    """The names inside of a prebuilt module get nowhere."""
    env = analysistest.begin(ctx)
    translate = find_action(env, analysistest.target_actions(env), "Wasm2c")
    assert_has_flags(env, translate.argv, ["--no-debug-names", "--disable-tail-call"])
    check = find_action(env, analysistest.target_actions(env), "RlboxCheckModule")
    modules = [file for file in translate.inputs.to_list() if file.extension == "wasm"]
    asserts.equals(env, check.outputs.to_list(), modules)
    asserts.equals(env, modules, [analysistest.target_under_test(env)[RlboxSandboxInfo].wasm])
    return analysistest.end(env)

prebuilt_test = analysistest.make(_prebuilt_test_impl)

def _no_headers_test_impl(ctx):
    """With public_headers = [] the application is compiled without anything of the library."""
    env = analysistest.begin(ctx)
    context = analysistest.target_under_test(env)[CcInfo].compilation_context
    asserts.false(env, [file for file in context.headers.to_list() if file.basename == "answer.h"])
    asserts.false(env, "OF_THE_LIBRARY" in context.defines.to_list())
    folders = context.includes.to_list() + context.system_includes.to_list() + context.quote_includes.to_list()
    asserts.false(env, [folder for folder in folders if folder.endswith("of_the_library")], str(folders))
    return analysistest.end(env)

no_headers_test = analysistest.make(_no_headers_test_impl)

def _generated_c_test_impl(ctx):
    """How the generated C is compiled follows the application's compilation mode, attributes and settings."""
    env = analysistest.begin(ctx)
    info = analysistest.target_under_test(env)[RlboxSandboxInfo]
    asserts.equals(env, ctx.attr.outputs, len(info.sources))
    compiles = [action for action in analysistest.target_actions(env) if action.mnemonic == "CppCompile"]
    for action in compiles:
        assert_has_flags(env, action.argv, ctx.attr.flags)
        assert_no_flags(env, action.argv, ctx.attr.absent)

        # No option of the target can come behind these.
        place = [i for i, flag in enumerate(action.argv) if flag == _IMPORTS]
        asserts.equals(env, 1, len(place))
        last = action.argv[place[0] - 2 - len(_SAME_RESULTS):place[0] + 1]
        asserts.equals(env, ["-fstack-clash-protection"] + _SAME_RESULTS + ["-include", _IMPORTS], last)
        own = [i for i, flag in enumerate(action.argv) if flag.startswith("-fno-stack-clash") or flag == "-DOF_THE_GENERATED_C"]
        asserts.true(env, own and max(own) < place[0], str(action.argv))
    return analysistest.end(env)

_IMPORTS = "runtime/include/wasm2c_rt_imports.h"

_SAME_RESULTS = [
    "-ffp-contract=off",
    "-fno-associative-math",
    "-fno-fast-math",
    "-fno-finite-math-only",
    "-fno-reciprocal-math",
    "-fno-unsafe-math-optimizations",
    "-fsigned-zeros",
]

_GENERATED_ATTRS = dict(_FLAG_ATTRS, outputs = attr.int())

generated_c_test = analysistest.make(_generated_c_test_impl, attrs = _GENERATED_ATTRS)

generated_c_opt_test = analysistest.make(
    _generated_c_test_impl,
    attrs = _GENERATED_ATTRS,
    config_settings = {"//command_line_option:compilation_mode": "opt"},
)

generated_c_explicit_test = analysistest.make(
    _generated_c_test_impl,
    attrs = _GENERATED_ATTRS,
    config_settings = {
        "//command_line_option:compilation_mode": "dbg",
        str(Label("//rules/settings:bounds")): "explicit",
    },
)

def _noop_test_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    asserts.equals(env, "noop", target[RlboxSandboxInfo].backend)
    asserts.equals(env, None, target[RlboxSandboxInfo].wasm)
    actions = analysistest.target_actions(env)
    asserts.equals(env, ["RlboxModuleHeader"], [action.mnemonic for action in actions if action.mnemonic != "FileWrite"])
    libraries = [
        (library.static_library or library.pic_static_library).basename
        for linker_input in target[CcInfo].linking_context.linker_inputs.to_list()
        for library in linker_input.libraries
        if library.static_library or library.pic_static_library
    ]
    asserts.true(env, "libanswer.a" in libraries or "libanswer.pic.a" in libraries, str(libraries))
    return analysistest.end(env)

noop_test = analysistest.make(
    _noop_test_impl,
    config_settings = {str(Label("//rules/settings:backend")): "noop"},
)
