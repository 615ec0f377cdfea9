"""Tests that compare a text with a golden file of the source tree, with a target that updates the file."""

load("@rules_python//python:py_binary.bzl", "py_binary")
load("@rules_python//python:py_test.bzl", "py_test")
load(":names.bzl", "check_test_argument", "display_label")

_MAIN = Label("//tools/testing:golden_file.py")

def golden_test(name, actual, golden, what, size = "small", **kwargs):
    """Declares `<name>`, which compares, and `<name>.update`, which writes the golden file into the source tree.

    Args:
        name: the test's name.
        actual: label of the one file to compare.
        golden: the golden file, a source file of this package, by its path in it. It need not exist yet.
        what: what the file is about, for messages.
        size: the test's size.
        **kwargs: attributes that all tests have: `tags`, `visibility`, ...
    """
    label = native.package_relative_label(":" + name)
    if type(golden) != "string" or golden.startswith(("//", "@", ":", "/")) or ".." in golden.split("/"):
        fail("%s: golden must be the path of a source file of this package, such as \"%s.golden.txt\", got %r" %
             (display_label(label), name, str(golden)))
    check_test_argument(display_label(label), "name", display_label(label), quoted = True)
    check_test_argument(display_label(label), "golden", native.package_name() + "/" + golden)
    check_test_argument(display_label(label), "actual", str(actual))
    path = native.package_name() + "/" + golden if native.package_name() else golden
    command = "bazel run %s.update" % display_label(label)
    arguments = [
        "--actual=$(rootpath %s)" % actual,
        "--golden=" + path,
        "--what='%s'" % what,
        "--command='%s'" % command,
    ]
    common = {key: kwargs[key] for key in ["compatible_with", "restricted_to", "tags", "target_compatible_with", "visibility"] if key in kwargs}
    py_test(
        name = name,
        size = size,
        srcs = [_MAIN],
        main = _MAIN,
        args = ["test"] + arguments,
        # A golden file that is not there yet is a failed test, which says what to do, and not a broken package.
        data = [actual] + native.glob([golden], allow_empty = True),
        **kwargs
    )
    py_binary(
        name = name + ".update",
        testonly = True,
        srcs = [_MAIN],
        main = _MAIN,
        args = ["update"] + arguments,
        data = [actual],
        **dict(common, tags = common.get("tags", []) + ["manual"])
    )
