"""A consumer's file that loads ours; its documentation can be extracted."""

load("//rules:defs.bzl", "RlboxSandboxInfo", "rlbox_sandbox")

# A name of its own: what is only loaded has no documentation.
PROVIDERS = [RlboxSandboxInfo]

def documented_sandbox(name, deps):
    """Declares a sandbox with the exports of a house.

    Args:
        name: the target's name.
        deps: the library.
    """
    rlbox_sandbox(name = name, deps = deps, exports = ["version"])
