// The noop backend: docs/contract.md, "Backends".
#include "test_config.hpp"

#define RLBOX_USE_STATIC_CALLS() rlbox_noop_sandbox_lookup_symbol
#include "rlbox.hpp"
#include "rlbox_noop_sandbox.hpp"

#include "library.h"
#include "library_structs.hpp"
rlbox_load_structs_from_library(host);

#define T_Backend rlbox::rlbox_noop_sandbox
#define BACKEND(name) "noop: " name
namespace {
template <typename T_Sandbox>
void create(T_Sandbox& sandbox) {
  sandbox.create_sandbox();
}
}  // namespace

#include "host_backend_tests.hpp"
