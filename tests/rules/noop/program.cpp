#include "one_sandbox.rlbox.h"
#include "tests/rules/noop/uses_two.hpp"

#include <cstdio>

int main() {
  rlbox_sandbox_one_sandbox sandbox;
  sandbox.create_sandbox();
  const int result =
      sandbox.invoke_sandbox_function(one, 40).copy_and_verify([](int value) { return value; });
  sandbox.destroy_sandbox();
  std::printf("%d %d\n", result, call_two(40));
  return 0;
}
