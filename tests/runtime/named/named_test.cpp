// Calls by name with both backends: what they pass, return and are called.
#define RLBOX_USE_EXCEPTIONS
#include "tests/runtime/harness.hpp"

#include "names.rlbox.h"

#include <cstdint>
#include <type_traits>

namespace {

struct box {
  rlbox_sandbox_names sandbox;
  box() { sandbox.create_sandbox(); }
};

tainted_names<int> add_context(rlbox_sandbox_names&, tainted_names<int> value,
                               tainted_names<void*> context) {
  return value + *rlbox::sandbox_reinterpret_cast<int*>(context);
}

tainted_names<int> square(rlbox_sandbox_names&, tainted_names<int> value) { return value * value; }

}  // namespace

TEST_CASE("numbers, and functions without a result") {
  box own;
  auto& sandbox = own.sandbox;
  CHECK(sandbox.named_add(3, 4).UNSAFE_unverified() == 7);
  CHECK(sandbox.named_add(sandbox.named_add(1, 1), 1).UNSAFE_unverified() == 3);
  static_assert(std::is_void_v<decltype(sandbox.named_count())>);
  const int before = sandbox.named_counted().UNSAFE_unverified();
  sandbox.named_count();
  CHECK(sandbox.named_counted().UNSAFE_unverified() == before + 1);
  CHECK(sandbox.named_half(3.0F).UNSAFE_unverified() == 1.5F);
  CHECK(sandbox.named_noexcept(1).UNSAFE_unverified() == 2);
  CHECK(sandbox.named_zero_noexcept().UNSAFE_unverified() == 5);
  CHECK(sandbox.named_renamed(1).UNSAFE_unverified() == 3);
  CHECK(sandbox.named_deprecated(1).UNSAFE_unverified() == 1);
}

TEST_CASE("the same types as RLBox's own spelling") {
  box own;
  auto& sandbox = own.sandbox;
  auto by_name = sandbox.named_add(3, 4);
  auto in_rlboxs_way = sandbox.invoke_sandbox_function(named_add, 3, 4);
  static_assert(std::is_same_v<decltype(by_name), tainted_names<int>>);
  static_assert(std::is_same_v<decltype(by_name), decltype(in_rlboxs_way)>);
  CHECK((by_name == in_rlboxs_way).UNSAFE_unverified());
  auto step = sandbox.named_double_step();
  auto same_step = sandbox.invoke_sandbox_function(named_double_step);
  static_assert(std::is_same_v<decltype(step), decltype(same_step)>);
  CHECK(sandbox_invoke(sandbox, named_add, 3, 4).UNSAFE_unverified() == 7);
}

TEST_CASE("pointers") {
  box own;
  auto& sandbox = own.sandbox;
  auto text = sandbox.malloc_in_sandbox<char>(4);
  rlbox::strncpy(sandbox, text, "abc", 4U);
  auto found = sandbox.named_find(text, 'c');
  CHECK((*found).UNSAFE_unverified() == 'c');
  CHECK(sandbox.named_find(text, 'x') == nullptr);
  auto more = sandbox.malloc_in_sandbox<long long>();
  *more = 1LL << 40;
  CHECK(sandbox.named_wide(1, more).UNSAFE_unverified() == (1LL << 40) + 1);
  CHECK(sandbox.named_wide(1LL << 41, nullptr).UNSAFE_unverified() == 1LL << 41);
}

TEST_CASE("structs by value and by pointer") {
  box own;
  auto& sandbox = own.sandbox;
  tainted_names<named_point> point;
  point.x = 1;
  point.y = 0.5;
  auto moved = sandbox.named_move(point, 2);
  CHECK(moved.x.UNSAFE_unverified() == 3);
  CHECK(moved.y.UNSAFE_unverified() == 2.5);
  tainted_names<named_one> one;
  one.only = 6;
  CHECK(sandbox.named_more(one).only.UNSAFE_unverified() == 7);
  auto points = sandbox.malloc_in_sandbox<named_point>(2);
  points[0] = point;
  points[1] = moved;
  sandbox.named_move_all(points, 2U, 10);
  CHECK(points[1].x.UNSAFE_unverified() == 13);
}

TEST_CASE("callbacks, and functions of the library as pointers") {
  box own;
  auto& sandbox = own.sandbox;
  auto values = sandbox.malloc_in_sandbox<int>(2);
  values[0] = 1;
  values[1] = 2;
  auto context = sandbox.malloc_in_sandbox<int>();
  *context = 5;
  auto visit = sandbox.register_callback(add_context);
  CHECK(sandbox.named_each(values, 2U, visit, context).UNSAFE_unverified() == 13);
  auto step = sandbox.named_double_step();
  CHECK(sandbox.named_apply(step, 4).UNSAFE_unverified() == 8);
  auto own_step = sandbox.register_callback(square);
  CHECK(sandbox.named_apply(own_step, 4).UNSAFE_unverified() == 16);
  CHECK(sandbox.named_apply(nullptr, 4).UNSAFE_unverified() == -1);
  CHECK(sandbox.named_shadow(1, 2, nullptr, 4).UNSAFE_unverified() == 7);
}

TEST_CASE("RLBox's names keep their meaning") {
  box own;
  auto& sandbox = own.sandbox;
  auto number = sandbox.malloc_in_sandbox<int>();
  CHECK(number != nullptr);
  sandbox.free_in_sandbox(number);
  CHECK(sandbox.invoke_sandbox_function(create_sandbox, 1).UNSAFE_unverified() == 11);
  CHECK(sandbox.invoke_sandbox_function(malloc_in_sandbox, 1).UNSAFE_unverified() == 12);
  CHECK(sandbox.invoke_sandbox_function(state, 1).UNSAFE_unverified() == 13);
  CHECK(sandbox.invoke_sandbox_function(impl_malloc_in_sandbox, 1).UNSAFE_unverified() == 1);
}

TEST_CASE("names of the backends are the library's") {
  box own;
  auto& sandbox = own.sandbox;
  CHECK(sandbox.has_trapped(1).UNSAFE_unverified() == 21);
  CHECK(sandbox.interrupt(1).UNSAFE_unverified() == 22);
  CHECK(sandbox.create(1).UNSAFE_unverified() == 23);
  CHECK(sandbox.memory(1).UNSAFE_unverified() == 24);
  CHECK(sandbox.call(5, 2).UNSAFE_unverified() == 3);
  CHECK(!sandbox.get_sandbox_impl()->has_trapped());
}

TEST_CASE("names that are macros") {
  box own;
  auto& sandbox = own.sandbox;
  CHECK(sandbox.named_macro(1).UNSAFE_unverified() == 31);
  CHECK((sandbox.named_sum)(1, 2).UNSAFE_unverified() == 3);
  CHECK(sandbox.named_old(1).UNSAFE_unverified() == 32);
  CHECK(sandbox.named_parameters(1, 2, 3).UNSAFE_unverified() == 123);
#if !defined(named_macro) || !defined(named_sum) || !defined(const_)
#error "the header took the library's macros away"
#endif
}

TEST_CASE("two sandboxes share nothing but code") {
  box first;
  box second;
  first.sandbox.named_count();
  auto text = first.sandbox.malloc_in_sandbox<char>(1);
  *text = 'a';
  CHECK(first.sandbox.named_find(text, 'a') != nullptr);
  CHECK(second.sandbox.named_add(1, 2).UNSAFE_unverified() == 3);
}

HARNESS_MAIN()
