"""Which libraries may have C++ in them: only they are linked with libc++, so nobody builds libc++ for a library in C."""

load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")

_C = ["c", "h", "inc", "inl", "s", "S"]
_OPTIONS = ["conlyopts", "copts", "cxxopts", "linkopts"]
_DEPS = ["deps", "implementation_deps"]

LanguageInfo = provider(
    doc = "What a C/C++ target and its deps are written in.",
    fields = {"cxx": "bool, whether there may be C++. True where nobody can tell: another rule's code, prebuilt objects."},
)

def says_cxx(options):
    """Tells whether options of the compiler or the linker may bring in C++: `-x c++`, `-lc++`, `-lstdc++`.

    Args:
        options: list of string.

    Returns:
        A bool.
    """
    return bool([option for option in options if "c++" in option or option.startswith("-x")])

def _own(target, ctx):
    if CcInfo not in target:
        return False
    if ctx.rule.kind != "cc_library":
        return True
    if [file for file in getattr(ctx.rule.files, "srcs", []) if file.extension not in _C]:
        return True
    for name in _OPTIONS:
        if says_cxx(getattr(ctx.rule.attr, name, [])):
            return True
    return False

def _language_impl(target, ctx):
    below = [
        dep[LanguageInfo].cxx
        for attribute in _DEPS
        for dep in (getattr(ctx.rule.attr, attribute, None) or [])
        if ctx.rule.kind == "cc_library" and LanguageInfo in dep
    ]
    return [LanguageInfo(cxx = _own(target, ctx) or True in below)]

language = aspect(
    implementation = _language_impl,
    attr_aspects = _DEPS,
    doc = "Gives a LanguageInfo of each target.",
)
