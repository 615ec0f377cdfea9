// L4: the noop backend has a limited number of callbacks, and says so beyond it.
#define RLBOX_USE_EXCEPTIONS
#define RLBOX_USE_STATIC_CALLS() rlbox_noop_sandbox_lookup_symbol
#include <vector>

#include "proglib.h"
#include "rlbox.hpp"
#include "rlbox_noop_sandbox.hpp"
#include "tests/runtime/harness.hpp"

using namespace rlbox;

RLBOX_DEFINE_BASE_TYPES_FOR(proglib, noop);

namespace {

template <int N>
tainted_proglib<int> numbered(rlbox_sandbox_proglib&, tainted_proglib<int> n) {
  return n + N;
}

using owners = std::vector<sandbox_callback_proglib<int_function>>;

template <int... N>
void register_all(rlbox_sandbox_proglib& s, owners& all, std::integer_sequence<int, N...>) {
  (all.push_back(s.register_callback(numbered<N>)), ...);
}

}  // namespace

TEST_CASE("L4: the callback beyond the limit is a failed check, and room comes back") {
  rlbox_sandbox_proglib sandbox;
  sandbox.create_sandbox();
  owners all;
  register_all(sandbox, all, std::make_integer_sequence<int, 64>{});
  CHECK_FAILS_WITH("64 at a time", sandbox.register_callback(numbered<64>));
  CHECK(sandbox.invoke_sandbox_function(call_int, all[63], 1).UNSAFE_unverified() == 64);
  all.pop_back();
  auto again = sandbox.register_callback(numbered<64>);
  CHECK(sandbox.invoke_sandbox_function(call_int, again, 1).UNSAFE_unverified() == 65);
}

HARNESS_MAIN()
