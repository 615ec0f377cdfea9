// A call that does not fit the function is a trap that names the function, and the rest works.
#include "disagrees.rlbox.h"

#include <string>

#include "tests/runtime/harness.hpp"

using namespace rlbox;

namespace {

template <typename F>
std::string report_of(F&& call) {
  rlbox_wasm2c_options options;
  options.traps = rlbox_wasm2c_trap_policy::survive;
  rlbox_sandbox_disagrees box;
  box.create_sandbox(options);
  bool trapped = false;
  try {
    call(box);
  } catch (const rlbox_wasm2c_trap_error& error) {
    trapped = error.reason() == RLBOX_WASM2C_TRAP_UNREACHABLE;
  }
  CHECK(trapped);
  std::string report = box.get_sandbox_impl()->trap_message();
  box.destroy_sandbox();
  return report;
}

std::string expected(const std::string& name, const std::string& function) {
  return "sandbox disagrees: unreachable code reached (abort, failed assertion or undefined "
         "behaviour): a call of '" +
         name +
         "' with another prototype than it is defined with (module disagrees, in a call of " +
         function + ")";
}

}  // namespace

TEST_CASE("a library with wrong prototypes in code that does not run works") {
  rlbox_sandbox_disagrees box;
  box.create_sandbox();
  CHECK(box.invoke_sandbox_function(old_style, 1).UNSAFE_unverified() == 2);
  CHECK(box.invoke_sandbox_function(wide, 1, 0).UNSAFE_unverified() == 1);
  CHECK(box.invoke_sandbox_function(nothing, 1, 0).UNSAFE_unverified() == 1);
  box.destroy_sandbox();
}

TEST_CASE("a call with a wrong prototype names the function") {
  CHECK(report_of([](auto& box) { box.invoke_sandbox_function(wide, 1, 1); }) ==
        expected("negate_it", "wide"));
  CHECK(report_of([](auto& box) { box.invoke_sandbox_function(nothing, 1, 1); }) ==
        expected("add_one", "nothing"));
}

HARNESS_MAIN()
