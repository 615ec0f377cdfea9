"""The attack-surface report of a module: an action, a provider and an output group, for the rules that have a module."""

load(":names.bzl", "display_label")

SandboxReportInfo = provider(
    doc = """\
What an attacker can reach in a sandbox and what the sandbox can reach outside. From `wasm_library` and `wasm2c_library`;
the files are the output group `sandbox_report`.""",
    fields = {
        "html": "File, everything and who reaches what, as a page for review.",
        "json": "File, everything, for machines.",
        "surface": "File, text: the part that `sandbox_report_test` compares, free of sizes, hashes and versions.",
        "text": "File, everything, for people.",
    },
)

REPORT_ATTRS = {
    "_sandbox_report": attr.label(
        default = Label("//tools/report:sandbox_report"),
        cfg = "exec",
        executable = True,
    ),
    "_sandbox_report_page": attr.label(
        default = Label("//tools/report:report_page"),
        cfg = "exec",
        executable = True,
    ),
}

def _add_tool(args, name, version, programs):
    """Names a tool whose programs took part."""
    args.add("--tool", name)
    args.add(version)
    args.add_all(programs)

def declare_report(ctx, *, stem, wasm, module_name = None, header_description = None, exports = None, dropped_flags = [], link_map = None, wasi_sdk = None, wabt = None):
    """Declares the actions that write a report: its data and texts, and from these its page.

    Args:
        ctx: the context of a rule with REPORT_ATTRS.
        stem: the outputs' path in the package, up to the dot.
        wasm: the module, also one that no rule has made.
        module_name: the sandbox's name in C++; None if there is none yet.
        header_description: what the library's headers declare, JSON; None if that is not known.
        exports: what the module exports and does not and why, JSON; None if there is no such list.
        dropped_flags: list of string, each the label of a target, a tab and a flag that the toolchain drops.
        link_map: File, the linker's map of the module; None if there is none.
        wasi_sdk: the WasiSdkInfo of the toolchain that made the module; None if it is not known.
        wabt: the WabtInfo of the toolchain that translates it; None if that is not this rule's business.

    Returns:
        A SandboxReportInfo. Nothing is run until something asks for one of its files.
    """
    info = SandboxReportInfo(
        html = ctx.actions.declare_file(stem + ".report.html"),
        json = ctx.actions.declare_file(stem + ".report.json"),
        text = ctx.actions.declare_file(stem + ".report.txt"),
        surface = ctx.actions.declare_file(stem + ".surface.txt"),
    )
    args = ctx.actions.args()
    args.add("--wasm", wasm)
    args.add(display_label(ctx.label), format = "--target=%s")
    if module_name:
        args.add("--module-name", module_name)
    if header_description:
        args.add("--headers", header_description)
    if exports:
        args.add("--exports", exports)
    args.add_all(dropped_flags, format_each = "--dropped-flag=%s")
    programs = []
    if wabt:
        programs.append(depset([wabt.wasm2c]))
        _add_tool(args, "wabt", wabt.version, programs[-1])
    if wasi_sdk:
        programs.append(wasi_sdk.tools)
        _add_tool(args, "wasi-sdk", wasi_sdk.version, programs[-1])
    args.add("--json", info.json)
    args.add("--text", info.text)
    args.add("--surface", info.surface)
    ctx.actions.run(
        executable = ctx.executable._sandbox_report,
        arguments = [args],
        inputs = depset([file for file in [wasm, header_description, exports] if file], transitive = programs),
        outputs = [info.json, info.text, info.surface],
        mnemonic = "RlboxSandboxReport",
        progress_message = "Reporting the attack surface of %{label}",
        toolchain = None,
    )
    _declare_page(ctx, info, wasm, link_map)
    return info

def _declare_page(ctx, info, wasm, link_map):
    """Declares the action that writes the page. An action of its own: tests of the surface do without it."""
    args = ctx.actions.args()
    args.add("--report", info.json)
    args.add("--wasm", wasm)
    if link_map:
        args.add("--map", link_map)
    args.add("--output", info.html)
    ctx.actions.run(
        executable = ctx.executable._sandbox_report_page,
        arguments = [args],
        inputs = [file for file in [info.json, wasm, link_map] if file],
        outputs = [info.html],
        mnemonic = "RlboxReportPage",
        progress_message = "Writing the report of %{label} as a page",
        toolchain = None,
    )

def report_files(info):
    """Returns the files of the output group `sandbox_report`.

    Args:
        info: a SandboxReportInfo.

    Returns:
        A depset of File.
    """
    return depset([info.html, info.json, info.text, info.surface])
