#ifndef RLBOX_TESTS_TRAP_OF_HPP_
#define RLBOX_TESTS_TRAP_OF_HPP_
// Runs functions of the C runtime as a library's code does.

#include "rlbox_wasm2c_options.hpp"

/// Runs `call` as the code of a library of this sandbox; why it trapped.
template <typename F>
rlbox_wasm2c_trap_reason trap_of(F call, rlbox_wasm2c_record& record) {
  rlbox_wasm2c_enter_thread();
  rlbox_wasm2c_guarded_call(&record, [](void* body) { (*static_cast<F*>(body))(); }, &call);
  return record.reason;
}

/// The same for a sandbox without settings.
template <typename F>
rlbox_wasm2c_trap_reason trap_of(F call) {
  rlbox_wasm2c_record record{};
  return trap_of(call, record);
}

#endif
