"""Analysis tests of the attack-surface report and of its tests."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//rules:defs.bzl", "SandboxReportInfo")
load("//tests/rules:util.bzl", "find_action")

def _report_test_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    report = target[SandboxReportInfo]
    files = target[OutputGroupInfo].sandbox_report.to_list()
    asserts.equals(env, [report.html, report.json, report.text, report.surface], sorted(files, key = lambda f: f.path))
    action = find_action(env, analysistest.target_actions(env), "RlboxSandboxReport")
    inputs = [file.basename for file in action.inputs.to_list()]
    for name in ctx.attr.inputs:
        asserts.true(env, name in inputs, "%s is no input: %s" % (name, inputs))
    words = action.argv[1:]
    for name in ctx.attr.tools:
        asserts.true(env, name in words, "%s is not named: %s" % (name, words))
    page = find_action(env, analysistest.target_actions(env), "RlboxReportPage")
    asserts.equals(env, [report.html], page.outputs.to_list())
    asserts.true(env, [file for file in page.inputs.to_list() if file.extension == "map"], "the page knows no linker's map")
    asserts.equals(env, len(ctx.attr.tools), len([word for word in words if word == "--tool"]))
    return analysistest.end(env)

report_test = analysistest.make(
    _report_test_impl,
    attrs = {"inputs": attr.string_list(), "tools": attr.string_list()},
)

def _no_report_test_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    asserts.false(env, SandboxReportInfo in target, "the library itself has no sandbox to report about")
    return analysistest.end(env)

no_report_test = analysistest.make(
    _no_report_test_impl,
    config_settings = {str(Label("//rules/settings:backend")): "noop"},
)
