// Operators of the wrappers: docs/contract.md, "Operators".
#include "test_config.hpp"

#include "rlbox.hpp"

#include "test_backend.hpp"

#include <cstddef>

using rlbox::tainted;
using rlbox::tainted_boolean_hint;
using rlbox::tainted_volatile;
using S = rlbox::rlbox_test_sandbox;
using Sandbox = rlbox::rlbox_sandbox<S>;

namespace {
struct fixture {
  Sandbox sandbox;
  fixture() { sandbox.create_sandbox(); }
};
template <typename T>
T raw(const T& value) {
  return value;
}
template <typename T>
auto raw(const tainted<T, S>& value) {
  return value.UNSAFE_unverified();
}
enum plain_enum { PLAIN_A, PLAIN_B };
enum class scoped { A, B };
}  // namespace

TEST_CASE("construction and assignment from plain values") {
  tainted<float, S> f = 2.4;
  CHECK(raw(f) == 2.4f);
  tainted<std::uint32_t, S> u = 1;
  CHECK(raw(u) == 1u);
  u = 7;
  CHECK(raw(u) == 7u);
  tainted<int, S> zero{};
  CHECK(raw(zero) == 0);
  tainted<scoped, S> e = scoped::B;
  CHECK(raw(e) == scoped::B);
  static_assert(!std::is_constructible_v<tainted<scoped, S>, int>);
  static_assert(!std::is_constructible_v<tainted<plain_enum, S>, int>);
  tainted<int*, S> p = nullptr;
  CHECK(p == nullptr);
  p = nullptr;
  CHECK(!p);
  tainted<int*, S> from_zero = 0;
  CHECK(from_zero == nullptr);
  tainted<int*, S> from_macro = NULL;
  CHECK(from_macro == nullptr);
  CHECK_TYPE(bool, p == nullptr);
  CHECK_TYPE(bool, !p);
}

TEST_CASE("tainted values do not become plain ones, and mix with them all the same") {
  // Uses of tainted pointers as plain ones are deleted functions, for the sake of the error. To
  // traits and overload resolution there must be no conversion.
  static_assert(!std::is_convertible_v<tainted<int, S>, int>);
  static_assert(!std::is_convertible_v<tainted<int, S>, long>);
  static_assert(!std::is_convertible_v<tainted<scoped, S>, scoped>);
  static_assert(!std::is_convertible_v<tainted<int*, S>, int*>);
  static_assert(!std::is_convertible_v<tainted<int*, S>, const void*>);
  static_assert(!std::is_convertible_v<tainted<int*, S>, int>);
  static_assert(!std::is_convertible_v<tainted<char[4], S>, char*>);
  static_assert(!std::is_convertible_v<tainted_volatile<int*, S>&, int*>);
  static_assert(!std::is_convertible_v<tainted_volatile<char[4], S>&, const char*>);
  static_assert(!std::is_convertible_v<tainted<int (*)(int), S>, int (*)(int)>);
  static_assert(!std::is_invocable_v<tainted<int (*)(int), S>, int>);
  static_assert(!std::is_convertible_v<tainted<const char*, S>, std::string>);
  static_assert(!std::is_constructible_v<std::string, tainted<const char*, S>>);
  static_assert(!std::is_assignable_v<std::string&, tainted<const char*, S>>);
  static_assert(!std::is_invocable_v<void (*)(const void*), tainted<int*, S>>);
  static_assert(std::is_convertible_v<tainted<int*, S>, bool>);
  static_assert(std::is_trivially_copyable_v<tainted<int*, S>>);
  static_assert(std::is_standard_layout_v<tainted<int*, S>>);
  static_assert(sizeof(tainted<int*, S>) == sizeof(int*));
  static_assert(sizeof(tainted<char* [4], S>) == 4 * sizeof(char*));
  static_assert(sizeof(tainted_volatile<char* [4], S>) == 16);

  // a conditional operator finds the one conversion that there is
  tainted<int, S> n = 3;
  const tainted<std::size_t, S> size = 4;
  tainted<int*, S> p = nullptr;
  const tainted<const int*, S> q = nullptr;
  for (const bool first : {true, false}) {
    CHECK_TYPE(SINGLE(tainted<int, S>), first ? n : 0);
    CHECK(raw(first ? n : 0) == (first ? 3 : 0));
    CHECK(raw(first ? 0 : size) == (first ? 0U : 4U));
    CHECK((first ? p : nullptr) == nullptr);
    CHECK((first ? p : q) == nullptr);
  }

  // the null test is preferred to the pointer
  CHECK(!p);
  const bool set = p;
  CHECK(!set);
  CHECK((p ? 1 : 2) == 2);
  const auto takes = [](bool value) { return value; };
  CHECK(!takes(p));
}

