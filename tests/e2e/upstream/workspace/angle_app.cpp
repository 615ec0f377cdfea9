#include "angle.rlbox.h"

#include <cstdio>

int main() {
  rlbox_sandbox_angle sandbox;
  sandbox.create_sandbox();
  auto turns = sandbox.invoke_sandbox_function(angle_turns, 770.5);
  std::printf("%d turns and %g degrees\n", turns.whole.UNSAFE_unverified(),
              turns.rest.UNSAFE_unverified());
  std::printf("%g degrees\n", sandbox.invoke_sandbox_function(angle_of, turns).UNSAFE_unverified());
  sandbox.destroy_sandbox();
  return 0;
}
