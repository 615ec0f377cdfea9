// Callbacks and app pointers: docs/contract.md, "Callbacks", L2, S6.
#include "test_config.hpp"

#include "rlbox.hpp"

#include "test_backend.hpp"

using rlbox::app_pointer;
using rlbox::sandbox_callback;
using rlbox::tainted;
using rlbox::tainted_opaque;
using S = rlbox::rlbox_test_sandbox;
using Sandbox = rlbox::rlbox_sandbox<S>;

namespace {
struct fixture {
  Sandbox sandbox;
  fixture() { sandbox.create_sandbox(); }
  std::size_t live() { return sandbox.get_sandbox_impl()->live_callbacks; }
};

tainted<int, S> good(Sandbox&, tainted<int, S> v) { return v; }
tainted<int, S> good_noexcept(Sandbox&, tainted<int, S> v) noexcept { return v; }
void good_void(Sandbox&) {}
tainted_opaque<int, S> good_opaque(Sandbox&, tainted_opaque<int, S> v) { return v; }
tainted<int*, S> good_pointer(Sandbox&, tainted<int*, S> p, tainted_opaque<long, S>) { return p; }
void good_mixed(Sandbox&, tainted<double, S>, tainted_opaque<char, S>) {}

void no_parameters() {}
void not_a_sandbox(int) {}
void plain_parameter(Sandbox&, int) {}
tainted<int, S> plain_parameter_tainted_result(Sandbox&, int) { return 0; }
int plain_result(Sandbox&) { return 0; }
int plain_result_tainted_parameter(Sandbox&, tainted<int, S>) { return 0; }
void array_parameter(Sandbox&, tainted<int[4], S>) {}
}  // namespace

TEST_CASE_METHOD(fixture, "good signatures") {
  auto a = sandbox.register_callback(good);
  CHECK_TYPE(SINGLE(sandbox_callback<int (*)(int), S>), a);
  auto b = sandbox.register_callback(good_void);
  CHECK_TYPE(SINGLE(sandbox_callback<void (*)(), S>), b);
  auto c = sandbox.register_callback(good_opaque);
  CHECK_TYPE(SINGLE(sandbox_callback<int (*)(int), S>), c);
  auto d = sandbox.register_callback(good_pointer);
  CHECK_TYPE(SINGLE(sandbox_callback<int* (*)(int*, long), S>), d);
  auto e = sandbox.register_callback(good_mixed);
  CHECK_TYPE(SINGLE(sandbox_callback<void (*)(double, char), S>), e);
  auto f = sandbox.register_callback(good_noexcept);
  CHECK_TYPE(SINGLE(sandbox_callback<int (*)(int), S>), f);
  auto g = sandbox.register_callback(+[](Sandbox&, tainted<int, S>) {});
  CHECK_TYPE(SINGLE(sandbox_callback<void (*)(int), S>), g);
  CHECK(live() == 7);
  CHECK(a.UNSAFE_unverified() != nullptr);
  CHECK(a.UNSAFE_sandboxed(sandbox) != 0);
}

TEST_CASE_METHOD(fixture, "bad signatures") {
  CHECK_REJECTED(sandbox.register_callback(no_parameters));
  CHECK_REJECTED(sandbox.register_callback(not_a_sandbox));
  CHECK_REJECTED(sandbox.register_callback(plain_parameter));
  CHECK_REJECTED(sandbox.register_callback(plain_parameter_tainted_result));
  CHECK_REJECTED(sandbox.register_callback(plain_result));
  CHECK_REJECTED(sandbox.register_callback(plain_result_tainted_parameter));
  CHECK_REJECTED(sandbox.register_callback(array_parameter));
  CHECK(live() == 0);
}

TEST_CASE_METHOD(fixture, "registering and unregistering") {
  sandbox_callback<int (*)(int), S> empty;
  CHECK(empty.is_unregistered());
  empty.unregister();
  auto a = sandbox.register_callback(good);
  CHECK(!a.is_unregistered());
  CHECK_FAILS_WITH("already registered", sandbox.register_callback(good));
  a.unregister();
  CHECK(a.is_unregistered());
  a.unregister();
  auto b = sandbox.register_callback(good);
  a = std::move(b);
  CHECK(!a.is_unregistered());
  CHECK(b.is_unregistered());
  a = sandbox.register_callback(good_noexcept);  // L2: the old one is unregistered
  CHECK(live() == 1);
  b = sandbox.register_callback(good);
  for (int i = 0; i < 5000; i++) {
    b.unregister();
    b = sandbox.register_callback(good);
  }
  CHECK(live() == 2);
  {
    auto c = sandbox.register_callback(good_void);
    CHECK(live() == 3);
  }
  CHECK(live() == 2);
}

TEST_CASE("owners may outlive the instance and the object") {
  sandbox_callback<int (*)(int), S> callback;
  app_pointer<int*, S> pointer;
  int target = 0;
  {
    Sandbox sandbox;
    sandbox.create_sandbox();
    callback = sandbox.register_callback(good);
    pointer = sandbox.get_app_pointer(&target);
    sandbox.destroy_sandbox();
    callback.unregister();  // silent
    CHECK(callback.is_unregistered());
    // C9: the same object again
    sandbox.create_sandbox();
    callback = sandbox.register_callback(good);
    pointer = sandbox.get_app_pointer(&target);
    CHECK(sandbox.lookup_app_ptr(pointer.to_tainted()) == &target);
    sandbox.destroy_sandbox();
    sandbox.create_sandbox();
    auto again = sandbox.register_callback(good);
    CHECK(sandbox.get_sandbox_impl()->live_callbacks == 1);
    callback = sandbox.register_callback(good_noexcept);
    pointer = sandbox.get_app_pointer(&target);
  }
  CHECK(callback.is_unregistered());
  CHECK(pointer.is_unregistered());
  callback.unregister();
  pointer.unregister();
  Sandbox never_created;
  CHECK_FAILS(never_created.register_callback(good));
}

