// The framework with a backend that knows nothing of it but the plugin interface.
#include "tests/runtime/harness.hpp"

#if HARNESS_HAS_EXCEPTIONS
#define RLBOX_USE_EXCEPTIONS
#else
#define RLBOX_CUSTOM_ABORT(msg) ::harness::custom_abort(msg)
#endif

#include "arena_library.hpp"
#include "arena_sandbox.hpp"
#include "library.h"

#ifdef ARENA_STATIC_CALLS
#define RLBOX_USE_STATIC_CALLS() rlbox_arena_sandbox_lookup_symbol
// What a backend for static calls provides: an address for each function.
#define rlbox_arena_sandbox_lookup_symbol(name) reinterpret_cast<void*>(&arena_library::name)
#endif
#include "rlbox.hpp"

RLBOX_DEFINE_BASE_TYPES_FOR(mylib, arena);

#define sandbox_fields_reflection_mylib_class_record(f, g, ...)                              \
  f(short, kind, FIELD_NORMAL, __VA_ARGS__) g() f(long, size, FIELD_NORMAL, __VA_ARGS__) g() \
      f(const char*, name, FIELD_NORMAL, __VA_ARGS__) g()                                    \
          f(int[3], counts, FIELD_NORMAL, __VA_ARGS__) g()
#define sandbox_fields_reflection_mylib_allClasses(f, ...) f(record, mylib, __VA_ARGS__)
rlbox_load_structs_from_library(mylib);

namespace {

using Sandbox = rlbox_sandbox_mylib;

struct fixture {
  Sandbox sandbox;
  fixture() { REQUIRE(sandbox.create_sandbox(&arena_library::symbols)); }

  tainted_mylib<int*> numbers(int count) {
    auto p = sandbox.malloc_in_sandbox<int>(static_cast<unsigned>(count));
    for (int i = 0; i < count; i++) {
      p[i] = i + 1;
    }
    return p;
  }
  tainted_mylib<char*> text(const char* value) {
    const auto size = static_cast<unsigned>(std::strlen(value) + 1);
    auto p = sandbox.malloc_in_sandbox<char>(size);
    rlbox::memcpy(sandbox, p, value, size);
    return p;
  }
};

tainted_mylib<int> multiply(Sandbox&, tainted_mylib<int> a, tainted_mylib<int> b,
                            tainted_mylib<void*> context) {
  return a * *rlbox::sandbox_static_cast<int*>(context) + b;
}
tainted_mylib<int> nest(Sandbox& sandbox, tainted_mylib<int> a, tainted_mylib<int> b,
                        tainted_mylib<void*> context) {
  auto inner = sandbox.register_callback(multiply);
  auto one = sandbox.malloc_in_sandbox<int>();
  *one = b;
  return a + sandbox.invoke_sandbox_function(reduce, inner, one, 1, context);
}
tainted_mylib<int> use_state(Sandbox& sandbox, tainted_mylib<int> a, tainted_mylib<int> b,
                             tainted_mylib<void*> context) {
  *sandbox.lookup_app_ptr(rlbox::sandbox_static_cast<int*>(context)) += 1;
  return a + b;
}

int plain(tainted_mylib<int> value) {
  return value.copy_and_verify([](int n) { return n; });
}

}  // namespace

TEST_CASE("backend: creation") {
  Sandbox sandbox;
  CHECK(!sandbox.create_sandbox(&arena_library::symbols, false));
  CHECK(sandbox.create_sandbox(&arena_library::symbols));
  CHECK(sandbox.get_total_memory() == 0x10000);
  sandbox.destroy_sandbox();
  CHECK(sandbox.create_sandbox(&arena_library::symbols));
}

TEST_CASE_METHOD(fixture, "backend: numbers") {
  CHECK(plain(sandbox.invoke_sandbox_function(add, 40, 2)) == 42);
  const auto total = sandbox.invoke_sandbox_function(wide, 40UL, 2ULL);
  CHECK(total.UNSAFE_unverified() == 42UL);
  // a long that the library's 32 bits cannot hold
  CHECK_FAILS(sandbox.invoke_sandbox_function(wide, ~0UL, 0ULL));
  CHECK(sandbox.invoke_sandbox_function(scale, 1.5, 2.0F).UNSAFE_unverified() == 3.0);
}

TEST_CASE_METHOD(fixture, "backend: memory") {
  auto p = numbers(4);
  CHECK(sandbox.invoke_sandbox_function(sum, p, 4).UNSAFE_unverified() == 10);
  CHECK(sandbox.invoke_sandbox_function(sum, p + 1, 3).UNSAFE_unverified() == 9);
  const auto largest =
      p.copy_and_verify_range([](std::unique_ptr<int[]> copy) { return copy ? copy[3] : -1; }, 4);
  CHECK(largest == 4);
  CHECK_FAILS(p[0x10000]);
  CHECK_FAILS(p.copy_and_verify_range([](std::unique_ptr<int[]>) { return 0; }, 0x10000));
  CHECK(sandbox.malloc_in_sandbox<char>(0x10001) == nullptr);
  CHECK(sandbox.get_sandbox_impl()->live_allocations() == 1);
  sandbox.free_in_sandbox(p);
  CHECK(sandbox.get_sandbox_impl()->live_allocations() == 0);
}

