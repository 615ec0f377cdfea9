// Verifiers, arrays, strings, hints and opaque values: docs/contract.md, "Verifiers".
#include "test_config.hpp"

#include "rlbox.hpp"

#include "test_backend.hpp"

#include <functional>
#include <string_view>
#if __cplusplus >= 202002L
#include <span>
#endif

using rlbox::tainted;
using rlbox::tainted_volatile;
using S = rlbox::rlbox_test_sandbox;
using Sandbox = rlbox::rlbox_sandbox<S>;

namespace {
struct fixture {
  Sandbox sandbox;
  fixture() { sandbox.create_sandbox(); }
  char* heap() { return sandbox.get_sandbox_impl()->heap_begin(); }
};
enum color { RED = 3, GREEN };
std::string pointer_verifier(std::string s) { return s + "!"; }
int length_of(std::unique_ptr<const char[]> s) {
  return s ? static_cast<int>(std::strlen(s.get())) : -1;
}
}  // namespace

TEST_CASE_METHOD(fixture, "scalars") {
  tainted<int, S> a = 5;
  CHECK(a.copy_and_verify([](int v) { return v + 1; }) == 6);
  CHECK(a.copy_and_verify([](int v) { return v > 3 ? "yes" : "no"; })[0] == 'y');
  tainted<color, S> c = GREEN;
  CHECK(c.copy_and_verify([](color v) { return v; }) == GREEN);
  CHECK(a.unverified_safe_because("a test") == 5);
  CHECK(a.UNSAFE_sandboxed(sandbox) == 5);
  tainted<long, S> big = 0x100000000;
  CHECK_FAILS(big.UNSAFE_sandboxed(sandbox));
  auto p = sandbox.malloc_in_sandbox<long>();
  *p = -7;
  CHECK(p->copy_and_verify([](long v) { return v; }) == -7);
  CHECK(p->unverified_safe_because("a test") == -7);
  CHECK_TYPE(std::int32_t, p->UNSAFE_sandboxed(sandbox));
  CHECK(p->UNSAFE_sandboxed(sandbox) == -7);
}

TEST_CASE_METHOD(fixture, "C1: pointers to elements of another size") {
  auto p = sandbox.malloc_in_sandbox<long>(4);
  for (long i = 0; i < 4; i++) {
    p[i] = i + 1;
  }
  auto one = p.copy_and_verify([](std::unique_ptr<long> v) { return v ? *v : 0; });
  CHECK(one == 1);
  auto range = p.copy_and_verify_range(
      [](std::unique_ptr<long[]> v) { return v[0] * 1000 + v[1] * 100 + v[2] * 10 + v[3]; }, 4);
  CHECK(range == 1234);
  auto u = rlbox::sandbox_reinterpret_cast<unsigned long*>(p);
  CHECK(u.copy_and_verify_range([](std::unique_ptr<const unsigned long[]> v) { return v[3]; }, 4) ==
        4);
}

TEST_CASE_METHOD(fixture, "pointers to scalars") {
  auto p = sandbox.malloc_in_sandbox<int>();
  *p = 8;
  CHECK(p.copy_and_verify([](std::unique_ptr<const int> v) { return *v; }) == 8);
  auto owner =
      p.copy_and_verify([](std::unique_ptr<int> v) { return *v == 8 ? std::move(v) : nullptr; });
  CHECK(owner && *owner == 8);
  CHECK(!sandbox.is_pointer_in_sandbox_memory(owner.get()));
  tainted<int*, S> null = nullptr;
  CHECK(null.copy_and_verify([](std::unique_ptr<int> v) { return v == nullptr; }));
  CHECK(!null.copy_and_verify([](std::unique_ptr<int> v) { return v; }));
  CHECK(p.copy_and_verify_address([](std::uintptr_t v) { return v; }) ==
        reinterpret_cast<std::uintptr_t>(p.UNSAFE_unverified()));
  tainted<int**, S> pp = sandbox.malloc_in_sandbox<int*>();
  *pp = p;
  CHECK((*pp).copy_and_verify([](std::unique_ptr<int> v) { return *v; }) == 8);
  CHECK_REJECTED(pp.copy_and_verify([](auto) {}));
  tainted<void*, S> v = p;
  CHECK_REJECTED(v.copy_and_verify([](auto) {}));
  tainted<int (*)(int), S> f{};
  CHECK_REJECTED(f.copy_and_verify([](auto) {}));
  CHECK(f.copy_and_verify_address([](std::uintptr_t a) { return a; }) == 0);
  CHECK(p.unverified_safe_pointer_because(1, "a test") == p.UNSAFE_unverified());
  CHECK_FAILS(p.unverified_safe_pointer_because(5000, "a test"));
  CHECK_FAILS(p.unverified_safe_pointer_because(~std::size_t{0} / 2, "a test"));
  CHECK(null.unverified_safe_pointer_because(1, "a test") == nullptr);
  CHECK_REJECTED(p.unverified_safe_because("a test"));
  CHECK_REJECTED(pp.unverified_safe_pointer_because(1, "a test"));
}

