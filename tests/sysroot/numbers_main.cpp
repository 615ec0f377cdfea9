// Numbers are printed and read the same natively and in a sandbox.

#ifdef RLBOX_DIFFERENTIAL_NATIVE

#include "tests/sysroot/numbers.h"

int main() {
  print_numbers();
  return 0;
}

#else

#ifdef FULL_NUMBERS
#include "full_numbers.rlbox.h"
using rlbox_sandbox_numbers = rlbox_sandbox_full_numbers;
#else
#include "numbers.rlbox.h"
#endif

int main() {
  rlbox_sandbox_numbers sandbox;
  sandbox.create_sandbox();
  sandbox.print_numbers();
  sandbox.destroy_sandbox();
  return 0;
}

#endif
