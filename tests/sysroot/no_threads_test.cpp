// A sandbox has one thread: starting another fails as the standard says, and a wait that only
// another thread could end is a trap with a reason.
#include "one_thread.rlbox.h"

#include <csignal>

#include "tests/runtime/harness.hpp"
#include "tests/runtime/wasm2c/child.hpp"

namespace {

template <typename F>
child_result in_sandbox(F&& body) {
  return run_child([&] {
    rlbox_sandbox_one_thread sandbox;
    sandbox.create_sandbox();
    body(sandbox);
    sandbox.destroy_sandbox();
  });
}

void expect_trap(const child_result& result, const char* reason, const char* function) {
  CHECK(result.signal == SIGABRT);
  CHECK(result.printed(reason));
  CHECK(result.printed("unreachable"));
  CHECK(result.printed(function));
  if (!result.printed(reason)) {
    std::fprintf(stderr, "  it printed: %s\n", result.output.c_str());
  }
}

}  // namespace

TEST_CASE("pthread_create fails with EAGAIN") {
  rlbox_sandbox_one_thread sandbox;
  sandbox.create_sandbox();
  CHECK(sandbox.invoke_sandbox_function(start_thread, 0).UNSAFE_unverified() == 1);
  sandbox.destroy_sandbox();
}

TEST_CASE("std::thread fails with a system_error, which is a trap without exceptions") {
  expect_trap(in_sandbox([](auto& s) { s.invoke_sandbox_function(start_thread, 1); }),
              "thread constructor failed", "start_thread");
}

TEST_CASE("waiting for ever is a trap") {
  expect_trap(in_sandbox([](auto& s) { s.invoke_sandbox_function(wait_for_ever, 0); }),
              "pthread_cond_wait: a sandbox has one thread", "wait_for_ever");
  expect_trap(in_sandbox([](auto& s) { s.invoke_sandbox_function(wait_for_ever, 1); }),
              "pthread_barrier_wait: a sandbox has one thread", "wait_for_ever");
}

HARNESS_MAIN()
