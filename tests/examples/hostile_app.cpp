// Calls one function of the hostile library, named on the command line. If the sandbox lets it go
// on, says so.
#include "hostile.rlbox.h"

#include <cstdio>
#include <cstring>

int main(int argc, char** argv) {
  const char* what = argc > 1 ? argv[1] : "";
  const auto is = [what](const char* name) { return std::strcmp(what, name) == 0; };

  rlbox_sandbox_hostile sandbox;
  sandbox.create_sandbox();
  if (is("write_far_away")) {
    sandbox.invoke_sandbox_function(write_far_away, 0x80000000u);
  } else if (is("write_before_a_buffer")) {
    sandbox.invoke_sandbox_function(write_before_a_buffer, 0x10000000);
  } else if (is("recurse")) {
    sandbox.invoke_sandbox_function(recurse, 100000000u);
  } else if (is("call_a_wrong_function")) {
    sandbox.invoke_sandbox_function(call_a_wrong_function);
  } else if (is("divide")) {
    sandbox.invoke_sandbox_function(divide, 1, 0);
  } else if (is("give_up")) {
    sandbox.invoke_sandbox_function(give_up);
  } else if (is("leave")) {
    sandbox.invoke_sandbox_function(leave, 0);
  } else {
    std::fprintf(stderr, "unknown case '%s'\n", what);
    return 2;
  }
  std::puts("the host goes on");
  sandbox.destroy_sandbox();
  return 0;
}
