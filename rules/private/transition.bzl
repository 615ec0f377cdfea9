"""The transition that compiles a library for the sandbox."""

load("//rules/toolchains/wasi_sdk:host_flags.bzl", "drop_features")
load(":library_flags.bzl", "PLATFORMS", "compile_flags")

# Only fixed values, and those of the sandbox's own attributes, whatever the application is built with: the same library
# with the same attributes gives the same module, and its actions are shared between all applications. The application's compiler options, sanitizers, coverage and link-time
# optimisation are for the host's compiler and stay outside.
_VALUES = {
    "//command_line_option:collect_code_coverage": False,
    "//command_line_option:conlyopt": [],
    # What --cpu says decides select()s on it and $(TARGET_CPU), even where platforms are used.
    "//command_line_option:cpu": "wasm32",
    "//command_line_option:cxxopt": [],
    "//command_line_option:dynamic_mode": "off",
    "//command_line_option:fission": [],
    "//command_line_option:force_pic": False,
    "//command_line_option:linkopt": [],
    "//command_line_option:per_file_copt": [],
    "//command_line_option:process_headers_in_dependencies": False,
    "//command_line_option:stamp": False,
    "//command_line_option:strip": "sometimes",
    str(Label("//rules/settings:backend")): "wasm2c",
}

# Attributes that are features of the wasm toolchain, for everything that is compiled: the deps as well.
WASM_FEATURES = ["exceptions", "simd"]

_MODE = str(Label("//rules/settings:wasm_compilation_mode"))
_FEATURES = "//command_line_option:features"
_COPT = "//command_line_option:copt"
_PLATFORMS = "//command_line_option:platforms"
_EXTRA_TOOLCHAINS = "//command_line_option:extra_toolchains"
_CC_TOOLCHAIN = str(Label("//rules/settings:wasm_cc_toolchain"))

# Those that MODULE.bazel registers.
_OWN_TOOLCHAINS = [str(Label("@rlbox_toolchains//:all"))]

def _extra_toolchains(settings):
    """Toolchains that come before all that are registered: first and last, because not every Bazel counts from the same end."""
    extra = list(settings[_EXTRA_TOOLCHAINS])
    return _OWN_TOOLCHAINS + extra + _OWN_TOOLCHAINS if settings[_CC_TOOLCHAIN] == "rlbox" else extra

_COMPILATION_MODE = "//command_line_option:compilation_mode"

def _wasm_transition_impl(settings, attr):
    return dict(_VALUES, **{
        _COMPILATION_MODE: settings[_MODE],
        _EXTRA_TOOLCHAINS: _extra_toolchains(settings),
        _COPT: compile_flags(getattr(attr, "copts", []), getattr(attr, "defines", [])),
        _FEATURES: [feature for feature in WASM_FEATURES if getattr(attr, feature, False)] +
                   drop_features(getattr(attr, "drop_copts", [])),
        # Anything else is refused when the rule runs.
        _PLATFORMS: [str(PLATFORMS.get(getattr(attr, "os", "wasi"), PLATFORMS["wasi"]))],
    })

wasm_transition = transition(
    implementation = _wasm_transition_impl,
    inputs = [_CC_TOOLCHAIN, _EXTRA_TOOLCHAINS, _MODE],
    outputs = list(_VALUES) + [_COMPILATION_MODE, _COPT, _EXTRA_TOOLCHAINS, _FEATURES, _PLATFORMS],
)
