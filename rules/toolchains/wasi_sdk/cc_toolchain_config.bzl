"""The cc_toolchain of a wasi-sdk: plain cc_library and cc_binary for wasm32-wasi.

Everything is a feature with flags of our own (`no_legacy_features`), and every program is a File: no path is
guessed, none is absolute.

Features that a target may ask for:
  wasi_reactor   link a module without main, whose `_initialize` runs the constructors (wasm_library asks for it)
  exceptions     throw and catch; for a whole configuration (wasm_library's attribute `exceptions` sets it), because the C++
                 libraries are others, and known only there. Without it a throw ends the call into the sandbox as a trap
  rtti           dynamic_cast and typeid; on by default, `-rtti` compiles with -fno-rtti
  simd           compile with -msimd128 (wasm_library's attribute `simd` asks for it)
  drop_flags     drop the flags that only mean something to the host, and those that wasm_library's `drop_copts` names; always on
"""

load("@rules_cc//cc:action_names.bzl", "ACTION_NAMES")
load(
    "@rules_cc//cc:cc_toolchain_config_lib.bzl",
    "action_config",
    "artifact_name_pattern",
    "feature",
    "flag_group",
    "flag_set",
    "tool",
    "tool_path",
    "variable_with_value",
    "with_feature_set",
)
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/toolchains:cc_toolchain_config_info.bzl", "CcToolchainConfigInfo")
load(":features.bzl", "flags_feature", "library_groups", "variable_feature")
load(":guest_runtime.bzl", "EXCEPTION_FLAGS", "SETJMP_FLAGS")
load(":host_flags.bzl", "drop_flags_feature")

_C_COMPILE = [ACTION_NAMES.c_compile, ACTION_NAMES.assemble, ACTION_NAMES.preprocess_assemble]
_CXX_COMPILE = [
    ACTION_NAMES.cpp_compile,
    ACTION_NAMES.cpp_header_parsing,
    ACTION_NAMES.cpp_module_compile,
    ACTION_NAMES.linkstamp_compile,
]
_COMPILE = _C_COMPILE + _CXX_COMPILE
_LINK = [ACTION_NAMES.cpp_link_executable]
_ARCHIVE = [ACTION_NAMES.cpp_link_static_library]

def _common_flags(target, sysroot, resource_dir):
    """Says everything that clang would otherwise guess or read from a configuration file beside it."""
    return [
        "--target=" + target,
        "--no-default-config",
        "--sysroot=" + sysroot,
        "-resource-dir",
        resource_dir,
        "-no-canonical-prefixes",
    ]

# wasi-libc's headers of what it emulates for one process refuse to be included without these. A source that includes none
# of them gives the same object.
_EMULATED = ["-D_WASI_EMULATED_" + name for name in ["GETPID", "MMAN", "PROCESS_CLOCKS", "SIGNAL"]]

def _emulation_libraries(libraries):
    """The libraries behind these headers, as options; what a module does not call is not linked."""
    names = sorted([file.basename for file in libraries if file.basename.startswith("libwasi-emulated-")])
    return ["-l" + name.removeprefix("lib").removesuffix(".a") for name in names]

def _exception_features(available):
    """The feature "exceptions", where the C++ libraries of the configuration have them."""
    return [flags_feature("exceptions", _CXX_COMPILE, EXCEPTION_FLAGS, enabled = False)] if available else []

