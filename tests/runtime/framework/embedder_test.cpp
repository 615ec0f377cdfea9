// What an embedder may provide: thread-local storage (contract 9.5) and locks (contract 2.1).
#include "test_config.hpp"

#include <mutex>

namespace {
int locks_taken = 0;
}
#define RLBOX_USE_CUSTOM_SHARED_LOCK
#define RLBOX_SHARED_LOCK(name) ::std::recursive_mutex name
#define RLBOX_ACQUIRE_SHARED_GUARD(name, ...) \
  ::std::lock_guard<::std::recursive_mutex> name((++locks_taken, __VA_ARGS__))
#define RLBOX_ACQUIRE_UNIQUE_GUARD(name, ...) \
  ::std::lock_guard<::std::recursive_mutex> name((++locks_taken, __VA_ARGS__))
#define RLBOX_EMBEDDER_PROVIDES_TLS_STATIC_VARIABLES
#define RLBOX_USE_STATIC_CALLS() rlbox_noop_sandbox_lookup_symbol
#include "rlbox_dylib_sandbox.hpp"
#include "rlbox_noop_sandbox.hpp"
RLBOX_NOOP_SANDBOX_STATIC_VARIABLES();
RLBOX_DYLIB_SANDBOX_STATIC_VARIABLES();
#include "rlbox.hpp"

#include "library.h"
#include "library_structs.hpp"
rlbox_load_structs_from_library(host);

#define T_Backend rlbox::rlbox_noop_sandbox
#define BACKEND(name) "embedder: " name
namespace {
template <typename T_Sandbox>
void create(T_Sandbox& sandbox) {
  sandbox.create_sandbox();
}
}  // namespace

#include "host_backend_tests.hpp"

TEST_CASE("the embedder's storage and locks are used") {
  Sandbox sandbox;
  create(sandbox);
  CHECK(locks_taken > 0);
  CHECK(rlbox::get_rlbox_noop_sandbox_thread_data() == &rlbox_noop_sandbox_thread_info);
  CHECK(rlbox::get_rlbox_dylib_sandbox_thread_data() == &rlbox_dylib_sandbox_thread_info);
  CHECK(rlbox_noop_sandbox_thread_info.sandbox == nullptr);
  auto callback =
      sandbox.register_callback(+[](Sandbox& inside, tainted<int, S> value, tainted<void*, S>) {
        CHECK(rlbox_noop_sandbox_thread_info.sandbox == inside.get_sandbox_impl());
        return value;
      });
  sandbox.invoke_sandbox_function(library_call, callback, 1, nullptr);
  CHECK(rlbox_noop_sandbox_thread_info.sandbox == nullptr);
}

HARNESS_MAIN()
