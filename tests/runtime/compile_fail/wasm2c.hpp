#ifndef RLBOX_TESTS_COMPILE_FAIL_WASM2C_HPP_
#define RLBOX_TESTS_COMPILE_FAIL_WASM2C_HPP_
// What the misuses of the wasm2c backend use: a module, and a second sandbox type without
// isolation. Precompiled once for each compiler.

#include "guest.rlbox.h"
#include "rlbox_noop_sandbox.hpp"

RLBOX_DEFINE_BASE_TYPES_FOR(host, noop);

using guest = rlbox_sandbox_guest;

#endif  // RLBOX_TESTS_COMPILE_FAIL_WASM2C_HPP_