def _compile_features(target, sysroot, resource_dir, cxx_include):
    # -no-canonical-prefixes, the prefix map and the fixed directory keep paths out of objects and .d files.
    always = _common_flags(target, sysroot, resource_dir) + [
        "-fdebug-compilation-dir=.",
        "-Wno-builtin-macro-redefined",
        "-D__DATE__=\"redacted\"",
        "-D__TIMESTAMP__=\"redacted\"",
        "-D__TIME__=\"redacted\"",
    ]
    return [
        flags_feature("wasi_target", _COMPILE, always),
        # $(CC_FLAGS) of genrules, for the compiler that $(CC) names.
        flags_feature("cc_flags", [ACTION_NAMES.cc_flags_make_variable], _common_flags(target, sysroot, resource_dir)),
        flags_feature("emulation", _COMPILE, _EMULATED),
        flags_feature("warnings", _COMPILE, ["-Wall"]),
        # -O3: docs/performance.md, "Levers".
        flags_feature("opt", _COMPILE, ["-O3", "-DNDEBUG", "-ffunction-sections", "-fdata-sections"], enabled = False),
        flags_feature("fastbuild", _COMPILE, ["-O0"], enabled = False),
        flags_feature("dbg", _COMPILE, ["-O0", "-g"], enabled = False),
        flags_feature("cxx17", _CXX_COMPILE, ["-std=c++17", "-stdlib++-isystem", cxx_include]),
        # A file that calls no setjmp comes out the same, but for the features that it says it was compiled with.
        flags_feature("setjmp", [ACTION_NAMES.c_compile] + _CXX_COMPILE, SETJMP_FLAGS),
        # catch blocks vanish, and a throw calls runtime/guest/throw.c. The macros say that there are no exceptions, so that
        # headers choose what they do without: code that does not throw comes out the same as with -fno-exceptions.
        flags_feature(
            "no_exceptions",
            _CXX_COMPILE,
            ["-fignore-exceptions", "-U__cpp_exceptions", "-U__EXCEPTIONS"],
            with_features = [with_feature_set(not_features = ["exceptions"])],
        ),
        flags_feature("no_rtti", _CXX_COMPILE, ["-fno-rtti"], with_features = [with_feature_set(not_features = ["rtti"])]),
        feature(name = "rtti", enabled = True),
        flags_feature("simd", _COMPILE, ["-msimd128"], enabled = False),
        variable_feature("preprocessor_defines", _COMPILE, "preprocessor_defines", ["-D%{preprocessor_defines}"], each = True),
        variable_feature("includes", _COMPILE, "includes", ["-include", "%{includes}"], each = True),
        feature(
            name = "include_paths",
            enabled = True,
            flag_sets = [flag_set(actions = _COMPILE, flag_groups = [
                flag_group(flags = ["-iquote", "%{quote_include_paths}"], iterate_over = "quote_include_paths"),
                flag_group(flags = ["-I%{include_paths}"], iterate_over = "include_paths"),
                flag_group(flags = ["-isystem", "%{system_include_paths}"], iterate_over = "system_include_paths"),
            ])],
        ),
        variable_feature("external_include_paths", _COMPILE, "external_include_paths", ["-isystem", "%{external_include_paths}"], each = True),
        variable_feature("dependency_file", _COMPILE, "dependency_file", ["-MD", "-MF", "%{dependency_file}"]),
        variable_feature("user_compile_flags", _COMPILE, "user_compile_flags", ["%{user_compile_flags}"], each = True),
        # Libraries ask for -pthread on every system. A sandbox has no threads: the calls are undefined and named by the check.
        flags_feature("no_pthread", _COMPILE, ["-no-pthread"]),
        variable_feature("compiler_input_flags", _COMPILE, "source_file", ["-c", "%{source_file}"]),
        variable_feature("compiler_output_flags", _COMPILE, "output_file", ["-o", "%{output_file}"]),
    ]

def _runtime_libraries(libraries, guest_runtime, guest_exceptions):
    """With exceptions, the C++ libraries come first: what they define is not the guest runtime's, which has no exceptions."""
    has_cxx = "libc++.a" in [file.basename for file in libraries]
    cxx = ["-lc++", "-lc++abi"] if has_cxx else []
    guest = [file.path for file in guest_runtime]
    first = cxx + [file.path for file in guest_exceptions] + guest if guest_exceptions else guest + cxx
    return first + _emulation_libraries(libraries) + ["-lc"]

