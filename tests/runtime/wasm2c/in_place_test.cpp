// Verifiers that look at the sandbox's memory in place. S20: nothing runs in the sandbox meanwhile.
// Built with and without exceptions.
#include "tests/runtime/harness.hpp"

#if HARNESS_HAS_EXCEPTIONS
#define RLBOX_USE_EXCEPTIONS
#else
#define RLBOX_CUSTOM_ABORT(msg) ::harness::custom_abort(msg)
#endif
#include "guest.rlbox.h"

#include <atomic>
#include <string>
#include <string_view>
#include <thread>

#include "tests/runtime/wasm2c/guest_structs.hpp"

using namespace rlbox;

namespace {

#define CALLED "a sandbox was called while a verifier looked at its memory"

struct fixture {
  rlbox_sandbox_guest sandbox;
  tainted_guest<char*> text;
  tainted_guest<unsigned*> numbers;
  explicit fixture(rlbox_wasm2c_options options = {}) {
    sandbox.create_sandbox(options);
    text = sandbox.malloc_in_sandbox<char>(16);
    rlbox::strncpy(sandbox, text, "hello", 16);
    numbers = sandbox.malloc_in_sandbox<unsigned>(4);
    for (unsigned i = 0; i < 4; ++i) {
      numbers[i] = i + 10;
    }
  }
  double sum_of_struct() {
    tainted_guest<point> p;
    p.x = 1;
    p.y = 2L;
    p.z = 3.0;
    return sandbox.invoke_sandbox_function(sum_point, p, 4).UNSAFE_unverified();
  }
  unsigned sum() {
    return sandbox.invoke_sandbox_function(add, 1U, 2U).copy_and_verify([](unsigned n) {
      return n;
    });
  }
};

/// Runs `body` while a verifier looks at the text.
template <typename F>
auto during_view(fixture& f, F&& body) {
  return f.text.verify_string_in_place([&](std::string_view) { return body(); }, 100);
}

fixture* current = nullptr;
int ran = 0;

}  // namespace

TEST_CASE_METHOD(fixture, "the verifier sees the sandbox's own bytes") {
  CHECK(text.verify_string_in_place(
      [&](std::string_view s) {
        return s == "hello" && sandbox.is_pointer_in_sandbox_memory(s.data());
      },
      5));
  CHECK(numbers.verify_range_in_place(
      [&](const unsigned* v, std::size_t n) {
        return n == 4 && v[0] == 10 && v[3] == 13 && sandbox.is_pointer_in_sandbox_memory(v);
      },
      4));
  CHECK(text.verify_string_in_place([](std::string_view s) { return std::string(s); }, 100) ==
        "hello");
  CHECK(sum() == 3);
}

TEST_CASE_METHOD(fixture, "strings and ranges are bounded") {
  const auto accept = [](std::string_view s) { return s.size(); };
  const auto count = [](const unsigned*, std::size_t n) { return n; };
  CHECK_FAILS_WITH("no terminating zero within", text.verify_string_in_place(accept, 4));
  const auto end = sandbox.get_total_memory();
  char* const start = static_cast<char*>(sandbox.get_memory_location());
  std::memset(start + end - 8, 'x', 8);
  auto last = sandbox.UNSAFE_accept_pointer(start + end - 8);
  CHECK_FAILS_WITH("no terminating zero.", last.verify_string_in_place(accept, 8));
  CHECK_FAILS_WITH("no terminating zero.", last.verify_string_in_place(accept, ~std::size_t{0}));
  CHECK_FAILS_WITH("no terminating zero within", last.verify_string_in_place(accept, 7));
  CHECK_FAILS_WITH("no terminating zero.",
                   last.copy_and_verify_string([](std::string s) { return s; }));
  start[end - 1] = '\0';
  CHECK(last.verify_string_in_place(accept, 7) == 7);
  CHECK(last.copy_and_verify_string([](std::string s) { return s.size(); }) == 7);
  CHECK(sandbox_reinterpret_cast<unsigned*>(last).verify_range_in_place(count, 2) == 2);
  CHECK_FAILS_WITH("beyond the end",
                   sandbox_reinterpret_cast<unsigned*>(last).verify_range_in_place(count, 3));
  CHECK_FAILS_WITH("not aligned",
                   sandbox_reinterpret_cast<unsigned*>(last + 1).verify_range_in_place(count, 1));
  const tainted_guest<char*> null = nullptr;
  CHECK(null.verify_string_in_place([](std::string_view s) { return s.data() == nullptr; }, 9));
}

TEST_CASE_METHOD(fixture, "S20: no call begins while a verifier looks") {
  CHECK_FAILS_WITH(CALLED, during_view(*this, [&] { return sum(); }));
  CHECK(sum() == 3);
  CHECK_FAILS_WITH(
      CALLED, during_view(*this, [&] { return sandbox.malloc_in_sandbox<char>(8) == nullptr; }));
  CHECK_FAILS_WITH(CALLED, during_view(*this, [&] { return sum_of_struct(); }));
  CHECK_FAILS_WITH(CALLED, numbers.verify_range_in_place(
                               [&](const unsigned*, std::size_t) { return sum(); }, 4));
  CHECK_FAILS_WITH("cannot be destroyed", during_view(*this, [&] {
                     sandbox.destroy_sandbox();
                     return 0;
                   }));
  CHECK(sum() == 3);
  CHECK(sum_of_struct() == 24);
}

