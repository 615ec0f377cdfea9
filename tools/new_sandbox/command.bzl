"""The program that people run."""

load("@rules_python//python:py_binary.bzl", "py_binary")

def command(name, deps):
    """Declares the program NAME.py of this folder, which knows in which repository it is.

    Args:
        name: the file, without `.py`.
        deps: the libraries that it imports.
    """
    py_binary(
        name = name,
        srcs = [name + ".py"],
        args = ["--rules=" + str(Label("//tools/new_sandbox")).partition("//")[0]],
        visibility = ["//visibility:public"],
        deps = deps,
    )