def _link_features(target, sysroot, resource_dir, libraries, guest_runtime, guest_exceptions, guest_answers):
    start = {file.basename: file.path for file in libraries if file.basename.startswith("crt1-")}
    builtins = [file.path for file in libraries if file.basename.startswith("libclang_rt.builtins")]
    folders = {file.dirname: True for file in libraries if file.basename in ["libc.a", "libc++.a"]}
    always = _common_flags(target, sysroot, resource_dir) + [
        # Start-up code and libraries are named below: clang would look for them in the sysroot.
        "-nostdlib",
    ] + ["-L" + folder for folder in folders]
    command = [with_feature_set(not_features = ["wasi_reactor"])]
    reactor = [with_feature_set(features = ["wasi_reactor"])]
    return [
        flags_feature("wasi_link_target", _LINK, always),
        feature(name = "wasi_reactor"),
        flags_feature("command_start", _LINK, [start["crt1-command.o"]], with_features = command),
        flags_feature("reactor_start", _LINK, [start["crt1-reactor.o"], "-Wl,--no-entry", "-Wl,--export=_initialize"], with_features = reactor),
        variable_feature("output_execpath", _LINK, "output_execpath", ["-o", "%{output_execpath}"]),
        variable_feature("library_search_directories", _LINK, "library_search_directories", ["-L%{library_search_directories}"], each = True),
        feature(
            name = "libraries_to_link",
            enabled = True,
            flag_sets = [flag_set(actions = _LINK, flag_groups = [library_groups()])],
        ),
        variable_feature("user_link_flags", _LINK, "user_link_flags", ["%{user_link_flags}"], each = True),
        # Says nothing where no library asks for threads.
        flags_feature("no_pthread_link", _LINK, ["-no-pthread", "-Wno-unused-command-line-argument"]),
        # What a rule asks for: the archive librlbox_guest_NAME.a for the feature NAME.
    ] + [
        flags_feature(file.basename.removeprefix("librlbox_guest_").removesuffix(".a"), _LINK, [file.path], enabled = False)
        for file in guest_answers
    ] + [
        flags_feature("runtime_libraries", _LINK, _runtime_libraries(libraries, guest_runtime, guest_exceptions) + builtins),
        variable_feature("strip_debug_symbols", _LINK, "strip_debug_symbols", ["-Wl,--strip-debug"]),
    ]

# What make variables of genrules name: $(CC), $(AR), $(LD), $(STRIP). Bazel wants all of these; those without a program here
# are where a wasi-sdk that has them keeps them.
_TOOLS = {
    "ar": "llvm-ar",
    "cpp": "clang",
    "gcc": "clang",
    "ld": "wasm-ld",
    "nm": "llvm-nm",
    "objdump": "llvm-objdump",
    "strip": "llvm-strip",
}

def _tool_paths(ctx):
    """The programs relative to the package that the cc_toolchain is in, too."""
    package = "/".join([part for part in [ctx.label.workspace_root, ctx.label.package] if part])
    folder = ctx.executable.clang.dirname.removeprefix(package).removeprefix("/")
    return [tool_path(name = name, path = "%s/%s" % (folder, program)) for name, program in _TOOLS.items()]

def _archive_features():
    return [feature(
        name = "archiver_flags",
        enabled = True,
        flag_sets = [flag_set(actions = _ARCHIVE, flag_groups = [
            flag_group(flags = ["rcsD"]),
            flag_group(flags = ["%{output_execpath}"], expand_if_available = "output_execpath"),
            flag_group(
                iterate_over = "libraries_to_link",
                expand_if_available = "libraries_to_link",
                flag_groups = [
                    flag_group(
                        flags = ["%{libraries_to_link.name}"],
                        expand_if_equal = variable_with_value(name = "libraries_to_link.type", value = "object_file"),
                    ),
                    flag_group(
                        flags = ["%{libraries_to_link.object_files}"],
                        iterate_over = "libraries_to_link.object_files",
                        expand_if_equal = variable_with_value(name = "libraries_to_link.type", value = "object_file_group"),
                    ),
                ],
            ),
        ])],
    )]

