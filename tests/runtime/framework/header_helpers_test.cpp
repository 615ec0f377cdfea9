// rlbox_helpers.hpp alone is all that a backend needs: docs/contract.md, "Public headers".
#include "test_config.hpp"

#include "rlbox_helpers.hpp"

#include "test_backend.hpp"

TEST_CASE("header: rlbox_helpers.hpp alone") {
  rlbox::detail::dynamic_check(true, "not said");
  CHECK_FAILS_WITH("said", rlbox::detail::dynamic_check(false, "said"));
  CHECK_FAILS_WITH("internal assertion", RLBOX_DEBUG_ASSERT(1 == 2));
  RLBOX_DEBUG_ASSERT(1 == 1);
  int unused = 0;
  RLBOX_UNUSED(unused);
#if HARNESS_HAS_EXCEPTIONS
  CHECK_FAILS_WITH("a reason", rlbox_detail_static_fail_because(true, "a reason"));
#endif
  rlbox_detail_static_fail_because(false, "no reason");
  RLBOX_REQUIRE_SEMI_COLON;
}
