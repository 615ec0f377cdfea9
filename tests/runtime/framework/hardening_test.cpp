// What the library may choose must be defined behaviour for the application to receive, to compute
// with and to look at: enums and bools of any bits, numbers that overflow, pointers to the last
// bytes of the sandbox, to odd addresses and to other sandboxes.
#include "test_config.hpp"

#include "rlbox.hpp"

#include "test_backend.hpp"

#include <cfloat>
#include <climits>
#include <cmath>
#include <limits>

using rlbox::tainted;
using S = rlbox::rlbox_test_sandbox;
using Sandbox = rlbox::rlbox_sandbox<S>;

enum hard_color { HARD_RED, HARD_GREEN, HARD_BLUE };
enum hard_sign { HARD_MINUS = -1, HARD_PLUS = 5 };
enum hard_fixed : std::uint8_t { HARD_FIXED_A = 1 };
enum class hard_scoped { A, B };
enum class hard_bool : bool { NO, YES };
enum hard_empty {};
enum hard_byte { HARD_200 = 200 };
enum hard_low { HARD_LOW = -100 };
enum hard_wide { HARD_WIDE = 2048 };
enum hard_huge : unsigned long long { HARD_HUGE = 0x8000000000000000ULL };

struct hard_values {
  hard_color color;
  hard_color colors[3];
  hard_bool answer;
  bool flag;
  hard_sign sign;
  double real;
};
struct hard_node {
  int number;
  hard_node* next;
};
#define sandbox_fields_reflection_hard_class_hard_values(f, g, ...) \
  f(hard_color, color, FIELD_NORMAL, __VA_ARGS__) g()               \
      f(hard_color[3], colors, FIELD_NORMAL, __VA_ARGS__) g()       \
          f(hard_bool, answer, FIELD_NORMAL, __VA_ARGS__) g()       \
              f(bool, flag, FIELD_NORMAL, __VA_ARGS__) g()          \
                  f(hard_sign, sign, FIELD_NORMAL, __VA_ARGS__) g() \
                      f(double, real, FIELD_NORMAL, __VA_ARGS__) g()
#define sandbox_fields_reflection_hard_class_hard_node(f, g, ...) \
  f(int, number, FIELD_NORMAL, __VA_ARGS__) g() f(hard_node*, next, FIELD_NORMAL, __VA_ARGS__) g()
#define sandbox_fields_reflection_hard_allClasses(f, ...) \
  f(hard_values, hard, __VA_ARGS__) f(hard_node, hard, __VA_ARGS__)
rlbox_load_structs_from_library(hard);

namespace {

struct fixture {
  Sandbox sandbox;
  fixture() { sandbox.create_sandbox(); }
  char* heap() { return sandbox.get_sandbox_impl()->heap_begin(); }

  // What a hostile library does: any pointer, from any number.
  template <typename T>
  tainted<T*, S> forge(std::uint32_t offset) {
    auto cell = rlbox::sandbox_reinterpret_cast<std::uint32_t*>(sandbox.malloc_in_sandbox<T*>());
    *cell = offset;
    return *rlbox::sandbox_reinterpret_cast<T**>(cell);
  }
};

// Looks at an enum as a verifier does. The sanitizers check the load.
[[gnu::noinline]] int look(hard_color value) {
  switch (value) {
    case HARD_RED:
      return 0;
    case HARD_GREEN:
      return 1;
    case HARD_BLUE:
      return 2;
  }
  return 3;  // a number without a name
}

template <typename T>
void store_bits(tainted<T*, S> p, unsigned char byte) {
  std::memset(static_cast<void*>(p.UNSAFE_unverified()), byte, sizeof(T));
}

}  // namespace

TEST_CASE_METHOD(fixture, "enums of any bits are values of their type") {
  auto p = sandbox.malloc_in_sandbox<hard_color>(4);
  for (const int byte : {0x77, 0xff, 0x80, 0x04}) {
    std::memset(heap() + 16, byte, 64);
    const tainted<hard_color, S> value = *p;
    CHECK(look(value.copy_and_verify([](hard_color c) { return c; })) == 3);
    CHECK(look(value.UNSAFE_unverified()) == 3);
    CHECK(p.copy_and_verify([](std::unique_ptr<hard_color> c) { return look(*c); }) == 3);
    CHECK(p.copy_and_verify_range(
              [](std::unique_ptr<hard_color[]> c) { return look(c[0]) + look(c[3]); }, 4) == 6);
    CHECK((value == HARD_GREEN).UNSAFE_unverified() == false);
    CHECK((*p == HARD_RED).UNSAFE_unverified() == false);
    bool copied = false;
    hard_color* const out = rlbox::copy_memory_or_deny_access(sandbox, p, 4, false, copied);
    CHECK(copied && look(out[0]) == 3 && look(out[3]) == 3);
    std::free(out);
  }
  *p = HARD_BLUE;
  CHECK(p->copy_and_verify([](hard_color c) { return look(c); }) == 2);
}

