"""The build setting that chooses between the toolchains of a build."""

load("@bazel_skylib//rules:common_settings.bzl", "BuildSettingInfo")

def _choice_flag_impl(ctx):
    value = ctx.build_setting_value
    if value != "default" and value not in ctx.attr.names:
        fail("--@rules_rlbox//rules/settings:%s=%s: no toolchain has this name; known: default, %s; add one with rlbox.%s(name = %r, ...) in MODULE.bazel" %
             (ctx.label.name, value, ", ".join(ctx.attr.names), ctx.label.name, value))
    return [BuildSettingInfo(value = value)]

choice_flag = rule(
    implementation = _choice_flag_impl,
    doc = "A string flag whose values are `default` and the names of the choices that the module extension made.",
    attrs = {
        "names": attr.string_list(
            doc = "The names.",
            mandatory = True,
        ),
    },
    build_setting = config.string(flag = True),
)
