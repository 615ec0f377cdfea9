"""A module of a registry in a sandbox, with the program of examples/libraries for the same library."""

load("//rules:defs.bzl", "rlbox_differential_test", "rlbox_sandbox")

def registry_test(name, library, deps, samples, manual, **kwargs):
    """Declares a sandbox of a module and the test that compares what a program prints with and without the sandbox.

    Args:
        name: the test's name.
        library: the folder of examples/libraries that has the program, and the sandbox's name in C++.
        deps: the module's target, as a user writes it.
        samples: the program's inputs.
        manual: whether `//...` leaves the test out.
        **kwargs: attributes of the sandbox that a user has to set.
    """
    tags = ["manual"] if manual else []
    folder = "//examples/libraries/" + library
    rlbox_sandbox(
        name = library + "_sandbox",
        module_name = library,
        tags = tags,
        deps = deps,
        **kwargs
    )
    rlbox_differential_test(
        name = name,
        srcs = ["%s:%s.cpp" % (folder, library)],
        args = ["$(rootpath %s)" % sample for sample in samples],
        data = samples,
        expected_stdout = folder + ":expected.txt",
        sandboxes = [":%s_sandbox" % library],
        tags = tags,
        deps = ["//examples/libraries:driver"],
    )
