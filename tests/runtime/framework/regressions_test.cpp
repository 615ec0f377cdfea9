// What the framework does in another way than upstream, each under its id in docs/contract.md.
// Others have test cases with their ids elsewhere; docs/maintainers/api_coverage.md lists all of
// them.
#include "test_config.hpp"

#include "rlbox.hpp"
#include "rlbox_noop_sandbox.hpp"

#include "test_backend.hpp"

#include <limits>

using rlbox::tainted;
using rlbox::tainted_opaque;
using rlbox::tainted_volatile;
using S = rlbox::rlbox_test_sandbox;
using Sandbox = rlbox::rlbox_sandbox<S>;

struct regression_item {
  short tag;
  long long wide;
};
struct regression_outer {
  char letter;
  regression_item items[3];
  regression_item* link;
};
#define sandbox_fields_reflection_regression_class_regression_item(f, g, ...) \
  f(short, tag, FIELD_NORMAL, __VA_ARGS__) g() f(long long, wide, FIELD_NORMAL, __VA_ARGS__) g()
#define sandbox_fields_reflection_regression_class_regression_outer(f, g, ...) \
  f(char, letter, FIELD_NORMAL, __VA_ARGS__) g()                               \
      f(regression_item[3], items, FIELD_NORMAL, __VA_ARGS__) g()              \
          f(regression_item*, link, FIELD_NORMAL, __VA_ARGS__) g()
#define sandbox_fields_reflection_regression_allClasses(f, ...) \
  f(regression_item, regression, __VA_ARGS__) f(regression_outer, regression, __VA_ARGS__)
rlbox_load_structs_from_library(regression);

namespace {
struct fixture {
  Sandbox sandbox;
  fixture() { sandbox.create_sandbox(); }
  char* heap() { return sandbox.get_sandbox_impl()->heap_begin(); }
  bool inside(const volatile void* p) {
    return sandbox.is_pointer_in_sandbox_memory(const_cast<const void*>(p));
  }
};

// A backend whose guest allocator lies.
class lying_backend : public rlbox::rlbox_test_sandbox {
 public:
  T_PointerType answer = 0;

 protected:
  T_PointerType impl_malloc_in_sandbox(std::size_t) { return answer; }
  template <typename T>
  void* impl_get_unsandboxed_pointer(T_PointerType p) const {
    return const_cast<lying_backend*>(this)->heap_begin() + p;
  }
};
}  // namespace

TEST_CASE_METHOD(fixture, "S1: no pointer operation leaves the sandbox") {
  auto p = sandbox.malloc_in_sandbox<int>(4);
  const tainted<std::size_t, S> far = std::size_t{1} << 62;
  const tainted<int, S> negative = std::numeric_limits<int>::min();
  for (const long long step : {1000000000LL, -1000000000LL, 0x7fffffffffffffffLL,
                               -0x7fffffffffffffffLL - 1, 4096LL, -4096LL}) {
    CHECK_FAILS_WITH("leaves the sandbox", p + step);
    CHECK_FAILS_WITH("leaves the sandbox", p - step);
    CHECK_FAILS_WITH("leaves the sandbox", p[step]);
    CHECK_FAILS_WITH("leaves the sandbox", step + p);
  }
  CHECK_FAILS(p + far);
  CHECK_FAILS(p[far]);
  CHECK_FAILS(p + negative);
  CHECK_FAILS(p[negative]);
  CHECK_FAILS(p += far);
  CHECK_FAILS(p -= 100000);
  // repeated steps
  tainted<int*, S> walking = p;
  int steps = 0;
  while (steps < 100000 && !harness::fails([&] { walking + 100; })) {
    walking += 100;
    steps++;
  }
  CHECK(steps > 0 && steps < 11 && inside(walking.UNSAFE_unverified()));
  // host addresses that a confused library hands back are refused on every way in and out
  int on_stack = 0;
  int* volatile hidden = &on_stack;  // the compiler would warn about what is refused below
  int* const on_host = hidden;
  CHECK_FAILS(sandbox.UNSAFE_accept_pointer(on_host));
  CHECK_FAILS(sandbox.get_sandboxed_pointer<int*>(on_host));
  auto cell = sandbox.malloc_in_sandbox<int*>();
  auto raw_cell = rlbox::sandbox_reinterpret_cast<unsigned*>(cell);
  *raw_cell = static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(on_host));
  CHECK(inside((*cell).UNSAFE_unverified()));
  // ranges and memory functions
  const std::size_t too_many = S::heap_size;
  CHECK_FAILS(rlbox::memset(sandbox, p, 0, too_many));
  CHECK_FAILS(rlbox::memcpy(sandbox, p, on_host, too_many));
  CHECK_FAILS(rlbox::memcpy(sandbox, p, p, far));
  CHECK_FAILS(p.copy_and_verify_range([](std::unique_ptr<int[]>) {}, too_many));
  CHECK_FAILS(p.unverified_safe_pointer_because(too_many, "a test"));
}

