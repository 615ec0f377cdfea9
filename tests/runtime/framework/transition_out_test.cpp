// One hook without the other: docs/contract.md, "Hooks and times".
#include "test_config.hpp"

#define RLBOX_USE_STATIC_CALLS() rlbox_noop_sandbox_lookup_symbol
static int outs = 0;
#define RLBOX_TRANSITION_ACTION_OUT(kind, name, pointer, state) \
  (static_cast<void>(name), static_cast<void>(pointer), static_cast<void>(state), ++outs)
#include "rlbox_noop_sandbox.hpp"

#include "rlbox.hpp"

#include "library.h"

TEST_CASE("only the OUT hook") {
  rlbox::rlbox_sandbox<rlbox::rlbox_noop_sandbox> sandbox;
  sandbox.create_sandbox();
  sandbox.invoke_sandbox_function(library_add, 1, 2);
  CHECK(outs == 1);
}

HARNESS_MAIN()
