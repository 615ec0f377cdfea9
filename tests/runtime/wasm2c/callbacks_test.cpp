// Callbacks: signatures, many of them, recycling, exceptions.
#define RLBOX_USE_EXCEPTIONS
#include "guest.rlbox.h"

#include "tests/runtime/wasm2c/guest_structs.hpp"

#include "tests/runtime/harness.hpp"

using namespace rlbox;

namespace {

template <typename T>
using t = tainted_guest<T>;

struct sandbox_fixture {
  rlbox_sandbox_guest sandbox;
  sandbox_fixture() { sandbox.create_sandbox(); }
  ~sandbox_fixture() { sandbox.destroy_sandbox(); }
};

template <int N>
t<std::uint32_t> numbered(rlbox_sandbox_guest&, t<std::uint32_t> n) {
  return n + static_cast<std::uint32_t>(N);
}

template <int... N>
void register_all(rlbox_sandbox_guest& s, std::vector<sandbox_callback_guest<number_function>>& all,
                  std::integer_sequence<int, N...>) {
  (all.push_back(s.register_callback(numbered<N>)), ...);
}

std::string last_text;
int nested_depth = 0;

}  // namespace

TEST_CASE("a callback gets numbers and text") {
  sandbox_fixture f;
  auto callback = f.sandbox.register_callback(
      +[](rlbox_sandbox_guest& s, t<std::uint32_t> number, t<const char*> text) {
        CHECK(number.UNSAFE_unverified() == 7);
        last_text = text.copy_and_verify_string([](std::string value) { return value; });
        auto p = s.malloc_in_sandbox<int>(100);  // re-entrant use of the library's allocator
        s.free_in_sandbox(p);
      });
  f.sandbox.invoke_sandbox_function(call_text, callback);
  CHECK(last_text == "text of the library");
}

TEST_CASE("a callback with values of all wasm types") {
  sandbox_fixture f;
  auto callback = f.sandbox.register_callback(+[](rlbox_sandbox_guest&, t<double> a, t<float> b,
                                                  t<long long> c, t<std::int8_t> d) -> t<double> {
    CHECK(c.UNSAFE_unverified() == -3);
    CHECK(d.UNSAFE_unverified() == -4);
    return a + b;
  });
  CHECK(f.sandbox.invoke_sandbox_function(call_double, callback).UNSAFE_unverified() == 4.0);
}

TEST_CASE("C2: a callback takes and returns structs as the wasm C ABI passes them") {
  sandbox_fixture f;
  auto by_address =
      f.sandbox.register_callback(+[](rlbox_sandbox_guest&, t<point> p, t<int> factor) -> t<point> {
        p.x = p.x * factor;
        p.y = p.y * factor;
        p.z = p.z * factor;
        return p;
      });
  CHECK(f.sandbox.invoke_sandbox_function(call_point, by_address).UNSAFE_unverified() == 65.0);
  auto as_scalar =
      f.sandbox.register_callback(+[](rlbox_sandbox_guest&, t<only_int> s) -> t<only_int> {
        s.value = s.value + 1;
        return s;
      });
  CHECK(f.sandbox.invoke_sandbox_function(call_only, as_scalar).UNSAFE_unverified() == 21);
}

TEST_CASE("P1: more callbacks at a time than any fixed number of trampolines") {
  rlbox_sandbox_guest sandbox;
  rlbox_wasm2c_options options;
  options.max_callbacks = 250;
  sandbox.create_sandbox(options);
  {
    std::vector<sandbox_callback_guest<number_function>> all;
    register_all(sandbox, all, std::make_integer_sequence<int, 250>{});
    bool ok = true;
    for (std::size_t i = 0; i < all.size(); ++i) {
      ok = ok &&
           sandbox.invoke_sandbox_function(apply, all[i], 1000U).UNSAFE_unverified() == 1000 + i;
    }
    CHECK(ok);
    CHECK_FAILS_WITH("raise max_callbacks", sandbox.register_callback(numbered<250>));
  }
  sandbox.destroy_sandbox();
}

TEST_CASE("L1: registration in a loop uses no more table entries") {
  sandbox_fixture f;
  std::uint32_t highest = 0;
  std::uint32_t first = 0;
  for (int i = 0; i < 100000; ++i) {
    auto callback = f.sandbox.register_callback(numbered<1>);
    const std::uint32_t slot = callback.UNSAFE_sandboxed(f.sandbox);
    first = i == 0 ? slot : first;
    highest = slot > highest ? slot : highest;
  }
  CHECK(highest == first);
}

