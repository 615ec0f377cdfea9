// Two modules and several threads in one program and one translation unit.
#include "guest.rlbox.h"
#include "other.rlbox.h"

#include <atomic>
#include <csignal>
#include <thread>
#include <vector>

#include "tests/runtime/harness.hpp"
#include "tests/runtime/wasm2c/child.hpp"

using namespace rlbox;

namespace {

rlbox_sandbox_other* other_in_callback = nullptr;

}  // namespace

TEST_CASE("U11: two modules in one program do not disturb each other") {
  rlbox_sandbox_guest guest;
  rlbox_sandbox_other other;
  guest.create_sandbox();
  other.create_sandbox();
  CHECK(guest.invoke_sandbox_function(add, 1U, 2U).UNSAFE_unverified() == 3);
  CHECK(other.invoke_sandbox_function(add_in_other, 1U, 2U).UNSAFE_unverified() == 1003);
  CHECK(!rlbox_sandbox_guest::is_in_same_sandbox(guest.get_memory_location(),
                                                 other.get_memory_location()));
  guest.destroy_sandbox();
  CHECK(other.invoke_sandbox_function(add_in_other, 1U, 2U).UNSAFE_unverified() == 1003);
  other.destroy_sandbox();
}

TEST_CASE("a callback of one module calls into the other") {
  rlbox_sandbox_guest guest;
  rlbox_sandbox_other other;
  guest.create_sandbox();
  other.create_sandbox();
  other_in_callback = &other;
  auto callback = guest.register_callback(
      +[](rlbox_sandbox_guest&, tainted_guest<std::uint32_t> n) -> tainted_guest<std::uint32_t> {
        return other_in_callback->invoke_sandbox_function(add_in_other, n.UNSAFE_unverified(), 1U)
            .UNSAFE_unverified();
      });
  CHECK(guest.invoke_sandbox_function(call_many, callback, 3U).UNSAFE_unverified() == 3006);
  callback.unregister();
  guest.destroy_sandbox();
  other.destroy_sandbox();
}

TEST_CASE("S5: a trap is attributed to the sandbox that runs, not to the one that called back") {
  const child_result result = run_child([] {
    rlbox_sandbox_guest guest;
    rlbox_sandbox_other other;
    guest.create_sandbox(true, nullptr, "outer");
    other.create_sandbox(true, nullptr, "inner");
    other_in_callback = &other;
    auto callback = guest.register_callback(
        +[](rlbox_sandbox_guest&, tainted_guest<std::uint32_t> n) -> tainted_guest<std::uint32_t> {
          other_in_callback->invoke_sandbox_function(fail_in_other);
          return n;
        });
    guest.invoke_sandbox_function(call_many, callback, 3U);
  });
  CHECK(result.signal == SIGABRT);
  CHECK(result.printed("sandbox inner: unreachable"));
  CHECK(result.printed("module other, in a call of fail_in_other"));
}

TEST_CASE("T3: threads run their own sandboxes, with callbacks, at the same time") {
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int number = 0; number < 4; ++number) {
    threads.emplace_back([&good] {
      for (int round = 0; round < 20; ++round) {
        rlbox_sandbox_guest guest;
        rlbox_sandbox_other other;
        guest.create_sandbox();
        other.create_sandbox();
        auto callback = guest.register_callback(
            +[](rlbox_sandbox_guest& s,
                tainted_guest<std::uint32_t> n) -> tainted_guest<std::uint32_t> {
              auto p = s.malloc_in_sandbox<std::uint32_t>();
              *p = n;
              tainted_guest<std::uint32_t> value = *p;
              s.free_in_sandbox(p);
              return value;
            });
        const auto sum =
            guest.invoke_sandbox_function(call_many, callback, 100U).UNSAFE_unverified();
        const auto plus = other.invoke_sandbox_function(add_in_other, sum, 1U).UNSAFE_unverified();
        good += plus == 4950U + 1001U ? 1 : 0;
        callback.unregister();
        guest.destroy_sandbox();
        other.destroy_sandbox();
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  CHECK(good == 80);
}

namespace {

template <int N>
tainted_guest<std::uint32_t> numbered(rlbox_sandbox_guest&, tainted_guest<std::uint32_t> n) {
  return n + static_cast<std::uint32_t>(N);
}

template <int... N>
void register_all(rlbox_sandbox_guest& s, std::vector<sandbox_callback_guest<number_function>>& all,
                  std::integer_sequence<int, N...>) {
  (all.push_back(s.register_callback(numbered<N>)), ...);
}

}  // namespace

TEST_CASE("T2: callbacks are registered while another thread runs in the same sandbox") {
  // The sandbox is entered by one thread only; the other one registers, more than once over.
  static std::atomic<int> registered{0};
  registered = 0;
  rlbox_sandbox_guest guest;
  guest.create_sandbox();
  auto callback = guest.register_callback(
      +[](rlbox_sandbox_guest&, tainted_guest<std::uint32_t> n) -> tainted_guest<std::uint32_t> {
        while (static_cast<int>(n.UNSAFE_unverified() / 10) > registered) {
          std::this_thread::yield();
        }
        return n;
      });
  std::thread runner([&] {
    CHECK(guest.invoke_sandbox_function(call_many, callback, 100U).UNSAFE_unverified() == 4950);
  });
  std::vector<sandbox_callback_guest<number_function>> all;
  while (registered < 10) {
    all.clear();
    register_all(guest, all, std::make_integer_sequence<int, 15>{});
    ++registered;
  }
  runner.join();
  bool ok = true;
  for (std::size_t i = 0; i < all.size(); ++i) {
    ok = ok && guest.invoke_sandbox_function(call_many, all[i], 1U).UNSAFE_unverified() == i;
  }
  CHECK(ok);
  all.clear();
  callback.unregister();
  guest.destroy_sandbox();
}

TEST_CASE("T2: an entry of the table is used again for callbacks of the same signature only") {
  // Otherwise a library that calls one at that moment could get a function with another's type.
  rlbox_sandbox_guest guest;
  guest.create_sandbox();
  auto text = [](rlbox_sandbox_guest&, tainted_guest<std::uint32_t>, tainted_guest<const char*>) {};
  std::vector<std::uint32_t> indices;
  for (int i = 0; i < 3; ++i) {
    auto number = guest.register_callback(numbered<1>);
    indices.push_back(number.UNSAFE_sandboxed(guest));
    number.unregister();
    auto other = guest.register_callback(+text);
    indices.push_back(other.UNSAFE_sandboxed(guest));
  }
  CHECK(indices[0] != indices[1]);
  CHECK(indices[2] == indices[0]);
  CHECK(indices[3] == indices[1]);
  CHECK(indices[4] == indices[0]);
  CHECK(indices[5] == indices[1]);
  guest.destroy_sandbox();
}

HARNESS_MAIN()
