// Settings

// expect: RLBox: the noop sandbox calls functions directly. Add this line before the first RLBox
// expect: header: #define RLBOX_USE_STATIC_CALLS() rlbox_noop_sandbox_lookup_symbol
#ifdef MISUSE_noop_without_static_calls
#include "rlbox_noop_sandbox.hpp"
#else
#define RLBOX_USE_STATIC_CALLS() rlbox_noop_sandbox_lookup_symbol
#include "rlbox_noop_sandbox.hpp"
#endif
#include "rlbox.hpp"

int add(int a, int b);

void call(rlbox::rlbox_sandbox<rlbox::rlbox_noop_sandbox>& sandbox) {
  sandbox.invoke_sandbox_function(add, 1, 2);
}
