"""Tests of how the parts of a wasi-sdk and a wabt are found, for the layouts of all releases: pure functions."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")
load("//rules/toolchains/private:layout.bzl", "find_root", "layout_error", "wabt_layout", "wasi_sdk_layout")

_SYSROOT = "share/wasi-sysroot/"
_TOOLS = ["bin/clang", "bin/clang++", "bin/wasm-ld", "bin/lld", "bin/llvm-ar", "bin/llvm-strip", "bin/llvm-objcopy", "bin/clang-format"]

def _sdk(major, builtins, targets, variants, more):
    """The files of a wasi-sdk."""
    files = _TOOLS + ["bin/clang-" + major, "lib/clang/%s/include/stddef.h" % major] + builtins + more
    for target in targets:
        lib = "%slib/%s/" % (_SYSROOT, target)
        include = "%sinclude/%s/" % (_SYSROOT, target)
        files += [lib + name for name in ["crt1-command.o", "crt1-reactor.o", "libc.a", "libm.a", "libc.imports"]]
        files.append(include + "stdio.h")
        for variant in variants:
            files += [lib + variant + "libc++.a", lib + variant + "libc++abi.a", include + variant + "c++/v1/__config"]
    return files

_SDK_25 = _sdk(
    "19",
    ["lib/clang/19/lib/%s/libclang_rt.builtins-wasm32.a" % target for target in ["wasi", "wasip1", "wasip2"]],
    ["wasm32-wasi", "wasm32-wasip1", "wasm32-wasip2"],
    [""],
    ["lib/libLLVM.so.19.1-wasi-sdk", "lib/libclang-cpp.so.19.1-wasi-sdk"],
)
_SDK_29 = _sdk(
    "21",
    ["lib/clang/21/lib/wasm32-unknown-wasip1/libclang_rt.builtins.a"],
    ["wasm32-wasi", "wasm32-wasip1"],
    [""],
    ["bin/clang.cfg", "lib/libLLVM.dylib"],
)
_SDK_34 = _sdk(
    "23",
    ["lib/clang/23/lib/wasm32-unknown-wasip1/libclang_rt.builtins.a"],
    ["wasm32-wasip1"],
    ["eh/", "noeh/"],
    ["bin/clang.cfg", "VERSION"],
)

def _functions(files):
    """The two functions that the layout functions look through, over a list of files."""

    def exists(path):
        return path in files or len([f for f in files if f.startswith(path + "/")]) > 0

    def list_folder(path):
        prefix = path + "/" if path else ""
        return depset([f.removeprefix(prefix).split("/")[0] for f in files if f.startswith(prefix)]).to_list()

    return exists, list_folder

def _find(files):
    exists, list_folder = _functions(files)
    return wasi_sdk_layout(exists, list_folder)

def _releases_test_impl(ctx):
    env = unittest.begin(ctx)
    missing, old = _find(_SDK_25)
    asserts.equals(env, [], missing)
    asserts.equals(env, "wasm32-wasip1", old.target)
    asserts.equals(env, "lib/clang/19/lib/wasip1/libclang_rt.builtins-wasm32.a", old.libraries[0])
    asserts.equals(env, _SYSROOT + "include/wasm32-wasip1/c++/v1", old.cxx_include)
    asserts.true(env, "lib/libLLVM.so.19.1-wasi-sdk" in old.tools, "the shared library that the programs are linked with")
    asserts.true(env, "bin/clang-19" in old.tools, "what bin/clang is a link to")
    asserts.false(env, "bin/clang-format" in old.tools, "what no action runs")

    missing, middle = _find(_SDK_29)
    asserts.equals(env, [], missing)
    asserts.equals(env, "lib/clang/21/lib/wasm32-unknown-wasip1/libclang_rt.builtins.a", middle.libraries[0])
    asserts.true(env, "lib/libLLVM.dylib" in middle.tools, "macOS's spelling")

    missing, new = _find(_SDK_34)
    asserts.equals(env, [], missing)
    asserts.equals(env, _SYSROOT + "include/wasm32-wasip1/noeh/c++/v1", new.cxx_include)
    asserts.equals(env, [_SYSROOT + "lib/wasm32-wasip1/" + name for name in [
        "noeh/libc++.a",
        "noeh/libc++abi.a",
        "crt1-command.o",
        "crt1-reactor.o",
        "libc.a",
        "libm.a",
    ]], new.libraries[1:])
    return unittest.end(env)

releases_test = unittest.make(_releases_test_impl)

def _older_test_impl(ctx):
    env = unittest.begin(ctx)

    # Only the name wasm32-wasi, and libc++'s headers beside the targets' folders.
    files = [f for f in _SDK_25 if "wasip" not in f and "/c++/" not in f] + [_SYSROOT + "include/c++/v1/__config"]
    missing, layout = _find(files)
    asserts.equals(env, [], missing)
    asserts.equals(env, "wasm32-wasi", layout.target)
    asserts.equals(env, _SYSROOT + "include/c++/v1", layout.cxx_include)

    # A clang that was updated in place: its newest headers count.
    missing, layout = _find(_SDK_29 + ["lib/clang/9/include/stddef.h"])
    asserts.equals(env, "lib/clang/21", layout.resource_dir)
    return unittest.end(env)

older_test = unittest.make(_older_test_impl)

def _missing_test_impl(ctx):
    env = unittest.begin(ctx)
    missing, layout = _find([f for f in _SDK_34 if f not in ["bin/wasm-ld"] and "builtins" not in f and "noeh" not in f and "/eh/" not in f])
    asserts.equals(env, None, layout)
    asserts.equals(
        env,
        """\