TEST_CASE_METHOD(fixture, "S2: integer + tainted pointer is scaled and checked") {
  auto p = sandbox.malloc_in_sandbox<long>(4);  // 32 bits each in this sandbox
  char* const base = reinterpret_cast<char*>(p.UNSAFE_unverified());
  CHECK_TYPE(SINGLE(tainted<long*, S>), 2 + p);
  CHECK(reinterpret_cast<char*>((2 + p).UNSAFE_unverified()) == base + 8);
  CHECK(reinterpret_cast<char*>((p + 2).UNSAFE_unverified()) == base + 8);
  const tainted<unsigned char, S> three = static_cast<unsigned char>(3);
  CHECK(reinterpret_cast<char*>((three + p).UNSAFE_unverified()) == base + 12);
  CHECK_FAILS(1000000000 + p);
  tainted<long*, S> null = nullptr;
  CHECK_FAILS(1 + null);
  CHECK_REJECTED(1.5 + p);
  CHECK_REJECTED(2 - p);
  CHECK_REJECTED(p - p);
}

TEST_CASE_METHOD(fixture, "S5: null struct pointers are diagnosed, not followed") {
  tainted<regression_outer*, S> null = nullptr;
  CHECK(null.copy_and_verify(
      [](std::unique_ptr<tainted<regression_outer, S>> v) { return v == nullptr; }));
  CHECK_FAILS_WITH("null", null->letter);
  CHECK_FAILS_WITH("null", *null);
  CHECK_FAILS_WITH("null", null[0]);
  CHECK_FAILS_WITH("null", null + 1);
  auto outer = sandbox.malloc_in_sandbox<regression_outer>();
  outer->link = nullptr;
  CHECK_FAILS_WITH("null", outer->link->tag);
}

TEST_CASE_METHOD(fixture, "S6: app pointers carry their type") {
  int number = 0;
  double real = 0;
  auto a = sandbox.get_app_pointer(&number);
  auto b = sandbox.get_app_pointer(&real);
  auto cell = sandbox.malloc_in_sandbox<double*>();
  *cell = b.to_tainted();
  CHECK(sandbox.lookup_app_ptr(tainted<double*, S>(*cell)) == &real);
  // the library puts the other index there
  *rlbox::sandbox_reinterpret_cast<unsigned*>(cell) = a.UNSAFE_sandboxed(sandbox);
  CHECK_FAILS_WITH("another type", sandbox.lookup_app_ptr(tainted<double*, S>(*cell)));
  // or an address that is no index
  *rlbox::sandbox_reinterpret_cast<unsigned*>(cell) = 999u;
  CHECK_FAILS_WITH("not registered", sandbox.lookup_app_ptr(tainted<double*, S>(*cell)));
  const int constant = 0;
  auto c = sandbox.get_app_pointer(&constant);
  CHECK(sandbox.lookup_app_ptr(c.to_tainted()) == &constant);
}

