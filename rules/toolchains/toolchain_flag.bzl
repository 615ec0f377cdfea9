"""The build setting that selects one of the toolchains of a build."""

load("@bazel_skylib//rules:common_settings.bzl", "BuildSettingInfo")

def _toolchain_flag_impl(ctx):
    value = ctx.build_setting_value
    if value != "default" and value not in ctx.attr.names:
        fail("--@rules_rlbox//rules/settings:%s=%s: no toolchain has this name. To fix: choose one of default, %s, or add one with rlbox.%s(name = %r, ...) in MODULE.bazel" %
             (ctx.label.name, value, ", ".join(ctx.attr.names), ctx.label.name, value))
    return [BuildSettingInfo(value = value)]

toolchain_flag = rule(
    implementation = _toolchain_flag_impl,
    doc = "A string flag whose values are `default` and the names that the module extension's tags give to toolchains.",
    attrs = {
        "names": attr.string_list(
            doc = "The names.",
            mandatory = True,
        ),
    },
    build_setting = config.string(flag = True),
)
