"""Libraries with a mistake in what they show, or sandboxes that ask for what they do not have."""

load("@rules_cc//cc:cc_library.bzl", "cc_library")
load("@rules_rlbox//rules:defs.bzl", "rlbox_sandbox")

# name -> attributes of the sandbox
_C = {
    "bit_field": {},
    "declared_only": {},
    "declared_only_and_asked_for": {"exports": ["not_written_yet"]},
    "flexible_array": {},
    "is_inline": {"exports": ["twice"]},
    "is_static": {"exports": ["helper"]},
    "many_functions": {"max_table": 2},
    "missing_include": {},
    "much_data": {"initial_memory": 524288},
    "nothing_declared": {},
    "packed": {},
    "union_member": {},
    "unknown_opaque": {"opaque_structs": ["recrod"]},
    "variadic_only": {},
}

_CXX = {
    "cxx_only": {},
    "cxx_only_and_asked_for": {"exports": ["use_record"]},
}

# These are fine: the way out that the message of the other one names.
_GOOD = {
    "bit_field_opaque": {"opaque_structs": ["record"]},
    "header_left_out": {"exports_only": ["use_record"], "public_headers": []},
}

def _sandbox(name, source, attributes):
    cc_library(
        name = name + "_library",
        srcs = [source],
        hdrs = ["surface.h"],
        defines = [name.removesuffix("_and_asked_for").removesuffix("_opaque").upper()],
        tags = ["manual"],
    )
    rlbox_sandbox(name = name, deps = [":%s_library" % name], **attributes)

def surfaces(name):
    """Declares them all.

    Args:
        name: the name of a filegroup of the good ones.
    """
    for source, cases in {"surface.c": dict(_C, **_GOOD), "surface.cc": _CXX}.items():
        for case, attributes in cases.items():
            _sandbox(case, source, attributes)
    native.filegroup(name = name, srcs = [":" + case for case in _GOOD])