rlbox.wasi_sdk(name = "x"): /opt/sdk is not a wasi-sdk that can be used.
  missing: program wasm-ld (looked for bin/wasm-ld)
  missing: compiler-rt builtins (looked for lib/clang/23/lib/wasm32-unknown-wasip1/libclang_rt.builtins.a, \
lib/clang/23/lib/wasip1/libclang_rt.builtins-wasm32.a, lib/clang/23/lib/wasi/libclang_rt.builtins-wasm32.a)
  missing: C++ library (looked for share/wasi-sysroot/lib/wasm32-wasip1/noeh/libc++.a, share/wasi-sysroot/lib/wasm32-wasip1/libc++.a)
  missing: C++ ABI library (looked for share/wasi-sysroot/lib/wasm32-wasip1/libc++abi.a)
  missing: C++ headers (looked for share/wasi-sysroot/include/wasm32-wasip1/c++/v1/__config, share/wasi-sysroot/include/c++/v1/__config)
  To fix: get it.""",
        layout_error(tag = "rlbox.wasi_sdk(name = \"x\")", place = "/opt/sdk", kind = "wasi-sdk", missing = missing, fix = "get it."),
    )
    return unittest.end(env)

missing_test = unittest.make(_missing_test_impl)

def _root_test_impl(ctx):
    env = unittest.begin(ctx)
    for files, root in [
        (["bin/clang"], ""),
        (["sdk-1/bin/clang", "sdk-1/lib/x"], "sdk-1/"),
        (["a/bin/clang", "b/bin/clang"], None),
        (["a/b/bin/clang"], None),
        ([], None),
    ]:
        exists, list_folder = _functions(files)
        asserts.equals(env, root, find_root(exists, list_folder, "clang"))
    return unittest.end(env)

root_test = unittest.make(_root_test_impl)

def _wabt_test_impl(ctx):
    env = unittest.begin(ctx)
    tools = ["bin/wasm2c", "bin/wasm-objdump", "bin/wasm-validate"]
    for files, expected in [
        (["wasm2c/wasm-rt.h", "wasm2c/wasm-rt-impl.c", "include/simde/check.h"], ("wasm2c", "wasm2c", "include")),
        (["include/wasm-rt.h", "share/wabt/wasm2c/wasm-rt-impl.c"], ("include", "share/wabt/wasm2c", "")),
    ]:
        exists, _ = _functions(tools + files)
        missing, layout = wabt_layout(exists)
        asserts.equals(env, [], missing)
        asserts.equals(env, expected, (layout.header_dir, layout.runtime_dir, layout.simde_dir))
    exists, _ = _functions(["bin/wasm2c", "wasm2c/wasm-rt.h"])
    missing, _ = wabt_layout(exists)
    asserts.equals(env, ["program wasm-objdump", "program wasm-validate", "wasm2c's runtime"], [m.what for m in missing])
    return unittest.end(env)

wabt_test = unittest.make(_wabt_test_impl)

def layout_test_suite(name):
    """Declares the unit tests.

    Args:
        name: the suite's name.
    """
    unittest.suite(name, releases_test, older_test, missing_test, root_test, wabt_test)
