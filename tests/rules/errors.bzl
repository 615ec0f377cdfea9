"""The error catalogue of the rules' analysis: each bad BUILD input, and the one sentence it gets.

What only an action can find (a missing function, a refused import, a header that does not compile) is in
//tests/e2e:misuse_test.
"""

load("//rules:defs.bzl", "rlbox_cc_binary", "rlbox_cc_library", "rlbox_cc_test", "rlbox_sandbox", "wasm2c_library", "wasm_library")
load(":util.bzl", "failure_test")

_PAGES = " must be a multiple of 65536 bytes (a WebAssembly page) up to 4 GiB, got "
_IDENTIFIER = " must be a C identifier (letters, digits and _, not a keyword), got "

# name -> (attributes besides deps, what is said after the target's label)
_WASM_LIBRARY = {
    "allow_always_allowed": (dict(allowed_imports = ["fd_write"]), "allowed_imports: fd_write is always allowed. To fix: remove it from the list"),
    "allow_env": (dict(allowed_imports = ["env.f"]), "allowed_imports: env.f is not a function of WASI preview 1. To fix: write its name alone, e.g. path_open"),
    "allow_libc": (dict(allowed_imports = ["fopen"]), "allowed_imports: fopen is not a function of WASI preview 1. To fix: write its name alone, e.g. path_open"),
    "allow_qualified": (
        dict(allowed_imports = ["wasi_snapshot_preview1.path_open"]),
        "allowed_imports: wasi_snapshot_preview1.path_open is not a function of WASI preview 1. To fix: write its name alone, e.g. path_open",
    ),
    "allow_line": (
        dict(allowed_imports = ["path_open\nf"]),
        "allowed_imports: path_open\\x0Af is not a function of WASI preview 1. To fix: write its name alone, e.g. path_open",
    ),
    "copt_absolute": (dict(copts = ["-I/usr/include"]), "copts: -I/usr/include: an absolute path is another file on another machine. To fix: name a target with the file in deps"),
    "copt_behind_the_driver": (
        dict(copts = ["-Xclang -load"]),
        "copts: -Xclang -load: options of the compiler behind the driver are not checked. To fix: use the driver's option",
    ),
    "copt_exceptions": (dict(copts = ["-fexceptions"]), "copts: -fexceptions: an attribute sets this. To fix: use exceptions"),
    "copt_file": (dict(copts = ["@options"]), "copts: @options: options in a file are not checked. To fix: write them into copts"),
    "copt_make_variable": (
        dict(copts = ["-DCPU=$(TARGET_CPU)"]),
        "copts: -DCPU=$(TARGET_CPU): Make variables are not known where all of deps are compiled. To fix: write the value, or set the option on the cc_library in deps",
    ),
    "copt_of_the_host": (dict(copts = ["-O3", "-mavx2"]), "copts: -mavx2: this only means something to the host's compiler. To fix: leave the option out"),
    "copt_of_the_toolchain": (dict(copts = ["--target=wasm64"]), "copts: --target=wasm64: the toolchain sets this. To fix: leave the option out"),
    "copt_output": (dict(copts = ["-O1 -save-temps"]), "copts: -O1 -save-temps: Bazel says what a compiler writes. To fix: leave the option out"),
    "copt_plugin": (dict(copts = ["-fplugin=x.so"]), "copts: -fplugin=x.so: the compiler would run code that is no input of the build. To fix: leave the option out"),
    "copt_quote": (dict(copts = ["-DA=\"b"]), "copts: -DA=\"b: a quote or a backslash has nothing after it. To fix: write \\\\ before each that is meant as it is"),
    "copt_relaxed_simd": (dict(copts = ["-mrelaxed-simd"]), "copts: -mrelaxed-simd: its results differ between machines. To fix: use simd"),
    "copt_simd": (dict(copts = ["-msimd128"]), "copts: -msimd128: an attribute sets this. To fix: use simd"),
    "copt_threads": (dict(copts = ["-matomics"]), "copts: -matomics: a sandbox has no threads. To fix: leave the option out"),
    "define_option": (dict(defines = ["-DA"]), "defines: -DA is not a macro. To fix: write NAME or NAME=VALUE in one word, without -D"),
    "define_two_words": (dict(defines = ["A -DB"]), "defines: A -DB is not a macro. To fix: write NAME or NAME=VALUE in one word, without -D"),
    "drop_always_dropped": (dict(drop_copts = ["-march=native"]), "drop_copts: -march=native is dropped from every sandbox. To fix: remove it from the list"),
    "drop_everything": (
        dict(drop_copts = ["-*"]),
        "drop_copts: -* is not an option of the compiler. To fix: write a whole option, or its beginning and a *, e.g. -O3 or -Werror*",
    ),
    "drop_file": (
        dict(drop_copts = ["answer.c"]),
        "drop_copts: answer.c is not an option of the compiler. To fix: write a whole option, or its beginning and a *, e.g. -O3 or -Werror*",
    ),
    "drop_of_the_toolchain": (
        dict(drop_copts = ["-D__DATE*"]),
        "drop_copts: -D__DATE*: the toolchain itself gives -D__DATE__=\"redacted\". To fix: name the library's flags more exactly, or give the opposite in copts",
    ),
    "drop_word_before_another": (
        dict(drop_copts = ["-include"]),
        "drop_copts: -include: the toolchain itself gives -include. To fix: name the library's flags more exactly, or give the opposite in copts",
    ),
    "includes_without_srcs": (
        dict(defines = ["A"], includes = ["."]),
        "includes: only for srcs, and there are none. To fix: set it on the cc_library in deps",
    ),
    "os_unknown": (dict(os = "macos"), "os: macos is no operating system that a sandbox can pass for. To fix: choose one of linux, wasi"),
    "defines_line": (
        dict(srcs = ["answer.c"], hdrs = ["answer.h"], defines = ["A\n--output=f"], deps = []),
        "deps: the compiler's option -DA\\x0A--output=f has a line end in it. To fix: remove it from defines or includes of the library",
    ),
    "dep_exports_all": (
        dict(deps = [":links_all"]),
        "deps: linkopts of //tests/rules:links_all: -Wl,--export-all: an attribute sets this. To fix: use export_all",
    ),
    "dep_of_no_language": (
        dict(deps = [":text_file"]),
        "deps: //tests/rules:text_file is not a C/C++ target (it gives no CcInfo). To fix: name a cc_library",
    ),
    "dep_shared": (
        dict(deps = ["//tests/rules/shared:imported"]),
        "deps: libimported.so of //tests/rules/shared:imported is a shared library, and a sandbox is linked statically. To fix: name a cc_library with the library's sources in deps",
    ),
    "exceptions": (
        dict(features = ["exceptions"]),
        "features: exceptions are for the library and all of its deps, not for one target. To fix: set exceptions = True instead",
    ),
    "export_all_and_only": (dict(export_all = True, exports_only = ["answer"]), "export_all and exports_only are both set. To fix: leave one of them out"),
    "export_empty": (dict(exports = [""]), "exports: an export" + _IDENTIFIER + "\"\""),
    "export_keyword": (dict(exports = ["delete"]), "exports: an export" + _IDENTIFIER + "\"delete\""),
    "export_qualified": (dict(exports = ["ns::f"]), "exports: an export" + _IDENTIFIER + "\"ns::f\""),
    "export_twice": (dict(exports = ["f", "g", "f"]), "exports: f is listed twice. To fix: remove one"),
    "export_with_option": (dict(exports = ["f,--export-all"]), "exports: an export" + _IDENTIFIER + "\"f,--export-all\""),
    "except_all": (
        dict(export_all = True, exports_except = ["answer"]),
        "exports_except and export_all are both set. To fix: leave one of them out; exports_except takes from the functions that the headers declare",
    ),
    "except_and_exports": (
        dict(exports = ["f"], exports_except = ["f"]),
        "exports_except: f is in exports, too. To fix: remove it from one of the two",
    ),
    "except_only": (
        dict(exports_except = ["f"], exports_only = ["answer"]),
        "exports_except and exports_only are both set. To fix: leave one of them out; exports_except takes from the functions that the headers declare",
    ),
    "except_qualified": (dict(exports_except = ["a.b"]), "exports_except: an export" + _IDENTIFIER + "\"a.b\""),
    "except_twice": (dict(exports_except = ["answer", "answer"]), "exports_except: answer is listed twice. To fix: remove one"),
    "exports_and_only": (
        dict(exports = ["f"], exports_only = ["answer"]),
        "exports and exports_only are both set. To fix: put all functions into exports_only",
    ),
    "initial_memory_above_maximum": (
        dict(initial_memory = 4194304, max_memory = 2097152),
        "initial_memory (4194304) is larger than max_memory (2097152). To fix: raise max_memory, or lower initial_memory",
    ),
    "initial_memory_negative": (dict(initial_memory = -65536), "initial_memory" + _PAGES + "-65536"),
    "initial_memory_no_page": (dict(initial_memory = 100000), "initial_memory" + _PAGES + "100000"),
    "initial_memory_too_large": (dict(initial_memory = "4295032832"), "initial_memory" + _PAGES + "4295032832"),
    "initial_memory_too_small": (
        dict(initial_memory = 262144),
        "initial_memory (262144) has no room for the stack (stack_size = 262144). To fix: make initial_memory larger",
    ),
    "initial_memory_with_unit": (dict(initial_memory = "1M"), "initial_memory" + _PAGES + "1M"),
    "initial_memory_zero": (dict(initial_memory = 0), "initial_memory" + _PAGES + "0"),
    "link_allow_undefined": (
        dict(linkopts = ["-Wl,--allow-undefined"]),
        "linkopts: -Wl,--allow-undefined: an undefined function cannot be in a sandbox. To fix: define the function, or remove the code that calls the function",
    ),
    "link_dash": (dict(linkopts = ["-Wl,-export-all"]), "linkopts: -Wl,-export-all: an attribute sets this. To fix: use export_all"),
    "link_export": (dict(linkopts = ["-Wl,--export=f"]), "linkopts: -Wl,--export=f: an attribute sets this. To fix: use exports or exports_only"),
    "link_export_all": (dict(linkopts = ["-Wl,--export-all"]), "linkopts: -Wl,--export-all: an attribute sets this. To fix: use export_all"),
    "link_export_dynamic": (dict(linkopts = ["-Wl,--export-dynamic"]), "linkopts: -Wl,--export-dynamic: an attribute sets this. To fix: use exports or exports_only"),
    "link_export_memory": (dict(linkopts = ["-Wl,--export-memory"]), "linkopts: -Wl,--export-memory: an attribute sets this. To fix: use import_memory"),
    "link_file": (dict(linkopts = ["@options"]), "linkopts: @options: options in a file are not checked. To fix: write them into linkopts"),
    "link_file_of_the_linker": (
        dict(linkopts = ["-Wl,--strip-all,@options"]),
        "linkopts: -Wl,--strip-all,@options: options in a file are not checked. To fix: write them into linkopts",
    ),
    "link_global_base": (
        dict(linkopts = ["-Wl,--global-base=4096"]),
        "linkopts: -Wl,--global-base=4096: the stack must lie below the data. To fix: leave the option out",
    ),
    "link_import_table": (dict(linkopts = ["-Wl,--import-table"]), "linkopts: -Wl,--import-table: an attribute sets this. To fix: use import_table"),
    "link_initial_memory": (dict(linkopts = ["-Wl,--initial-memory=65536"]), "linkopts: -Wl,--initial-memory=65536: an attribute sets this. To fix: use initial_memory"),
    "link_line": (dict(linkopts = ["-Wl,-s\n-shared"]), "linkopts: -Wl,-s\\x0A-shared: a sandbox is linked statically. To fix: leave the option out"),
    "link_map": (dict(linkopts = ["-Wl,-Map=f"]), "linkopts: -Wl,-Map=f: the rules write a map. To fix: use the output group rlbox_link_map"),
    "link_max_memory": (dict(linkopts = ["-Wl,--max-memory=65536"]), "linkopts: -Wl,--max-memory=65536: an attribute sets this. To fix: use max_memory"),
    "link_shared": (dict(linkopts = ["-shared"]), "linkopts: -shared: a sandbox is linked statically. To fix: leave the option out"),
    "link_shared_memory": (dict(linkopts = ["-Wl,--shared-memory"]), "linkopts: -Wl,--shared-memory: a sandbox has no threads. To fix: leave the option out"),
    "link_space": (dict(linkopts = ["-s -Wl,--export-all"]), "linkopts: -s -Wl,--export-all: an attribute sets this. To fix: use export_all"),
    "link_stack_size": (dict(linkopts = ["-Wl,-z,stack-size=65536"]), "linkopts: -Wl,-z,stack-size=65536: an attribute sets this. To fix: use stack_size"),
    "link_stack_size_joined": (dict(linkopts = ["-Wl,-zstack-size=65536"]), "linkopts: -Wl,-zstack-size=65536: an attribute sets this. To fix: use stack_size"),
    "link_two_words": (dict(linkopts = ["-Xlinker", "--export-all"]), "linkopts: --export-all: an attribute sets this. To fix: use export_all"),
    "max_memory_no_page": (dict(max_memory = 100000), "max_memory" + _PAGES + "100000"),
    "max_memory_too_large": (dict(max_memory = "4295032832"), "max_memory" + _PAGES + "4295032832"),
    "max_memory_too_small": (
        dict(max_memory = 65536),
        "max_memory (65536) has no room for the stack (stack_size = 262144). To fix: make max_memory larger",
    ),
    "max_table_negative": (dict(max_table = -1), "max_table must be a number of functions, got -1"),
    "no_library": (dict(deps = []), "there is no library: deps and srcs are both empty. To fix: name a cc_library in deps"),
    "only_empty": (dict(exports_only = []), "exports_only is empty: the application could call nothing. To fix: list functions, or leave exports_only out"),
    "only_qualified": (dict(exports_only = ["a.b"]), "exports_only: an export" + _IDENTIFIER + "\"a.b\""),
    "only_twice": (dict(exports_only = ["answer", "answer"]), "exports_only: answer is listed twice. To fix: remove one"),
    "opaque_line": (
        dict(opaque_structs = ["x\n--headers=f record"]),
        "opaque_structs: a struct" + _IDENTIFIER + "\"x\\x0A--headers=f record\"",
    ),
    "opaque_member": (dict(opaque_structs = ["a.b"]), "opaque_structs: a struct" + _IDENTIFIER + "\"a.b\""),
    "public_header_file": (
        dict(public_headers = ["@answer.h"]),
        "public_headers: @answer.h is not how a public header of deps, or of their deps, is included. To fix: choose from tests/rules/answer.h",
    ),
    "public_header_folder": (
        dict(public_headers = ["answer.h"]),
        "public_headers: answer.h is not how a public header of deps, or of their deps, is included. To fix: choose from tests/rules/answer.h",
    ),
    "public_header_of_none": (
        dict(deps = [":headerless"], public_headers = ["answer.h"]),
        "public_headers: answer.h is not how a public header of deps, or of their deps, is included. To fix: name a library with public headers in deps",
    ),
    "public_header_quote": (
        dict(deps = [":quoted_header"]),
        "deps: an #include cannot name the public header tests/rules/a\"b.h. To fix: rename the file, or leave it out with public_headers",
    ),
    "reactor": (dict(features = ["-wasi_reactor"]), "features: -wasi_reactor: a sandbox is always linked as a reactor. To fix: leave the feature out"),
    "stack_size_negative": (dict(stack_size = -16), "stack_size must be a positive multiple of 16 bytes, got -16"),
    "stack_size_unaligned": (dict(stack_size = 1000), "stack_size must be a positive multiple of 16 bytes, got 1000"),
    "stack_size_zero": (dict(stack_size = 0), "stack_size must be a positive multiple of 16 bytes, got 0"),
}

