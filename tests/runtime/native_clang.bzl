"""A C++ test that is compiled with clang and linked as the host's C++ toolchain links."""

load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain", "use_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load(":compilers.bzl", "NativeCompilerInfo")

def _include_flags(args, context):
    args.add_all(context.includes, before_each = "-I")
    args.add_all(context.quote_includes, before_each = "-iquote")
    args.add_all(context.system_includes, before_each = "-isystem")
    args.add_all(context.defines, format_each = "-D%s")

def _compile(ctx, src, context):
    """One action: a source to an object file."""
    compiler = ctx.attr._compiler[NativeCompilerInfo]
    out = ctx.actions.declare_file("%s_objects/%s.o" % (ctx.label.name, src.basename))
    args = ctx.actions.args()
    args.add_all(compiler.flags)
    args.add("-fPIC")
    args.add_all(ctx.attr.copts)
    _include_flags(args, context)
    args.add("-c", src)
    args.add("-o", out)
    ctx.actions.run(
        arguments = [args],
        executable = compiler.executable,
        inputs = depset(ctx.files.srcs, transitive = [context.headers]),
        mnemonic = "NativeClangCompile",
        outputs = [out],
        progress_message = "Compiling %{output} with clang for %{label}",
        tools = compiler.files,
    )
    return out

def _clang_test_impl(ctx):
    deps = [dep[CcInfo] for dep in ctx.attr.deps]
    context = cc_common.merge_compilation_contexts(
        compilation_contexts = [dep.compilation_context for dep in deps],
    )
    objects = [_compile(ctx, src, context) for src in ctx.files.srcs if src.extension == "cpp"]
    cc_toolchain = find_cc_toolchain(ctx)
    linked = cc_common.link(
        name = ctx.label.name,
        actions = ctx.actions,
        cc_toolchain = cc_toolchain,
        # As either kind: optimised programs are linked from objects that need not be PIC.
        compilation_outputs = cc_common.create_compilation_outputs(objects = depset(objects), pic_objects = depset(objects)),
        feature_configuration = cc_common.configure_features(
            ctx = ctx,
            cc_toolchain = cc_toolchain,
            requested_features = ctx.features,
            unsupported_features = ctx.disabled_features,
        ),
        linking_contexts = [dep.linking_context for dep in deps],
    )
    return [DefaultInfo(
        executable = linked.executable,
        runfiles = ctx.runfiles(files = ctx.files.data),
    )]

clang_test = rule(
    implementation = _clang_test_impl,
    doc = "Like `cc_test`, with the clang of compilers.bzl. The dependencies' own code is compiled as usual.",
    attrs = {
        "copts": attr.string_list(
            doc = "Flags for the compiler.",
        ),
        "data": attr.label_list(
            doc = "Files that the test needs when it runs.",
            allow_files = True,
        ),
        "deps": attr.label_list(
            doc = "C++ libraries.",
            providers = [CcInfo],
        ),
        "srcs": attr.label_list(
            doc = "The sources (`.cpp`), and headers of the test's own.",
            allow_files = [".cpp", ".hpp", ".h"],
            mandatory = True,
        ),
        "_compiler": attr.label(
            default = ":clang",
        ),
    },
    fragments = ["cpp"],
    test = True,
    toolchains = use_cc_toolchain(mandatory = True),
)
