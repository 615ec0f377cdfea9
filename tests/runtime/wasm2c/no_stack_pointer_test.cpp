// Modules that another build made. One does not export its stack pointer: struct arguments then
// live in memory of the library's malloc. One has 64-bit addresses, which are not supported.
#define RLBOX_USE_EXCEPTIONS
#include "guest.rlbox.h"

#include "tests/runtime/harness.hpp"
#include "tests/runtime/wasm2c/guest_structs.hpp"

namespace {

struct module_without_stack_pointer : rlbox_modules::guest {
  static constexpr bool has_stack_pointer = false;
};

// As a module says that was built for 64-bit addresses.
struct module_with_long_addresses : rlbox_modules::guest {
  static constexpr bool memory_is64 = true;
  static constexpr bool imports_memory = true;
};

}  // namespace

RLBOX_DEFINE_BASE_TYPES_FOR_TYPE(bare,
                                 rlbox::rlbox_wasm2c_module_sandbox<module_without_stack_pointer>);
RLBOX_DEFINE_BASE_TYPES_FOR_TYPE(wide,
                                 rlbox::rlbox_wasm2c_module_sandbox<module_with_long_addresses>);

using namespace rlbox;

namespace {

tainted_bare<point> throws_for_one(rlbox_sandbox_bare&, tainted_bare<point> p, tainted_bare<int>) {
  if (p.x.UNSAFE_unverified() == 1) {
    throw std::logic_error("from the callback");
  }
  return p;
}

}  // namespace

TEST_CASE("P3: struct arguments and results leave the library's heap as it was") {
  rlbox_sandbox_bare sandbox;
  sandbox.create_sandbox();
  auto p = sandbox.invoke_sandbox_function(make_point, 1, -2, 3.5);
  const auto pages = sandbox.invoke_sandbox_function(memory_pages).UNSAFE_unverified();
  for (int i = 0; i < 100000; ++i) {
    p = sandbox.invoke_sandbox_function(swap_points, p, p, i % 2);
  }
  CHECK(p.y.UNSAFE_unverified() == -2);
  CHECK(sandbox.invoke_sandbox_function(memory_pages).UNSAFE_unverified() == pages);
}

TEST_CASE("L5: struct arguments are freed when the call throws") {
  rlbox_sandbox_bare sandbox;
  sandbox.create_sandbox();
  auto callback = sandbox.register_callback(throws_for_one);
  auto p = sandbox.invoke_sandbox_function(make_point, 1, 2, 3.0);
  const auto pages = sandbox.invoke_sandbox_function(memory_pages).UNSAFE_unverified();
  int caught = 0;
  for (int i = 0; i < 1000; ++i) {
    try {
      sandbox.invoke_sandbox_function(call_point, callback);
    } catch (const std::logic_error&) {
      ++caught;
    }
  }
  CHECK(caught == 1000);
  CHECK(sandbox.invoke_sandbox_function(sum_point, p, 1).UNSAFE_unverified() == 6.0);
  CHECK(sandbox.invoke_sandbox_function(memory_pages).UNSAFE_unverified() == pages);
}

TEST_CASE("S9: no room for struct arguments is a failed check") {
  rlbox_sandbox_bare sandbox;
  rlbox_wasm2c_options options;
  options.max_memory = 1 << 20;
  sandbox.create_sandbox(options);
  auto p = sandbox.invoke_sandbox_function(make_point, 1, 2, 3.0);
  for (std::uint32_t size = 1 << 16; size != 0; size /= 2) {
    while (sandbox.malloc_in_sandbox<char>(size) != nullptr) {
    }
  }
  CHECK_FAILS_WITH("no room for the struct arguments",
                   sandbox.invoke_sandbox_function(swap_points, p, p, 1));
  CHECK(sandbox.invoke_sandbox_function(add, 1U, 2U).UNSAFE_unverified() == 3);
}

TEST_CASE("a module with 64-bit addresses is refused when it is created") {
  rlbox_sandbox_wide sandbox;
  rlbox_wasm2c_options options;
  options.infallible = false;
  CHECK(!sandbox.create_sandbox(options));
  CHECK_FAILS_WITH("64-bit memories and custom page sizes are not supported",
                   sandbox.create_sandbox());
}

HARNESS_MAIN()
