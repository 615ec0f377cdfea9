// Prints what each case returns: through the sandbox, or (with RLBOX_DIFFERENTIAL_NATIVE) natively.
#include <cstdint>
#include <cstdio>

#include "tests/setjmp/jumps.h"

#ifndef RLBOX_DIFFERENTIAL_NATIVE
#include "jumps.rlbox.h"
#endif

int main() {
#ifdef RLBOX_DIFFERENTIAL_NATIVE
  const auto run = [](std::int32_t which, std::int32_t seed) { return jumps_case(which, seed); };
#else
  rlbox_sandbox_jumps sandbox;
  sandbox.create_sandbox();
  const auto run = [&](std::int32_t which, std::int32_t seed) {
    return sandbox.invoke_sandbox_function(jumps_case, which, seed).UNSAFE_unverified();
  };
#endif
  for (std::int32_t which = 0; which < JUMPS_CASES; ++which) {
    for (std::int32_t seed = 1; seed < 40; ++seed) {
      std::printf("%d %d %d\n", which, seed, static_cast<int>(run(which, seed)));
    }
  }
#ifndef RLBOX_DIFFERENTIAL_NATIVE
  sandbox.destroy_sandbox();
#endif
  return 0;
}