TEST_CASE("L1: an unregistered callback can no longer be called") {
  rlbox_sandbox_guest sandbox;
  rlbox_wasm2c_options options;
  options.traps = rlbox_wasm2c_trap_policy::survive;
  sandbox.create_sandbox(options);
  auto o = sandbox.malloc_in_sandbox<operations>();
  sandbox.invoke_sandbox_function(fill_operations, o);
  {
    auto callback = sandbox.register_callback(numbered<2>);
    o->call = callback;
    CHECK(sandbox.invoke_sandbox_function(run_operations, o).UNSAFE_unverified() == 42);
  }
  CHECK_THROWS(sandbox.invoke_sandbox_function(run_operations, o));
  CHECK(sandbox.get_sandbox_impl()->trap_reason() == RLBOX_WASM2C_TRAP_BAD_INDIRECT_CALL);
  sandbox.destroy_sandbox();
}

TEST_CASE("C5: a registered callback read back from the sandbox still works there") {
  sandbox_fixture f;
  auto o = f.sandbox.malloc_in_sandbox<operations>();
  f.sandbox.invoke_sandbox_function(fill_operations, o);
  auto callback = f.sandbox.register_callback(numbered<5>);
  o->call = callback;
  t<operations> copy = *o;
  auto other = f.sandbox.malloc_in_sandbox<operations>();
  *other = copy;
  CHECK(f.sandbox.invoke_sandbox_function(run_operations, other).UNSAFE_unverified() == 45);
}

TEST_CASE("C9: a callback can be registered again after the sandbox was created again") {
  rlbox_sandbox_guest sandbox;
  for (int i = 0; i < 3; ++i) {
    sandbox.create_sandbox();
    auto callback = sandbox.register_callback(numbered<3>);
    CHECK(sandbox.invoke_sandbox_function(apply, callback, 1U).UNSAFE_unverified() == 4);
    auto three = sandbox.get_sandbox_function_address(triple);
    CHECK(sandbox.invoke_sandbox_function(apply, three, 2U).UNSAFE_unverified() == 6);
    sandbox.destroy_sandbox();
  }
}

TEST_CASE("a callback type that the library never calls is refused with its signature") {
  sandbox_fixture f;
  CHECK_FAILS_WITH(
      "(i64, f64, f64, f64, f64) -> f32",
      f.sandbox.register_callback(+[](rlbox_sandbox_guest&, t<long long>, t<double>, t<double>,
                                      t<double>, t<double>) -> t<float> { return 0.0F; }));
}

TEST_CASE("L5: an exception of a callback passes through the guest and leaves it usable") {
  sandbox_fixture f;
  auto& s = f.sandbox;
  auto thrower = s.register_callback(+[](rlbox_sandbox_guest&, t<point> p, t<int>) -> t<point> {
    if (p.x.UNSAFE_unverified() == 1) {
      throw std::logic_error("from the callback");
    }
    return p;
  });
  for (int i = 0; i < 20000; ++i) {  // would exhaust the guest's stack if it were not taken back
    bool caught = false;
    try {
      s.invoke_sandbox_function(call_point, thrower);
    } catch (const std::logic_error&) {
      caught = true;
    }
    if (!caught) {
      CHECK(caught);
      break;
    }
  }
  auto p = s.invoke_sandbox_function(make_point, 1, 2, 3.0);
  CHECK(s.invoke_sandbox_function(sum_point, p, 1).UNSAFE_unverified() == 6.0);
}

TEST_CASE("L5: exceptions that callbacks catch between their calls leave the guest usable") {
  sandbox_fixture f;
  auto& s = f.sandbox;
  using thrower_type = sandbox_callback_guest<point_function>;
  static thrower_type* inner = nullptr;
  static int caught = 0;
  auto thrower = s.register_callback(+[](rlbox_sandbox_guest&, t<point> p, t<int>) -> t<point> {
    throw std::logic_error("from the inner callback");
    return p;
  });
  inner = &thrower;
  caught = 0;
  auto callback =
      s.register_callback(+[](rlbox_sandbox_guest& same, t<std::uint32_t> n) -> t<std::uint32_t> {
        for (int i = 0; i < 10000; ++i) {
          try {
            same.invoke_sandbox_function(call_point, *inner);
          } catch (const std::logic_error&) {
            ++caught;
          }
        }
        return n;
      });
  CHECK(s.invoke_sandbox_function(apply, callback, 5U).UNSAFE_unverified() == 5);
  CHECK(caught == 10000);
}

TEST_CASE("callbacks nest") {
  sandbox_fixture f;
  static sandbox_callback_guest<number_function>* self = nullptr;
  auto callback = f.sandbox.register_callback(
      +[](rlbox_sandbox_guest& s, t<std::uint32_t> n) -> t<std::uint32_t> {
        if (nested_depth == 20) {
          return n;
        }
        ++nested_depth;
        return s.invoke_sandbox_function(apply, *self, n + 1U);
      });
  self = &callback;
  nested_depth = 0;
  CHECK(f.sandbox.invoke_sandbox_function(apply, callback, 1U).UNSAFE_unverified() == 21);
}

HARNESS_MAIN()
