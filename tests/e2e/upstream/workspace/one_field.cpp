#include "angle.rlbox.h"

int main() {
  rlbox_sandbox_angle sandbox;
  sandbox.create_sandbox();
  tainted_angle<angle> start;
  start.degrees = 400.0;
  auto normal = sandbox.invoke_sandbox_function(angle_normal, start);
  sandbox.destroy_sandbox();
  return normal.degrees.UNSAFE_unverified() == 40.0 ? 0 : 1;
}