TEST_CASE_METHOD(fixture, "ranges") {
  auto p = sandbox.malloc_in_sandbox<unsigned>(4);
  for (unsigned i = 0; i < 4; i++) {
    p[i] = i + 10;
  }
  auto copy = p.copy_and_verify_range([](std::unique_ptr<unsigned[]> v) { return v; }, 4);
  CHECK(copy[0] == 10 && copy[3] == 13);
  CHECK(!sandbox.is_pointer_in_sandbox_memory(copy.get()));
  CHECK_FAILS(p.copy_and_verify_range([](std::unique_ptr<unsigned[]> v) { return v; }, 0));
  CHECK_FAILS(p.copy_and_verify_range([](std::unique_ptr<unsigned[]> v) { return v; }, 4096));
  CHECK_FAILS(
      p.copy_and_verify_range([](std::unique_ptr<unsigned[]> v) { return v; }, ~std::size_t{0}));
  CHECK_FAILS(p.copy_and_verify_range([](std::unique_ptr<unsigned[]> v) { return v; },
                                      (~std::size_t{0} / 4) + 2));  // S8: multiplication wraps
  tainted<unsigned*, S> null = nullptr;
  CHECK(null.copy_and_verify_range([](std::unique_ptr<unsigned[]> v) { return v == nullptr; }, 4));
  // two 32-bit values in one of 64 bits
  auto wide = sandbox.malloc_in_sandbox<std::int64_t>();
  auto wide_ll = rlbox::sandbox_reinterpret_cast<long long*>(wide);
  *wide_ll = 0x0000000200000001LL;
  auto halves = rlbox::sandbox_reinterpret_cast<unsigned int*>(wide_ll);
  CHECK(halves.copy_and_verify_range([](std::unique_ptr<unsigned[]> v) { return v[0] + 10 * v[1]; },
                                     2) == 21);
}

TEST_CASE_METHOD(fixture, "buffer addresses") {
  auto p = sandbox.malloc_in_sandbox<long>(4);
  const auto address = reinterpret_cast<std::uintptr_t>(p.UNSAFE_unverified());
  auto same = [](std::uintptr_t v) { return v; };
  CHECK(p.copy_and_verify_buffer_address(same, 4) == address);
  CHECK_FAILS(p.copy_and_verify_buffer_address(same, 0));
  CHECK_FAILS(p.copy_and_verify_buffer_address(same, 2000));
  tainted<void*, S> v = p;
  CHECK(v.copy_and_verify_buffer_address(same, 4000) == address);  // bytes
  CHECK_FAILS(v.copy_and_verify_buffer_address(same, 4096));
  tainted<long*, S> null = nullptr;
  CHECK(null.copy_and_verify_buffer_address(same, 4) == 0);
}