def _wasi_cc_toolchain_config_impl(ctx):
    root = ctx.executable.clang.dirname.removesuffix("/bin")
    sysroot = "%s/%s" % (root, ctx.attr.sysroot)
    resource_dir = "%s/%s" % (root, ctx.attr.resource_dir)
    cxx_include = "%s/%s" % (root, ctx.attr.cxx_include)

    clang = tool(tool = ctx.executable.clang)
    clang_cxx = tool(tool = ctx.executable.clang_cxx)
    archiver = tool(tool = ctx.executable.llvm_ar)
    action_configs = [
        action_config(action_name = name, enabled = True, tools = [clang])
        for name in _C_COMPILE
    ] + [
        action_config(action_name = name, enabled = True, tools = [clang_cxx])
        for name in _CXX_COMPILE + _LINK
    ] + [
        action_config(action_name = name, enabled = True, tools = [archiver])
        for name in _ARCHIVE
    ] + [
        action_config(action_name = ACTION_NAMES.strip, enabled = True, tools = [tool(tool = ctx.executable.llvm_strip)]),
    ]

    return cc_common.create_cc_toolchain_config_info(
        ctx = ctx,
        toolchain_identifier = "rlbox-wasi-sdk",
        compiler = "clang",
        host_system_name = "local",
        target_system_name = ctx.attr.target,
        target_cpu = "wasm32",
        target_libc = "wasi",
        abi_version = "wasi",
        abi_libc_version = "wasi",
        action_configs = action_configs,
        tool_paths = _tool_paths(ctx),
        artifact_name_patterns = [
            artifact_name_pattern(category_name = "executable", prefix = "", extension = ".wasm"),
        ],
        cxx_builtin_include_directories = [
            sysroot + "/include",
            resource_dir + "/include",
        ],
        features = [feature(name = "no_legacy_features", enabled = True)] +
                   _compile_features(ctx.attr.target, sysroot, resource_dir, cxx_include) +
                   _link_features(ctx.attr.target, sysroot, resource_dir, ctx.files.sysroot_libs, ctx.files.guest_runtime, ctx.files.guest_exceptions, ctx.files.guest_answers) +
                   _exception_features(ctx.attr.exceptions) +
                   _archive_features() +
                   # The features that the configuration asks for are those of the sandbox that is built.
                   [drop_flags_feature(_COMPILE + _LINK, ctx.features)] +
                   [variable_feature("linker_param_file", _LINK + _ARCHIVE, "linker_param_file", ["@%{linker_param_file}"])] +
                   [flags_feature("strip_flags", [ACTION_NAMES.strip], ["--strip-debug", "-o", "%{output_file}", "%{input_file}"])] +
                   # A path with a space or a quote is one word of the file with the linker's arguments.
                   [feature(name = "gcc_quoting_for_param_files", enabled = True)] +
                   # wasm has no position-independent or dynamic code here.
                   [feature(name = "supports_pic"), feature(name = "static_linking_mode", enabled = True)],
    )

def _program(doc):
    return attr.label(doc = doc, allow_single_file = True, cfg = "exec", executable = True, mandatory = True)

wasi_cc_toolchain_config = rule(
    implementation = _wasi_cc_toolchain_config_impl,
    doc = "The configuration of a cc_toolchain for wasm32-wasi. The programs lie in a folder `bin`.",
    attrs = {
        "cxx_include": attr.string(
            doc = "libc++'s headers, relative to the folder that `bin` is in.",
            mandatory = True,
        ),
        "target": attr.string(
            doc = "The target triple, as clang and the sysroot spell it.",
            mandatory = True,
        ),
        "clang": _program("The C compiler driver."),
        "clang_cxx": _program("The C++ compiler driver, which also links."),
        "exceptions": attr.bool(
            doc = "Whether sysroot_libs has C++ libraries with exceptions.",
        ),
        "guest_answers": attr.label_list(
            doc = "The archives of GUEST_ANSWERS (guest_runtime.bzl).",
            cfg = "exec",
            mandatory = True,
        ),
        "guest_exceptions": attr.label(
            doc = "What guest_runtime.bzl makes for code with exceptions; none without them.",
            cfg = "exec",
        ),
        "guest_runtime": attr.label(
            doc = "The archive that guest_runtime.bzl makes.",
            cfg = "exec",
            mandatory = True,
        ),
        "llvm_ar": _program("The archiver."),
        "llvm_strip": _program("Removes symbols."),
        "resource_dir": attr.string(
            doc = "clang's resource directory, relative to the folder that `bin` is in.",
            mandatory = True,
        ),
        "sysroot": attr.string(
            doc = "The sysroot with the headers, relative to the folder that `bin` is in.",
            mandatory = True,
        ),
        "sysroot_libs": attr.label(
            doc = "The libraries and start-up objects, each once.",
            # As cc_toolchain's own file groups, so that both name the same outputs.
            cfg = "exec",
            mandatory = True,
        ),
    },
    provides = [CcToolchainConfigInfo],
)
