"""What modules are linked with besides the sysroot: archives of what is in runtime/guest.

A member is linked only where something needs it.
"""

_ASSEMBLER_FLAGS = [
    "--no-default-config",
    "-no-canonical-prefixes",
    "-mexception-handling",
]

# No header of the sysroot is read, and nothing is guessed. -O2: the same in every compilation mode.
_COMPILE_FLAGS = [
    "--no-default-config",
    "-no-canonical-prefixes",
    "-fdebug-compilation-dir=.",
    "-nostdinc",
    "-O2",
    "-Wall",
]

# C++ with exceptions, in the first form of their instructions: the one that wasm2c reads. cc_toolchain_config.bzl has the
# same for libraries.
EXCEPTION_FLAGS = ["-fwasm-exceptions", "-mllvm", "-wasm-use-legacy-eh=true"]

# Answers that a module can have of its own to what it would import, and features of the toolchain that link them.
GUEST_ANSWERS = ["no_files", "no_sleep"]

# As cc_toolchain_config.bzl has it for libraries. The compiler knows setjmp and longjmp by these names alone; there are no
# signals whose mask the others would keep.
SETJMP_FLAGS = [
    "-mllvm",
    "-wasm-enable-sjlj",
    "-D_setjmp=setjmp",
    "-D_longjmp=longjmp",
    "-Dsigsetjmp(environment,mask)=setjmp(environment)",
    "-Dsiglongjmp=longjmp",
]

def _flags(source):
    if source.extension == "s":
        return _ASSEMBLER_FLAGS
    return _COMPILE_FLAGS + SETJMP_FLAGS + (EXCEPTION_FLAGS if source.extension == "cc" else [])

def _guest_runtime_impl(ctx):
    objects = []
    headers = [file for file in ctx.files.srcs if file.extension == "h"]
    for source in ctx.files.srcs:
        if source in headers:
            continue
        object = ctx.actions.declare_file("%s/%s.o" % (ctx.label.name, source.basename))
        args = ctx.actions.args()
        args.add("--target=" + ctx.attr.target)
        args.add_all(_flags(source))
        args.add("-c", source)
        args.add("-o", object)
        ctx.actions.run(
            executable = ctx.executable.clang,
            arguments = [args],
            inputs = [source] + headers,
            tools = ctx.files.tools,
            outputs = [object],
            mnemonic = "WasiGuestRuntime",
            progress_message = "Compiling %s for modules" % source.basename,
            toolchain = None,
        )
        objects.append(object)
    archive = ctx.actions.declare_file("librlbox_%s.a" % ctx.label.name)
    args = ctx.actions.args()
    args.add("rcsD", archive)
    args.add_all(objects)
    ctx.actions.run(
        executable = ctx.executable.llvm_ar,
        arguments = [args],
        inputs = objects,
        tools = ctx.files.tools,
        outputs = [archive],
        mnemonic = "WasiGuestRuntime",
        progress_message = "Collecting what is compiled for modules",
        toolchain = None,
    )
    return [DefaultInfo(files = depset([archive]))]

def _program(doc):
    return attr.label(doc = doc, allow_single_file = True, cfg = "exec", executable = True, mandatory = True)

guest_runtime = rule(
    implementation = _guest_runtime_impl,
    doc = "An archive of what compiled code calls and no sysroot has.",
    attrs = {
        "clang": _program("The C compiler driver."),
        "llvm_ar": _program("The archiver."),
        "target": attr.string(
            doc = "The target triple, as clang spells it.",
            mandatory = True,
        ),
        "tools": attr.label_list(
            doc = "What these programs run.",
            allow_files = True,
            cfg = "exec",
        ),
        "srcs": attr.label(
            doc = "The sources, and the headers that they include.",
            mandatory = True,
        ),
    },
)
