#include "compiler.rlbox.h"

#include <cstdio>

int main() {
  rlbox_sandbox_compiler sandbox;
  sandbox.create_sandbox();
  const int release =
      sandbox.invoke_sandbox_function(compiler).copy_and_verify([](int value) { return value; });
  std::printf("wasi-sdk: %d\n", release);
  sandbox.destroy_sandbox();
  return 0;
}
