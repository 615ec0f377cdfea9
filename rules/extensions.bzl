"""The module extension of rules_rlbox: `rlbox`.

A consumer needs no tag and no `use_extension`: the toolchains that rules_rlbox registers are enough. They are
fetched when a build first needs them, for the platform that needs them, and never otherwise.
"""

load("//rules/toolchains/private:plan.bzl", "DEFAULT_VERSIONS", "toolchain_rows", "wheel_plan")
load(
    "//rules/toolchains/private:repositories.bzl",
    "toolchain_text",
    "toolchains_repository",
    "wabt_wheel_repository",
    "zig_wasi_sdk_repository",
)

_REPOSITORY_RULES = {
    "wabt": wabt_wheel_repository,
    "wasi_sdk": zig_wasi_sdk_repository,
}

def _rlbox_impl(module_ctx):
    table = json.decode(module_ctx.read(Label("//rules/toolchains:wheels.json")))
    rows = []
    for tool, repository_rule in _REPOSITORY_RULES.items():
        error, plan = wheel_plan(table, tool, DEFAULT_VERSIONS[tool])
        if error:
            fail(error)
        for repository in plan:
            repository_rule(name = repository.name, **repository.attrs)
        rows += toolchain_rows(tool, plan)
    toolchains_repository(name = "rlbox_toolchains", toolchains = [toolchain_text(row) for row in rows])
    if hasattr(module_ctx, "extension_metadata"):
        return module_ctx.extension_metadata(reproducible = True)
    return None

rlbox = module_extension(
    implementation = _rlbox_impl,
    doc = """\
Creates the repositories of the toolchains.

It makes one repository per tool and exec platform, each fetched only when a build needs it, and the repository
`rlbox_toolchains`, which rules_rlbox itself registers.""",
)
