"""Finds the parts of a wasi-sdk or a wabt that somebody else packed, with pure functions.

Layouts differ between releases: compiler-rt lies in `lib/clang/19/lib/wasip1` up to wasi-sdk 25 and in
`lib/clang/NN/lib/wasm32-unknown-wasip1` since 26; the sysroot is called `wasm32-wasi` in old ones, has both names for a
while and only `wasm32-wasip1` since 34; libc++ has one place up to 32 and an `eh` and a `noeh` one since 33; the tools
link a shared libLLVM since 23. These functions look at the files that are there, never at the version.
"""

_SYSROOT = "share/wasi-sysroot"

# The names that the WASI preview 1 target has had, the current one first.
_TARGETS = ["wasm32-wasip1", "wasm32-wasi"]

# Code is compiled without exceptions: `noeh` where both variants exist.
_CXX_VARIANTS = ["noeh/", ""]

_BUILTINS = [
    "lib/wasm32-unknown-wasip1/libclang_rt.builtins.a",
    "lib/wasip1/libclang_rt.builtins-wasm32.a",
    "lib/wasi/libclang_rt.builtins-wasm32.a",
]

_PROGRAMS = ["clang", "clang++", "wasm-ld", "llvm-ar"]

def _first(exists, candidates):
    """Returns (the first candidate that is there or None, the candidates for a message)."""
    for candidate in candidates:
        if exists(candidate):
            return candidate, candidates
    return None, candidates

def _numbers_last(names):
    """The names that are version numbers, highest first."""
    return [str(n) for n in sorted([int(name) for name in names if name.isdigit()], reverse = True)]

def find_root(exists, list_folder, program):
    """Finds the folder that holds `bin` in an unpacked archive.

    Args:
        exists: a function: whether a relative path is there.
        list_folder: a function: the names in a relative folder, [] if it is none.
        program: what lies in `bin`, e.g. `clang`.

    Returns:
        "" or the name of the one folder in it, with a slash; None if neither holds the program.
    """
    if exists("bin/" + program):
        return ""
    folders = [name for name in list_folder("") if exists("%s/bin/%s" % (name, program))]
    return folders[0] + "/" if len(folders) == 1 else None

def wasi_sdk_layout(exists, list_folder):
    """Finds the parts of a wasi-sdk.

    Args:
        exists: a function: whether a path, relative to the folder that holds `bin`, is there.
        list_folder: a function: the names in such a folder, [] if it is none.

    Returns:
        (missing, layout): missing is a list of structs with what (words) and looked (the paths that were tried); layout is
        None if it is not empty, and else a struct with target (the triple), tools (files that run), resource_dir, headers
        (folders), sysroot_include, cxx_include, libraries (files: start-up objects and libraries that a link may name).
    """
    missing = []

    def need(what, candidates):
        found, looked = _first(exists, candidates)
        if not found:
            missing.append(struct(what = what, looked = looked))
        return found

    for program in _PROGRAMS:
        need("program " + program, ["bin/" + program])
    majors = _numbers_last(list_folder("lib/clang"))
    headers = need("clang headers", ["lib/clang/%s/include/stddef.h" % major for major in majors or ["NN"]])
    resource_dir = headers.removesuffix("/include/stddef.h") if headers else "lib/clang/NN"
    builtins = need("compiler-rt builtins", ["%s/%s" % (resource_dir, path) for path in _BUILTINS])
    libc = need("C library", ["%s/lib/%s/libc.a" % (_SYSROOT, target) for target in _TARGETS])
    target = libc.split("/")[-2] if libc else _TARGETS[0]
    lib = "%s/lib/%s/" % (_SYSROOT, target)
    for name in ["crt1-command.o", "crt1-reactor.o"]:
        need("start-up object " + name, [lib + name])
    need("C headers", ["%s/include/%s/stdio.h" % (_SYSROOT, target)])
    libcxx = need("C++ library", [lib + variant + "libc++.a" for variant in _CXX_VARIANTS])
    variant = libcxx.removeprefix(lib).removesuffix("libc++.a") if libcxx else ""
    need("C++ ABI library", [lib + variant + "libc++abi.a"])
    cxx = need("C++ headers", [
        "%s/include/%sc++/v1/__config" % (_SYSROOT, place)
        for place in [target + "/" + variant] + ([] if variant else [""])
    ])
    if missing:
        return missing, None
    return missing, struct(
        target = target,
        tools = _tools(list_folder),
        resource_dir = resource_dir,
        sysroot_include = "%s/include/%s" % (_SYSROOT, target),
        cxx_include = cxx.removesuffix("/__config"),
        libraries = [builtins, lib + variant + "libc++.a", lib + variant + "libc++abi.a"] + [
            lib + name
            for name in sorted(list_folder(lib.rstrip("/")))
            if name.endswith((".a", ".o")) and not name.startswith("libc++")
        ],
    )

def _tools(list_folder):
    """The programs that actions run, what they link to, and what they are links to."""
    programs = [
        name
        for name in sorted(list_folder("bin"))
        if name in _PROGRAMS + ["lld", "llvm-objcopy", "llvm-strip"] or name.removeprefix("clang-").isdigit()
    ]
    libraries = [
        name
        for name in sorted(list_folder("lib"))
        if ".so" in name or name.endswith(".dylib")
    ]
    return ["bin/" + name for name in programs] + ["lib/" + name for name in libraries]

def wabt_layout(exists):
    """Finds the parts of a wabt.

    Args:
        exists: a function: whether a path, relative to the folder that holds `bin`, is there.

    Returns:
        (missing, layout): missing as wasi_sdk_layout's; layout is a struct with header_dir (where wasm-rt.h is), runtime_dir
        (where the C sources are) and simde_dir (what `simde` is in; "" if there is none).
    """
    missing = []

    def need(what, candidates):
        found, looked = _first(exists, candidates)
        if not found:
            missing.append(struct(what = what, looked = looked))
        return found

    for program in ["wasm2c", "wasm-objdump", "wasm-validate"]:
        need("program " + program, ["bin/" + program])
    header = need("wasm2c's header", [folder + "/wasm-rt.h" for folder in ["wasm2c", "include", "share/wabt/wasm2c"]])
    source = need("wasm2c's runtime", [folder + "/wasm-rt-impl.c" for folder in ["wasm2c", "share/wabt/wasm2c"]])
    if missing:
        return missing, None
    return missing, struct(
        header_dir = header.rsplit("/", 1)[0],
        runtime_dir = source.rsplit("/", 1)[0],
        simde_dir = "include" if exists("include/simde/check.h") else "",
    )

def layout_error(*, tag, place, kind, missing, fix):
    """Returns the error text for a folder or an archive without the parts of a toolchain.

    Args:
        tag: the tag that named it.
        place: the folder, or the archive's address.
        kind: what the tag says that it is, e.g. `wasi-sdk`.
        missing: what wasi_sdk_layout or wabt_layout returned; [] if not even `bin` was found.
        fix: what the user can do, a sentence.

    Returns:
        The text for fail().
    """
    lines = ["%s: %s is not %s %s that can be used." % (tag, place, "an" if kind.startswith("RLBox") else "a", kind)]
    lines += ["  missing: %s (looked for %s)" % (m.what, ", ".join(m.looked)) for m in missing]
    return "\n".join(lines + ["  To fix: " + fix])
