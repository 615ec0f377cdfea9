// A genrule of a library that is compiled for the sandbox uses the sandbox's tools.
#include <cstdio>

#include "made_for.rlbox.h"

int main() {
  rlbox_sandbox_made_for sandbox;
  sandbox.create_sandbox();
  const int found = sandbox.invoke_sandbox_function(made_for_wasm).copy_and_verify([](int value) {
    return value;
  });
  sandbox.destroy_sandbox();
  if (found != 1) {
    std::fprintf(stderr, "$(CC) and $(AR) of the library's genrule do not make WebAssembly\n");
  }
  return found == 1 ? 0 : 1;
}
