"""rlbox_cc_binary, rlbox_cc_library and rlbox_cc_test: C++ rules with sandboxes."""

load("@rules_cc//cc:cc_binary.bzl", "cc_binary")
load("@rules_cc//cc:cc_library.bzl", "cc_library")
load("@rules_cc//cc:cc_test.bzl", "cc_test")
load("@rules_cc//cc:find_cc_toolchain.bzl", "use_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load(":names.bzl", "display_label")
load(":one_program.bzl", "check_one_program")
load(":providers.bzl", "RlboxSandboxInfo", "WasmModuleInfo")

_SandboxesInfo = provider(
    doc = "The sandboxes that a target links, directly or not.",
    fields = {"sandboxes": "depset of struct(module_name = string, label = Label, alone = bool: whether a program can have no other, linker_inputs = depset of LinkerInput: the library itself, with the noop backend)"},
)

# `sandboxes` is an attribute of _rlbox_sandboxes below.
_EDGES = ["deps", "sandboxes"]

def _sandboxes_aspect_impl(target, ctx):
    direct = []
    if RlboxSandboxInfo in target:
        info = target[RlboxSandboxInfo]
        direct.append(struct(
            module_name = info.module_name,
            label = target.label,
            alone = info.api == "upstream" and info.backend == "wasm2c",
            linker_inputs = info.linker_inputs,
        ))
    deps = [dep for name in _EDGES for dep in getattr(ctx.rule.attr, name, [])]
    return [_SandboxesInfo(sandboxes = depset(
        direct,
        transitive = [dep[_SandboxesInfo].sandboxes for dep in deps if _SandboxesInfo in dep],
    ))]

_sandboxes_aspect = aspect(
    implementation = _sandboxes_aspect_impl,
    doc = "Collects the sandboxes below a C++ target.",
    attr_aspects = _EDGES,
)

def check_unique_modules(label, sandboxes):
    """Fails if two sandboxes of a program have one module name, or if the program can have only one.

    Args:
        label: the program, as a string.
        sandboxes: a list of structs with module_name, label and alone.
    """
    by_name = {}
    for sandbox in sandboxes:
        other = by_name.setdefault(sandbox.module_name, sandbox)
        if other.label != sandbox.label:
            fail("%s: two sandboxes have the module name %r: %s and %s, so their C symbols collide. To fix: give one of them another module_name" %
                 tuple([label, sandbox.module_name] + sorted([display_label(other.label), display_label(sandbox.label)])))
    alone = [sandbox for sandbox in sandboxes if sandbox.alone]
    if len(alone) > 1:
        fail("%s: upstream's RLBox can have one wasm2c sandbox in a program, and this one has %d: %s. To fix: split the program, or build it with --@rules_rlbox//rules/settings:rlbox=bundled" %
             (label, len(alone), ", ".join(sorted([display_label(sandbox.label) for sandbox in alone]))))

def _rlbox_sandboxes_impl(ctx):
    for target in ctx.attr.sandboxes:
        if WasmModuleInfo in target:
            fail("%s: sandboxes: %s is a wasm_library, the module alone. To fix: name the wasm2c_library that is made of it" % (ctx.attr.public_label, display_label(target.label)))
        if RlboxSandboxInfo not in target:
            fail("%s: sandboxes: %s is not a sandbox. To fix: name a wasm2c_library, and put other libraries into deps" % (ctx.attr.public_label, display_label(target.label)))
    sandboxes = depset(transitive = [
        target[_SandboxesInfo].sandboxes
        for target in ctx.attr.sandboxes + ctx.attr.deps
    ]).to_list()
    check_unique_modules(ctx.attr.public_label, sandboxes)
    proof = check_one_program(ctx, ctx.attr.public_label, sandboxes)
    checked = []
    if proof:
        # An input of the link, so that there is no program without the check.
        checked.append(CcInfo(linking_context = cc_common.create_linking_context(linker_inputs = depset([
            cc_common.create_linker_input(owner = ctx.label, additional_inputs = depset([proof])),
        ]))))
    return [
        # Direct: their headers are the program's own dependencies, for compilers that check layers.
        cc_common.merge_cc_infos(
            direct_cc_infos = [target[CcInfo] for target in ctx.attr.sandboxes],
            cc_infos = checked,
        ),
        OutputGroupInfo(_validation = depset([proof] if proof else [])),
    ]

_rlbox_sandboxes = rule(
    implementation = _rlbox_sandboxes_impl,
    doc = "The sandboxes of one program as one C++ dependency, checked for names that collide.",
    attrs = {
        "deps": attr.label_list(
            doc = "The program's other dependencies, searched for sandboxes.",
            aspects = [_sandboxes_aspect],
        ),
        "public_label": attr.string(
            doc = "The program, for messages.",
            mandatory = True,
        ),
        "sandboxes": attr.label_list(
            doc = "The sandboxes.",
            aspects = [_sandboxes_aspect],
        ),
        "_one_program": attr.label(
            default = Label("//tools/link:one_program"),
            cfg = "exec",
            executable = True,
        ),
    },
    provides = [CcInfo],
    toolchains = use_cc_toolchain(mandatory = True),
)

# A frame that is larger than the guard page below the stack must not jump over it. Older clangs for aarch64 say that the
# option does nothing. gcc for aarch64 has to be told that a guard can be one page (wasm2c_compile.bzl).
_STACK_CLASH = select({
    Label("//rules/private:linux_aarch64_clang"): ["-fstack-clash-protection", "-Wno-unused-command-line-argument"],
    Label("//rules/private:linux_aarch64_gcc"): ["-fstack-clash-protection", "--param=stack-clash-protection-guard-size=12"],
    Label("//rules/private:linux_x86_64_clang"): ["-fstack-clash-protection"],
    Label("//rules/private:linux_x86_64_gcc"): ["-fstack-clash-protection"],
    "//conditions:default": [],
})

def _compiled(stack_clash_protection, kwargs):
    """The attributes with the options for the application's own code; copts follow them."""
    if not stack_clash_protection:
        return kwargs
    return dict(kwargs, copts = _STACK_CLASH + (kwargs.get("copts") or []))

def _with_sandboxes(name, sandboxes, deps, kwargs):
    """Declares the target that joins the sandboxes; returns the deps with it."""
    _rlbox_sandboxes(
        name = name + ".sandboxes",
        deps = deps,
        public_label = display_label(native.package_relative_label(":" + name)),
        sandboxes = sandboxes,
        tags = ["manual"],
        testonly = kwargs.get("testonly", False),
        visibility = ["//visibility:private"],
    )
    return deps + [":%s.sandboxes" % name]

def rlbox_cc_binary(name, sandboxes = [], deps = [], stack_clash_protection = True, **kwargs):
    """A `cc_binary` whose program uses sandboxes.

    The sources include `<module_name>.rlbox.h` for each of them. Building with
    `--@rules_rlbox//rules/settings:backend=noop` links the libraries themselves instead, with the same sources; two libraries
    that define the same symbol are then refused.

    **EXAMPLE**

    ```starlark
    load("@rules_rlbox//rules:defs.bzl", "rlbox_cc_binary")

    rlbox_cc_binary(
        name = "myapp",
        srcs = ["main.cpp"],
        sandboxes = [":mylib_sandbox"],
    )
    ```

    Args:
        name: the target's name.
        sandboxes: `wasm2c_library` targets, each with a module name of its own.
        deps: other C++ libraries; sandboxes that they use are taken into account.
        stack_clash_protection: compile `srcs` with `-fstack-clash-protection`, on Linux with gcc (8 or newer) or clang (11
            or newer) for x86_64 and aarch64; elsewhere it changes nothing. A library decides how deep the stack is when it calls back. Without
            this option a callback with a frame of more than a page (a large buffer) can step over the guard page below
            the thread's stack and write to what lies there, instead of ending in a fault. False for an older compiler. For the code of `deps`
            that callbacks run, build with `--copt=-fstack-clash-protection`.
        **kwargs: every other attribute of `cc_binary`.
    """
    cc_binary(name = name, deps = _with_sandboxes(name, sandboxes, deps, kwargs), **_compiled(stack_clash_protection, kwargs))

def rlbox_cc_library(name, sandboxes = [], deps = [], stack_clash_protection = True, **kwargs):
    """A `cc_library` that uses sandboxes. As `rlbox_cc_binary`.

    Args:
        name: the target's name.
        sandboxes: `wasm2c_library` targets, each with a module name of its own.
        deps: other C++ libraries.
        stack_clash_protection: as in `rlbox_cc_binary`.
        **kwargs: every other attribute of `cc_library`.
    """
    cc_library(name = name, deps = _with_sandboxes(name, sandboxes, deps, kwargs), **_compiled(stack_clash_protection, kwargs))

def rlbox_cc_test(name, sandboxes = [], deps = [], stack_clash_protection = True, **kwargs):
    """A `cc_test` that uses sandboxes. As `rlbox_cc_binary`.

    Args:
        name: the target's name.
        sandboxes: `wasm2c_library` targets, each with a module name of its own.
        deps: other C++ libraries.
        stack_clash_protection: as in `rlbox_cc_binary`.
        **kwargs: every other attribute of `cc_test`.
    """
    cc_test(
        name = name,
        deps = _with_sandboxes(name, sandboxes, deps, dict(kwargs, testonly = True)),
        **_compiled(stack_clash_protection, kwargs)
    )
