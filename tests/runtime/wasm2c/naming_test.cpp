// U11: modules whose names wasm2c mangles. Built for each way to name one.
#if defined(NAMED_BY_HEADER)
#include "under_score.rlbox.h"
#else
#define RLBOX_USE_STATIC_CALLS() rlbox_wasm2c_sandbox_lookup_symbol
#if defined(NAMED_BY_STEM)
#define RLBOX_WASM2C_MODULE_NAME under__score  // wasm2c doubles underscores
#else
#define RLBOX_WASM2C_MODULE_PREFIX 0x24under__score0x2Ewasm
#endif
#include "under_score.wasm.h"
#include "rlbox_wasm2c_sandbox.hpp"
#include "rlbox.hpp"
#include "other.h"
RLBOX_DEFINE_BASE_TYPES_FOR(under_score, wasm2c);
RLBOX_WASM2C_FUNCTION(_begins, 0x5Fbegins);
RLBOX_WASM2C_FUNCTION(ends_, ends0x5F);
RLBOX_WASM2C_FUNCTION(two__in_it, two_0x5Fin_it);
#endif

#include "tests/runtime/harness.hpp"

TEST_CASE("U11: a module with an underscore in its name") {
  rlbox_sandbox_under_score sandbox;
  sandbox.create_sandbox();
  CHECK(sandbox.invoke_sandbox_function(add_in_other, 1U, 2U).UNSAFE_unverified() == 1003);
  auto callback = sandbox.register_callback(
      +[](rlbox_sandbox_under_score&, tainted_under_score<std::uint32_t> n) { return n * 2U; });
  CHECK(sandbox.invoke_sandbox_function(call_other, callback, 4U).UNSAFE_unverified() == 9);
  callback.unregister();
  sandbox.destroy_sandbox();
}

TEST_CASE("functions whose names wasm2c mangles are called, and their addresses taken") {
  rlbox_sandbox_under_score sandbox;
  sandbox.create_sandbox();
  CHECK(sandbox.invoke_sandbox_function(_begins, 10U).UNSAFE_unverified() == 11);
  CHECK(sandbox.invoke_sandbox_function(ends_, 10U).UNSAFE_unverified() == 12);
  CHECK(sandbox.invoke_sandbox_function(two__in_it, 10U).UNSAFE_unverified() == 13);
  auto address = sandbox.get_sandbox_function_address(two__in_it);
  CHECK(sandbox.invoke_sandbox_function(call_other, address, 20U).UNSAFE_unverified() == 23);
  sandbox.destroy_sandbox();
}

HARNESS_MAIN()
