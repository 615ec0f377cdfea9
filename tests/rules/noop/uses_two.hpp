#pragma once
#include "two_sandbox.rlbox.h"

inline int call_two(int n) {
  rlbox_sandbox_two_sandbox sandbox;
  sandbox.create_sandbox();
  const int result =
      sandbox.invoke_sandbox_function(two, n).copy_and_verify([](int value) { return value; });
  sandbox.destroy_sandbox();
  return result;
}