TEST_CASE_METHOD(fixture, "strings") {
  auto p = sandbox.malloc_in_sandbox<char>(16);
  rlbox::strncpy(sandbox, p, "hello", 16);
  CHECK(p.copy_and_verify_string([](std::string s) { return s; }) == "hello");
  CHECK(p.copy_and_verify_string([](const std::string& s) { return s.size(); }) == 5);
  CHECK(p.copy_and_verify_string([](std::unique_ptr<char[]> s) { return std::string(s.get()); }) ==
        "hello");
  CHECK(p.copy_and_verify_string(
            [](std::unique_ptr<const char[]> s) { return std::string(s.get()); }) == "hello");
  CHECK(p.copy_and_verify_string(pointer_verifier) == "hello!");  // U3
  CHECK(p.copy_and_verify_string(length_of) == 5);
  CHECK(p.copy_and_verify_string(std::function<std::string(std::string)>(pointer_verifier)) ==
        "hello!");
  auto copy = p.copy_and_verify_string([](std::unique_ptr<char[]> s) { return s; });
  CHECK(!sandbox.is_pointer_in_sandbox_memory(copy.get()));
  tainted<const char*, S> null = nullptr;
  CHECK(null.copy_and_verify_string(length_of) == -1);
  CHECK(null.copy_and_verify_string([](std::string s) { return s.empty(); }));
  // up to the very last byte of the sandbox
  char* const end = heap() + S::heap_size;
  std::memset(end - 200, 'x', 200);
  auto last = sandbox.UNSAFE_accept_pointer(end - 200);
  CHECK_FAILS_WITH("no terminating zero", last.copy_and_verify_string(length_of));
  end[-1] = '\0';
  CHECK(last.copy_and_verify_string(length_of) == 199);
  end[-100] = '\0';
  CHECK(last.copy_and_verify_string(length_of) == 100);
  auto one = sandbox.UNSAFE_accept_pointer(end - 1);
  CHECK(one.copy_and_verify_string(length_of) == 0);
  CHECK_REJECTED(sandbox.malloc_in_sandbox<int>().copy_and_verify_string(length_of));
}

TEST_CASE_METHOD(fixture, "strings in place") {
  auto p = sandbox.malloc_in_sandbox<char>(16);
  rlbox::strncpy(sandbox, p, "hello", 16);
  const auto same = [](std::string_view s) { return std::string(s); };
  CHECK(p.verify_string_in_place(same, 100) == "hello");
  CHECK(p.verify_string_in_place(same, 5) == "hello");
  CHECK_FAILS_WITH("no terminating zero within the max_length", p.verify_string_in_place(same, 4));
  CHECK_FAILS_WITH("no terminating zero within the max_length", p.verify_string_in_place(same, 0));
  CHECK(p.verify_string_in_place([](auto s) { return s.size(); }, ~std::size_t{0}) == 5);
  // This backend does not say that nothing changes its memory, so the view is of a copy.
  CHECK(p.verify_string_in_place(
      [&](std::string_view s) { return !sandbox.is_pointer_in_sandbox_memory(s.data()); }, 100));
  tainted<const char*, S> null = nullptr;
  CHECK(null.verify_string_in_place(
      [](std::string_view s) { return s.data() == nullptr && s.empty(); }, 0));
  auto field = sandbox.malloc_in_sandbox<char*>();
  *field = p;
  CHECK((*field).verify_string_in_place(same, 100) == "hello");
  int calls = 0;
  p.verify_string_in_place([&](std::string_view) { ++calls; }, 100);
  CHECK(calls == 1);
  // up to the very last byte of the sandbox
  char* const end = heap() + S::heap_size;
  std::memset(end - 200, 'x', 200);
  auto last = sandbox.UNSAFE_accept_pointer(end - 200);
  CHECK_FAILS_WITH("no terminating zero.", last.verify_string_in_place(same, 200));
  CHECK_FAILS_WITH("no terminating zero within", last.verify_string_in_place(same, 199));
  end[-1] = '\0';
  CHECK(last.verify_string_in_place(same, 199).size() == 199);
  CHECK_FAILS_WITH("no terminating zero within", last.verify_string_in_place(same, 198));
  CHECK_REJECTED(sandbox.malloc_in_sandbox<int>().verify_string_in_place(same, 1));
  CHECK_REJECTED(p.verify_string_in_place([](std::string_view s) { return s; }, 100));
  CHECK_REJECTED(p.verify_string_in_place([](std::string_view s) { return s.data(); }, 100));
  CHECK_REJECTED(p.verify_string_in_place([](std::string s) { return s; }, 100));
}

