"""The rule for the folders of tools/: `stage`."""

load("@rules_python//python:py_binary.bzl", "py_binary")
load("@rules_python//python:py_library.bzl", "py_library")

def stage(programs = [], deps = []):
    """Declares one folder of tools/: a Python package, and the programs in it.

    The package has the folder's name as its target and in an import: `from link.policy import violation` is a file of
    `//tools/link`.

    Args:
        programs: files of the folder with a command line, without `.py`; each becomes a `py_binary` that actions in any
            repository may run.
        deps: the folders, as labels, that this one imports.
    """
    name = native.package_name().split("/")[-1]
    py_library(
        name = name,
        srcs = native.glob(["*.py"]),
        imports = [".."],
        visibility = [Label("//:__subpackages__")],
        deps = deps,
    )
    for program in programs:
        py_binary(
            name = program,
            srcs = [program + ".py"],
            visibility = ["//visibility:public"],
            deps = [":" + name],
        )

    # What a release holds, for tests that build other workspaces with it.
    native.filegroup(
        name = "distribution",
        srcs = native.glob(["**"]),
        visibility = [Label("//:__subpackages__")],
    )