TEST_CASE_METHOD(fixture, "enums and bools in structs and arrays") {
  auto p = sandbox.malloc_in_sandbox<hard_values>();
  store_bits(p, 0xfe);
  CHECK(look(p->color.UNSAFE_unverified()) == 3);
  CHECK(p->colors.copy_and_verify([](std::array<hard_color, 3> c) { return look(c[2]); }) == 3);
  CHECK(p->answer.UNSAFE_unverified() == hard_bool::YES);
  CHECK(p->flag.UNSAFE_unverified());
  const tainted<hard_values, S> copy = *p;
  CHECK(look(copy.color.UNSAFE_unverified()) == 3 && look(copy.colors[1].UNSAFE_unverified()) == 3);
  CHECK(copy.answer.UNSAFE_unverified() == hard_bool::YES && copy.flag.UNSAFE_unverified());
  const hard_values raw = copy.UNSAFE_unverified();
  CHECK(look(raw.color) == 3 && raw.answer == hard_bool::YES && raw.flag);
  const int sign = copy.sign.UNSAFE_unverified();
  CHECK(sign < 0);
  CHECK(p.copy_and_verify([](std::unique_ptr<tainted<hard_values, S>> v) {
    return look(v->color.UNSAFE_unverified());
  }) == 3);
}

TEST_CASE_METHOD(fixture, "enums from numbers") {
  using rlbox::sandbox_static_cast;
  CHECK(look(sandbox_static_cast<hard_color>(tainted<int, S>(-1)).UNSAFE_unverified()) == 3);
  CHECK(look(sandbox_static_cast<hard_color>(tainted<int, S>(1000)).UNSAFE_unverified()) == 3);
  CHECK(look(sandbox_static_cast<hard_color>(tainted<double, S>(1.5)).UNSAFE_unverified()) == 1);
  CHECK_FAILS(sandbox_static_cast<hard_color>(tainted<double, S>(1e30)));
  const tainted<hard_fixed, S> fixed = sandbox_static_cast<hard_fixed>(tainted<int, S>(200));
  CHECK(static_cast<int>(fixed.UNSAFE_unverified()) == 200);
  using rlbox::detail::enum_from_bits;
  CHECK(enum_from_bits<hard_scoped>(INT_MIN) == static_cast<hard_scoped>(INT_MIN));
  CHECK(enum_from_bits<hard_sign>(-1) == HARD_MINUS);
  CHECK(enum_from_bits<hard_sign>(5) == HARD_PLUS);
#if defined(__clang__) && __clang_major__ < 20
  // These take every number for a value of the enum, so there is nothing to change.
  CHECK(static_cast<int>(enum_from_bits<hard_sign>(INT_MIN)) == INT_MIN);
  CHECK(static_cast<int>(enum_from_bits<hard_color>(77)) == 77);
  CHECK(static_cast<int>(enum_from_bits<hard_wide>(-1)) == -1);
#else
  CHECK(static_cast<int>(enum_from_bits<hard_sign>(INT_MIN)) == -8);
  CHECK(static_cast<int>(enum_from_bits<hard_sign>(INT_MAX)) == 7);
  CHECK(static_cast<int>(enum_from_bits<hard_color>(77)) == 3);
  CHECK(static_cast<int>(enum_from_bits<hard_empty>(77)) == 1);
  CHECK(static_cast<int>(enum_from_bits<hard_byte>(-1)) == 255);
  CHECK(static_cast<int>(enum_from_bits<hard_low>(INT_MIN)) == -128);
  CHECK(static_cast<int>(enum_from_bits<hard_low>(INT_MAX)) == 127);
  CHECK(static_cast<int>(enum_from_bits<hard_wide>(-1)) >= 4095);
#endif
  CHECK(enum_from_bits<hard_wide>(3000) == static_cast<hard_wide>(3000));
  CHECK(enum_from_bits<hard_huge>(0xfedcba9876543210ULL) ==
        static_cast<hard_huge>(0xfedcba9876543210ULL));
}

