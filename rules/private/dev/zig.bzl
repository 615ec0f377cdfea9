"""The whole of zig for tests/hosts: a C and C++ compiler that brings C libraries and headers of other systems along.

It is the wheel that the default wasi-sdk is made of; that keeps only what a sandbox needs.
"""

load("//rules/toolchains/private:pip.bzl", "PIP_ENVIRONMENT", "run_pip")
load(":pip.bzl", "pip_error")

# zig finds its thousands of headers and sources beside itself, where the link in the runfiles leads to. They change when zig does.
_BUILD = """\
# Written by rules/private/dev/zig.bzl.
filegroup(
    name = "zig",
    srcs = ["site-packages/ziglang/zig"],
    visibility = ["@rules_rlbox//tests/hosts:__pkg__"],
)
"""

def _zig_repository_impl(repository_ctx):
    table = json.decode(repository_ctx.read(repository_ctx.attr.wheels))["wasi_sdk"]
    version = table["versions"].keys()[-1]
    hashes = ["--hash=sha256:" + wheel["sha256"] for wheel in table["versions"][version]["wheels"].values()]
    repository_ctx.file("requirements.txt", "ziglang==%s %s\n" % (version, " ".join(hashes)), executable = False)
    repository_ctx.report_progress("installing zig %s with pip" % version)
    pip = run_pip(
        repository_ctx,
        "install",
        options = ["--no-compile", "--no-warn-script-location", "--only-binary=:all:", "--target", "site-packages"],
        requirements = "requirements.txt",
    )
    if pip.error:
        fail(pip_error(output = pip.output, tried = pip.command, what = pip.error))
    repository_ctx.file("BUILD.bazel", _BUILD, executable = False)

zig_repository = repository_rule(
    implementation = _zig_repository_impl,
    doc = "zig, installed by hash with the machine's pip.",
    attrs = {
        "wheels": attr.label(
            doc = "The table of versions, of which the last one is taken.",
            allow_single_file = True,
            mandatory = True,
        ),
    },
    environ = PIP_ENVIRONMENT,
)
