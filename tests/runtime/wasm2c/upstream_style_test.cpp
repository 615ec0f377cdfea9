// A program as it is written for upstream's plugin: module name by macro, no generated header.
#define RLBOX_USE_STATIC_CALLS() rlbox_wasm2c_sandbox_lookup_symbol
#define RLBOX_USE_EXCEPTIONS
#define RLBOX_EMBEDDER_PROVIDES_TLS_STATIC_VARIABLES
#define RLBOX_WASM2C_MODULE_NAME guest
#include "guest.wasm.h"
#include "rlbox_wasm2c_sandbox.hpp"

RLBOX_WASM2C_SANDBOX_STATIC_VARIABLES();

#include "rlbox.hpp"

#include "guest.h"
#include "tests/runtime/wasm2c/guest_structs.hpp"

#include "tests/runtime/harness.hpp"

RLBOX_DEFINE_BASE_TYPES_FOR(mylib, wasm2c);

using namespace rlbox;
using namespace std;

static int called = 0;

static void on_text(rlbox_sandbox_mylib&, tainted_mylib<uint32_t> number,
                    tainted_mylib<const char*> text) {
  called = number.copy_and_verify([](uint32_t n) { return static_cast<int>(n); });
  CHECK(text.copy_and_verify_string(
      [](unique_ptr<char[]> s) { return strcmp(s.get(), "text of the library") == 0; }));
}

TEST_CASE("the tutorial's steps with the class rlbox_wasm2c_sandbox") {
  rlbox_sandbox_mylib sandbox;
  sandbox.create_sandbox();
  auto sum =
      sandbox.invoke_sandbox_function(add, 3, 4).copy_and_verify([](unsigned n) { return n; });
  CHECK(sum == 7);
  auto callback = sandbox.register_callback(on_text);
  sandbox.invoke_sandbox_function(call_text, callback);
  CHECK(called == 7);
  auto p = sandbox.invoke_sandbox_function(make_point, 1, 2, 3.0);
  CHECK(sandbox.invoke_sandbox_function(sum_point, p, 2).UNSAFE_unverified() == 12.0);
  auto f = sandbox.get_sandbox_function_address(twice_long);
  CHECK(sandbox.invoke_sandbox_function(apply_long, f, 5L).UNSAFE_unverified() == 10);
  CHECK(sandbox.invoke_sandbox_function(constructed).UNSAFE_unverified() == 42);
  callback.unregister();
  sandbox.destroy_sandbox();
}

TEST_CASE("create_sandbox with a capacity, as in upstream's small heap test") {
  rlbox_sandbox_mylib sandbox;
  w2c_mem_capacity capacity = get_valid_wasm2c_memory_capacity(16 << 20, true);
  CHECK(sandbox.create_sandbox(true, &capacity));
  CHECK(sandbox.malloc_in_sandbox<char>(32 << 20) != nullptr);  // the capacity is a minimum
  sandbox.destroy_sandbox();
}

HARNESS_MAIN()