TEST_CASE("arithmetic on numbers of the library's choice is defined") {
  const tainted<int, S> largest = INT_MAX;
  const tainted<int, S> smallest = INT_MIN;
  tainted<int, S> zero = 0;
  CHECK((largest + 1).UNSAFE_unverified() == INT_MIN);
  CHECK((smallest - 1).UNSAFE_unverified() == INT_MAX);
  CHECK((largest * largest).UNSAFE_unverified() == 1);
  CHECK((-smallest).UNSAFE_unverified() == INT_MIN);
  CHECK((smallest / -1).UNSAFE_unverified() == INT_MIN);
  CHECK((smallest % -1).UNSAFE_unverified() == 0);
  CHECK((tainted<short, S>(SHRT_MAX) * SHRT_MAX).UNSAFE_unverified() == SHRT_MAX * SHRT_MAX);
  CHECK((tainted<unsigned short, S>(USHRT_MAX) * tainted<unsigned short, S>(USHRT_MAX))
            .UNSAFE_unverified() == static_cast<int>(0xfffe0001U));
  CHECK((tainted<double, S>(1.0) / zero).UNSAFE_unverified() > DBL_MAX);
  CHECK_FAILS_WITH("divided by zero", largest / zero);
  CHECK_FAILS_WITH("verify the divisor", 1U % tainted<unsigned, S>(0U));
  CHECK_FAILS_WITH("divided by zero", zero /= zero);
  CHECK((tainted<int, S>(-1) << 4).UNSAFE_unverified() == -16);
  CHECK((smallest >> 31).UNSAFE_unverified() == -1);
  CHECK_FAILS_WITH("shifted by", largest << 32);
  CHECK_FAILS_WITH("shifted by", largest >> tainted<int, S>(-1));
  tainted<int, S> counter = INT_MAX;
  counter++;
  CHECK(counter.UNSAFE_unverified() == INT_MIN);
  --counter;
  counter += 1;
  CHECK(counter.UNSAFE_unverified() == INT_MIN);
  tainted<unsigned char, S> byte = static_cast<unsigned char>(255);
  byte += 2;
  CHECK(byte.UNSAFE_unverified() == 1);
}

TEST_CASE("floating-point numbers that an integer cannot hold fail a check") {
  using rlbox::sandbox_static_cast;
  CHECK(sandbox_static_cast<int>(tainted<double, S>(-2147483648.9)).UNSAFE_unverified() == INT_MIN);
  CHECK(sandbox_static_cast<int>(tainted<double, S>(2147483647.9)).UNSAFE_unverified() == INT_MAX);
  CHECK_FAILS_WITH("does not fit", sandbox_static_cast<int>(tainted<double, S>(2147483648.0)));
  CHECK_FAILS_WITH("does not fit", sandbox_static_cast<int>(tainted<double, S>(-2147483649.0)));
  CHECK_FAILS_WITH("does not fit", sandbox_static_cast<int>(tainted<float, S>(2147483648.0F)));
  CHECK(sandbox_static_cast<int>(tainted<float, S>(-2147483648.0F)).UNSAFE_unverified() == INT_MIN);
  CHECK_FAILS_WITH("does not fit", sandbox_static_cast<unsigned>(tainted<double, S>(-1.0)));
  CHECK(sandbox_static_cast<unsigned>(tainted<double, S>(-0.5)).UNSAFE_unverified() == 0);
  CHECK_FAILS_WITH("does not fit", sandbox_static_cast<int>(tainted<double, S>(NAN)));
  CHECK(sandbox_static_cast<long long>(tainted<double, S>(-9223372036854775808.0))
            .UNSAFE_unverified() == LLONG_MIN);
  CHECK_FAILS_WITH("does not fit",
                   sandbox_static_cast<long long>(tainted<double, S>(9223372036854775808.0)));
  CHECK(sandbox_static_cast<bool>(tainted<double, S>(1e300)).UNSAFE_unverified());
  tainted<int, S> number = 1;
  CHECK_FAILS_WITH("does not fit", number *= tainted<double, S>(1e300));
}

TEST_CASE_METHOD(fixture, "S8: an access ends inside the sandbox") {
  constexpr auto end = static_cast<std::uint32_t>(S::heap_size);
  auto last = forge<long long>(end - 8);
  *last = 1;
  CHECK(last[0].UNSAFE_unverified() == 1);
  CHECK_FAILS_WITH("does not refer to an object", *forge<long long>(end - 4));
  CHECK_FAILS_WITH("does not refer to an object", forge<long long>(end - 4)->UNSAFE_unverified());
  CHECK_FAILS_WITH("leaves the sandbox", forge<int>(end - 16)[4]);
  CHECK_FAILS_WITH("leaves the sandbox", forge<char>(end - 1)[1]);
  CHECK_FAILS_WITH("does not refer to an object", forge<long long>(end - 12)[1]);
  CHECK_FAILS_WITH("does not refer to an object", forge<hard_values>(end - 8)->color);
  CHECK_FAILS_WITH("beyond the end", forge<long long>(end - 4).copy_and_verify(
                                         [](std::unique_ptr<long long>) { return 0; }));
  CHECK_FAILS_WITH("beyond the end",
                   forge<hard_values>(end - 8).copy_and_verify(
                       [](std::unique_ptr<tainted<hard_values, S>>) { return 0; }));
}

