// Whose framework a C++ target gets that depends on it alone.
#include <stdio.h>

#define RLBOX_USE_STATIC_CALLS() rlbox_noop_sandbox_lookup_symbol
#include "rlbox.hpp"
#include "rlbox_noop_sandbox.hpp"

#ifndef STAND_IN_VERSION
#define STAND_IN_VERSION "the bundled RLBox"
#endif

int main() {
  rlbox::rlbox_sandbox<rlbox::rlbox_noop_sandbox> sandbox;
  sandbox.create_sandbox();
  sandbox.destroy_sandbox();
  printf("made with %s\n", STAND_IN_VERSION);
  return 0;
}
