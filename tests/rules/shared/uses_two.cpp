#include "two.rlbox.h"

/// What a program that opens the shared library calls.
extern "C" int ask_two(int number) {
  rlbox_sandbox_two sandbox;
  sandbox.create_sandbox();
  const int answer =
      sandbox.invoke_sandbox_function(two, number).copy_and_verify([](int value) { return value; });
  sandbox.destroy_sandbox();
  return answer;
}
