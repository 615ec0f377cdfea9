#ifndef RLBOX_WASM2C_TLS_HPP_
#define RLBOX_WASM2C_TLS_HPP_
/// \file
/// Per-thread state of the wasm2c backend, in the form that third-party code expects.
///
/// The backend itself keeps what it needs per thread in the C runtime, which is compiled once, so
/// it works with and without RLBOX_EMBEDDER_PROVIDES_TLS_STATIC_VARIABLES. The names below exist
/// for source compatibility; the state they hold tells which sandbox ran a callback last.

#include <cstdint>

namespace rlbox {

class rlbox_wasm2c_sandbox;

/// The thread's last callback through the classic registration interface.
struct rlbox_wasm2c_sandbox_thread_data {
  /// The sandbox that called it.
  rlbox_wasm2c_sandbox* sandbox;
  /// Its number.
  std::uint32_t last_callback_invoked;
};

#ifdef RLBOX_EMBEDDER_PROVIDES_TLS_STATIC_VARIABLES

/// Defined by the application with RLBOX_WASM2C_SANDBOX_STATIC_VARIABLES().
rlbox_wasm2c_sandbox_thread_data* get_rlbox_wasm2c_sandbox_thread_data();

/// Put `RLBOX_WASM2C_SANDBOX_STATIC_VARIABLES();` at global scope of exactly one translation unit.
#define RLBOX_WASM2C_SANDBOX_STATIC_VARIABLES()                                                  \
  thread_local rlbox::rlbox_wasm2c_sandbox_thread_data rlbox_wasm2c_sandbox_thread_info{nullptr, \
                                                                                        0};      \
  namespace rlbox {                                                                              \
  rlbox_wasm2c_sandbox_thread_data* get_rlbox_wasm2c_sandbox_thread_data() {                     \
    return &rlbox_wasm2c_sandbox_thread_info;                                                    \
  }                                                                                              \
  }                                                                                              \
  static_assert(true, "")

#endif

}  // namespace rlbox

#endif  // RLBOX_WASM2C_TLS_HPP_
