// Casts, memory functions, transfer of buffers, pointers, life cycle: docs/contract.md, "Memory
// functions", "Pointers" and "Sandboxes".
#include "test_config.hpp"

#include "rlbox.hpp"

#include "test_backend.hpp"

using namespace std;  // the documented examples do this; names must not become ambiguous
using namespace rlbox;
using S = rlbox::rlbox_test_sandbox;
using Sandbox = rlbox::rlbox_sandbox<S>;

namespace {
struct fixture {
  Sandbox sandbox;
  fixture() { sandbox.create_sandbox(); }
  char* heap() { return sandbox.get_sandbox_impl()->heap_begin(); }
};
}  // namespace

TEST_CASE_METHOD(fixture, "casts") {
  auto p = sandbox.malloc_in_sandbox<unsigned>();
  CHECK_TYPE(SINGLE(tainted<int*, S>), sandbox_reinterpret_cast<int*>(p));
  tainted<const unsigned*, S> cp = p;
  CHECK_TYPE(SINGLE(tainted<unsigned*, S>), sandbox_const_cast<unsigned*>(cp));
  CHECK_TYPE(SINGLE(tainted<long, S>), sandbox_static_cast<long>(*p));
  *p = 5u;
  CHECK(sandbox_static_cast<long>(*p).UNSAFE_unverified() == 5);
  tainted<void*, S> v = sandbox_static_cast<void*>(p);
  CHECK(sandbox_static_cast<unsigned*>(v).UNSAFE_unverified() == p.UNSAFE_unverified());
  auto pp = sandbox.malloc_in_sandbox<unsigned*>();
  *pp = p;
  CHECK(sandbox_reinterpret_cast<char*>(*pp).UNSAFE_unverified() ==
        reinterpret_cast<char*>(p.UNSAFE_unverified()));
}

TEST_CASE_METHOD(fixture, "memset") {
  auto p = sandbox.malloc_in_sandbox<unsigned>(12);
  for (int i = 0; i < 12; i++) {
    p[i] = 0xffffffffu;
  }
  memset(sandbox, p, 0, sizeof(tainted<unsigned, S>) * 4);
  CHECK(p[3].UNSAFE_unverified() == 0);
  CHECK(p[4].UNSAFE_unverified() == 0xffffffffu);
  tainted<int, S> value = 1;
  tainted<size_t, S> count = 8;
  auto returned = memset(sandbox, p + 4, value, 8);
  CHECK(returned.UNSAFE_unverified() == p.UNSAFE_unverified() + 4);
  memset(sandbox, p + 6, value, count);
  CHECK(p[7].UNSAFE_unverified() == 0x01010101u);
  CHECK(p[8].UNSAFE_unverified() == 0xffffffffu);
  CHECK_FAILS(memset(sandbox, p, 0, 0x1001));
  CHECK_FAILS(memset(sandbox, p, 0, 0xff8));
  CHECK_FAILS(memset(sandbox, p, 0, -1));
  CHECK_FAILS(memset(sandbox, p + 1, 0, tainted<uint64_t, S>(~0ull)));
  tainted<unsigned*, S> null = nullptr;
  CHECK_FAILS(memset(sandbox, null, 0, 4));
  tainted<const unsigned*, S> cp = p;
  CHECK_REJECTED(memset(sandbox, cp, 0, 4));
  auto pp = sandbox.malloc_in_sandbox<unsigned*>();
  *pp = p;
  memset(sandbox, *pp, 2, 4);  // a destination in sandbox memory
  CHECK(p[0].UNSAFE_unverified() == 0x02020202u);
  char app[4] = {1, 2, 3, 4};
  memset(app, 0, 4);  // the C library's
  CHECK(app[3] == 0);
}

