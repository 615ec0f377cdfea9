#ifndef RLBOX_INTERNAL_SETTINGS_HPP_
#define RLBOX_INTERNAL_SETTINGS_HPP_
/// \file
/// Notices parts of one program that were compiled with different settings. Three kinds of settings
/// exist, and each has the one mechanism that can see it:
///
///   WASM_RT_...        Types and checks of generated code. Only one set of values is right, so
///   code
///                      with another set does not compile (rlbox_internal/wasm2c/settings.h).
///   RLBOX_...          What the framework's types and functions are made of. Each translation unit
///                      compares its settings with those of the first when the program starts, and
///                      a program that mixes them ends with one sentence (below).
///   RLBOX_WASM2C_MODULE_NAME
///                      The module that `rlbox_wasm2c_sandbox` stands for. Translation units that
///                      name two modules do not link (rlbox_wasm2c_sandbox.hpp).
///
/// RLBOX_ settings are compared by the running program, because nothing sees them earlier. An
/// inline namespace per set of settings would hide the framework's names from programs that declare
/// them in `namespace rlbox` themselves, as upstream's do (RLBOX_DEFINE_BASE_TYPES_FOR, `enum class
/// rlbox_transition`). Header-only code has only weak symbols, of which linkers take the first. A
/// shared library's settings are unknown to the program's linker. RLBOX_USE_STATIC_CALLS may
/// differ: it only selects macros.

#include <cstdio>
#include <cstdlib>
#include <cstring>

// RLBOX_DETAIL_THROWS is rlbox_helpers.hpp's, which includes this header.

#if RLBOX_DETAIL_THROWS
#define RLBOX_DETAIL_HAS_EXCEPTIONS " RLBOX_USE_EXCEPTIONS"
#else
#define RLBOX_DETAIL_HAS_EXCEPTIONS ""
#endif
#ifdef RLBOX_SINGLE_THREADED_INVOCATIONS
#define RLBOX_DETAIL_HAS_SINGLE_THREADED_INVOCATIONS " RLBOX_SINGLE_THREADED_INVOCATIONS"
#else
#define RLBOX_DETAIL_HAS_SINGLE_THREADED_INVOCATIONS ""
#endif
#ifdef RLBOX_CUSTOM_ABORT
#define RLBOX_DETAIL_HAS_CUSTOM_ABORT " RLBOX_CUSTOM_ABORT"
#else
#define RLBOX_DETAIL_HAS_CUSTOM_ABORT ""
#endif
#ifdef RLBOX_NO_COMPILE_CHECKS
#define RLBOX_DETAIL_HAS_NO_COMPILE_CHECKS " RLBOX_NO_COMPILE_CHECKS"
#else
#define RLBOX_DETAIL_HAS_NO_COMPILE_CHECKS ""
#endif
#ifdef RLBOX_ENABLE_DEBUG_ASSERTIONS
#define RLBOX_DETAIL_HAS_ENABLE_DEBUG_ASSERTIONS " RLBOX_ENABLE_DEBUG_ASSERTIONS"
#else
#define RLBOX_DETAIL_HAS_ENABLE_DEBUG_ASSERTIONS ""
#endif
#ifdef RLBOX_USE_CUSTOM_SHARED_LOCK
#define RLBOX_DETAIL_HAS_USE_CUSTOM_SHARED_LOCK " RLBOX_USE_CUSTOM_SHARED_LOCK"
#else
#define RLBOX_DETAIL_HAS_USE_CUSTOM_SHARED_LOCK ""
#endif
#ifdef RLBOX_EMBEDDER_PROVIDES_TLS_STATIC_VARIABLES
#define RLBOX_DETAIL_HAS_EMBEDDER_PROVIDES_TLS_STATIC_VARIABLES \
  " RLBOX_EMBEDDER_PROVIDES_TLS_STATIC_VARIABLES"
#else
#define RLBOX_DETAIL_HAS_EMBEDDER_PROVIDES_TLS_STATIC_VARIABLES ""
#endif
#ifdef RLBOX_MEASURE_TRANSITION_TIMES
#define RLBOX_DETAIL_HAS_MEASURE_TRANSITION_TIMES " RLBOX_MEASURE_TRANSITION_TIMES"
#else
#define RLBOX_DETAIL_HAS_MEASURE_TRANSITION_TIMES ""
#endif
#ifdef RLBOX_TRANSITION_ACTION_IN
#define RLBOX_DETAIL_HAS_TRANSITION_ACTION_IN " RLBOX_TRANSITION_ACTION_IN"
#else
#define RLBOX_DETAIL_HAS_TRANSITION_ACTION_IN ""
#endif
#ifdef RLBOX_TRANSITION_ACTION_OUT
#define RLBOX_DETAIL_HAS_TRANSITION_ACTION_OUT " RLBOX_TRANSITION_ACTION_OUT"
#else
#define RLBOX_DETAIL_HAS_TRANSITION_ACTION_OUT ""
#endif

namespace rlbox::detail {

/// The settings of the program's first translation unit.
inline const char* settings_of_program = nullptr;

/// Ends a program whose translation units have different settings; true for all others.
inline bool check_settings(const char* mine) {
  if (settings_of_program == nullptr) {
    settings_of_program = mine;
  }
  if (std::strcmp(settings_of_program, mine) == 0) {
    return true;
  }
  std::fprintf(stderr,
               "RLBox: parts of this program were compiled with different settings:%s; and:%s. "
               "Define the same RLBOX_ macros for all of them.\n",
               *settings_of_program != 0 ? settings_of_program : " none",
               *mine != 0 ? mine : " none");
  std::abort();
}

namespace {
/// One per translation unit.
[[maybe_unused]] const bool settings_are_the_same = check_settings(
    RLBOX_DETAIL_HAS_EXCEPTIONS RLBOX_DETAIL_HAS_SINGLE_THREADED_INVOCATIONS
        RLBOX_DETAIL_HAS_CUSTOM_ABORT RLBOX_DETAIL_HAS_NO_COMPILE_CHECKS
            RLBOX_DETAIL_HAS_ENABLE_DEBUG_ASSERTIONS RLBOX_DETAIL_HAS_USE_CUSTOM_SHARED_LOCK
                RLBOX_DETAIL_HAS_EMBEDDER_PROVIDES_TLS_STATIC_VARIABLES
                    RLBOX_DETAIL_HAS_MEASURE_TRANSITION_TIMES RLBOX_DETAIL_HAS_TRANSITION_ACTION_IN
                        RLBOX_DETAIL_HAS_TRANSITION_ACTION_OUT);
}  // namespace

}  // namespace rlbox::detail

#endif  // RLBOX_INTERNAL_SETTINGS_HPP_
