// Structs with unions, bit-fields, packed fields and flexible arrays: all other fields are there.
#include "parts.rlbox.h"

#include <cstring>

#include "tests/runtime/harness.hpp"

namespace {

struct fixture {
  rlbox_sandbox_parts sandbox;
  fixture() { sandbox.create_sandbox(); }
  ~fixture() { sandbox.destroy_sandbox(); }

  /// A struct of zeros: the functions read some of the fields.
  template <typename T>
  tainted_parts<T*> zeros() {
    auto made = sandbox.malloc_in_sandbox<T>();
    rlbox::memset(sandbox, made, 0, rlbox_sandbox_parts::sizeof_in_sandbox<T>());
    return made;
  }

  int sum(tainted_parts<record*> from) {
    return sandbox.invoke_sandbox_function(record_sum, from).UNSAFE_unverified();
  }
};

tainted_parts<long> add_two(rlbox_sandbox_parts&, tainted_parts<int> value) { return value + 2; }

TEST_CASE("fields between bytes") {
  fixture f;
  auto r = f.zeros<record>();
  CHECK(f.sandbox.invoke_sandbox_function(record_fill, r).UNSAFE_unverified() == 0);
  CHECK(r->first.UNSAFE_unverified() == 1);
  CHECK(r->after.UNSAFE_unverified() == 2);
  CHECK(r->inner.letter.UNSAFE_unverified() == 'x');
  CHECK(r->last.UNSAFE_unverified() == 6);
  CHECK(r->length.UNSAFE_unverified() == 3);
  CHECK(r->next->first.UNSAFE_unverified() == 1);
  CHECK(f.sum(r) == 3);
}

TEST_CASE("a field takes a callback") {
  fixture f;
  auto callback = f.sandbox.register_callback(add_two);
  auto r = f.zeros<record>();
  r->called = callback;
  CHECK(f.sandbox.invoke_sandbox_function(record_fill, r).UNSAFE_unverified() == 42);
}

// What the application does not know of a struct stays as the library left it.
TEST_CASE("bytes stay where a struct is written") {
  fixture f;
  auto r = f.zeros<record>();
  f.sandbox.invoke_sandbox_function(record_fill, r);
  tainted_parts<record> copy = *r;
  copy.after = 100;
  *r = copy;
  CHECK(f.sum(r) == 101);
  auto other = f.zeros<record>();
  *other = copy;
  CHECK(f.sum(other) == -1);
}

TEST_CASE("bytes are copied within a sandbox") {
  fixture f;
  auto r = f.zeros<record>();
  auto other = f.zeros<record>();
  f.sandbox.invoke_sandbox_function(record_fill, r);
  *other = *r;
  CHECK(f.sum(other) == 3);
}

// They may hold a pointer that the library made up: the application gets zeros.
TEST_CASE("bytes do not reach the application") {
  fixture f;
  auto r = f.zeros<record>();
  f.sandbox.invoke_sandbox_function(record_fill, r);
  const tainted_parts<record> copy = *r;
  const record raw = copy.UNSAFE_unverified();
  CHECK(raw.first == 1 && raw.after == 2);
  CHECK(raw.value.pointer == nullptr && raw.flag == 0 && raw.more == 0);
  CHECK(raw.hidden == 0 && raw.wide == 0);
  const record direct = (*r).UNSAFE_unverified();
  CHECK(direct.value.pointer == nullptr && direct.flag == 0 && direct.hidden == 0);
}

TEST_CASE("packed fields") {
  fixture f;
  auto p = f.zeros<packet>();
  p->tag = 8;
  CHECK(f.sandbox.invoke_sandbox_function(packet_fill, p).UNSAFE_unverified() == 8);
  CHECK(p->end.UNSAFE_unverified() == 9);
  CHECK(f.sandbox.invoke_sandbox_function(packet_value, p).UNSAFE_unverified() == 3);
}

TEST_CASE("unions pass by pointer") {
  fixture f;
  auto u = f.sandbox.invoke_sandbox_function(make_either, 7);
  CHECK(f.sandbox.invoke_sandbox_function(use_either, u).UNSAFE_unverified() == 7);
}

TEST_CASE("sizes in the sandbox") {
  fixture f;
  constexpr std::size_t size = rlbox_sandbox_parts::sizeof_in_sandbox<record>();
  CHECK(f.sandbox.invoke_sandbox_function(record_size).UNSAFE_unverified() ==
        static_cast<int>(size));
  CHECK(rlbox_sandbox_parts::sizeof_in_sandbox<void* [3]>() ==
        3 * rlbox_sandbox_parts::sizeof_in_sandbox<char*>());
}

}  // namespace

HARNESS_MAIN()