TEST_CASE_METHOD(fixture, "memcpy and strncpy") {
  auto p = sandbox.malloc_in_sandbox<unsigned>(8);
  auto q = sandbox.malloc_in_sandbox<unsigned>(8);
  const unsigned app[4] = {1, 2, 3, 4};
  memcpy(sandbox, p, app, sizeof(app));
  memcpy(sandbox, q, p, tainted<int, S>(16));
  CHECK(q[3].UNSAFE_unverified() == 4);
  memcpy(sandbox, q + 1, q, 12);
  CHECK(q[3].UNSAFE_unverified() == 3);
  CHECK_FAILS(memcpy(sandbox, p, app, 0x2000));
  CHECK_FAILS(memcpy(sandbox, p, q, 0xfff));
  const tainted<const unsigned*, S> end =
      sandbox.UNSAFE_accept_pointer(reinterpret_cast<const unsigned*>(heap() + S::heap_size - 4));
  CHECK_FAILS(memcpy(sandbox, p, end, 8));
  memcpy(sandbox, p, end, 4);
  auto text = sandbox.malloc_in_sandbox<char>(8);
  strncpy(sandbox, text, "Hello", 8);
  CHECK(string(text.unverified_safe_pointer_because(8, "a test")) == "Hello");
  CHECK(text[7].UNSAFE_unverified() == 0);
  strncpy(sandbox, text, "Hello world", 5);
  CHECK(text[5].UNSAFE_unverified() == 0);
  auto copy = sandbox.malloc_in_sandbox<char>(8);
  strncpy(sandbox, copy, text, 6);
  CHECK(copy.copy_and_verify_string([](string s) { return s; }) == "Hello");
  CHECK_FAILS(strncpy(sandbox, text, "Hello", 0x1000));
}

TEST_CASE_METHOD(fixture, "memcmp") {
  auto p = sandbox.malloc_in_sandbox<unsigned>(4);
  auto q = sandbox.malloc_in_sandbox<unsigned>(4);
  const unsigned app[4] = {0, 0, 7, 0};
  p[2] = 7u;
  CHECK_TYPE(tainted_int_hint, memcmp(sandbox, p, q, 4));
  CHECK(memcmp(sandbox, p, q, 8).UNSAFE_unverified() == 0);
  CHECK(memcmp(sandbox, p, q, 12).UNSAFE_unverified() > 0);
  CHECK(memcmp(sandbox, q, p, 12).UNSAFE_unverified() < 0);
  CHECK(memcmp(sandbox, p, app, 16).UNSAFE_unverified() == 0);
  CHECK(memcmp(sandbox, app, p, tainted<size_t, S>(16)).UNSAFE_unverified() == 0);
  tainted<const unsigned*, S> cp = p;
  CHECK(memcmp(sandbox, cp, app, 16).unverified_safe_because("a test") == 0);
  CHECK_FAILS(memcmp(sandbox, q, p, 0xff8));
  CHECK_FAILS(memcmp(sandbox, p, q, 0xfff));
}

TEST_CASE_METHOD(fixture, "transfer by copy") {
  static_assert(can_type_be_memcopied<char> && can_type_be_memcopied<const float>);
  static_assert(can_type_be_memcopied<short> && can_type_be_memcopied<unsigned long long>);
  static_assert(!can_type_be_memcopied<int*> && !can_type_be_memcopied<long>);
  static_assert(can_type_be_memcopied<int, S> && !can_type_be_memcopied<long, S>);
  auto* one = static_cast<char*>(malloc(1));
  *one = 'x';
  bool copied = false;
  auto moved = copy_memory_or_grant_access(sandbox, one, 1, true, copied);
  CHECK_TYPE(SINGLE(tainted<char*, S>), moved);
  CHECK(copied);
  CHECK(moved->UNSAFE_unverified() == 'x');
  char* back = copy_memory_or_deny_access(sandbox, moved, 1, true, copied);
  CHECK(copied && *back == 'x');
  free(back);
  const float many[2] = {1.5f, 2.5f};
  auto grant = copy_memory_or_grant_access(sandbox, many, 2, false, copied);
  CHECK_TYPE(SINGLE(tainted<const float*, S>), grant);
  CHECK(grant[1].UNSAFE_unverified() == 2.5f);
  const float* floats = copy_memory_or_deny_access(sandbox, grant, 2, false, copied);
  CHECK(floats[0] == 1.5f && floats[1] == 2.5f);
  free(const_cast<float*>(floats));
  CHECK_FAILS(copy_memory_or_grant_access(sandbox, many, ~size_t{0} / 2, false, copied));
  CHECK(!copy_memory_or_grant_access(sandbox, heap(), 0x2000, false, copied));  // exhausted
  CHECK(!copied);
}

