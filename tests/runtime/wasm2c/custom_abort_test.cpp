// The application's own way to end gets the report of a trap.
#include <unistd.h>

#include <cstdio>

[[noreturn]] static void end_with(const char* message) {
  std::printf("own way: %s\n", message);
  std::fflush(stdout);
  _exit(9);
}
#define RLBOX_CUSTOM_ABORT(msg) end_with(msg)
#include "guest.rlbox.h"

#include "tests/runtime/harness.hpp"
#include "tests/runtime/wasm2c/box.hpp"

TEST_CASE("S5: RLBOX_CUSTOM_ABORT gets the report of a trap") {
  const child_result raised = in_box([](auto& s) { s.invoke_sandbox_function(abort_here); });
  CHECK(raised.status == 9);
  CHECK(raised.printed("own way: sandbox box: unreachable"));
  CHECK(raised.printed("in a call of abort_here"));

  const child_result fault =
      in_box([](auto& s) { s.invoke_sandbox_function(read_at, 0x90000000U); });
  CHECK(fault.status == 9);
  CHECK(fault.printed("own way: sandbox box: out-of-bounds memory access"));
}

HARNESS_MAIN()
