"""The transition that compiles a library for the sandbox."""

# Only fixed values, whatever the application is built with: the same library gives the same module, and its
# actions are shared between all applications. The application's compiler options, sanitizers, coverage and link-time
# optimisation are for the host's compiler and stay outside.
_VALUES = {
    "//command_line_option:collect_code_coverage": False,
    "//command_line_option:conlyopt": [],
    "//command_line_option:copt": [],
    "//command_line_option:cxxopt": [],
    "//command_line_option:dynamic_mode": "off",
    "//command_line_option:fission": [],
    "//command_line_option:force_pic": False,
    "//command_line_option:linkopt": [],
    "//command_line_option:per_file_copt": [],
    "//command_line_option:platforms": [str(Label("//rules/platforms:wasm32_wasi"))],
    "//command_line_option:stamp": False,
    "//command_line_option:strip": "sometimes",
    str(Label("//rules/settings:backend")): "wasm2c",
}

# Attributes that are features of the wasm toolchain, for everything that is compiled: the deps as well.
WASM_FEATURES = ["exceptions", "simd"]

_MODE = str(Label("//rules/settings:wasm_compilation_mode"))
_FEATURES = "//command_line_option:features"
_COMPILATION_MODE = "//command_line_option:compilation_mode"

def _wasm_transition_impl(settings, attr):
    return dict(_VALUES, **{
        _COMPILATION_MODE: settings[_MODE],
        _FEATURES: [feature for feature in WASM_FEATURES if getattr(attr, feature, False)],
    })

wasm_transition = transition(
    implementation = _wasm_transition_impl,
    inputs = [_MODE],
    outputs = list(_VALUES) + [_COMPILATION_MODE, _FEATURES],
)