TEST_CASE_METHOD(fixture, "S8: ranges do not overflow, nothing is always fine") {
  using rlbox::detail::check_sandbox_pointer_range_is_contained;
  char* const last = heap() + S::heap_size - 1;
  check_sandbox_pointer_range_is_contained<S>(last, 0);
  check_sandbox_pointer_range_is_contained<S>(last, 1);
  CHECK_FAILS(check_sandbox_pointer_range_is_contained<S>(last, 2));
  CHECK_FAILS(check_sandbox_pointer_range_is_contained<S>(last, ~std::size_t{0}));
  CHECK_FAILS(check_sandbox_pointer_range_is_contained<S>(
      last, std::size_t{0} - reinterpret_cast<std::uintptr_t>(heap())));
  CHECK_FAILS(check_sandbox_pointer_range_is_contained<S>(nullptr, 0));
  CHECK_FAILS(check_sandbox_pointer_range_is_contained<S>(nullptr, 1));
  auto p = sandbox.malloc_in_sandbox<long long>();
  const auto wraps = (std::numeric_limits<std::size_t>::max)() / 8 + 2;  // times 8 is 8
  CHECK_FAILS(p.copy_and_verify_range([](std::unique_ptr<long long[]>) {}, wraps));
  CHECK_FAILS(p.copy_and_verify_buffer_address([](std::uintptr_t) {}, wraps));
  CHECK_FAILS(p.unverified_safe_pointer_because(wraps, "a test"));
  CHECK(p.unverified_safe_pointer_because(0, "a test") == p.UNSAFE_unverified());
  CHECK_FAILS(sandbox.malloc_in_sandbox<long long>(wraps));
  CHECK(rlbox::memset(sandbox, p, 0, 0).UNSAFE_unverified() == p.UNSAFE_unverified());
  tainted<char*, S> text = sandbox.UNSAFE_accept_pointer(last);
  *last = 'x';
  CHECK_FAILS_WITH("no terminating zero", text.copy_and_verify_string([](std::string) {}));
}

TEST_CASE("S9: what the sandbox's allocator returns is checked before it is written") {
  rlbox::rlbox_sandbox<lying_backend> sandbox;
  sandbox.create_sandbox();
  auto& answer = sandbox.get_sandbox_impl()->answer;
  const char secret[16] = "do not write me";
  bool copied = false;
  for (const unsigned bad : {0x1000u, 0xfff8u, 0xffffffffu, 0xff8u}) {
    answer = bad;  // outside, or so close to the end that 16 bytes do not fit
    CHECK_FAILS_WITH("outside of the sandbox", sandbox.malloc_in_sandbox<char>(16));
    CHECK_FAILS(rlbox::copy_memory_or_grant_access(sandbox, secret, 16, false, copied));
    CHECK_FAILS(rlbox::make_sandbox_string(sandbox, secret));
  }
  answer = 0;
  CHECK(sandbox.malloc_in_sandbox<char>(16) == nullptr);
  CHECK(rlbox::copy_memory_or_grant_access(sandbox, secret, 16, false, copied) == nullptr);
  answer = 0xff0;
  CHECK(sandbox.malloc_in_sandbox<char>(16) != nullptr);
}

TEST_CASE_METHOD(fixture, "C7: arrays of structs, natural alignment, wchar_t explained") {
  using T_Layout = rlbox::Sbx_regression_regression_outer<S>;
  static_assert(alignof(rlbox::Sbx_regression_regression_item<S>) == 8);
  static_assert(sizeof(rlbox::Sbx_regression_regression_item<S>) == 16);
  static_assert(offsetof(T_Layout, items) == 8 && offsetof(T_Layout, link) == 56);
  static_assert(sizeof(T_Layout) == 64);
  auto p = sandbox.malloc_in_sandbox<regression_outer>();
  p->items[2].wide = 1LL << 40;
  p->items[1].tag = static_cast<short>(-2);
  tainted<regression_outer, S> copy = *p;
  CHECK(copy.items[2].wide.UNSAFE_unverified() == 1LL << 40);
  CHECK(copy.items[1].tag.UNSAFE_unverified() == -2);
  CHECK_FAILS(copy.items[3]);
  p->link = &p->items[1];
  CHECK(p->link->tag.UNSAFE_unverified() == -2);
  auto several = sandbox.malloc_in_sandbox<regression_outer>(2);
  several[1] = copy;
  CHECK(several[1].items[2].wide.UNSAFE_unverified() == 1LL << 40);
  static_assert(std::is_same_v<
                rlbox::detail::convert_to_sandbox_equivalent_t<wchar_t, rlbox::rlbox_noop_sandbox>,
                wchar_t>);
}

