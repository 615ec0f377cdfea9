"""A build setting with a fixed list of values, which remembers the names that values had before."""

load("@bazel_skylib//rules:common_settings.bzl", "BuildSettingInfo")

def _string_flag_impl(ctx):
    value = ctx.build_setting_value
    flag = "--@rules_rlbox//rules/settings:" + ctx.label.name
    if value in ctx.attr.renamed:
        fail("%s=%s: the value %s is called %s now. To fix: %s=%s" %
             (flag, value, value, ctx.attr.renamed[value], flag, ctx.attr.renamed[value]))
    if value not in ctx.attr.values:
        fail("%s=%s: there is no such value. To fix: choose one of %s" % (flag, value, ", ".join(ctx.attr.values)))
    return [BuildSettingInfo(value = value)]

string_flag = rule(
    implementation = _string_flag_impl,
    doc = "A string flag. Any other value than those listed is an error.",
    attrs = {
        "renamed": attr.string_dict(
            doc = "Values of the past: old name -> new name. The old name is an error that says the new one.",
        ),
        "values": attr.string_list(
            doc = "The values.",
            mandatory = True,
        ),
    },
    build_setting = config.string(flag = True),
)
