// A long double has the precision of a double where it is printed; a library of the wasi-sdk prints
// all of it.
#include <memory>
#include <string>

#include "full_numbers.rlbox.h"
#include "numbers.rlbox.h"
#include "tests/runtime/harness.hpp"

namespace {

template <typename Sandbox>
std::string a_third() {
  Sandbox sandbox;
  sandbox.create_sandbox();
  auto text = sandbox.template malloc_in_sandbox<char>(64);
  sandbox.print_a_third(text, 64U);
  std::string found = text.copy_and_verify_string(
      [](std::unique_ptr<char[]> copy) { return std::string(copy.get()); });
  sandbox.destroy_sandbox();
  return found;
}

}  // namespace

TEST_CASE("a long double is printed with the precision of a double") {
  CHECK(a_third<rlbox_sandbox_numbers>() == "0.333333333333333314829616256247");
}

TEST_CASE("with the library for it, all of a long double is printed") {
  CHECK(a_third<rlbox_sandbox_full_numbers>() == "0.333333333333333333333333333333");
}

HARNESS_MAIN()