_WASM2C_LIBRARY = {
    "copts_change_the_runtime": (
        dict(copts = ["-DWASM_RT_USE_MMAP=0"]),
        "copts: -DWASM_RT_USE_MMAP=0: the runtime is compiled with other values. To fix: use bounds, or leave the option out",
    ),
    "copts_file": (dict(copts = ["@options"]), "copts: @options: options in a file are not checked. To fix: write them into copts"),
    "copts_for_the_preprocessor": (
        dict(copts = ["-Wp,-DWASM_RT_USE_MMAP=0"]),
        "copts: -Wp,-DWASM_RT_USE_MMAP=0: the runtime is compiled with other values. To fix: use bounds, or leave the option out",
    ),
    "copts_two_words": (
        dict(copts = ["-D", "WASM_RT_USE_MMAP=0"]),
        "copts: WASM_RT_USE_MMAP=0: the runtime is compiled with other values. To fix: use bounds, or leave the option out",
    ),
    "exports_of_a_library": (dict(exports = ["answer"]), "exports: only for a prebuilt module. To fix: set it on //tests/rules:answer_wasm"),
    "imports_of_a_library": (
        dict(allowed_imports = ["path_open"], files = True, import_memory = False),
        "allowed_imports, files, import_memory: only for a prebuilt module. To fix: set it on //tests/rules:answer_wasm",
    ),
    "exceptions_of_a_library": (dict(exceptions = True), "exceptions: only for a prebuilt module. To fix: set it on //tests/rules:answer_wasm"),
    "module_name_dash": (dict(module_name = "my-lib"), "module_name: a module name" + _IDENTIFIER + "\"my-lib\""),
    "module_name_digit": (dict(module_name = "7zip"), "module_name: a module name" + _IDENTIFIER + "\"7zip\""),
    "module_name_empty": (dict(module_name = ""), "module_name: a module name" + _IDENTIFIER + "\"\""),
    "module_name_keyword": (dict(module_name = "union"), "module_name: a module name" + _IDENTIFIER + "\"union\""),
    "module_name_macro": (dict(module_name = "linux"), "module_name: \"linux\" is a macro of the compiler or the C library, so that no code can use the name. To fix: take another one, such as \"mylinux\""),
    "module_name_of_c": (dict(module_name = "restrict"), "module_name: a module name" + _IDENTIFIER + "\"restrict\""),
    "module_name_path": (dict(module_name = "../x"), "module_name: a module name" + _IDENTIFIER + "\"../x\""),
    "not_a_module": (dict(wasm = ":text_file"), "wasm: //tests/rules:text_file is neither a wasm_library nor one .wasm file. To fix: name one of them"),
    "num_outputs_negative": (dict(num_outputs = -1), "num_outputs must be between 1 and 256, or 0 to let the compilation mode decide, got -1"),
    "num_outputs_too_many": (dict(num_outputs = 257), "num_outputs must be between 1 and 256, or 0 to let the compilation mode decide, got 257"),
    "prebuilt_allow": (
        dict(allowed_imports = ["fopen"], wasm = ":prebuilt"),
        "allowed_imports: fopen is not a function of WASI preview 1. To fix: write its name alone, e.g. path_open",
    ),
    "prebuilt_export": (dict(exports = ["a-b"], wasm = ":prebuilt"), "exports: an export" + _IDENTIFIER + "\"a-b\""),
    "several_modules": (dict(wasm = ":two_files"), "wasm: //tests/rules:two_files is neither a wasm_library nor one .wasm file. To fix: name one of them"),
    "simd_of_a_library": (dict(simd = True), "simd: only for a prebuilt module. To fix: set it on //tests/rules:answer_wasm"),
}

