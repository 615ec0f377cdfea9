// S17: nothing of the application's memory gets into the sandbox that the application did not put
// there. Each case covers the stack with a pattern, makes the framework write a struct with as much
// padding as possible to sandbox memory, and looks for the pattern there.
#include "test_config.hpp"

#include "rlbox.hpp"

#include "test_backend.hpp"

#include <array>

using rlbox::tainted;
using S = rlbox::rlbox_test_sandbox;
using Sandbox = rlbox::rlbox_sandbox<S>;

struct leaky_inner {
  char first;
  double real;
  char last;
};
struct leaky {
  char first;
  long long wide;
  short small;
  leaky_inner nested;
  char middle;
  leaky_inner several[2];
  bool flag;
  long double longest;
  long double pair[2];
  char* text;
  char last;
};
#define sandbox_fields_reflection_leaky_class_leaky_inner(f, g, ...)                           \
  f(char, first, FIELD_NORMAL, __VA_ARGS__) g() f(double, real, FIELD_NORMAL, __VA_ARGS__) g() \
      f(char, last, FIELD_NORMAL, __VA_ARGS__) g()
#define sandbox_fields_reflection_leaky_class_leaky(f, g, ...)                                    \
  f(char, first, FIELD_NORMAL, __VA_ARGS__) g() f(long long, wide, FIELD_NORMAL, __VA_ARGS__) g() \
      f(short, small, FIELD_NORMAL, __VA_ARGS__) g()                                              \
          f(leaky_inner, nested, FIELD_NORMAL, __VA_ARGS__) g()                                   \
              f(char, middle, FIELD_NORMAL, __VA_ARGS__) g()                                      \
                  f(leaky_inner[2], several, FIELD_NORMAL, __VA_ARGS__) g()                       \
                      f(bool, flag, FIELD_NORMAL, __VA_ARGS__) g()                                \
                          f(long double, longest, FIELD_NORMAL, __VA_ARGS__) g()                  \
                              f(long double[2], pair, FIELD_NORMAL, __VA_ARGS__) g()              \
                                  f(char*, text, FIELD_NORMAL, __VA_ARGS__) g()                   \
                                      f(char, last, FIELD_NORMAL, __VA_ARGS__) g()
#define sandbox_fields_reflection_leaky_allClasses(f, ...) \
  f(leaky_inner, leaky, __VA_ARGS__) f(leaky, leaky, __VA_ARGS__)
rlbox_load_structs_from_library(leaky);

namespace {

constexpr unsigned char pattern = 0xa5;
constexpr unsigned char untouched = 0x11;

// Leaves the pattern in the stack below the caller's frame.
[[gnu::noinline]] void cover_stack() {
  volatile unsigned char area[32768];
  for (volatile unsigned char& byte : area) {
    byte = pattern;
  }
}

// Runs `body` in a frame of its own, on a covered stack.
template <typename T_Body>
[[gnu::noinline]] void run_body(T_Body& body) {
  body();
}

struct fixture {
  Sandbox sandbox;
  fixture() { sandbox.create_sandbox(); }

  unsigned char* heap() {
    return reinterpret_cast<unsigned char*>(sandbox.get_sandbox_impl()->heap_begin());
  }

  // Bytes of the application's stack that `body` brought into the sandbox.
  template <typename T_Body>
  int leaked(T_Body body) {
    std::memset(heap(), untouched, S::heap_size);
    cover_stack();
    run_body(body);
    int count = 0;
    for (std::size_t i = 0; i < S::heap_size; i++) {
      count += heap()[i] == pattern ? 1 : 0;
    }
    return count;
  }
};

// A value whose padding holds the pattern, as that of an object on a used stack does.
template <typename T>
[[gnu::noinline]] void cover(T& object) {
  std::memset(static_cast<void*>(&object), pattern, sizeof(object));
}
[[gnu::noinline]] void set_fields(tainted<leaky_inner, S>& value) {
  value.first = 'a';
  value.real = 1.5;
  value.last = 'b';
}
[[gnu::noinline]] void set_fields(tainted<leaky, S>& value) {
  value.first = 'a';
  value.wide = 1;
  value.small = static_cast<short>(2);
  set_fields(value.nested);
  value.middle = 'm';
  set_fields(value.several[0]);
  set_fields(value.several[1]);
  value.flag = true;
  value.longest = 1.0L;
  value.pair[0] = 2.0L;
  value.pair[1] = 3.0L;
  value.text = nullptr;
  value.last = 'z';
}

}  // namespace

