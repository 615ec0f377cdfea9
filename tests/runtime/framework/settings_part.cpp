// One of two translation units of a program; the other is compiled with the same settings, or not.
#define RLBOX_USE_STATIC_CALLS() rlbox_noop_sandbox_lookup_symbol
#ifdef ONLY_HELPERS  // as in a source file of a backend
#include "rlbox_helpers.hpp"
#else
#include "rlbox.hpp"
#include "rlbox_noop_sandbox.hpp"
#endif

#ifdef SECOND_PART
int second_part() { return 0; }
#else
int second_part();

int main() {
  std::puts("main runs");
  return second_part();
}
#endif