_RLBOX_SANDBOX = {
    "sandbox_copts": (dict(copts = ["-rdynamic"]), "copts: -rdynamic: this only means something to the host's compiler. To fix: leave the option out"),
    "sandbox_exports": (dict(exports = ["f()"]), "exports: an export" + _IDENTIFIER + "\"f()\""),
    "sandbox_stack": (dict(stack_size = 8), "stack_size must be a positive multiple of 16 bytes, got 8"),
    "sandbox_without_library": (dict(deps = []), "there is no library: deps and srcs are both empty. To fix: name a cc_library in deps"),
}

# Text after it runs from right to left on a terminal.
_BIDI = "a\342\200\256b"

_COLLISION = (
    "two sandboxes have the module name \"answer\": //tests/rules:answer_again_sandbox and //tests/rules:answer_sandbox, " +
    "so their C symbols collide. To fix: give one of them another module_name"
)

_RLBOX_CC = {
    "library_as_a_sandbox": (
        dict(sandboxes = [":answer"]),
        "sandboxes: //tests/rules:answer is not a sandbox. To fix: name a wasm2c_library, and put other libraries into deps",
    ),
    "module_as_a_sandbox": (
        dict(sandboxes = [":answer_wasm"]),
        "sandboxes: //tests/rules:answer_wasm is a wasm_library, the module alone. To fix: name the wasm2c_library that is made of it",
    ),
    "two_modules_of_one_name": (dict(sandboxes = [":answer_again_sandbox", ":answer_sandbox"]), _COLLISION),
    "two_modules_through_a_library": (dict(sandboxes = [":answer_sandbox"], deps = [":in_between"]), _COLLISION),
}