TEST_CASE_METHOD(fixture, "pointers to odd addresses") {
  auto odd = forge<int>(2049);
  std::memset(heap() + 2048, 0x01, 64);
  CHECK_FAILS_WITH("not aligned", *odd);
  CHECK_FAILS_WITH("not aligned", odd[1]);
  CHECK_FAILS_WITH("copy_and_verify", forge<hard_values>(2050)->color);
  CHECK_FAILS_WITH("not aligned", odd.unverified_safe_pointer_because(1, "a test"));
  CHECK(forge<char>(2049).unverified_safe_pointer_because(1, "a test") == heap() + 2049);
  CHECK(forge<long>(2052).unverified_safe_pointer_because(1, "a test") != nullptr);
  // the way out that the message names
  CHECK(odd.copy_and_verify([](std::unique_ptr<int> v) { return *v; }) == 0x01010101);
  CHECK(odd.copy_and_verify_range([](std::unique_ptr<int[]> v) { return v[1]; }, 2) == 0x01010101);
  CHECK(forge<hard_values>(2050).copy_and_verify([](std::unique_ptr<tainted<hard_values, S>> v) {
    return v->answer.UNSAFE_unverified() == hard_bool::YES;
  }));
}

TEST_CASE("S10: pointers of another sandbox are refused") {
  Sandbox a;
  Sandbox b;
  a.create_sandbox();
  b.create_sandbox();
  auto in_a = a.malloc_in_sandbox<int>(4);
  auto in_b = b.malloc_in_sandbox<int>(4);
  auto cell_in_b = b.malloc_in_sandbox<int*>();
  *cell_in_b = in_b;
  CHECK_FAILS_WITH("malloc_in_sandbox", *cell_in_b = in_a);
  auto cell_in_a = a.malloc_in_sandbox<int*>();
  *cell_in_a = nullptr;
  *cell_in_b = *cell_in_a;
  CHECK((*cell_in_b == nullptr).UNSAFE_unverified());
  *cell_in_a = in_a;
  CHECK_FAILS_WITH("another sandbox", *cell_in_b = *cell_in_a);
  auto node_in_a = a.malloc_in_sandbox<hard_node>();
  auto node_in_b = b.malloc_in_sandbox<hard_node>();
  node_in_a->number = 7;
  node_in_a->next = nullptr;
  *node_in_b = *node_in_a;
  CHECK(node_in_b->number.UNSAFE_unverified() == 7);
  node_in_a->next = node_in_a;
  CHECK_FAILS_WITH("another sandbox", *node_in_b = *node_in_a);
  const tainted<hard_node, S> copy = *node_in_a;
  CHECK_FAILS_WITH("another sandbox", *node_in_b = copy);
  CHECK_FAILS_WITH("used with", rlbox::memset(b, in_a, 0, 4));
  CHECK_FAILS_WITH("used with", rlbox::memcpy(b, in_b, in_a, 4));
  CHECK_FAILS_WITH("used with", rlbox::memcpy(b, in_a, in_b, 4));
  CHECK_FAILS_WITH("used with", rlbox::memcmp(b, in_b, in_a, 4));
  bool copied = false;
  CHECK_FAILS_WITH("used with", rlbox::copy_memory_or_deny_access(b, in_a, 4, false, copied));
  CHECK_FAILS_WITH("another sandbox", b.free_in_sandbox(in_a));
}

TEST_CASE_METHOD(fixture, "S17: the library does not choose how much of the application is read") {
  auto p = sandbox.malloc_in_sandbox<char>(256);
  const char text[8] = {'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'};
  rlbox::memcpy(sandbox, p, text, tainted<unsigned, S>(8U));
  CHECK_FAILS_WITH("application's buffer", rlbox::memcpy(sandbox, p, text, tainted<int, S>(9)));
  CHECK_FAILS_WITH("application's buffer", rlbox::memcmp(sandbox, p, text, tainted<int, S>(9)));
  CHECK_FAILS_WITH("application's buffer", rlbox::strncpy(sandbox, p, text, tainted<int, S>(9)));
  rlbox::strncpy(sandbox, p, "abc", tainted<int, S>(64));
  rlbox::memcpy(sandbox, p, p + 8, tainted<int, S>(8));
  const char* const pointer = text;
  CHECK_REJECTED(rlbox::memcpy(sandbox, p, pointer, tainted<int, S>(4)));
  rlbox::memcpy(sandbox, p, pointer, 4);
}