TEST_CASE("S20: nor where traps are survived") {
  rlbox_wasm2c_options options;
  options.traps = rlbox_wasm2c_trap_policy::survive;
  fixture f(options);
  CHECK_FAILS_WITH(CALLED, during_view(f, [&] { return f.sum(); }));
  CHECK(f.sum() == 3);
  CHECK(!f.sandbox.get_sandbox_impl()->has_trapped());
#if HARNESS_HAS_EXCEPTIONS
  // A trap of another sandbox in the verifier ends in the verifier's scope.
  fixture other(options);
  CHECK_FAILS_WITH("out-of-bounds", during_view(f, [&] {
                     other.sandbox.invoke_sandbox_function(write_at, 0x70000000U, 1U);
                     return 0;
                   }));
  CHECK(f.sum() == 3);
  // Freeing never throws, so the sandbox says that the call was refused.
  during_view(f, [&] {
    f.sandbox.free_in_sandbox(f.text);
    return 0;
  });
  CHECK(f.sandbox.get_sandbox_impl()->has_trapped());
  CHECK(std::strstr(f.sandbox.get_sandbox_impl()->trap_message(), CALLED) != nullptr);
#endif
}

#if HARNESS_HAS_EXCEPTIONS
TEST_CASE_METHOD(fixture, "a verifier that throws ends the view") {
  CHECK_FAILS_WITH("of the verifier", during_view(*this, []() -> int {
                     throw std::runtime_error("of the verifier");
                   }));
  CHECK(sum() == 3);
}
#endif

TEST_CASE_METHOD(fixture, "views are nested") {
  CHECK_FAILS_WITH(CALLED, during_view(*this, [&] {
                     CHECK(during_view(*this, [] { return 1; }) == 1);
                     return sum();  // the outer one is still open
                   }));
  fixture other;
  CHECK(during_view(*this, [&] { return during_view(other, [] { return 5; }); }) == 5);
  CHECK(during_view(*this, [&] { return other.sum(); }) == 3);
  CHECK(sum() == 3);
}

TEST_CASE_METHOD(fixture, "S20: views in callbacks") {
  current = this;
  auto callback = sandbox.register_callback(+[](rlbox_sandbox_guest& s, tainted_guest<unsigned>,
                                                tainted_guest<const char*> given) {
    const auto length = given.verify_string_in_place(
        [](std::string_view v) { return v == "text of the library" ? v.size() : 0; }, 100);
    CHECK(length == 19);
    CHECK(current->text.verify_string_in_place([](std::string_view v) { return v.size(); }, 100) ==
          5);
    CHECK_FAILS_WITH(CALLED, during_view(*current, [] { return current->sum(); }));
    CHECK(current->sum() == 3);
    CHECK_FAILS_WITH("cannot be destroyed", s.destroy_sandbox());
    ++ran;
  });
  ran = 0;
  sandbox.invoke_sandbox_function(call_text, callback);
  CHECK(ran == 1);
  CHECK(sum() == 3);
}

#if HARNESS_HAS_EXCEPTIONS
TEST_CASE_METHOD(fixture, "an exception passes through a view, a callback and the library") {
  current = this;
  auto callback = sandbox.register_callback(
      +[](rlbox_sandbox_guest&, tainted_guest<unsigned>, tainted_guest<const char*>) {
        during_view(*current, []() -> int { throw std::runtime_error("of the verifier"); });
      });
  CHECK_FAILS_WITH("of the verifier", sandbox.invoke_sandbox_function(call_text, callback));
  CHECK(sum() == 3);
}

TEST_CASE_METHOD(fixture, "S20: other threads") {
  // A call while a verifier looks on another thread.
  bool refused = false;
  during_view(*this, [&] {
    std::thread thread([&] {
      refused =
          harness::fails([&] { sum(); }) && harness::last_message.find(CALLED) != std::string::npos;
    });
    thread.join();
    return 0;
  });
  CHECK(refused);
  CHECK(sum() == 3);
  // A verifier while the library runs on another thread.
  current = this;
  auto callback = sandbox.register_callback(
      +[](rlbox_sandbox_guest&, tainted_guest<unsigned>, tainted_guest<const char*>) {
        std::thread thread([] {
          CHECK_FAILS_WITH("while another thread", during_view(*current, [] { return 0; }));
          CHECK(current->text.copy_and_verify_string([](std::string s) { return s; }) == "hello");
        });
        thread.join();
      });
  sandbox.invoke_sandbox_function(call_text, callback);
  // Two verifiers at a time, of which the first one ends first.
  std::atomic<int> step{0};
  const auto wait_for = [&](int which) {
    while (step != which) {
      std::this_thread::yield();
    }
  };
  bool noticed = false;
  std::thread thread([&] {
    noticed = harness::fails([&] {
      wait_for(1);
      during_view(*this, [&] {
        step = 2;
        wait_for(3);
        return 0;
      });
    });
  });
  during_view(*this, [&] {
    step = 1;
    wait_for(2);
    return 0;
  });
  step = 3;
  thread.join();
  CHECK(noticed);
  CHECK(harness::last_message.find("another thread used a sandbox") != std::string::npos);
  CHECK(sum() == 3);
}
#endif

TEST_CASE("interrupts neither wait for a view nor are lost in one") {
  rlbox_wasm2c_options options;
  options.traps = rlbox_wasm2c_trap_policy::survive;
  fixture f(options);
  during_view(f, [&] {
    CHECK(f.sandbox.get_sandbox_impl()->interrupt());
    return 0;
  });
#if HARNESS_HAS_EXCEPTIONS
  CHECK_FAILS_WITH("interrupt", f.sum());
#endif
}

HARNESS_MAIN()