TEST_CASE("arithmetic keeps C++'s types and wraps around") {
  tainted<std::uint32_t, S> a = 4294967295u;
  CHECK_TYPE(SINGLE(tainted<std::uint32_t, S>), a + 1u);
  CHECK(raw(a + 1u) == 0u);
  CHECK(raw(1u + a) == 0u);
  tainted<std::uint8_t, S> b = 200;
  CHECK_TYPE(SINGLE(tainted<int, S>), b + b);
  CHECK(raw(b + b) == 400);
  const tainted<int, S> c = 10;
  const tainted<int, S>& ref = c;
  CHECK(raw(ref + 3) == 13);
  CHECK(raw(3 + ref) == 13);
  CHECK(raw(ref - 3) == 7);
  CHECK(raw(3 - ref) == -7);
  CHECK(raw(ref * 3) == 30);
  CHECK(raw(ref / 3) == 3);
  CHECK(raw(ref % 3) == 1);
  CHECK(raw(ref ^ 3) == 9);
  CHECK(raw(ref & 3) == 2);
  CHECK(raw(ref | 3) == 11);
  CHECK(raw(ref << 1) == 20);
  CHECK(raw(ref >> 1) == 5);
  CHECK(raw(100 % ref) == 0);
  CHECK(raw(1 << ref) == 1024);
  CHECK(raw(-ref) == -10);
  CHECK(raw(~ref) == ~10);
  CHECK(raw(ref + 4 - -ref * 2) == 34);
  CHECK_TYPE(SINGLE(tainted<double, S>), ref + 1.5);
}

TEST_CASE("compound assignment and increments") {
  tainted<int, S> a = 3;
  a += 4;
  CHECK(raw(a) == 7);
  a *= tainted<int, S>(2);
  CHECK(raw(a) == 14);
  a <<= 1;
  CHECK(raw(a) == 28);
  CHECK(raw(a++) == 28);
  CHECK(raw(++a) == 30);
  CHECK(raw(a--) == 30);
  CHECK(raw(--a) == 28);
  tainted<short, S> s = 5;  // U4: integral promotion
  s += 1;
  CHECK(raw(s) == 6);
  ++s;
  CHECK(raw(s++) == 7);
  CHECK(raw(s) == 8);
  tainted<char, S> c = 'a';
  c += 1;
  CHECK(raw(c) == 'b');
}

TEST_CASE_METHOD(fixture, "arithmetic on values in sandbox memory") {
  auto p = sandbox.malloc_in_sandbox<long>(4);
  *p = 5;
  CHECK_TYPE(SINGLE(tainted<long, S>), *p + 1);
  CHECK(raw(*p + 1) == 6);
  CHECK(raw(1L + *p) == 6);
  *p += 10;
  CHECK(raw(*p + 0) == 15);
  CHECK_TYPE(SINGLE(tainted<long, S>), (*p)++);
  CHECK(raw((*p)++) == 15);  // U4
  CHECK(raw(++*p + 0) == 17);
  *p = 0x7fffffff;
  CHECK_FAILS(*p += 1);  // does not fit the sandbox's long
  CHECK_FAILS(*p = 0x80000000L);
  CHECK(raw(*p + 1) == 0x80000000L);  // the application's long
  auto q = sandbox.malloc_in_sandbox<short>();
  *q = 3;
  *q += 2;
  CHECK(raw(*q + 0) == 5);
  CHECK_FAILS(*q = 70000);
}

TEST_CASE_METHOD(fixture, "pointer arithmetic steps in sandbox sizes and stays inside") {
  auto p = sandbox.malloc_in_sandbox<std::int32_t*>(8);
  auto address = [](auto ptr) {
    return ptr.copy_and_verify_address([](std::uintptr_t v) { return v; });
  };
  CHECK_TYPE(SINGLE(tainted<std::int32_t**, S>), p + 1);
  CHECK(address(p + 1) - address(p) == 4);
  CHECK(address(p + tainted<int, S>(2)) - address(p) == 8);
  CHECK(address((p + 3) - 2) - address(p) == 4);
  CHECK(address(p + 3 + -1) - address(p) == 8);
  CHECK(address(1 + p) - address(p) == 4);  // S2
  CHECK(address(2u + p) - address(p) == 8);
  auto l = sandbox.malloc_in_sandbox<long>(4);
  CHECK(address(l + 1) - address(l) == 4);
  CHECK(address(&l[2]) - address(l) == 8);
  ++l;
  l++;
  --l;
  l -= 1;
  l += 1u;
  CHECK_FAILS(l + 5000);
  CHECK_FAILS(l - 5000);
  CHECK_FAILS(5000 + l);
  CHECK_FAILS(l + 1000000000);
  CHECK_FAILS(l + 0x4000000000000000LL);
  CHECK_FAILS(l - 0x8000000000000000ULL);
  CHECK_FAILS(l + (-0x7fffffffffffffffLL - 1));
  CHECK_FAILS(l[100000]);
  CHECK_FAILS(l[tainted<std::uint64_t, S>(0xffffffffffffffffULL)]);
  tainted<long*, S> null = nullptr;
  CHECK_FAILS(null + 1);
  CHECK_FAILS(null[0]);
  CHECK_FAILS(*null);
  CHECK_FAILS(null->UNSAFE_unverified());
  CHECK_REJECTED(l - l);
}

