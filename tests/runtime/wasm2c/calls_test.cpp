// Calls: numbers, structs, function pointers. Built for imported and for exported memory.
#define RLBOX_USE_EXCEPTIONS
#include "guest.rlbox.h"

#include <cstring>
#include <limits>

#include "tests/runtime/wasm2c/guest_structs.hpp"

#include "tests/runtime/harness.hpp"

using namespace rlbox;

namespace {

auto keep = [](auto value) { return value; };

struct sandbox_fixture {
  rlbox_sandbox_guest sandbox;
  sandbox_fixture() { sandbox.create_sandbox(); }
  ~sandbox_fixture() { sandbox.destroy_sandbox(); }
};

}  // namespace

TEST_CASE("numbers of all widths and signs arrive as they were sent") {
  sandbox_fixture f;
  auto& s = f.sandbox;
  CHECK(s.invoke_sandbox_function(add, 4000000000U, 7U).copy_and_verify(keep) == 4000000007U);
  CHECK(s.invoke_sandbox_function(same_i8, -5).copy_and_verify(keep) == -5);
  CHECK(s.invoke_sandbox_function(same_u8, 250).copy_and_verify(keep) == 250);
  CHECK(s.invoke_sandbox_function(same_i16, -30000).copy_and_verify(keep) == -30000);
  CHECK(s.invoke_sandbox_function(same_long, -2000000000L).copy_and_verify(keep) == -2000000000L);
  CHECK(s.invoke_sandbox_function(same_float, 1.25F).copy_and_verify(keep) == 1.25F);
  CHECK(s.invoke_sandbox_function(same_double, -0.1).copy_and_verify(keep) == -0.1);
  CHECK(s.invoke_sandbox_function(same_size, 4000000000U).copy_and_verify(keep) == 4000000000U);
  CHECK(s.invoke_sandbox_function(mix, -1, 2.0, 3000000000LL, 4.0F, 60000).copy_and_verify(keep) ==
        3000060005LL);
}

TEST_CASE("elements on both sides of a pointer, up to the ends of memory") {
  sandbox_fixture f;
  auto& s = f.sandbox;
  char* const start = static_cast<char*>(s.get_memory_location());
  const std::size_t size = s.get_total_memory();
  const auto at = [&](std::size_t offset) {
    return s.UNSAFE_accept_pointer(reinterpret_cast<std::uint32_t*>(start + offset));
  };
  auto p = s.malloc_in_sandbox<std::uint32_t>(4);
  for (unsigned i = 0; i < 4; ++i) {
    p[i] = i + 10;
  }
  auto last = p + 3;
  CHECK(last[0].copy_and_verify(keep) == 13);
  CHECK(last[-3].copy_and_verify(keep) == 10);
  CHECK(last[-1L].copy_and_verify(keep) == 12);
  CHECK(p[3ULL].copy_and_verify(keep) == 13);
  std::uint32_t present[2];
  std::memcpy(present, start + size - 8, 8);
  CHECK(at(size - 8)[1].copy_and_verify(keep) == present[1]);
  CHECK(at(size - 4)[-1].copy_and_verify(keep) == present[0]);
  static_cast<void>(at(4)[-1]);
  CHECK_FAILS_WITH("leaves the sandbox", at(size - 4)[1]);
  CHECK_FAILS_WITH("leaves the sandbox", at(4)[-2]);
  CHECK_FAILS_WITH("leaves the sandbox", p[0xffffffffU]);
  CHECK_FAILS_WITH("leaves the sandbox", p[std::numeric_limits<std::int32_t>::min()]);
  CHECK_FAILS_WITH("does not refer to an object", at(size - 6)[1]);
  CHECK_FAILS_WITH("not aligned", at(size - 10)[1]);
  CHECK_FAILS_WITH("not aligned", at(5)[-1]);
}

TEST_CASE("C3: 64-bit integers keep all their bits where the host calls them long") {
  sandbox_fixture f;
  const std::uint64_t big = 0xfedcba9876543210U;
  CHECK(f.sandbox.invoke_sandbox_function(same_u64, big).copy_and_verify(keep) == big);
  CHECK(f.sandbox.invoke_sandbox_function(same_i64, std::int64_t{-5000000000})
            .copy_and_verify(keep) == -5000000000);
}

