// U8: owners of sandbox memory and strings made in the sandbox.
#include "test_config.hpp"

#include "rlbox.hpp"

#include "test_backend.hpp"

using rlbox::make_sandbox_string;
using rlbox::make_sandbox_unique;
using rlbox::sandbox_unique_ptr;
using rlbox::tainted;
using S = rlbox::rlbox_test_sandbox;
using Sandbox = rlbox::rlbox_sandbox<S>;

namespace {
struct fixture {
  Sandbox sandbox;
  fixture() { sandbox.create_sandbox(); }
  std::size_t freed() { return sandbox.get_sandbox_impl()->freed; }
};
}  // namespace

TEST_CASE_METHOD(fixture, "U8: an owner frees what it holds, once") {
  {
    auto owner = make_sandbox_unique<int>(sandbox, 4);
    CHECK_TYPE(SINGLE(sandbox_unique_ptr<int, S>), owner);
    CHECK(static_cast<bool>(owner));
    *owner = 3;
    owner[1] = 4;
    CHECK(owner->UNSAFE_unverified() == 3);
    CHECK(owner.get()[1].UNSAFE_unverified() == 4);
    CHECK_FAILS(owner[5000]);
    sandbox_unique_ptr<int, S> other(std::move(owner));
    CHECK(!owner && other);
    owner = std::move(other);
    CHECK(freed() == 0);
    owner = make_sandbox_unique<int>(sandbox);
    CHECK(freed() == 1);
    tainted<int*, S> kept = owner.release();
    CHECK(kept != nullptr && !owner);
    sandbox_unique_ptr<int, S> again(sandbox, kept);
    again.reset();
    again.reset();
    CHECK(freed() == 2);
    sandbox_unique_ptr<int, S> empty;
    CHECK(empty.get() == nullptr);
    owner = make_sandbox_unique<int>(sandbox);
  }
  CHECK(freed() == 3);
}

TEST_CASE_METHOD(fixture, "U8: strings, also null ones") {
  auto text = make_sandbox_string(sandbox, "hello");
  CHECK_TYPE(SINGLE(tainted<char*, S>), text.get());
  CHECK(text.get().copy_and_verify_string([](std::string s) { return s; }) == "hello");
  auto with_zero = make_sandbox_string(sandbox, std::string_view("a\0b", 3));
  CHECK(with_zero[2].UNSAFE_unverified() == 'b');
  CHECK(with_zero[3].UNSAFE_unverified() == '\0');
  const std::string empty;
  CHECK(make_sandbox_string(sandbox, empty)[0].UNSAFE_unverified() == '\0');
  CHECK(make_sandbox_string(sandbox, std::string_view())[0].UNSAFE_unverified() == '\0');
  const char* const null = nullptr;
  auto nothing = make_sandbox_string(sandbox, null);
  CHECK(!nothing && nothing.get() == nullptr);
  // what verifiers see of null (issue 44 of the reference): an empty string or an empty owner
  CHECK(nothing.get().copy_and_verify_string([](std::string s) { return s.empty(); }));
  CHECK(
      nothing.get().copy_and_verify_string([](std::unique_ptr<char[]> s) { return s == nullptr; }));
  CHECK(!make_sandbox_string(sandbox, std::string(0x2000, 'x')));  // exhausted
}

TEST_CASE_METHOD(fixture, "U8: an owner outlives the instance") {
  auto owner = make_sandbox_unique<int>(sandbox);
  sandbox.destroy_sandbox();
  CHECK(!make_sandbox_unique<int>(sandbox));
  sandbox.create_sandbox();
  owner.reset();  // that memory is gone, and the new instance has other things there
  CHECK(freed() == 0);
}
