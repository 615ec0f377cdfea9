"""The files of the default toolchains, for tests that pack them in other layouts."""

load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain", "use_cc_toolchain")
load("//rules/private:transition.bzl", "wasm_transition")

_WABT = "//rules/toolchains/wabt:toolchain_type"

def _wasi_sdk_parts_impl(ctx):
    files = find_cc_toolchain(ctx).all_files
    return [DefaultInfo(files = files, runfiles = ctx.runfiles(transitive_files = files))]

wasi_sdk_parts = rule(
    implementation = _wasi_sdk_parts_impl,
    doc = "The default wasi-sdk with its built sysroot.",
    cfg = wasm_transition,
    toolchains = use_cc_toolchain(mandatory = True),
)

def _wabt_parts_impl(ctx):
    wabt = ctx.toolchains[_WABT].wabt
    files = depset(
        [wabt.wasm2c, wabt.wasm_objdump, wabt.wasm_validate] + wabt.runtime_srcs,
        transitive = [wabt.runtime_hdrs],
    )
    return [DefaultInfo(files = files, runfiles = ctx.runfiles(transitive_files = files))]

wabt_parts = rule(
    implementation = _wabt_parts_impl,
    doc = "The default wabt.",
    toolchains = [_WABT],
)