TEST_CASE_METHOD(fixture, "dereferencing and taking addresses") {
  auto pp = sandbox.malloc_in_sandbox<int*>();
  auto p = sandbox.malloc_in_sandbox<int>(3);
  *pp = p;
  CHECK_TYPE(SINGLE(tainted_volatile<int*, S>&), *pp);
  CHECK_TYPE(SINGLE(tainted_volatile<int, S>&), **pp);
  CHECK_TYPE(SINGLE(tainted<int*, S>), &*p);
  CHECK_TYPE(SINGLE(tainted<int**, S>), &*pp);
  const auto& const_ref = *p;
  CHECK_TYPE(SINGLE(tainted<const int*, S>), &const_ref);
  **pp = 42;
  CHECK(raw(*p + 0) == 42);
  CHECK(p->UNSAFE_unverified() == 42);
  CHECK((*&*p).copy_and_verify([](int v) { return v; }) == 42);
  tainted<int*, S> read = *pp;
  CHECK(raw(read) == raw(p));
  tainted deduced(*p);
  CHECK_TYPE(SINGLE(tainted<int, S>), deduced);
  tainted deduced_again(deduced);
  CHECK_TYPE(SINGLE(tainted<int, S>), deduced_again);
  *pp = nullptr;
  CHECK((*pp).UNSAFE_unverified() == nullptr);
  auto ppp = sandbox.malloc_in_sandbox<int**>();
  *ppp = pp;
  **ppp = nullptr;
  *pp = p;
  ***ppp = 3;
  CHECK(p->UNSAFE_unverified() == 3);
  p[2] = 9;
  tainted<int, S> two = 2;
  CHECK(p[two].UNSAFE_unverified() == 9);
  CHECK((1 & p[2]).UNSAFE_unverified() == 1);  // binary & next to overloaded unary &
  CHECK((p[2] & 8).UNSAFE_unverified() == 8);
  tainted<int, S> local = 3;
  CHECK_TYPE(SINGLE(tainted<int, S>*), &local);
  CHECK_REJECTED(*pp = 0);
  [[maybe_unused]] int app_int = 0;
  CHECK_REJECTED(*pp = &app_int);
  CHECK_REJECTED(read = &app_int);
}

TEST_CASE_METHOD(fixture, "comparison types") {
  tainted<int, S> a = 3;
  auto p = sandbox.malloc_in_sandbox<int>(1);
  *p = 3;
  CHECK_TYPE(SINGLE(tainted<bool, S>), a == 3);
  CHECK_TYPE(SINGLE(tainted<bool, S>), a == a);
  CHECK_TYPE(SINGLE(tainted<bool, S>), 3 == a);
  CHECK_TYPE(SINGLE(tainted<bool, S>), 3 != a);
  CHECK_TYPE(tainted_boolean_hint, a == *p);
  CHECK_TYPE(tainted_boolean_hint, *p == a);
  CHECK_TYPE(tainted_boolean_hint, *p == 3);
  CHECK_TYPE(tainted_boolean_hint, 3 == *p);
  CHECK_TYPE(tainted_boolean_hint, *p == *p);
  CHECK_TYPE(bool, p == nullptr);
  CHECK_TYPE(bool, nullptr != p);
  CHECK_TYPE(SINGLE(tainted<bool, S>), p == p);
  auto pp = sandbox.malloc_in_sandbox<int*>();
  *pp = p;
  CHECK_TYPE(tainted_boolean_hint, *pp == nullptr);
  CHECK_TYPE(tainted_boolean_hint, nullptr == *pp);
  CHECK_TYPE(tainted_boolean_hint, !*pp);
  CHECK((!*pp).UNSAFE_unverified() == false);
  CHECK(raw(a == 3) && raw(3 == a) && raw(a >= 3) && raw(2 < a) && raw(a > 2) && raw(4 >= a));
  CHECK((*p == 3).UNSAFE_unverified());
  CHECK((a == (*p == 3)).UNSAFE_unverified() == false);  // hint as right operand
  CHECK(raw(p == raw(p)));
  CHECK(p != nullptr);
  CHECK(nullptr != p);
  CHECK_REJECTED(p < p);
  CHECK_REJECTED(p >= p);
}

