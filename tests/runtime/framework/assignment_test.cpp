// Construction, assignment, deduction and opaque values: docs/contract.md, "Wrappers".
#include "test_config.hpp"

#include "rlbox.hpp"

#include "test_backend.hpp"

using rlbox::tainted;
using rlbox::tainted_opaque;
using rlbox::tainted_volatile;
using S = rlbox::rlbox_test_sandbox;
using Sandbox = rlbox::rlbox_sandbox<S>;

namespace {
struct fixture {
  Sandbox sandbox;
  fixture() { sandbox.create_sandbox(); }
};
}  // namespace

struct assignment_pair {
  long first;
  char* second;
};
#define sandbox_fields_reflection_assignment_class_assignment_pair(f, g, ...) \
  f(long, first, FIELD_NORMAL, __VA_ARGS__) g() f(char*, second, FIELD_NORMAL, __VA_ARGS__) g()
#define sandbox_fields_reflection_assignment_allClasses(f, ...) \
  f(assignment_pair, assignment, __VA_ARGS__)
rlbox_load_structs_from_library(assignment);

TEST_CASE_METHOD(fixture, "assignment: plain and tainted values") {
  tainted<float, S> real = 2.4;
  CHECK(real.UNSAFE_unverified() == 2.4f);
  real = 3;
  CHECK(real.UNSAFE_unverified() == 3.0f);
  tainted<int, S> a = 4;
  tainted<int, S> b = a;
  b = 5;
  a = b;
  CHECK(a.UNSAFE_unverified() == 5 && b.UNSAFE_unverified() == 5);
  auto p = sandbox.malloc_in_sandbox<int>();
  *p = a;
  tainted<int, S> read = *p;
  CHECK(read.UNSAFE_unverified() == 5);
  *p = 6;
  read = *p;
  CHECK(read.UNSAFE_unverified() == 6);
  auto q = sandbox.malloc_in_sandbox<int>();
  *q = *p;
  CHECK(q->UNSAFE_unverified() == 6);
  CHECK((&(*q = 7) == q).UNSAFE_unverified());  // returns the left side
}

TEST_CASE_METHOD(fixture, "assignment: what does not fit the sandbox's type fails a check") {
  auto p = sandbox.malloc_in_sandbox<long>();
  *p = 0x7fffffffL;
  CHECK_FAILS(*p = 0x80000000L);
  CHECK_FAILS(*p = -0x80000001L);
  tainted<long, S> large = 0x100000000L;
  CHECK_FAILS(*p = large);
  auto u = sandbox.malloc_in_sandbox<unsigned long>();
  *u = 0xffffffffUL;
  CHECK_FAILS(*u = 0x100000000UL);
  CHECK_FAILS(*u = -1);
  auto small = sandbox.malloc_in_sandbox<unsigned char>();
  CHECK_FAILS(*small = 256);
  CHECK_FAILS(*small = -1);
  auto byte = sandbox.malloc_in_sandbox<signed char>();
  *byte = -128;
  CHECK_FAILS(*byte = -129);
  CHECK(byte->UNSAFE_unverified() == -128);
}

TEST_CASE_METHOD(fixture, "assignment: exact types and deduction") {
  auto p = sandbox.malloc_in_sandbox<int*>();
  CHECK_TYPE(SINGLE(tainted_volatile<int*, S>&), *p);
  CHECK_TYPE(SINGLE(tainted<int**, S>), &*p);
  auto pp = sandbox.malloc_in_sandbox<int**>();
  *pp = p;
  *p = sandbox.malloc_in_sandbox<int>();
  CHECK_TYPE(SINGLE(tainted_volatile<int*, S>&), **pp);
  CHECK_TYPE(SINGLE(tainted_volatile<int, S>&), ***pp);
  tainted from_volatile(**pp);
  CHECK_TYPE(SINGLE(tainted<int*, S>), from_volatile);
  tainted from_tainted(from_volatile);
  CHECK_TYPE(SINGLE(tainted<int*, S>), from_tainted);
  ***pp = 9;
  tainted number(***pp);
  CHECK_TYPE(SINGLE(tainted<int, S>), number);
  CHECK(number.UNSAFE_unverified() == 9);
  tainted<int, S> value = 1;
  CHECK_TYPE(SINGLE(tainted<int, S>*), &value);  // not overloaded
  const auto& constant = *p;
  CHECK_TYPE(SINGLE(tainted<int* const*, S>), &constant);
}

TEST_CASE_METHOD(fixture, "assignment: null in nested pointers") {
  auto pp = sandbox.malloc_in_sandbox<int**>();
  *pp = sandbox.malloc_in_sandbox<int*>();
  **pp = sandbox.malloc_in_sandbox<int>();
  CHECK((**pp).UNSAFE_unverified() != nullptr);
  **pp = nullptr;
  CHECK((**pp).UNSAFE_unverified() == nullptr);
  CHECK((*pp).UNSAFE_unverified() != nullptr);
  *pp = nullptr;
  CHECK((*pp).UNSAFE_unverified() == nullptr);
  tainted<int**, S> local = *pp;
  CHECK(local == nullptr);
  local = nullptr;
  CHECK_REJECTED(*pp = 0);  // U1: constant conditions, so the sentence is seen
  CHECK_REJECTED(*pp = NULL);
  CHECK_FAILS(*local);
  CHECK_FAILS(local->UNSAFE_unverified());
  CHECK_FAILS(local[0]);
}

TEST_CASE_METHOD(fixture, "opaque: numbers, pointers and structs") {
  tainted<int, S> number = 3;
  tainted_opaque<int, S> opaque = number.to_opaque();
  static_assert(sizeof(opaque) == sizeof(int));
  static_assert(std::is_trivially_copyable_v<tainted_opaque<assignment_pair, S>>);
  CHECK_TYPE(SINGLE(tainted<int, S>), rlbox::from_opaque(opaque));
  CHECK(from_opaque(opaque).UNSAFE_unverified() == 3);
  opaque = tainted<int, S>(8);  // U5: implicit
  CHECK(from_opaque(opaque).UNSAFE_unverified() == 8);

  auto p = sandbox.malloc_in_sandbox<char>();
  tainted<assignment_pair, S> pair{};
  pair.first = 12;
  pair.second = p;
  tainted_opaque<assignment_pair, S> opaque_pair = pair.to_opaque();
  tainted<assignment_pair, S> back = from_opaque(opaque_pair);
  CHECK(back.first.UNSAFE_unverified() == 12);
  CHECK(back.second.UNSAFE_unverified() == p.UNSAFE_unverified());
  opaque_pair.set_zero();
  CHECK(from_opaque(opaque_pair).first.UNSAFE_unverified() == 0);
  CHECK(from_opaque(opaque_pair).second == nullptr);
  tainted_opaque<long, S> fresh;
  CHECK(from_opaque(fresh).UNSAFE_unverified() == 0);
  tainted_opaque<char*, S> opaque_pointer = p.to_opaque();
  sandbox.free_in_sandbox(opaque_pointer);
  CHECK(sandbox.get_sandbox_impl()->freed == 1);
}