TEST_CASE("structs by value, in and out") {
  sandbox_fixture f;
  auto& s = f.sandbox;
  auto p = s.invoke_sandbox_function(make_point, 1, -2, 3.5);
  CHECK(p.x.UNSAFE_unverified() == 1);
  CHECK(p.y.UNSAFE_unverified() == -2);
  CHECK(p.z.UNSAFE_unverified() == 3.5);
  CHECK(s.invoke_sandbox_function(sum_point, p, 10).copy_and_verify(keep) == 25.0);
  auto q = s.invoke_sandbox_function(make_point, 7, 8, 9.0);
  CHECK(s.invoke_sandbox_function(swap_points, p, q, 0).y.UNSAFE_unverified() == 8);
  CHECK(s.invoke_sandbox_function(swap_points, p, q, 1).y.UNSAFE_unverified() == -2);
}

TEST_CASE("P3: struct arguments leave the guest's stack and heap where they were") {
  sandbox_fixture f;
  auto& s = f.sandbox;
  auto p = s.invoke_sandbox_function(make_point, 1, 2, 3.0);
  const auto pages = s.invoke_sandbox_function(memory_pages).UNSAFE_unverified();
  for (int i = 0; i < 200000; ++i) {
    p = s.invoke_sandbox_function(swap_points, p, p, i % 2);
  }
  CHECK(p.x.UNSAFE_unverified() == 1);
  CHECK(s.invoke_sandbox_function(memory_pages).UNSAFE_unverified() == pages);
}

TEST_CASE("C2: a struct with one scalar is passed as that scalar") {
  sandbox_fixture f;
  auto& s = f.sandbox;
  tainted_guest<only_int> i{};
  i.value = -77;
  CHECK(s.invoke_sandbox_function(same_only_int, i).value.UNSAFE_unverified() == -77);
  tainted_guest<only_double> d{};
  d.value = 2.5;
  CHECK(s.invoke_sandbox_function(half_only_double, d).value.UNSAFE_unverified() == 1.25);
  tainted_guest<only_nested> n{};
  n.inner.value = 123;
  CHECK(s.invoke_sandbox_function(same_only_nested, n).inner.value.UNSAFE_unverified() == 123);
}

TEST_CASE(
    "C4: the address of a library function with long in its signature can be called by the guest") {
  sandbox_fixture f;
  auto& s = f.sandbox;
  auto twice = s.get_sandbox_function_address(twice_long);
  CHECK(s.invoke_sandbox_function(apply_long, twice, 21L).copy_and_verify(keep) == 42);
  auto three = s.get_sandbox_function_address(triple);
  CHECK(s.invoke_sandbox_function(apply, three, 5U).copy_and_verify(keep) == 15);
}

TEST_CASE("C5: function pointers of the guest survive being read and written back") {
  sandbox_fixture f;
  auto& s = f.sandbox;
  auto own = s.invoke_sandbox_function(own_function, 1);
  CHECK(own != nullptr);
  CHECK(s.invoke_sandbox_function(own_function, 0) == nullptr);
  CHECK(s.invoke_sandbox_function(is_own_function, own, 1).copy_and_verify(keep) == 1);
  CHECK(s.invoke_sandbox_function(is_own_function, own, 2).copy_and_verify(keep) == 0);
  CHECK(s.invoke_sandbox_function(apply, own, 5U).copy_and_verify(keep) == 6);

  auto o = s.malloc_in_sandbox<operations>();
  s.invoke_sandbox_function(fill_operations, o);
  CHECK(s.invoke_sandbox_function(run_operations, o).copy_and_verify(keep) == 42);
  tainted_guest<operations> copy = *o;
  CHECK(copy.call != nullptr);
  auto second = s.malloc_in_sandbox<operations>();
  *second = copy;
  CHECK(s.invoke_sandbox_function(run_operations, second).copy_and_verify(keep) == 42);
  second->call = s.get_sandbox_function_address(triple);
  CHECK(s.invoke_sandbox_function(run_operations, second).copy_and_verify(keep) == 120);
  tainted_guest<operations> known = *second;
  CHECK(known.call.UNSAFE_unverified() ==
        s.get_sandbox_function_address(triple).UNSAFE_unverified());
}

