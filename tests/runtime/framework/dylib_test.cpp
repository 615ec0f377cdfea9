// The dylib backend: docs/contract.md, "Backends".
#include "test_config.hpp"

#include "rlbox_dylib_sandbox.hpp"

#include "rlbox.hpp"

#include "library.h"
#include "library_structs.hpp"
rlbox_load_structs_from_library(host);

#define T_Backend rlbox::rlbox_dylib_sandbox
#define BACKEND(name) "dylib: " name
namespace {
template <typename T_Sandbox>
void create(T_Sandbox& sandbox) {
  sandbox.create_sandbox("./tests/runtime/framework/library_shared.so");  // in the runfiles
}
}  // namespace

#include "host_backend_tests.hpp"

TEST_CASE("dylib: a library that cannot be loaded") {
  Sandbox sandbox;
  CHECK_FAILS_WITH("no/such/library.so", sandbox.create_sandbox("no/such/library.so"));
  create(sandbox);  // L3: a failure leaves the object usable
  CHECK(sandbox.invoke_sandbox_function(library_add, 1, 2).UNSAFE_unverified() == 3);
}

extern "C" int not_in_the_library(int);

TEST_CASE("dylib: a missing function") {
  Sandbox sandbox;
  create(sandbox);
  CHECK_FAILS_WITH("not_in_the_library", sandbox.invoke_sandbox_function(not_in_the_library, 1));
}

HARNESS_MAIN()
