"""The wasi-sdk's compiler for tests that run it: `wasi_clang`."""

_WASI_SDK = Label("//rules/toolchains/wasi_sdk:toolchain_type")

def _in_runfiles(path):
    """An exec path of an external repository's file as a path from the runfiles' main folder."""
    return "../" + path.removeprefix("external/")

def _wasi_clang_impl(ctx):
    sdk = ctx.toolchains[_WASI_SDK].wasi_sdk
    clang = _in_runfiles(sdk.clang.path)
    facts = ctx.actions.declare_file(ctx.label.name + ".json")
    ctx.actions.write(facts, json.encode_indent({
        "clang": clang,
        "clang_cxx": clang + "++",
        "flags": [
            "--target=wasm32-wasip1",
            "--sysroot=" + _in_runfiles(sdk.sysroot_include).removesuffix("/include/wasm32-wasip1"),
            "-resource-dir=" + _in_runfiles(sdk.resource_include).removesuffix("/include"),
            "-no-canonical-prefixes",
        ],
    }))
    return [DefaultInfo(
        files = depset([facts]),
        runfiles = ctx.runfiles([facts], transitive_files = depset(transitive = [sdk.headers, sdk.tools])),
    )]

wasi_clang = rule(
    implementation = _wasi_clang_impl,
    doc = "Writes `<name>.json` with the compilers' paths and flags, relative to where a test starts; they are in its runfiles.",
    toolchains = [_WASI_SDK],
)