TEST_CASE("S10: pointers of one sandbox are refused by another") {
  sandbox_fixture a;
  sandbox_fixture b;
  auto in_a = a.sandbox.malloc_in_sandbox<operations>();
  CHECK_THROWS(b.sandbox.invoke_sandbox_function(run_operations, in_a));
  auto cell = b.sandbox.malloc_in_sandbox<operations*>();
  CHECK_THROWS(*cell = in_a);
  auto function_of_a = a.sandbox.invoke_sandbox_function(own_function, 1);
  CHECK_THROWS(b.sandbox.invoke_sandbox_function(apply, function_of_a, 1U));
}

TEST_CASE("S1: no pointer leaves the sandbox's memory") {
  sandbox_fixture f;
  auto& s = f.sandbox;
  auto p = s.malloc_in_sandbox<int>(4);
  const char* base = static_cast<const char*>(s.get_memory_location());
  const std::size_t size = s.get_total_memory();
  int host = 0;
  CHECK(rlbox_sandbox_guest::is_in_same_sandbox(base, base + size - 1));
  CHECK(!rlbox_sandbox_guest::is_in_same_sandbox(base, base + size));
  CHECK(!rlbox_sandbox_guest::is_in_same_sandbox(base, base - 1));
  CHECK(!rlbox_sandbox_guest::is_in_same_sandbox(base, &host));
  CHECK(!rlbox_sandbox_guest::is_in_same_sandbox(&host, base));
  CHECK(s.is_pointer_in_sandbox_memory(base));
  CHECK(s.is_pointer_in_sandbox_memory(base + size - 1));
  CHECK(!s.is_pointer_in_sandbox_memory(base + size));
  CHECK(!s.is_pointer_in_sandbox_memory(base - 1));
  CHECK(s.is_pointer_in_app_memory(&host));
  CHECK_THROWS(p + 1000000000);
  CHECK_THROWS(p - 1000000000);
  CHECK_THROWS(p[1000000000]);
  tainted_guest<int> index = 0x7fffffff;
  CHECK_THROWS(p[index]);
  CHECK_THROWS([&] {
    auto step = p;
    for (int i = 0; i < 10; ++i) {
      step = step + 1000000000;
    }
  }());
  CHECK_THROWS(rlbox::memset(s, p, 0, static_cast<unsigned>(size)));
  CHECK_THROWS(rlbox::memcpy(s, p, base, static_cast<unsigned>(size)));
  CHECK_THROWS(p.unverified_safe_pointer_because(0x40000000, "range check"));
  CHECK_THROWS(p.copy_and_verify_range(keep, 0x40000000));
  CHECK_THROWS(p.assign_raw_pointer(s, &host));
}

TEST_CASE("U7: what the manual and upstream's code disagree about is as the code has it") {
  sandbox_fixture f;
  auto& s = f.sandbox;
  // The verifier of a pointer to a struct gets a copy with tainted fields.
  auto p = s.malloc_in_sandbox<point>();
  p->y = 5L;
  CHECK(p.copy_and_verify([](std::unique_ptr<tainted_guest<point>> copy) {
    return copy->y.copy_and_verify(keep);
  }) == 5);
  // A null pointer constant initialises a tainted pointer.
  tainted_guest<int*> null = NULL;
  CHECK(null == nullptr);
  // Hints have no verifier, only the two ways that say why it is safe.
  tainted_boolean_hint hint = p->y == 5L;
  CHECK(hint.unverified_safe_because("a test"));
  CHECK(rlbox::memcmp(s, p, p, 4U).unverified_safe_because("a test") == 0);
  // The transfer helpers work with malloc and free.
  auto* text = static_cast<char*>(std::malloc(3));
  std::memcpy(text, "ab", 3);
  bool copied = false;
  auto inside = copy_memory_or_grant_access(s, text, 3, true, copied);
  CHECK(copied);
  char* outside = copy_memory_or_deny_access(s, inside, 3, true, copied);
  CHECK(std::strcmp(outside, "ab") == 0);
  std::free(outside);
}

HARNESS_MAIN()
