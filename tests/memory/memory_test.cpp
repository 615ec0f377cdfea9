// The memory attributes of wasm_library and wasm2c_library, as an application sees them.
// The expected values come from the BUILD file.
#define RLBOX_USE_EXCEPTIONS
#include "vectors.rlbox.h"

#include <utility>
#include <vector>

#include "tests/runtime/harness.hpp"

using namespace rlbox;

namespace {

rlbox_wasm2c_options survive() {
  rlbox_wasm2c_options options;
  options.traps = rlbox_wasm2c_trap_policy::survive;
  return options;
}

template <int N>
tainted_vectors<int> add_number(rlbox_sandbox_vectors&, tainted_vectors<int> value) {
  return value + N;
}

template <typename T_Registered, int... N>
void register_all(rlbox_sandbox_vectors& sandbox, T_Registered& registered,
                  std::integer_sequence<int, N...>) {
  (registered.push_back(sandbox.register_callback(add_number<N + 1>)), ...);
}

}  // namespace

TEST_CASE("the sandbox starts with the memory that was asked for and grows to its limit") {
  rlbox_sandbox_vectors sandbox;
  sandbox.create_sandbox();
  const auto pages = [&] {
    return sandbox.invoke_sandbox_function(memory_pages).UNSAFE_unverified();
  };
  const auto grow_by = [&](int count) {
    return sandbox.invoke_sandbox_function(grow, count).UNSAFE_unverified();
  };
#ifdef EXPECTED_INITIAL_PAGES
  CHECK(pages() == EXPECTED_INITIAL_PAGES);
  CHECK(sandbox.get_total_memory() >= EXPECTED_INITIAL_PAGES * 65536U);
#endif
#ifdef EXPECTED_MAX_PAGES
  CHECK(grow_by(EXPECTED_MAX_PAGES - pages()) != -1);
  CHECK(pages() == EXPECTED_MAX_PAGES);
  CHECK(grow_by(1) == -1);
#else
  const int before = pages();
  CHECK(grow_by(100) == before);
#endif
  sandbox.destroy_sandbox();
}

TEST_CASE("an access outside the sandbox is a trap, however it is caught") {
  rlbox_sandbox_vectors sandbox;
  sandbox.create_sandbox(survive());
  auto values = sandbox.malloc_in_sandbox<int>(4);
  sandbox.invoke_sandbox_function(read_at, values, 1U);
  CHECK(!sandbox.get_sandbox_impl()->has_trapped());
  CHECK_FAILS(sandbox.invoke_sandbox_function(read_at, values, 0x20000000U));
  CHECK(sandbox.get_sandbox_impl()->has_trapped());
  CHECK(sandbox.get_sandbox_impl()->trap_reason() == RLBOX_WASM2C_TRAP_OUT_OF_BOUNDS);
  sandbox.destroy_sandbox();
}

TEST_CASE("vector code gives the same result") {
  rlbox_sandbox_vectors sandbox;
  sandbox.create_sandbox();
  constexpr int count = 103;
  auto values = sandbox.malloc_in_sandbox<float>(count);
  for (int i = 0; i < count; ++i) {
    values[i] = static_cast<float>(i);
  }
  CHECK(sandbox.invoke_sandbox_function(sum, values, count).UNSAFE_unverified() == 10506.0F);
  CHECK(sandbox.invoke_sandbox_function(has_simd).UNSAFE_unverified() == EXPECTED_SIMD);
  sandbox.destroy_sandbox();
}

TEST_CASE("callbacks fill the table up to its limit and no further") {
  rlbox_sandbox_vectors sandbox;
  sandbox.create_sandbox();
  auto first = sandbox.register_callback(add_number<0>);
  CHECK(sandbox.invoke_sandbox_function(call, first, 42).UNSAFE_unverified() == 42);
#ifdef EXPECTED_CALLBACKS
  constexpr int others = EXPECTED_CALLBACKS - 1;
#else
  constexpr int others = 20;
#endif
  std::vector<sandbox_callback_vectors<int (*)(int)>> registered;
  register_all(sandbox, registered, std::make_integer_sequence<int, others>());
  CHECK(sandbox.invoke_sandbox_function(call, registered.back(), 0).UNSAFE_unverified() == others);
#ifdef EXPECTED_CALLBACKS
  CHECK_FAILS_WITH("max_table", sandbox.register_callback(add_number<1000>));
#endif
  registered.pop_back();
  auto another = sandbox.register_callback(add_number<2000>);
  CHECK(sandbox.invoke_sandbox_function(call, another, 1).UNSAFE_unverified() == 2001);
  another.unregister();
  const auto halve = +[](rlbox_sandbox_vectors&, tainted_vectors<float> value) {
    return tainted_vectors<float>(value.UNSAFE_unverified() / 2);
  };
#ifdef EXPECTED_CALLBACKS
  // An entry keeps its type for good: a thread that runs the library may be about to call it.
  CHECK_FAILS_WITH("max_table", sandbox.register_callback(halve));
#else
  auto half = sandbox.register_callback(halve);
  CHECK(sandbox.invoke_sandbox_function(call_float, half, 3.0F).UNSAFE_unverified() == 1.5F);
#endif
}

HARNESS_MAIN()