TEST_CASE_METHOD(fixture, "C9: nothing of an instance survives its destruction") {
  auto function = +[](Sandbox&, tainted<int, S> v) { return v; };
  auto callback = sandbox.register_callback(function);
  int target = 0;
  auto app = sandbox.get_app_pointer(&target);
  const auto token = app.to_tainted();
  CHECK(sandbox.get_sandbox_impl()->live_callbacks == 1);
  sandbox.destroy_sandbox();
  CHECK(sandbox.get_sandbox_impl()->live_callbacks == 0);
  CHECK(callback.is_unregistered() && app.is_unregistered());
  sandbox.create_sandbox();
  auto again = sandbox.register_callback(function);
  CHECK(sandbox.get_sandbox_impl()->live_callbacks == 1);
  callback.unregister();  // an owner of the old instance does not touch the new one
  CHECK(sandbox.get_sandbox_impl()->live_callbacks == 1);
  CHECK(!again.is_unregistered());
  CHECK_FAILS(sandbox.lookup_app_ptr(token));
}

TEST_CASE_METHOD(fixture, "L2: move assignment ends the old registration") {
  auto a = sandbox.register_callback(+[](Sandbox&, tainted<int, S> v) { return v; });
  auto b = sandbox.register_callback(+[](Sandbox&, tainted<int, S> v) { return v + 1; });
  CHECK(sandbox.get_sandbox_impl()->live_callbacks == 2);
  a = std::move(b);
  CHECK(sandbox.get_sandbox_impl()->live_callbacks == 1);
  a = decltype(a)();
  CHECK(sandbox.get_sandbox_impl()->live_callbacks == 0);
  int first = 0;
  int second = 0;
  auto p = sandbox.get_app_pointer(&first);
  const auto old = p.to_tainted();
  p = sandbox.get_app_pointer(&second);
  CHECK_FAILS_WITH("not registered", sandbox.lookup_app_ptr(old));
  CHECK(sandbox.lookup_app_ptr(p.to_tainted()) == &second);
}

TEST_CASE("L3: objects clean up after themselves") {
  void* memory = nullptr;
  {
    Sandbox sandbox;
    sandbox.create_sandbox();
    memory = sandbox.get_memory_location();
    CHECK(Sandbox::get_unsandboxed_pointer_no_ctx<int*>(16, memory) != nullptr);
  }
  {
    Sandbox sandbox;
    CHECK(!sandbox.create_sandbox(false));
    CHECK(!sandbox.create_sandbox(false));
    CHECK(sandbox.create_sandbox(true));
    sandbox.destroy_sandbox();
    CHECK(sandbox.create_sandbox(true));
  }
  Sandbox never_created;
  CHECK(never_created.malloc_in_sandbox<int>() == nullptr);
}

TEST_CASE_METHOD(fixture, "L6: a temporary callback cannot be stored") {
  auto cell = sandbox.malloc_in_sandbox<int (*)(int)>();
  CHECK_REJECTED(*cell = sandbox.register_callback(+[](Sandbox&, tainted<int, S> v) { return v; }));
  auto kept = sandbox.register_callback(+[](Sandbox&, tainted<int, S> v) { return v; });
  *cell = kept;
  CHECK((*cell).UNSAFE_unverified() != nullptr);
}

