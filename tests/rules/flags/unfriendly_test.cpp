// A library whose BUILD file is written for one host, in a sandbox with flags of its own.
#include <cstdio>

#include "unfriendly.rlbox.h"

#ifdef GRAPH
#error "copts stay in the sandbox"
#endif
static_assert(ELEMENTS == 4, "defines reach the application");

namespace {
int failures = 0;

void expect(bool holds, const char* what) {
  if (!holds) {
    std::printf("wrong: %s\n", what);
    failures++;
  }
}
}  // namespace

int main() {
  rlbox_sandbox_unfriendly sandbox;
  if (!sandbox.create_sandbox()) return 1;
  auto elements = sandbox.malloc_in_sandbox<struct elements>();
  for (int i = 0; i < ELEMENTS; i++) elements->first[i] = 10;
  elements->last = 2;
  expect(sandbox.invoke_sandbox_function(sum, elements).UNSAFE_unverified() == 42, "sum");
  expect(sandbox.invoke_sandbox_function(below_and_above, 1).UNSAFE_unverified() == 12,
         "below_and_above");
  expect(sandbox.invoke_sandbox_function(on_linux).UNSAFE_unverified() == 1, "on_linux");
  expect(sandbox.invoke_sandbox_function(cpu_is_wasm32).UNSAFE_unverified() == 1, "cpu_is_wasm32");
  expect(sandbox.invoke_sandbox_function(cxx, 4).UNSAFE_unverified() == 7, "cxx");
  sandbox.destroy_sandbox();
  return failures;
}
