// Hooks at the boundary: docs/contract.md, "Hooks and times". The declarations come before any
// header.
namespace rlbox {
enum class rlbox_transition;
}
namespace {
void on_in(rlbox::rlbox_transition kind, const char* name, void* pointer, void*& state);
void on_out(rlbox::rlbox_transition kind, const char* name, void* pointer, void*& state);
}  // namespace

#include "test_config.hpp"

#define RLBOX_USE_STATIC_CALLS() rlbox_noop_sandbox_lookup_symbol
#define RLBOX_TRANSITION_ACTION_IN(kind, name, pointer, state) on_in(kind, name, pointer, state)
#define RLBOX_TRANSITION_ACTION_OUT(kind, name, pointer, state) on_out(kind, name, pointer, state)
#include "rlbox.hpp"
#include "rlbox_noop_sandbox.hpp"

#include "library.h"

using S = rlbox::rlbox_noop_sandbox;
using Sandbox = rlbox::rlbox_sandbox<S>;
using rlbox::tainted;

namespace {
std::string events;
void* last_pointer = nullptr;

void note(const char* what, rlbox::rlbox_transition kind, const char* name, void* pointer) {
  events += what;
  events += kind == rlbox::rlbox_transition::INVOKE ? "-invoke(" : "-callback(";
  events += name != nullptr ? name : "";
  events += ") ";
  last_pointer = pointer;
}
void on_in(rlbox::rlbox_transition kind, const char* name, void* pointer, void*& state) {
  note("in", kind, name, pointer);
  if (state != nullptr) {
    ++*static_cast<int*>(state);
  }
}
void on_out(rlbox::rlbox_transition kind, const char* name, void* pointer, void*& state) {
  note("out", kind, name, pointer);
  if (state != nullptr) {
    --*static_cast<int*>(state);
  }
}
tainted<int, S> in_callback(Sandbox&, tainted<int, S> value, tainted<void*, S>) {
  events += "host ";
  return value;
}
}  // namespace

TEST_CASE("one IN and one OUT for each invocation") {
  events.clear();
  Sandbox sandbox;
  int depth = 0;
  CHECK(sandbox.get_transition_state() == nullptr);
  sandbox.create_sandbox();
  sandbox.set_transition_state(&depth);
  CHECK(sandbox.get_transition_state() == &depth);
  auto p = sandbox.malloc_in_sandbox<int>();
  CHECK(events.empty());
  sandbox.invoke_sandbox_function(library_add, 1, 2);
  CHECK(events == "in-invoke(library_add) out-invoke(library_add) ");
  CHECK(last_pointer == reinterpret_cast<void*>(&library_add));
  CHECK(depth == 0);
  sandbox.free_in_sandbox(p);
}

TEST_CASE("callbacks leave the sandbox and come back") {
  Sandbox sandbox;
  sandbox.create_sandbox();
  auto callback = sandbox.register_callback(in_callback);
  events.clear();
  sandbox.invoke_sandbox_function(library_call, callback, 1, nullptr);
  CHECK(events ==
        "in-invoke(library_call) out-callback() host in-callback() out-invoke(library_call) ");
}

#if HARNESS_HAS_EXCEPTIONS
TEST_CASE("hooks run when a callback throws") {
  Sandbox sandbox;
  sandbox.create_sandbox();
  auto callback = sandbox.register_callback(
      +[](Sandbox&, tainted<int, S>, tainted<void*, S>) -> tainted<int, S> {
        throw std::runtime_error("thrown");
      });
  events.clear();
  CHECK_FAILS_WITH("thrown", sandbox.invoke_sandbox_function(library_call, callback, 1, nullptr));
  CHECK(events == "in-invoke(library_call) out-callback() in-callback() out-invoke(library_call) ");
}
#endif

HARNESS_MAIN()