TEST_CASE_METHOD(fixture, "U4: const wrappers and small types") {
  const tainted<short, S> constant = static_cast<short>(5);
  CHECK((-constant).UNSAFE_unverified() == -5);
  CHECK((~constant).UNSAFE_unverified() == ~5);
  const tainted<bool, S> yes = true;
  CHECK(!(!yes).UNSAFE_unverified());
  tainted<short, S> small = static_cast<short>(1);
  small += 2;
  small <<= 3;
  small %= 7;
  small |= 8;
  CHECK(small.UNSAFE_unverified() == ((1 + 2) << 3) % 7 + 8);
  tainted<char, S> letter = 'a';
  letter += 1;
  letter++;
  CHECK(letter.UNSAFE_unverified() == 'c');
  auto p = sandbox.malloc_in_sandbox<int>();
  *p = 4;
  CHECK_TYPE(SINGLE(tainted<int, S>), (*p)++);
  CHECK(((*p)++).UNSAFE_unverified() == 4);
  CHECK(((*p)--).UNSAFE_unverified() == 5);
  CHECK((++*p).UNSAFE_unverified() == 5);
  auto narrow = sandbox.malloc_in_sandbox<short>();
  *narrow = static_cast<short>(0x7fff);
  CHECK_FAILS(*narrow += 1);
  CHECK_FAILS(++*narrow);
  CHECK(narrow->UNSAFE_unverified() == 0x7fff);
  const tainted<regression_item, S> item{};
  CHECK(item.copy_and_verify(
            [](tainted<regression_item, S> v) { return v.tag.UNSAFE_unverified(); }) == 0);
}

TEST_CASE_METHOD(fixture, "U5: safe conversions are implicit, in initialisation and assignment") {
  tainted<char*, S> p = sandbox.malloc_in_sandbox<char>(4);
  tainted<const char*, S> to_const;
  to_const = p;
  tainted<const void*, S> to_void;
  to_void = to_const;
  CHECK(to_void.UNSAFE_unverified() == p.UNSAFE_unverified());
  auto cell = sandbox.malloc_in_sandbox<const char*>();
  *cell = p;
  tainted<const void*, S> from_memory{tainted<const char*, S>(*cell)};
  CHECK(from_memory.UNSAFE_unverified() == p.UNSAFE_unverified());
  tainted_opaque<char*, S> opaque;
  opaque = p;
  CHECK(from_opaque(opaque).UNSAFE_unverified() == p.UNSAFE_unverified());
  tainted<unsigned char, S> byte = static_cast<unsigned char>(200);
  tainted<int, S> number = byte;
  CHECK(number.UNSAFE_unverified() == 200);
}

TEST_CASE_METHOD(fixture, "U6: plain values compare from the left, also in C++20") {
  const tainted<int, S> value = 4;
  auto p = sandbox.malloc_in_sandbox<int>();
  *p = 4;
  CHECK((4 == value).UNSAFE_unverified() && (5 != value).UNSAFE_unverified());
  CHECK((3 < value).UNSAFE_unverified() && (4 <= value).UNSAFE_unverified());
  CHECK((5 > value).UNSAFE_unverified() && (4 >= value).UNSAFE_unverified());
  CHECK_TYPE(SINGLE(tainted<bool, S>), 4 == value);
  CHECK_TYPE(rlbox::tainted_boolean_hint, 4 == *p);
  CHECK(nullptr != p);
  CHECK(!(nullptr == p));
  CHECK((value == value).UNSAFE_unverified());
  CHECK((4L == value).UNSAFE_unverified() && (4.0 == value).UNSAFE_unverified());
}

TEST_CASE_METHOD(fixture, "U9: ! of a tainted bool stays tainted") {
  tainted<bool, S> yes = true;
  CHECK_TYPE(SINGLE(tainted<bool, S>), !yes);
  CHECK_TYPE(SINGLE(tainted<bool, S>), !!yes);
  auto p = sandbox.malloc_in_sandbox<bool>();
  CHECK_TYPE(rlbox::tainted_boolean_hint, !*p);
  CHECK_TYPE(bool, !p);
}
