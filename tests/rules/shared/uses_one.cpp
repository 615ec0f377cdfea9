#include "one.rlbox.h"

/// What a program that opens the shared library calls.
extern "C" int ask_one(int number) {
  rlbox_sandbox_one sandbox;
  sandbox.create_sandbox();
  const int answer =
      sandbox.invoke_sandbox_function(one, number).copy_and_verify([](int value) { return value; });
  sandbox.destroy_sandbox();
  return answer;
}