TEST_CASE_METHOD(fixture, "boolean operators evaluate both sides") {
  tainted<bool, S> yes = true;
  tainted<bool, S> no = false;
  CHECK_TYPE(SINGLE(tainted<bool, S>), yes && no);
  CHECK(raw(yes && no) == false);
  CHECK(raw(yes || no) == true);
  CHECK(raw(true && yes) == true);
  CHECK(raw(false || no) == false);
  bool plain = true;
  CHECK(raw(yes && plain) == true);
  CHECK_TYPE(SINGLE(tainted<bool, S>), !yes);  // U9
  CHECK(raw(!yes) == false);
  const tainted<bool, S> constant = true;
  CHECK(raw(!constant) == false);
  tainted<int, S> number = 5;
  CHECK(raw(number && yes) == true);
  const tainted_boolean_hint hint = true;
  CHECK(raw(yes && hint) == true);
  CHECK(raw(no || hint) == true);
  CHECK_REJECTED(yes && true);
  CHECK_REJECTED(yes && (number == 5));
  CHECK_REJECTED(true && (number == 5));
  CHECK_REJECTED(true || (number == 5));
  [[maybe_unused]] auto p = sandbox.malloc_in_sandbox<int>();
  CHECK_REJECTED(p && yes);
  CHECK_REJECTED(!number);
}

TEST_CASE_METHOD(fixture, "conditions") {
  auto p = sandbox.malloc_in_sandbox<int>();
  bool taken = false;
  if (p) {
    taken = true;
  }
  CHECK(taken);
  const bool converted = p;
  CHECK(converted);
  static_assert(!std::is_convertible_v<tainted<int*, S>, int>);
  static_assert(!std::is_convertible_v<tainted<int*, S>, int*>);
  [[maybe_unused]] tainted<int, S> number = 1;
  CHECK_REJECTED(number ? 1 : 2);
}

TEST_CASE_METHOD(fixture, "safe implicit conversions between wrappers (U5)") {
  auto p = sandbox.malloc_in_sandbox<char>(4);
  tainted<const char*, S> to_const = p;
  tainted<void*, S> to_void = p;
  tainted<const void*, S> to_const_void = to_const;
  CHECK(raw(to_const) == raw(p));
  CHECK(raw(to_void) == raw(p));
  CHECK(raw(to_const_void) == raw(p));
  tainted<int, S> i = -3;
  tainted<long, S> l = i;
  CHECK(raw(l) == -3);
  tainted<double, S> d = tainted<float, S>(1.5f);
  CHECK(raw(d) == 1.5);
  rlbox::tainted_opaque<int, S> opaque = i;
  CHECK(raw(from_opaque(opaque)) == -3);
  static_assert(!std::is_convertible_v<tainted<const char*, S>, tainted<char*, S>>);
  static_assert(!std::is_convertible_v<tainted<void*, S>, tainted<char*, S>>);
  static_assert(!std::is_convertible_v<tainted<long, S>, tainted<int, S>>);
  static_assert(!std::is_convertible_v<tainted<int, S>, tainted<unsigned, S>>);
  static_assert(!std::is_convertible_v<tainted<int*, S>, tainted<char*, S>>);
}

TEST_CASE_METHOD(fixture, "raw pointers are checked when accepted") {
  auto p = sandbox.malloc_in_sandbox<int>();
  int* const inside = raw(p);
  int outside = 0;
  tainted<int*, S> q;
  q.assign_raw_pointer(sandbox, inside);
  CHECK(raw(q) == inside);
  CHECK_FAILS(q.assign_raw_pointer(sandbox, &outside));
  auto pp = sandbox.malloc_in_sandbox<int*>();
  pp->assign_raw_pointer(sandbox, inside);
  CHECK(raw(tainted<int*, S>(*pp)) == inside);
  CHECK_FAILS(pp->assign_raw_pointer(sandbox, &outside));
  CHECK(raw(sandbox.UNSAFE_accept_pointer(inside)) == inside);
  CHECK_FAILS(sandbox.UNSAFE_accept_pointer(&outside));
}