TEST_CASE_METHOD(fixture, "backend: structs with another layout") {
  auto p = sandbox.malloc_in_sandbox<record>(3);
  CHECK(sizeof(*p) == arena_library::record_size && sizeof(record) != sizeof(*p));
  sandbox.invoke_sandbox_function(fill, p + 1, text("second"));
  auto found = sandbox.invoke_sandbox_function(find, p, 3, static_cast<short>(7));
  CHECK((found == p + 1).UNSAFE_unverified());
  CHECK(found->size.UNSAFE_unverified() == -1L);
  CHECK(found->counts[2].UNSAFE_unverified() == 20);
  const tainted_mylib<const char*> name = found->name;
  CHECK(name.copy_and_verify_string([](std::string copy) { return copy; }) == "second");

  found->size = 5L;
  found->name = nullptr;
  const tainted_mylib<record> copy = *found;
  CHECK(copy.size.UNSAFE_unverified() == 5 && copy.name.UNSAFE_unverified() == nullptr);
  CHECK_FAILS(found->size = 0x100000000L);
  CHECK(sandbox.invoke_sandbox_function(find, p, 3, static_cast<short>(8)) == nullptr);
}

TEST_CASE_METHOD(fixture, "backend: callbacks") {
  auto p = numbers(3);
  auto ten = sandbox.malloc_in_sandbox<int>();
  *ten = 10;
  const auto context = rlbox::sandbox_static_cast<void*>(ten);
  {
    auto f = sandbox.register_callback(multiply);
    CHECK(plain(sandbox.invoke_sandbox_function(reduce, f, p, 3, context)) == 123);
    CHECK_FAILS(sandbox.register_callback(multiply));
  }
  auto f = sandbox.register_callback(nest);
  CHECK(plain(sandbox.invoke_sandbox_function(reduce, f, p, 3, context)) == 6);
  CHECK(sandbox.get_sandbox_impl()->live_callbacks() == 1);
  f.unregister();
  CHECK(sandbox.get_sandbox_impl()->live_callbacks() == 0);
}

TEST_CASE_METHOD(fixture, "backend: function pointers") {
  auto p = numbers(3);
  const auto f = sandbox.get_sandbox_function_address(adder);
  CHECK(plain(sandbox.invoke_sandbox_function(reduce, f, p, 3, nullptr)) == 6);
  auto stored = sandbox.malloc_in_sandbox<reducer>();
  *stored = f;
  const tainted_mylib<reducer> read = *stored;
  CHECK((read == f).UNSAFE_unverified());
  // a number that is no function becomes null
  CHECK(sandbox.invoke_sandbox_function(get_adder) == nullptr);
}

TEST_CASE_METHOD(fixture, "backend: app pointers") {
  int state = 0;
  auto owner = sandbox.get_app_pointer(&state);
  auto f = sandbox.register_callback(use_state);
  auto p = numbers(3);
  const auto context = rlbox::sandbox_static_cast<void*>(owner.to_tainted());
  CHECK(plain(sandbox.invoke_sandbox_function(reduce, f, p, 3, context)) == 6);
  CHECK(state == 3);
}

TEST_CASE_METHOD(fixture, "backend: transfer") {
  const char source[] = "abcd";
  bool copied = false;
  auto in_sandbox = rlbox::copy_memory_or_grant_access(sandbox, source, 5, false, copied);
  CHECK(copied && in_sandbox != nullptr);
  const char* const raw = in_sandbox.UNSAFE_unverified();
  auto again = rlbox::copy_memory_or_grant_access(sandbox, raw, 5, false, copied);
  CHECK(!copied && again.UNSAFE_unverified() == raw);
  const char* const back = rlbox::copy_memory_or_deny_access(sandbox, in_sandbox, 5, true, copied);
  CHECK(copied && std::strcmp(back, "abcd") == 0);
  std::free(const_cast<char*>(back));
}

TEST_CASE("backend: two sandboxes") {
  Sandbox a;
  Sandbox b;
  a.create_sandbox(&arena_library::symbols);
  b.create_sandbox(&arena_library::symbols);
  auto in_a = a.malloc_in_sandbox<int*>();
  auto number = b.malloc_in_sandbox<int>();
  CHECK(!Sandbox::is_in_same_sandbox(in_a.UNSAFE_unverified(), number.UNSAFE_unverified()));
  CHECK_FAILS(b.invoke_sandbox_function(sum, rlbox::sandbox_reinterpret_cast<int*>(in_a), 1));
}

#ifndef ARENA_STATIC_CALLS
TEST_CASE_METHOD(fixture, "backend: a missing function") {
  CHECK_FAILS_WITH("no function missing", sandbox.invoke_sandbox_function(missing, 1));
}
#endif

TEST_CASE_METHOD(fixture, "backend: sandboxes are found by an address, which must not be null") {
  auto p = numbers(1);
  int* const raw = p.UNSAFE_unverified();
  const auto offset = Sandbox::get_sandboxed_pointer_no_ctx<int*>(raw, raw);
  CHECK(offset == sandbox.get_sandboxed_pointer<int*>(raw));
  CHECK(Sandbox::get_unsandboxed_pointer_no_ctx<int*>(offset, raw) == raw);
  CHECK_FAILS_WITH("look up its sandbox",
                   Sandbox::get_sandboxed_pointer_no_ctx<int*>(raw, nullptr));
  CHECK_FAILS_WITH("look up its sandbox",
                   Sandbox::get_unsandboxed_pointer_no_ctx<int*>(offset, nullptr));
}

HARNESS_MAIN()