TEST_CASE_METHOD(fixture, "assigning callbacks") {
  auto p = sandbox.malloc_in_sandbox<int (*)(int)>();
  auto callback = sandbox.register_callback(good);
  *p = callback;
  CHECK((*p).UNSAFE_sandboxed(sandbox) == callback.UNSAFE_sandboxed(sandbox));
  tainted<int (*)(int), S> local{};
  CHECK_REJECTED(local = callback);
  auto other = sandbox.register_callback(good_void);
  CHECK_REJECTED(*p = other);
  CHECK_REJECTED(*p = sandbox.register_callback(good_noexcept));  // L6
}

// int64_t is a long on many hosts, and a long of the sandbox is narrower: applications say long
// long.
template <typename T_Param, typename T_Arg>
constexpr bool accepts() {
  return rlbox::detail::is_call_possible<int(T_Param), T_Arg>();
}

TEST_CASE("callbacks and pointers that say long long for an equally wide long") {
  using wide = long long;
  using unsigned_wide = unsigned long long;
  constexpr bool equal = sizeof(long) == sizeof(wide);
  static_assert(accepts<long (*)(long), sandbox_callback<wide (*)(wide), S>>() == equal);
  static_assert(accepts<long (*)(long), sandbox_callback<wide (*)(long), S>>() == equal);
  static_assert(accepts<void (*)(const unsigned long*),
                        sandbox_callback<void (*)(const unsigned_wide*), S>>() == equal);
  static_assert(accepts<void (*)(long (*)(int)), tainted<void (*)(wide (*)(int)), S>>() == equal);
  static_assert(accepts<const long*, tainted<wide*, S>>() == equal);
  static_assert(accepts<unsigned long*, tainted<unsigned_wide*, S>>() == equal);
  // neither the other way round nor anything else
  static_assert(!accepts<wide (*)(wide), sandbox_callback<long (*)(long), S>>());
  static_assert(!accepts<wide*, tainted<long*, S>>());
  static_assert(!accepts<long*, tainted<const wide*, S>>());
  static_assert(!accepts<long*, tainted<unsigned_wide*, S>>());
  static_assert(!accepts<long (*)(long), sandbox_callback<wide (*)(int), S>>());
  static_assert(!accepts<long (*)(long), sandbox_callback<wide (*)(wide, wide), S>>());
  static_assert(!accepts<long (*)(long), sandbox_callback<void (*)(wide), S>>());
  static_assert(!accepts<int*, tainted<wide*, S>>());
}

TEST_CASE_METHOD(fixture, "app pointers") {
  int target = 3;
  auto p = sandbox.get_app_pointer(&target);
  CHECK_TYPE(SINGLE(app_pointer<int*, S>), p);
  CHECK_TYPE(SINGLE(tainted<int*, S>), p.to_tainted());
  CHECK(p.UNSAFE_unverified() == &target);
  CHECK(p.UNSAFE_sandboxed(sandbox) != 0);
  CHECK(sandbox.is_pointer_in_sandbox_memory(p.to_tainted().UNSAFE_unverified()));
  auto in_memory = sandbox.malloc_in_sandbox<int*>();
  *in_memory = p.to_tainted();
  tainted<int*, S> read = *in_memory;
  CHECK(sandbox.lookup_app_ptr(read) == &target);
  const char text[] = "abc";
  auto q = sandbox.get_app_pointer(text);
  CHECK(sandbox.lookup_app_ptr(q.to_tainted()) == text);
  CHECK(q.UNSAFE_sandboxed(sandbox) != p.UNSAFE_sandboxed(sandbox));
  // S6: an index of another type
  auto wrong = rlbox::sandbox_reinterpret_cast<double*>(read);
  CHECK_FAILS_WITH("another type", sandbox.lookup_app_ptr(wrong));
  CHECK_FAILS(sandbox.lookup_app_ptr(rlbox::sandbox_reinterpret_cast<char*>(read)));
  // void* opts out
  CHECK(sandbox.lookup_app_ptr(tainted<void*, S>(read)) == &target);
  p.unregister();
  CHECK(p.is_unregistered());
  p.unregister();
  CHECK_FAILS_WITH("not registered", sandbox.lookup_app_ptr(read));
  CHECK_FAILS(sandbox.lookup_app_ptr(tainted<int*, S>(nullptr)));
  p = sandbox.get_app_pointer(&target);
  p = sandbox.get_app_pointer(&target + 1);  // L2
  app_pointer<int*, S> moved(std::move(p));
  CHECK(p.is_unregistered() && !moved.is_unregistered());
  app_pointer<int*, S> empty;
  CHECK(empty.is_unregistered());
}

TEST_CASE_METHOD(fixture, "limit and reuse of app pointers") {
  std::vector<app_pointer<int*, S>> owners;
  int target = 0;
  const std::size_t limit = S::heap_size - 1;
  for (std::size_t i = 0; i < limit; i++) {
    owners.push_back(sandbox.get_app_pointer(&target));
  }
  CHECK_FAILS(sandbox.get_app_pointer(&target));
  const auto index = owners[7].UNSAFE_sandboxed(sandbox);
  owners[7].unregister();
  auto again = sandbox.get_app_pointer(&target);
  CHECK(again.UNSAFE_sandboxed(sandbox) == index);
}