TEST_CASE_METHOD(fixture, "ranges in place") {
  auto p = sandbox.malloc_in_sandbox<unsigned>(4);
  for (unsigned i = 0; i < 4; i++) {
    p[i] = i + 10;
  }
  const auto sum = [](const unsigned* v, std::size_t count) {
    unsigned result = 0;
    for (std::size_t i = 0; i < count; i++) {
      result += v[i];
    }
    return result;
  };
  CHECK(p.verify_range_in_place(sum, 4) == 46);
  CHECK(p.verify_range_in_place(
      [&](const auto* v, std::size_t) { return !sandbox.is_pointer_in_sandbox_memory(v); }, 4));
  CHECK_FAILS_WITH("at least one element", p.verify_range_in_place(sum, 0));
  CHECK_FAILS_WITH("beyond the end", p.verify_range_in_place(sum, 4096));
  CHECK_FAILS_WITH("beyond the end", p.verify_range_in_place(sum, ~std::size_t{0} / 4));
  CHECK_FAILS_WITH("too large", p.verify_range_in_place(sum, (~std::size_t{0} / 4) + 2));
  tainted<unsigned*, S> null = nullptr;
  CHECK(null.verify_range_in_place(
      [](const unsigned* v, std::size_t count) { return v == nullptr && count == 0; }, 4));
  auto bytes = rlbox::sandbox_reinterpret_cast<char*>(p);
  auto odd = rlbox::sandbox_reinterpret_cast<unsigned*>(bytes + 1);
  CHECK_FAILS_WITH("not aligned", odd.verify_range_in_place(sum, 1));
  CHECK_REJECTED(sandbox.malloc_in_sandbox<long>().verify_range_in_place(
      [](const long*, std::size_t) { return 0; }, 1));
  CHECK_REJECTED(p.verify_range_in_place([](const unsigned* v, std::size_t) { return v; }, 4));
}

TEST_CASE("what a verifier in place may return") {
  using rlbox::detail::leads_to_view;
  static_assert(leads_to_view<const char*>::value);
  static_assert(leads_to_view<int&>::value);
  static_assert(leads_to_view<std::string_view>::value);
  static_assert(leads_to_view<const std::string_view>::value);
  static_assert(leads_to_view<std::u16string_view>::value);
  static_assert(leads_to_view<std::vector<std::string_view>>::value);
  static_assert(leads_to_view<std::pair<int, const char*>>::value);
  static_assert(leads_to_view<std::array<const char*, 2>>::value);
  static_assert(leads_to_view<std::reference_wrapper<const char>>::value);
  static_assert(leads_to_view<std::initializer_list<char>>::value);
#if defined(__cpp_lib_span)
  static_assert(leads_to_view<std::span<const int>>::value);
  static_assert(leads_to_view<std::span<const int, 4>>::value);
#endif
  static_assert(!leads_to_view<int>::value);
  static_assert(!leads_to_view<void>::value);
  static_assert(!leads_to_view<color>::value);
  static_assert(!leads_to_view<std::string>::value);
  static_assert(!leads_to_view<std::unique_ptr<char[]>>::value);
  static_assert(!leads_to_view<std::array<char, 2>>::value);
  static_assert(!leads_to_view<std::pair<bool, std::vector<std::string>>>::value);
  static_assert(!leads_to_view<std::function<int(const char*)>>::value);
  static_assert(!leads_to_view<tainted<char*, S>>::value);
}