def _check(name, target, message, **kwargs):
    failure_test(name = name + "_test", message = message, target = target, **kwargs)

def error_tests(name):
    """Declares the bad targets and their tests.

    Args:
        name: the name of a test_suite of all of them.
    """
    tests = ["percent"]
    wasm_library(name = "a%b/c", tags = ["manual"], deps = [":answer"])
    _check(
        "percent",
        ":a%b/c",
        "//tests/rules:a%b/c: the linker cannot write into a folder with % in its name. To fix: rename the package, or the target's part before the slash",
    )
    for case, (attributes, message) in _WASM_LIBRARY.items():
        wasm_library(name = case, tags = ["manual"], **dict({"deps": [":answer"]}, **attributes))
        _check(case, ":" + case, "//tests/rules:%s: %s" % (case, message))
        tests.append(case)
    for case, (attributes, message) in _WASM2C_LIBRARY.items():
        wasm2c_library(name = case, tags = ["manual"], **dict({"wasm": ":answer_wasm"}, **attributes))
        _check(case, ":" + case, "//tests/rules:%s: %s" % (case, message))
        tests.append(case)
    for case, (attributes, message) in _RLBOX_SANDBOX.items():
        rlbox_sandbox(name = case, tags = ["manual"], **dict({"deps": [":answer"]}, **attributes))
        _check(case, ":" + case, "//tests/rules:%s: %s" % (case, message))
        tests.append(case)
    for case, (attributes, message) in _RLBOX_CC.items():
        for kind, rule in {"binary": rlbox_cc_binary, "library": rlbox_cc_library, "program_test": rlbox_cc_test}.items():
            target = "%s_%s" % (case, kind)
            rule(name = target, srcs = ["answer.c"], tags = ["manual"], **attributes)
            _check(target, ":%s.sandboxes" % target, "//tests/rules:%s: %s" % (target, message))
            tests.append(target)

    rlbox_sandbox(name = _BIDI, tags = ["manual"], deps = [":answer"])
    for case, target in {"name_of_the_module": _BIDI + ".wasm_library.module", "name_of_the_sandbox": _BIDI}.items():
        _check(case, ":" + target, "//tests/rules:a\\xE2\\x80\\xAEb: name: a sandbox's files are named after the target, and not every machine builds a file whose name is not plain ASCII. To fix: rename the target")
        tests.append(case)

    wasm2c_library(name = "prebuilt_sandbox", tags = ["manual"], wasm = ":prebuilt")
    _check(
        "prebuilt_noop",
        ":prebuilt_sandbox",
        "//tests/rules:prebuilt_sandbox: wasm: //tests/rules:prebuilt is a prebuilt module, and --//rules/settings:backend=noop needs the library itself. To fix: give a wasm_library or build with backend=wasm2c",
        backend = "noop",
    )
    rlbox_sandbox(name = "exceptions_sandbox", exceptions = True, tags = ["manual"], deps = [":answer"])
    _check(
        "exceptions_without_libraries",
        ":exceptions_sandbox",
        "//tests/rules:exceptions_sandbox: exceptions: the wasi-sdk of this build has no C++ libraries with exceptions that wasm2c can read. To fix: use a version that docs/toolchains.md lists with exceptions, such as the default, or leave the attribute out",
        wasi_sdk = "0.15.2",
    )
    native.test_suite(name = name, tests = [":%s_test" % case for case in tests + ["prebuilt_noop", "exceptions_without_libraries"]])