TEST_CASE_METHOD(fixture, "S17: stores of structs") {
  auto p = sandbox.malloc_in_sandbox<leaky>();
  CHECK(leaked([&] {
          tainted<leaky, S> value;
          cover(value);
          set_fields(value);
          *p = value;
        }) == 0);
  CHECK(p->first.UNSAFE_unverified() == 'a' && p->last.UNSAFE_unverified() == 'z');
  CHECK(p->several[1].real.UNSAFE_unverified() == 1.5 && p->flag.UNSAFE_unverified());
  CHECK(p->longest.UNSAFE_unverified() == 1.0L);
  CHECK(leaked([&] {
          tainted<leaky_inner, S> value;
          cover(value);
          set_fields(value);
          p->nested = value;
          p->several[1] = value;
        }) == 0);
  CHECK(p->several[1].last.UNSAFE_unverified() == 'b');
  CHECK(leaked([&] {
          tainted<leaky, S> value;
          cover(value);
          set_fields(value);
          p->several = value.several;
        }) == 0);
  CHECK(p->several[0].last.UNSAFE_unverified() == 'b');
}

TEST_CASE_METHOD(fixture, "S17: copies inside the sandbox") {
  auto p = sandbox.malloc_in_sandbox<leaky>();
  auto q = sandbox.malloc_in_sandbox<leaky>();
  CHECK(leaked([&] { *q = *p; }) == 0);
  CHECK(leaked([&] { q->several[1] = p->nested; }) == 0);
  CHECK(leaked([&] {
          const tainted<leaky, S> copy = *p;
          *q = copy;
        }) == 0);
  CHECK(leaked([&] {
          auto copy = p.copy_and_verify(
              [](std::unique_ptr<tainted<leaky, S>> c) { return tainted<leaky, S>(*c); });
          *q = copy;
        }) == 0);
}

TEST_CASE_METHOD(fixture, "S17: numbers that have padding themselves") {
  auto p = sandbox.malloc_in_sandbox<long double>(4);
  CHECK(leaked([&] {
          *p = 1.0L;
          p[1] = tainted<long double, S>(2.0L);
        }) == 0);
  auto array = rlbox::sandbox_reinterpret_cast<long double (*)[4]>(p);
  CHECK(leaked([&] {
          std::array<long double, 4> values;
          cover(values);
          for (long double& value : values) {
            value = 3.0L;
          }
          *array = values;
        }) == 0);
  CHECK(p[3].UNSAFE_unverified() == 3.0L);
}

TEST_CASE_METHOD(fixture, "S17: a tainted struct whose fields nobody set") {
  auto p = sandbox.malloc_in_sandbox<leaky>();
  CHECK(leaked([&] {
          tainted<leaky, S> value;
          value.first = 'a';
          *p = value;
        }) == 0);
}

TEST_CASE_METHOD(fixture, "S17: a backend's copy of a struct argument or result") {
  auto p = sandbox.malloc_in_sandbox<leaky>();
  CHECK(leaked([&] {
          tainted<leaky, S> value;
          cover(value);
          set_fields(value);
          const auto layout = value.UNSAFE_sandboxed(sandbox);
          rlbox::detail::store_in_sandbox(p.UNSAFE_unverified(), layout);
        }) == 0);
  CHECK(p->several[1].real.UNSAFE_unverified() == 1.5 && p->last.UNSAFE_unverified() == 'z');
}
