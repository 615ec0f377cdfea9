"""The numbers of docs/size.md."""

load("//rules:defs.bzl", "RlboxSandboxInfo", "SandboxReportInfo")

def _size_table_impl(ctx):
    markdown = ctx.actions.declare_file(ctx.label.name + ".md")
    numbers = ctx.actions.declare_file(ctx.label.name + ".json")
    args = ctx.actions.args()
    args.add("--markdown", markdown)
    args.add("--json", numbers)
    inputs = []
    for target, title in ctx.attr.sandboxes.items():
        report = target[SandboxReportInfo].json
        sources = target[RlboxSandboxInfo].sources
        args.add("--sandbox")
        args.add_all([target.label.name, title, report] + sources)
        inputs += [report] + sources
    ctx.actions.run(
        executable = ctx.executable._tool,
        arguments = [args],
        inputs = inputs,
        outputs = [markdown, numbers],
        mnemonic = "SizeTable",
    )
    return [
        DefaultInfo(files = depset([numbers]), runfiles = ctx.runfiles([numbers])),
        OutputGroupInfo(markdown = depset([markdown])),
    ]

size_table = rule(
    implementation = _size_table_impl,
    doc = "Compares sandboxes: `<name>.json` and, in the output group `markdown`, a page with a table.",
    attrs = {
        "sandboxes": attr.label_keyed_string_dict(
            doc = "The sandboxes, each with its title in the table.",
            mandatory = True,
            providers = [[SandboxReportInfo, RlboxSandboxInfo]],
        ),
        "_tool": attr.label(
            cfg = "exec",
            default = Label("//tools/dev/docs:size_table"),
            executable = True,
        ),
    },
)
