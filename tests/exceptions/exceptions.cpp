// The cases of exceptions.cc, in a sandbox and natively.
#include "exceptions.rlbox.h"

#include <cstdio>

using namespace rlbox;

int main() {
  rlbox_sandbox_exceptions box;
  box.create_sandbox();
  for (std::int32_t number = 0; number < 9; ++number) {
    for (std::int32_t argument = 0; argument < 8; ++argument) {
      std::printf("case %d %d\n", number, argument);
      std::fflush(stdout);
      if (box.invoke_sandbox_function(exceptions_run, number, argument).UNSAFE_unverified() != 1) {
        return 1;
      }
    }
  }
  for (const std::int32_t argument : {1, 2, 3}) {
    std::printf("jump %d\n",
                box.invoke_sandbox_function(exceptions_jump, argument).UNSAFE_unverified());
  }
  std::printf("loop %d\n", box.invoke_sandbox_function(exceptions_loop, 1000).UNSAFE_unverified());
  std::printf("enter %d\n",
              box.invoke_sandbox_function(exceptions_enter, 1000).UNSAFE_unverified());
  box.destroy_sandbox();
  return 0;
}