TEST_CASE_METHOD(fixture, "arrays in sandbox memory") {
  auto p = sandbox.malloc_in_sandbox<long[4]>();
  for (int i = 0; i < 4; i++) {
    (*p)[i] = i - 1;
  }
  CHECK_TYPE(SINGLE(tainted_volatile<long, S>&), (*p)[0]);
  auto sum = (*p).copy_and_verify(
      [](std::array<long, 4> v) { return v[0] * 1000 + v[1] * 100 + v[2] * 10 + v[3]; });
  CHECK(sum == -1000 + 10 + 2);
  tainted<long[4], S> copy = *p;
  CHECK(copy[3].UNSAFE_unverified() == 2);
  CHECK_TYPE(SINGLE(tainted<long, S>&), copy[0]);
  copy[0] = 44;
  CHECK(copy.UNSAFE_unverified()[0] == 44);
  *p = copy;
  CHECK((*p)[0].UNSAFE_unverified() == 44);
  *p = std::array<long, 4>{5, 6, 7, 8};
  CHECK((*p)[3].UNSAFE_unverified() == 8);
  long plain[4] = {9, 8, 7, 0x80000000L};
  CHECK_FAILS(*p = plain);
  plain[3] = 6;
  *p = plain;
  CHECK((*p).UNSAFE_unverified()[3] == 6);
  CHECK_FAILS((*p)[4]);
  CHECK_FAILS((*p)[-1]);
  CHECK_FAILS(copy[tainted<unsigned, S>(4u)]);
  auto sandboxed = copy.UNSAFE_sandboxed(sandbox);
  CHECK_TYPE(SINGLE(std::array<std::int32_t, 4>), sandboxed);
  CHECK(sandboxed[0] == 44);
  auto grid = sandbox.malloc_in_sandbox<short[2][3]>();
  (*grid)[1][2] = 77;
  CHECK((*grid)[1][2].UNSAFE_unverified() == 77);
  tainted<short[2][3], S> grid_copy = *grid;
  CHECK(grid_copy[1][2].UNSAFE_unverified() == 77);
  auto pointers = sandbox.malloc_in_sandbox<char* [3]>();
  auto target = sandbox.malloc_in_sandbox<char>();
  (*pointers)[1] = target;
  tainted<char* [3], S> pointer_copy = *pointers;
  CHECK(pointer_copy[1].UNSAFE_unverified() == target.UNSAFE_unverified());
  CHECK(pointer_copy[0] == nullptr);
  CHECK_REJECTED(pointer_copy.copy_and_verify([](auto) {}));
}

TEST_CASE_METHOD(fixture, "hints") {
  auto p = sandbox.malloc_in_sandbox<int>();
  *p = 1;
  rlbox::tainted_boolean_hint hint = *p == 1;
  CHECK(hint.unverified_safe_because("a test"));
  CHECK(!(!hint).UNSAFE_unverified());
  hint = false;
  CHECK(!hint.INTERNAL_unverified_safe());
  CHECK_REJECTED(hint.copy_and_verify([](bool v) { return v; }));
  CHECK_REJECTED(hint.copy_and_verify("reason"));
  rlbox::tainted_int_hint number = 4;
  CHECK(number.unverified_safe_because("a test") == 4);
  CHECK(!(!number).UNSAFE_unverified());
  number = 0;
  CHECK((!number).UNSAFE_unverified());
  CHECK_REJECTED(number.copy_and_verify());
  static_assert(!std::is_convertible_v<rlbox::tainted_boolean_hint, bool>);
  static_assert(!std::is_convertible_v<rlbox::tainted_int_hint, int>);
}

TEST_CASE_METHOD(fixture, "opaque values") {
  tainted<int, S> a = 17;
  rlbox::tainted_opaque<int, S> opaque = a.to_opaque();
  CHECK(rlbox::from_opaque(opaque).UNSAFE_unverified() == 17);
  opaque.set_zero();
  CHECK(from_opaque(opaque).UNSAFE_unverified() == 0);
  rlbox::tainted_opaque<int*, S> pointer;
  CHECK(from_opaque(pointer) == nullptr);
  auto p = sandbox.malloc_in_sandbox<int>();
  pointer = p.to_opaque();
  CHECK(from_opaque(pointer).UNSAFE_unverified() == p.UNSAFE_unverified());
  sandbox.free_in_sandbox(pointer);
  CHECK(sandbox.get_sandbox_impl()->freed == 1);
}
