// 64-bit integers have the library's width behind pointers and in callbacks, or a call does not
// compile
// (//tests/runtime/compile_fail).
#include "wide.rlbox.h"

#include "tests/runtime/harness.hpp"

using box = rlbox_sandbox_wide;
template <typename T>
using tainted = tainted_wide<T>;

namespace {

constexpr long long big = 1LL << 40;

tainted<long long> add_position(box&, tainted<void*>, tainted<long long> value,
                                tainted<const unsigned long long*> position) {
  return value + static_cast<long long>((*position).UNSAFE_unverified());
}

tainted<long> add_one(box&, tainted<long> value) { return value + 1L; }

}  // namespace

TEST_CASE("pointers to 64-bit integers") {
  box sandbox;
  sandbox.create_sandbox();
  auto values = sandbox.malloc_in_sandbox<long long>(3);
  sandbox.invoke_sandbox_function(wide_fill, values, 3u, big);
  CHECK(values[2].UNSAFE_unverified() == big + 2);
  CHECK(sandbox.invoke_sandbox_function(wide_sum, values, 3u).UNSAFE_unverified() == 3 * big + 3);

  auto list = sandbox.malloc_in_sandbox<wide_list>();
  list->count = 2;
  // As the library has it, which is the header's own type without isolation.
  using field = decltype(list->values.UNSAFE_unverified());
  list->values = rlbox::sandbox_reinterpret_cast<field>(values);
  CHECK(sandbox.invoke_sandbox_function(wide_sum_of_list, list).UNSAFE_unverified() == 2 * big + 1);
  sandbox.destroy_sandbox();
}

TEST_CASE("results that point to them") {
  box sandbox;
  sandbox.create_sandbox();
  auto table = sandbox.invoke_sandbox_function(wide_table);
  CHECK(table[0].UNSAFE_unverified() == big);
  CHECK(table[1].UNSAFE_unverified() == -3);
  sandbox.destroy_sandbox();
}

TEST_CASE("callbacks with them") {
  box sandbox;
  sandbox.create_sandbox();
  auto step = sandbox.register_callback(add_position);
  auto sum = sandbox.invoke_sandbox_function(wide_fold, step, nullptr, 4u);
  CHECK(sum.UNSAFE_unverified() == (1LL << 33) + 6);

  // The library's own function has the right type, whatever the application calls it.
  auto own = sandbox.get_sandbox_function_address(wide_twice);
  auto same = sandbox.invoke_sandbox_function(wide_choose, own);
  CHECK(same.UNSAFE_unverified() != nullptr);
  sandbox.destroy_sandbox();
}

TEST_CASE("a long stays one") {
  box sandbox;
  sandbox.create_sandbox();
  auto values = sandbox.malloc_in_sandbox<long>(2);
  values[0] = 40;
  values[1] = 2;
  auto sum = sandbox.invoke_sandbox_function(wide_sum_of_longs, values, 2u);
  CHECK(sum.UNSAFE_unverified() == 42);
  auto callback = sandbox.register_callback(add_one);
  auto more = sandbox.invoke_sandbox_function(wide_call_with_long, callback, 41L);
  CHECK(more.UNSAFE_unverified() == 42);
  sandbox.destroy_sandbox();
}

HARNESS_MAIN()
