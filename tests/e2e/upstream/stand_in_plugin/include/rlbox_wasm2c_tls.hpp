// A stand-in for a file of the RLBox project's wasm2c plugin.
#ifndef STAND_IN_RLBOX_WASM2C_TLS_HPP
#define STAND_IN_RLBOX_WASM2C_TLS_HPP

#include <cstdint>

namespace rlbox {

class rlbox_wasm2c_sandbox;

struct rlbox_wasm2c_sandbox_thread_data {
  rlbox_wasm2c_sandbox* sandbox;
  uint32_t last_callback_invoked;
};

inline thread_local rlbox_wasm2c_sandbox_thread_data rlbox_wasm2c_sandbox_thread_info{nullptr, 0};

}  // namespace rlbox

#define RLBOX_WASM2C_SANDBOX_STATIC_VARIABLES() static_assert(true, "")

#endif
