// The ends of things, when the library fails there: owners and sandboxes let no exception out of
// their destructors, and stay usable.
#include "test_config.hpp"

#if HARNESS_HAS_EXCEPTIONS

#include "rlbox.hpp"

#include "test_backend.hpp"

#include <optional>
#include <stdexcept>
#include <type_traits>

using rlbox::make_sandbox_string;
using rlbox::make_sandbox_unique;
using rlbox::sandbox_unique_ptr;
using rlbox::tainted;
using S = rlbox::rlbox_test_sandbox;
using Sandbox = rlbox::rlbox_sandbox<S>;

namespace {
tainted<int, S> callback(Sandbox&, tainted<int, S> value) { return value; }
void other_callback(Sandbox&) {}

struct fixture {
  Sandbox sandbox;
  fixture() { sandbox.create_sandbox(); }
  void fail(bool value) { sandbox.get_sandbox_impl()->fail_at_the_end(value); }
  ~fixture() { fail(false); }
};
}  // namespace

TEST_CASE_METHOD(fixture, "M3: owners whose free fails") {
  static_assert(std::is_nothrow_destructible_v<sandbox_unique_ptr<int, S>>);
  static_assert(std::is_nothrow_move_assignable_v<sandbox_unique_ptr<int, S>>);
  static_assert(std::is_nothrow_move_constructible_v<sandbox_unique_ptr<int, S>>);
  {
    auto owner = make_sandbox_unique<int>(sandbox);
    auto text = make_sandbox_string(sandbox, "text");
    fail(true);
    text.reset();
    CHECK(!text);
    text = make_sandbox_string(sandbox, "more");
    text = make_sandbox_string(sandbox, "more");
    CHECK(static_cast<bool>(text));
  }
  CHECK(sandbox.get_sandbox_impl()->freed == 4);
  // while another exception is under way
  bool caught = false;
  try {
    auto owner = make_sandbox_unique<int>(sandbox);
    throw std::logic_error("the application's");
  } catch (const std::logic_error&) {
    caught = true;
  }
  CHECK(caught);
  // free itself tells
  CHECK_FAILS_WITH("free failed", sandbox.free_in_sandbox(sandbox.malloc_in_sandbox<int>()));
}

TEST_CASE_METHOD(fixture, "M3: transfers whose free fails") {
  auto p = sandbox.malloc_in_sandbox<char>(4);
  rlbox::memcpy(sandbox, p, "abc", 4);
  fail(true);
  bool copied = false;
  char* const copy = rlbox::copy_memory_or_deny_access(sandbox, p, 4, true, copied);
  CHECK(copied && std::strcmp(copy, "abc") == 0);
  std::free(copy);
}

TEST_CASE_METHOD(fixture, "M3: callbacks and app pointers that cannot be unregistered") {
  int object = 0;
  {
    auto first = sandbox.register_callback(callback);
    auto second = sandbox.register_callback(other_callback);
    auto pointer = sandbox.get_app_pointer(&object);
    static_assert(std::is_nothrow_destructible_v<decltype(first)>);
    static_assert(std::is_nothrow_move_assignable_v<decltype(first)>);
    static_assert(std::is_nothrow_move_assignable_v<decltype(pointer)>);
    fail(true);
    CHECK_FAILS_WITH("cannot be unregistered", second.unregister());
    CHECK(second.is_unregistered());
    second.unregister();
    first = decltype(first)();
    CHECK(first.is_unregistered());
    pointer = decltype(pointer)();
    CHECK(pointer.is_unregistered());
  }
  // The records have no owners any more: destruction must not write to them.
  fail(false);
  sandbox.destroy_sandbox();
  sandbox.create_sandbox();
  auto again = sandbox.register_callback(callback);
  CHECK(!again.is_unregistered());
}

TEST_CASE("M3: a sandbox whose end fails is gone all the same") {
  std::optional<Sandbox> sandbox(std::in_place);
  sandbox->create_sandbox();
  auto owner = sandbox->register_callback(callback);
  sandbox->get_sandbox_impl()->fail_at_the_end(true);
  sandbox->destroy_sandbox();
  CHECK(owner.is_unregistered());
  CHECK_FAILS_WITH("does not exist", sandbox->destroy_sandbox());
  CHECK(sandbox->create_sandbox());
  auto kept = sandbox->register_callback(callback);
  sandbox.reset();  // by the destructor
  CHECK(kept.is_unregistered());
  kept.unregister();
}

TEST_CASE("M5: a sandbox is not destroyed while its code is on the stack") {
  Sandbox sandbox;
  sandbox.create_sandbox();
  auto owner = sandbox.register_callback(callback);
  sandbox.get_sandbox_impl()->refuse_destruction(true);
  CHECK_FAILS_WITH("Return from them first", sandbox.destroy_sandbox());
  CHECK(!owner.is_unregistered());
  CHECK(sandbox.malloc_in_sandbox<int>() != nullptr);
  sandbox.get_sandbox_impl()->refuse_destruction(false);
  sandbox.destroy_sandbox();
  CHECK(owner.is_unregistered());
}

#endif
