"""Debian's packages for tests: a repository rule of the dev-only module extension in extensions.bzl.

The packages come from the suite that tools/bazel takes Bazel from, by way of the machine's apt and without root (tools/dev/packages),
and stay in the user's cache. They are fetched when something that needs them is built.
"""

# Variables that change what is fetched, or where it is kept: those of tools/bazel.
_ENVIRONMENT = [
    "BAZEL_BOOTSTRAP_DIR",
    "BAZEL_BOOTSTRAP_KEYRING",
    "BAZEL_BOOTSTRAP_MIRROR",
    "BAZEL_BOOTSTRAP_SUITES",
    "HOME",
    "PATH",
    "XDG_CACHE_HOME",
]

# The command's exit code on a machine that has no packages of Debian's.
_UNSUPPORTED = 3

# What stands there then: whatever needs it is skipped.
_NOTHING = """\
# Written by rules/private/dev/debian.bzl: %s
[
    filegroup(
        name = name,
        target_compatible_with = ["@platforms//:incompatible"],
        visibility = ["//visibility:public"],
    )
    for name in %s
]
"""

# A download may take so many seconds.
_LONGEST = 900

def debian_error(*, packages, output):
    """Returns the error text for packages that cannot be had.

    Args:
        packages: list of string, their names.
        output: what the command printed, or "".

    Returns:
        The text for fail().
    """
    lines = ["tests/hosts: Debian's packages %s cannot be unpacked." % ", ".join(packages)]
    lines += ["  | " + line for line in output.strip().split("\n")[-6:] if line.strip()]
    lines.append("  To fix: use Debian, or name a mirror with BAZEL_BOOTSTRAP_MIRROR; or leave out the targets of //tests/hosts.")
    return "\n".join(lines)

def _debian_repository_impl(repository_ctx):
    attr = repository_ctx.attr
    python = repository_ctx.which("python3")
    if not python:
        fail(debian_error(output = "there is no python3 on PATH", packages = attr.packages))
    tools = repository_ctx.path(Label("//tools/dev/packages:__main__.py")).dirname.dirname
    repository_ctx.report_progress("unpacking %s" % ", ".join(attr.packages))
    result = repository_ctx.execute(
        [
            python,
            "-B",
            "-m",
            "packages",
            "--output",
            str(repository_ctx.path(".")),
            "--name",
            attr.folder,
            "--follow",
            attr.follow,
        ] + ["--programs=" + folder for folder in attr.programs] +
        ["--leave-out=" + pattern for pattern in attr.leave_out] + attr.packages,
        environment = {"PYTHONPATH": str(tools)},
        quiet = True,
        timeout = _LONGEST,
    )
    if result.return_code == _UNSUPPORTED:
        reason = result.stderr.strip().split("\n")[-1]
        repository_ctx.file("BUILD.bazel", _NOTHING % (reason, json.encode(attr.targets)), executable = False)
        return
    if result.return_code:
        fail(debian_error(output = result.stdout + result.stderr, packages = attr.packages))
    repository_ctx.file("BUILD.bazel", repository_ctx.read(attr.build_file), executable = False)

debian_repository = repository_rule(
    implementation = _debian_repository_impl,
    doc = "Debian's packages with what they need, unpacked; programs run from the folder that they are in.",
    attrs = {
        "build_file": attr.label(
            doc = "What becomes its BUILD.bazel.",
            allow_single_file = True,
            mandatory = True,
        ),
        "folder": attr.string(
            doc = "The beginning of the name of the folder in the user's cache.",
            mandatory = True,
        ),
        "follow": attr.string(
            doc = "Which dependencies come along: a regular expression for the whole name.",
            mandatory = True,
        ),
        "leave_out": attr.string_list(
            doc = "Files that are not unpacked: patterns of tar's, from ./ on.",
        ),
        "packages": attr.string_list(
            doc = "The packages.",
            mandatory = True,
        ),
        "programs": attr.string_list(
            doc = "Folders with programs that are made to run with the libraries of the packages.",
        ),
        "targets": attr.string_list(
            doc = "The names of targets in build_file that others name.",
            mandatory = True,
        ),
    },
    environ = _ENVIRONMENT,
)

_TOOLCHAIN = """\
# Written by rules/private/dev/debian.bzl. Toolchains are named by label: what is not used is not fetched.
toolchain(
    name = "arm64",
    exec_compatible_with = [
        "@platforms//cpu:x86_64",
        "@platforms//os:linux",
    ],
    target_compatible_with = [
        "@platforms//cpu:aarch64",
        "@platforms//os:linux",
    ],
    toolchain = "@{arm64}//:cc_toolchain",
    toolchain_type = "@bazel_tools//tools/cpp:toolchain_type",
)
"""

def _debian_toolchains_impl(repository_ctx):
    repository_ctx.file("BUILD.bazel", _TOOLCHAIN.format(arm64 = repository_ctx.attr.arm64), executable = False)

debian_toolchains = repository_rule(
    implementation = _debian_toolchains_impl,
    doc = "The C++ toolchains of the repositories, for MODULE.bazel to register.",
    attrs = {
        "arm64": attr.string(
            doc = "The repository with the compiler for arm64.",
            mandatory = True,
        ),
    },
)
