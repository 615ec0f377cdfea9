// Calls by name: what happens without RLBOX_USE_STATIC_CALLS.
#include "test_config.hpp"

#include "rlbox_noop_sandbox.hpp"

#include "rlbox.hpp"

#include "library.h"

#if HARNESS_HAS_EXCEPTIONS
TEST_CASE("noop without static calls is diagnosed") {
  rlbox::rlbox_sandbox<rlbox::rlbox_noop_sandbox> sandbox;
  sandbox.create_sandbox();
  CHECK_FAILS_WITH("#define RLBOX_USE_STATIC_CALLS() rlbox_noop_sandbox_lookup_symbol",
                   sandbox.invoke_sandbox_function(library_add, 1, 2));
  CHECK_FAILS(sandbox.get_sandbox_function_address(library_add));
}
#endif

namespace {
// Looks functions up by name, and others for use inside the sandbox.
class named_functions : public rlbox::detail::host_abi_sandbox<named_functions> {
  friend class rlbox::detail::host_abi_sandbox<named_functions>;
  struct thread_state {
    named_functions* sandbox;
    std::uint32_t last_callback_invoked;
  };
  static thread_state* thread_data() {
    static thread_local thread_state state{nullptr, 0};
    return &state;
  }

 public:
  using needs_internal_lookup_symbol = void;
  int lookups = 0;
  int internal_lookups = 0;
  bool add_is_reset = false;

 protected:
  void impl_create_sandbox() {}
  bool impl_destroy_sandbox() { return true; }
  void* impl_lookup_symbol(const char* name) {
    lookups++;
    if (std::strcmp(name, "library_add") == 0) {
      return reinterpret_cast<void*>(&library_add);
    }
    return reinterpret_cast<void*>(&library_reset);
  }
  void* impl_internal_lookup_symbol(const char*) {
    internal_lookups++;
    return reinterpret_cast<void*>(&library_calls);
  }
};
}  // namespace

TEST_CASE("symbols are looked up once, for calls and for addresses apart") {
  rlbox::rlbox_sandbox<named_functions> sandbox;
  sandbox.create_sandbox();
  named_functions& backend = *sandbox.get_sandbox_impl();
  for (int i = 0; i < 3; i++) {
    CHECK(sandbox.invoke_sandbox_function(library_add, 1, i).UNSAFE_unverified() == 1 + i);
    CHECK(sandbox.lookup_symbol("library_add") == reinterpret_cast<void*>(&library_add));
    // the same name, and yet not the same answer
    CHECK(sandbox.internal_lookup_symbol("library_add") == reinterpret_cast<void*>(&library_calls));
  }
  CHECK(backend.lookups == 1 && backend.internal_lookups == 1);
  CHECK(sandbox.destroy_sandbox());  // the backend's result
  sandbox.create_sandbox();
  sandbox.lookup_symbol("library_add");
  CHECK(backend.lookups == 2);  // the cache belongs to the instance
}
