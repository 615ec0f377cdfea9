"""Programs of the noop backend with several sandboxes: the libraries' symbols are compared before the link."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")

_NOOP = {str(Label("//rules/settings:backend")): "noop"}

def _options(action):
    """The options of the comparison whose values matter, by name."""
    found = {}
    for option in action.argv[1:]:
        name, _, value = option.partition("=")
        if name in ["--owner", "--sandbox"]:
            found.setdefault(name, []).append(value)
    return found

def _compared_test_impl(ctx):
    env = analysistest.begin(ctx)
    actions = [action for action in analysistest.target_actions(env) if action.mnemonic == "RlboxOneProgram"]
    asserts.equals(env, 1 if ctx.attr.sandboxes_compared else 0, len(actions))
    inputs = [
        file
        for linker_input in analysistest.target_under_test(env)[CcInfo].linking_context.linker_inputs.to_list()
        for file in linker_input.additional_inputs
    ]
    for action in actions:
        asserts.equals(env, ctx.attr.sandboxes_compared, _options(action)["--sandbox"])
        asserts.equals(env, ctx.attr.owners, _options(action)["--owner"])
        asserts.true(env, action.outputs.to_list()[0] in inputs, "the link does not wait for the comparison")
    return analysistest.end(env)

_ATTRS = {
    "owners": attr.string_list(doc = "The libraries that are compared."),
    "sandboxes_compared": attr.string_list(doc = "For each of these its sandbox; empty: nothing is to be compared."),
}

compared_test = analysistest.make(
    _compared_test_impl,
    attrs = _ATTRS,
    config_settings = _NOOP,
)

not_compared_test = analysistest.make(
    _compared_test_impl,
    attrs = _ATTRS,
)