TEST_CASE_METHOD(fixture, "swizzling") {
  auto p = sandbox.malloc_in_sandbox<int>();
  int* const raw = p.UNSAFE_unverified();
  const uint32_t offset = static_cast<uint32_t>(reinterpret_cast<char*>(raw) - heap());
  CHECK(sandbox.get_sandboxed_pointer<void*>(raw) == offset);
  CHECK(sandbox.get_sandboxed_pointer<const void*>(raw) == offset);
  CHECK(sandbox.get_unsandboxed_pointer<void*>(offset) == raw);
  CHECK(sandbox.get_unsandboxed_pointer<const void*>(offset) == raw);
  CHECK(Sandbox::get_sandboxed_pointer_no_ctx<void*>(raw, heap()) == offset);
  CHECK(Sandbox::get_unsandboxed_pointer_no_ctx<const void*>(offset, heap()) == raw);
  CHECK(sandbox.get_sandboxed_pointer<void*>(nullptr) == 0);
  CHECK(sandbox.get_unsandboxed_pointer<void*>(0) == nullptr);
  CHECK(Sandbox::get_sandboxed_pointer_no_ctx<void*>(nullptr, heap()) == 0);
  CHECK(Sandbox::get_unsandboxed_pointer_no_ctx<void*>(0, heap()) == nullptr);
  CHECK(sandbox.get_sandbox_impl()->allocated() >= 4);
  CHECK(sandbox.is_pointer_in_sandbox_memory(raw) && !sandbox.is_pointer_in_app_memory(raw));
  CHECK(!sandbox.is_pointer_in_sandbox_memory(&sandbox));
  CHECK(Sandbox::is_in_same_sandbox(raw, heap()));
  CHECK(!Sandbox::is_in_same_sandbox(raw, &sandbox));
  CHECK(sandbox.get_total_memory() == S::heap_size);
  CHECK(sandbox.get_memory_location() == heap());
  CHECK(sandbox.sandbox_storage == nullptr);
}

TEST_CASE_METHOD(fixture, "S10: a pointer of another sandbox is refused") {
  Sandbox other;
  other.create_sandbox();
  auto p = sandbox.malloc_in_sandbox<int>();
  CHECK_FAILS(p.UNSAFE_sandboxed(other));
  CHECK_FAILS(other.free_in_sandbox(p));
  CHECK(p.UNSAFE_sandboxed(sandbox) != 0);
  // an address just before the application's object is not taken for an access to it (-O2 -Werror)
  int own = 0;
  CHECK_FAILS(sandbox.get_sandboxed_pointer<int*>(&own));
}

TEST_CASE_METHOD(fixture, "allocation") {
  CHECK_FAILS(sandbox.malloc_in_sandbox<int>(0));
  CHECK(sandbox.malloc_in_sandbox<char>(0x2000) == nullptr);  // exhausted
  CHECK_FAILS(sandbox.malloc_in_sandbox<int>(~size_t{0}));
  CHECK(sandbox.malloc_in_sandbox<long long>(0xffffffffu) == nullptr);
  CHECK_TYPE(SINGLE(tainted<long (*)[4], S>), sandbox.malloc_in_sandbox<long[4]>());
  CHECK_TYPE(SINGLE(tainted<int (**)(int), S>), sandbox.malloc_in_sandbox<int (*)(int)>());
  CHECK_TYPE(SINGLE(tainted<void*, S>), sandbox.malloc_in_sandbox<void>(3));
  auto pp = sandbox.malloc_in_sandbox<const char*>();
  *pp = sandbox.malloc_in_sandbox<char>();
  sandbox.free_in_sandbox(*pp);
  sandbox.free_in_sandbox(pp);
  CHECK(sandbox.get_sandbox_impl()->freed == 2);
}

TEST_CASE("life cycle (L3)") {
  Sandbox sandbox;
  CHECK(sandbox.malloc_in_sandbox<int>() == nullptr);
  CHECK_FAILS(sandbox.destroy_sandbox());
  CHECK(!sandbox.create_sandbox(false));
  CHECK(sandbox.create_sandbox(true));  // after a failure
  CHECK_FAILS(sandbox.create_sandbox());
  auto p = sandbox.malloc_in_sandbox<int>();
  sandbox.destroy_sandbox();
  sandbox.free_in_sandbox(p);  // silent
  CHECK(sandbox.malloc_in_sandbox<int>() == nullptr);
  CHECK_FAILS(sandbox.destroy_sandbox());
  CHECK(sandbox.create_sandbox());  // the destructor cleans up
}

TEST_CASE("T4: sandboxes are found by example, also when they come and go") {
  for (int round = 0; round < 3; round++) {
    vector<unique_ptr<Sandbox>> many;
    for (int i = 0; i < 20; i++) {
      many.push_back(make_unique<Sandbox>());
      many.back()->create_sandbox();
    }
    for (auto& sandbox : many) {
      auto p = sandbox->malloc_in_sandbox<int (*)(int)>();
      auto callback = sandbox->register_callback(+[](Sandbox&, tainted<int, S> v) { return v; });
      *p = callback;
      CHECK((*p).UNSAFE_unverified() == callback.UNSAFE_unverified());
      *p = nullptr;
      CHECK((*p).UNSAFE_unverified() == nullptr);
    }
  }
}
