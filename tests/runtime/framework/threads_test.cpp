// Several threads: docs/contract.md, "Threads". Run under the thread sanitizer as well.
#include "test_config.hpp"

#define RLBOX_USE_STATIC_CALLS() rlbox_noop_sandbox_lookup_symbol
#include "rlbox.hpp"
#include "rlbox_noop_sandbox.hpp"

#include "library.h"
#include "test_backend.hpp"

#include <atomic>
#include <thread>

using rlbox::tainted;

namespace {
using Noop = rlbox::rlbox_noop_sandbox;
using NoopSandbox = rlbox::rlbox_sandbox<Noop>;
using Test = rlbox::rlbox_test_sandbox;
using TestSandbox = rlbox::rlbox_sandbox<Test>;

template <typename F>
void in_threads(int count, F f) {
  std::vector<std::thread> threads;
  for (int t = 0; t < count; t++) {
    threads.emplace_back([&f, t] { f(t); });
  }
  for (auto& thread : threads) {
    thread.join();
  }
}

std::atomic<int> wrong{0};

template <int N>
tainted<int, Noop> add_number(NoopSandbox&, tainted<int, Noop> value, tainted<void*, Noop>) {
  return value + N;
}
}  // namespace

TEST_CASE("threads: each with sandboxes of its own") {
  in_threads(4, [](int) {
    for (int i = 0; i < 30; i++) {
      NoopSandbox sandbox;
      sandbox.create_sandbox();
      auto callback = sandbox.register_callback(add_number<10>);
      auto result = sandbox.invoke_sandbox_function(library_call_twice, callback, i, nullptr);
      wrong += result.UNSAFE_unverified() != i + 20;
    }
  });
  CHECK(wrong == 0);
}

TEST_CASE("threads: one sandbox without isolation, several callers") {
  NoopSandbox sandbox;
  sandbox.create_sandbox();
  auto one = sandbox.register_callback(add_number<1>);
  auto two = sandbox.register_callback(add_number<2>);
  in_threads(4, [&](int t) {
    for (int i = 0; i < 200; i++) {
      auto& callback = t % 2 == 0 ? one : two;
      auto result = sandbox.invoke_sandbox_function(library_call, callback, i, nullptr);
      wrong += result.UNSAFE_unverified() != i + (t % 2 == 0 ? 1 : 2);
    }
  });
  CHECK(wrong == 0);
}

TEST_CASE("threads: registering and app pointers in one sandbox") {
  NoopSandbox sandbox;
  sandbox.create_sandbox();
  in_threads(4, [&](int t) {
    int target = t;
    for (int i = 0; i < 100; i++) {
      auto register_mine = [&] {
        switch (t) {
          case 0:
            return sandbox.register_callback(add_number<100>);
          case 1:
            return sandbox.register_callback(add_number<101>);
          case 2:
            return sandbox.register_callback(add_number<102>);
          default:
            return sandbox.register_callback(add_number<103>);
        }
      };
      auto callback = register_mine();
      auto app = sandbox.get_app_pointer(&target);
      wrong += sandbox.lookup_app_ptr(app.to_tainted()) != &target;
      auto result = sandbox.invoke_sandbox_function(library_call, callback, 0, nullptr);
      wrong += result.UNSAFE_unverified() != 100 + t;
    }
  });
  CHECK(wrong == 0);
}

TEST_CASE("T4: looking up sandboxes by example while others come and go") {
  in_threads(4, [](int) {
    for (int i = 0; i < 50; i++) {
      TestSandbox sandbox;
      sandbox.create_sandbox();
      auto cell = sandbox.malloc_in_sandbox<int (*)(int)>();
      auto callback =
          sandbox.register_callback(+[](TestSandbox&, tainted<int, Test> v) { return v; });
      for (int k = 0; k < 5; k++) {
        *cell = callback;
        wrong += (*cell).UNSAFE_unverified() != callback.UNSAFE_unverified();
      }
    }
  });
  CHECK(wrong == 0);
}

HARNESS_MAIN()
