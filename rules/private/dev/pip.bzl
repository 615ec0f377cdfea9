"""Test requirements from pip: a repository rule of the dev-only module extension in extensions.bzl.

rules_python's own `pip.parse` takes other arguments in the oldest version that this repository supports
than in current ones, and the oldest fetches further modules when used. This is the small part of it that
the tests need, and it works with both: pip installs a hash-locked list into a repository, which offers
the packages as `py_library` targets.
"""

load("//rules/toolchains/private:pip.bzl", "PIP_ENVIRONMENT", "run_pip")

_BUILD = """\
# Written by rules/private/dev/pip.bzl.
load("@rules_python//python:py_library.bzl", "py_library")

package(default_visibility = ["//visibility:public"])
"""

_LIBRARY = """
py_library(
    name = "{name}",
    srcs = glob({packages}),
    data = glob({data}, allow_empty = True),
    imports = ["site-packages"],
)
"""

# What a target holds: import packages and modules (as globs below site-packages), and the distributions
# whose metadata is wanted at run time (pytest finds plugins through it).
_LIBRARIES = {
    "hypothesis": struct(
        packages = ["_hypothesis_*.py", "attr/**/*.py", "attrs/**/*.py", "hypothesis/**/*.py", "sortedcontainers/**/*.py"],
        data = ["hypothesis/vendor/*.txt", "hypothesis-*.dist-info/*"],
    ),
    "pytest": struct(
        packages = [
            "_pytest/**/*.py",
            "exceptiongroup/**/*.py",
            "iniconfig/**/*.py",
            "packaging/**/*.py",
            "pluggy/**/*.py",
            "py.py",
            "pytest/**/*.py",
            "tomli/**/*.py",
            "typing_extensions.py",
        ],
        data = ["pytest-*.dist-info/*"],
    ),
}

def pip_error(*, what, tried, output):
    """Returns the error text for packages that cannot be installed.

    Args:
        what: what went wrong, a clause.
        tried: the command line that was tried, a list of strings, or None.
        output: what the command printed, or "".

    Returns:
        The text for fail().
    """
    lines = ["the test requirements of rules_rlbox cannot be installed: " + what + "."]
    if tried:
        lines.append("  tried: " + " ".join([str(arg) for arg in tried]))
    lines += ["  | " + line for line in output.strip().split("\n")[-6:] if line.strip()]
    lines.append("  To fix: put a python3 (3.9 or newer) with pip on PATH, and name an index that pip can reach " +
                 "(pip.conf, PIP_INDEX_URL or PIP_FIND_LINKS: all are honoured); or leave out the targets below //tests.")
    return "\n".join(lines)

def _bytecode(packages):
    return [pattern + "c" for pattern in packages if pattern.endswith("/**/*.py")]

def _pip_repository_impl(repository_ctx):
    pip = run_pip(
        repository_ctx,
        "install",
        options = [
            "--no-compile",
            "--no-warn-script-location",
            # pip runs no code of a package.
            "--only-binary=:all:",
            "--target",
            "site-packages",
        ],
        requirements = repository_ctx.path(repository_ctx.attr.requirements),
    )
    if pip.error:
        fail(pip_error(output = pip.output, tried = pip.command, what = pip.error))

    build = _BUILD
    for name, library in sorted(_LIBRARIES.items()):
        build += _LIBRARY.format(
            name = name,
            packages = json.encode(["site-packages/" + pattern for pattern in library.packages]),
            data = json.encode(["site-packages/" + pattern for pattern in library.data + _bytecode(library.packages)]),
        )

    # Tests write no bytecode, so each would compile pytest and hypothesis again, for a second. The bytes are the same on every
    # machine with this version of Python; a failure costs that second.
    repository_ctx.execute(
        [repository_ctx.which("python3"), "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", "site-packages"],
        quiet = True,
    )
    repository_ctx.file("BUILD.bazel", build, executable = False)

pip_repository = repository_rule(
    implementation = _pip_repository_impl,
    doc = "Installs a hash-locked requirements file with the machine's pip.",
    attrs = {
        "requirements": attr.label(
            doc = "The requirements file; every line has a version and a hash.",
            allow_single_file = True,
            mandatory = True,
        ),
    },
    environ = PIP_ENVIRONMENT,
)
