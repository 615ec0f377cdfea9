#ifndef RLBOX_TESTS_BOX_HPP_
#define RLBOX_TESTS_BOX_HPP_
// Runs library code in a child process. Include guest.rlbox.h first.

#include "tests/runtime/wasm2c/child.hpp"

/// Runs `body` with a sandbox named "box" in a child.
template <typename F>
child_result in_box(F&& body) {
  return run_child([&] {
    rlbox_sandbox_guest sandbox;
    sandbox.create_sandbox(true, nullptr, "box");
    body(sandbox);
    sandbox.destroy_sandbox();
  });
}

#endif
