// One of two translation units of a program that names its module by a macro.
#define RLBOX_USE_STATIC_CALLS() rlbox_wasm2c_sandbox_lookup_symbol
#define RLBOX_WASM2C_MODULE_NAME MODULE
#ifdef MODULE_IS_guest
#include "guest.wasm.h"
#else
#include "other.wasm.h"
#endif
#include "rlbox_wasm2c_sandbox.hpp"

#include "rlbox.hpp"

#include <cstdio>

RLBOX_DEFINE_BASE_TYPES_FOR(mine, wasm2c);

#ifdef SECOND_PART
int second_part() {
#else
int second_part();
int main() {
  std::puts("main runs");
#endif
  rlbox_sandbox_mine sandbox;
  sandbox.create_sandbox();
  sandbox.destroy_sandbox();
#ifdef SECOND_PART
  return 0;
}
#else
  return second_part();
}
#endif
