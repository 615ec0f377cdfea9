"""mutated_test: a program of this folder on inputs that are broken on purpose."""

load("@rules_python//python:py_test.bzl", "py_test")

_MAIN = Label(":mutated.py")

def mutated_test(name, program, samples, may_differ = 0, **kwargs):
    """Tests that no input ends the sandboxed program, and that both builds of it make the same of each.

    Args:
        name: the test's name.
        program: the name of an rlbox_differential_test of this package, whose programs are run.
        samples: the files that 200 inputs are made of.
        may_differ: for so many inputs the library itself may print something else; README.md says why.
        **kwargs: attributes that all tests have.
    """
    py_test(
        name = name,
        srcs = [_MAIN],
        main = _MAIN,
        args = [
            "--native=$(rootpath :%s.noop)" % program,
            "--sandboxed=$(rootpath :%s.wasm2c)" % program,
            "--may-differ=%d" % may_differ,
        ] + ["$(rootpath %s)" % sample for sample in samples],
        data = samples + [":%s.%s" % (program, variant) for variant in ["noop", "wasm2c"]],
        **kwargs
    )
