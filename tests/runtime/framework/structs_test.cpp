// Structs: docs/contract.md, "Structs".
#include "test_config.hpp"

#include "rlbox.hpp"

#include "test_backend.hpp"

#include <functional>

struct inner {
  short tag;
  long value;
};
struct everything {
  unsigned long number;
  char text[8];
  int (*callback)(unsigned, const char*);
  char* pointer;
  char* pointers[4];
  inner nested;
  inner several[2];
  double real;
  bool flag;
};
struct single {
  float only;
};
typedef struct {
  single nested[1];
} wrapped_single;
struct constant {
  const int number;
  const char letters[3];
  volatile long changing;
};
struct holds_constant {
  const constant inside[2];
};
// Names that the framework's own classes have as well.
struct awkward {
  int store;
  int set_raw;
  int rhs;
  int address;
  int data;
  int raw;
  int layout;
  int mirror;
  int payload_type;
  int to_opaque;
  int copy_and_verify;
  int UNSAFE_unverified;
  long UNSAFE_sandboxed;
};

// The documented form uses an extension of GCC and Clang, which Clang reports where it is written.
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wgnu-zero-variadic-macro-arguments"
#endif
#define sandbox_fields_reflection_test_class_inner(f, g, ...) \
  f(short, tag, FIELD_NORMAL, ##__VA_ARGS__) g() f(long, value, FIELD_FREEZABLE, ##__VA_ARGS__) g()

#define sandbox_fields_reflection_test_class_everything(f, g, ...)                     \
  f(unsigned long, number, FIELD_NORMAL, ##__VA_ARGS__) g()                            \
      f(char[8], text, FIELD_NORMAL, ##__VA_ARGS__) g()                                \
          f(int (*)(unsigned, const char*), callback, FIELD_NORMAL, ##__VA_ARGS__) g() \
              f(char*, pointer, FIELD_NORMAL, ##__VA_ARGS__) g()                       \
                  f(char* [4], pointers, FIELD_NORMAL, ##__VA_ARGS__) g()              \
                      f(inner, nested, FIELD_NORMAL, ##__VA_ARGS__) g()                \
                          f(inner[2], several, FIELD_NORMAL, ##__VA_ARGS__) g()        \
                              f(double, real, FIELD_NORMAL, ##__VA_ARGS__) g()         \
                                  f(bool, flag, FIELD_NORMAL, ##__VA_ARGS__) g()

// without the GNU extension
#define sandbox_fields_reflection_test_class_single(f, g, ...) \
  f(float, only, FIELD_NORMAL, __VA_ARGS__) g()
#define sandbox_fields_reflection_test_class_wrapped_single(f, g, ...) \
  f(single[1], nested, FIELD_NORMAL, __VA_ARGS__) g()

// const and volatile are left out of the fields' types
#define sandbox_fields_reflection_test_class_constant(f, g, ...)                                   \
  f(int, number, FIELD_NORMAL, __VA_ARGS__) g() f(char[3], letters, FIELD_NORMAL, __VA_ARGS__) g() \
      f(long, changing, FIELD_NORMAL, __VA_ARGS__) g()
#define sandbox_fields_reflection_test_class_holds_constant(f, g, ...) \
  f(constant[2], inside, FIELD_NORMAL, __VA_ARGS__) g()

#define sandbox_fields_reflection_test_class_awkward(f, g, ...)                                  \
  f(int, store, FIELD_NORMAL, __VA_ARGS__) g() f(int, set_raw, FIELD_NORMAL, __VA_ARGS__) g()    \
      f(int, rhs, FIELD_NORMAL, __VA_ARGS__) g() f(int, address, FIELD_NORMAL, __VA_ARGS__) g()  \
          f(int, data, FIELD_NORMAL, __VA_ARGS__) g() f(int, raw, FIELD_NORMAL, __VA_ARGS__) g() \
              f(int, layout, FIELD_NORMAL, __VA_ARGS__) g()                                      \
                  f(int, mirror, FIELD_NORMAL, __VA_ARGS__) g()                                  \
                      f(int, payload_type, FIELD_NORMAL, __VA_ARGS__) g()                        \
                          f(int, to_opaque, FIELD_NORMAL, __VA_ARGS__) g()                       \
                              f(int, copy_and_verify, FIELD_NORMAL, __VA_ARGS__) g()             \
                                  f(int, UNSAFE_unverified, FIELD_NORMAL, __VA_ARGS__) g()       \
                                      f(long, UNSAFE_sandboxed, FIELD_NORMAL, __VA_ARGS__) g()

#define sandbox_fields_reflection_test_allClasses(f, ...)                                         \
  f(inner, test, ##__VA_ARGS__) f(everything, test, ##__VA_ARGS__) f(single, test, ##__VA_ARGS__) \
      f(wrapped_single, test, ##__VA_ARGS__) f(constant, test, ##__VA_ARGS__)                     \
          f(holds_constant, test, ##__VA_ARGS__) f(awkward, test, ##__VA_ARGS__)

rlbox_load_structs_from_library(test);

struct other_library_struct {
  int a;
};
#define sandbox_fields_reflection_other_class_other_library_struct(f, g, ...) \
  f(int, a, FIELD_NORMAL, __VA_ARGS__) g()
#define sandbox_fields_reflection_other_allClasses(f, ...) \
  f(other_library_struct, other, __VA_ARGS__)
rlbox_load_structs_from_library(other);

using rlbox::tainted;
using rlbox::tainted_volatile;
using S = rlbox::rlbox_test_sandbox;
using Sandbox = rlbox::rlbox_sandbox<S>;

using T_Layout = rlbox::Sbx_test_everything<S>;
static_assert(sizeof(rlbox::Sbx_test_inner<S>) == 8);
static_assert(offsetof(T_Layout, text) == 4 && offsetof(T_Layout, callback) == 12);
static_assert(offsetof(T_Layout, pointers) == 20 && offsetof(T_Layout, nested) == 36);
static_assert(offsetof(T_Layout, several) == 44 && offsetof(T_Layout, real) == 64);
static_assert(sizeof(T_Layout) == 80 && alignof(T_Layout) == 8);
static_assert(sizeof(tainted<everything, S>) == sizeof(everything));
static_assert(sizeof(tainted<const everything, S>) == sizeof(everything));
static_assert(sizeof(tainted_volatile<everything, S>) == sizeof(T_Layout));
static_assert(sizeof(tainted_volatile<const everything, S>) == sizeof(T_Layout));
static_assert(sizeof(rlbox::tainted_opaque<everything, S>) == sizeof(everything));
static_assert(sizeof(tainted<everything*, S>) == sizeof(everything*));
static_assert(sizeof(tainted_volatile<everything*, S>) == 4);
static_assert(std::is_trivially_copyable_v<tainted<everything, S>>);
static_assert(
    std::is_same_v<rlbox::detail::convert_to_sandbox_equivalent_t<everything, S>, T_Layout>);
static_assert(std::is_same_v<rlbox::detail::single_scalar_t<rlbox::Sbx_test_single<S>>, float>);
static_assert(
    std::is_same_v<rlbox::detail::single_scalar_t<rlbox::Sbx_test_wrapped_single<S>>, float>);
static_assert(std::is_same_v<rlbox::detail::single_scalar_t<rlbox::Sbx_test_inner<S>>, void>);

namespace {
struct fixture {
  Sandbox sandbox;
  fixture() { sandbox.create_sandbox(); }
};
}  // namespace

TEST_CASE_METHOD(fixture, "fields of a struct in sandbox memory") {
  auto p = sandbox.malloc_in_sandbox<everything>();
  p->number = 7ul;
  CHECK(p->number.UNSAFE_unverified() == 7);
  CHECK_FAILS(p->number = 0x100000000ul);
  p->nested.value = -3;
  CHECK((*p).nested.value.UNSAFE_unverified() == -3);
  p->several[1].tag = 4;
  CHECK(p->several[1].tag.UNSAFE_unverified() == 4);
  CHECK_FAILS(p->several[2]);
  p->real = 1.5;
  CHECK((*&p->real).copy_and_verify([](double v) { return v; }) == 1.5);
  auto text = sandbox.malloc_in_sandbox<char>(8);
  rlbox::strncpy(sandbox, text, "abc", 8);
  p->pointer = text;
  CHECK(p->pointer.copy_and_verify_string([](std::string s) { return s; }) == "abc");
  p->pointers[2] = text;
  CHECK(p->pointers[2].UNSAFE_unverified() == text.UNSAFE_unverified());
  CHECK(p->pointers[1].UNSAFE_unverified() == nullptr);
  CHECK(p->pointers[3].UNSAFE_unverified() == nullptr);
  tainted<char**, S> element = &(p->pointers[2]);
  *element = nullptr;
  CHECK(p->pointers[2].UNSAFE_unverified() == nullptr);
  *(element + 1) = text;
  CHECK(p->pointers[3].UNSAFE_unverified() == text.UNSAFE_unverified());
  tainted<char (*)[8], S> array = &p->text;
  tainted<char*, S> chars = rlbox::sandbox_reinterpret_cast<char*>(&(p->text));
  CHECK(static_cast<const void*>(array.UNSAFE_unverified()) == chars.UNSAFE_unverified());
  rlbox::memcpy(sandbox, chars, "xyz", 4);
  CHECK(p->text[1].UNSAFE_unverified() == 'y');
  sandbox.free_in_sandbox(p->pointer);
  CHECK(sandbox.get_sandbox_impl()->freed == 1);
  tainted<everything*, S> again = &*p;
  CHECK(again.UNSAFE_unverified() == p.UNSAFE_unverified());
}

TEST_CASE_METHOD(fixture, "fields with names that the framework uses itself") {
  auto p = sandbox.malloc_in_sandbox<awkward>();
  p->store = 1;
  p->rhs = 2;
  p->UNSAFE_sandboxed = 3L;
  tainted<awkward, S> copy = *p;
  CHECK(copy.store.UNSAFE_unverified() == 1 && copy.rhs.UNSAFE_unverified() == 2);
  copy.set_raw = 4;
  copy.to_opaque = 5;
  *p = copy;
  auto q = sandbox.malloc_in_sandbox<awkward>();
  *q = *p;
  const awkward verified = p.copy_and_verify([](std::unique_ptr<tainted<awkward, S>> value) {
    awkward plain = {};
    plain.set_raw = value->set_raw.UNSAFE_unverified();
    plain.to_opaque = value->to_opaque.UNSAFE_unverified();
    return plain;
  });
  CHECK(verified.set_raw == 4 && verified.to_opaque == 5);
  tainted<const awkward*, S> constant_view = q;
  tainted<const awkward, S> constant_copy = *constant_view;
  CHECK(constant_copy.UNSAFE_sandboxed.UNSAFE_unverified() == 3);
}

TEST_CASE("tainted structs do not become plain ones") {
  static_assert(!std::is_convertible_v<tainted<inner, S>, inner>);
  static_assert(!std::is_convertible_v<const tainted<const inner, S>&, inner>);
  static_assert(!std::is_convertible_v<tainted_volatile<inner, S>&, inner>);
  static_assert(!std::is_constructible_v<inner, tainted<inner, S>>);
  static_assert(!std::is_assignable_v<inner&, tainted<inner, S>>);
  static_assert(!std::is_invocable_v<void (*)(const inner&), tainted<inner, S>>);
  static_assert(std::is_trivially_copyable_v<tainted<inner, S>>);
  static_assert(sizeof(tainted<everything, S>) == sizeof(everything));
  static_assert(sizeof(tainted_volatile<inner, S>) == 8);
}

TEST_CASE_METHOD(fixture, "pointers to const structs") {
  auto p = sandbox.malloc_in_sandbox<everything>();
  p->number = 9ul;
  p->nested.value = 5;
  tainted<const everything*, S> cp = p;
  CHECK(cp->number.UNSAFE_unverified() == 9);
  CHECK(cp->nested.value.UNSAFE_unverified() == 5);
  CHECK(cp->text[0].UNSAFE_unverified() == 0);
  CHECK_TYPE(SINGLE(tainted<const everything*, S>), &*cp);
  CHECK_TYPE(SINGLE(tainted<const unsigned long*, S>), &cp->number);
  tainted<everything, S> copy = *cp;
  CHECK(copy.number.UNSAFE_unverified() == 9);
  tainted<const everything, S> const_copy = *cp;
  CHECK(const_copy.nested.value.UNSAFE_unverified() == 5);
  CHECK(cp.copy_and_verify([](std::unique_ptr<tainted<everything, S>> v) {
    return v->number.UNSAFE_unverified();
  }) == 9);
  CHECK_REJECTED(cp->number = 1ul);
  sandbox.free_in_sandbox(cp);
}

TEST_CASE_METHOD(fixture, "structs by value") {
  tainted<everything, S> zero{};
  CHECK(zero.number.UNSAFE_unverified() == 0);
  CHECK(zero.pointer == nullptr);
  auto p = sandbox.malloc_in_sandbox<everything>();
  auto text = sandbox.malloc_in_sandbox<char>(8);
  tainted<everything, S> value{};
  value.number = 3;
  value.text[0] = 'q';
  std::strcpy(reinterpret_cast<char*>(&value.text[0]), "direct");
  value.pointer = text;
  value.pointers[3] = text;
  value.nested.value = -8;
  value.several[1].value = 11;
  value.real = 2.5;
  value.flag = true;
  *p = value;
  CHECK(p->number.UNSAFE_unverified() == 3);
  CHECK(p->text.copy_and_verify([](std::array<char, 8> t) { return std::string(t.data()); }) ==
        "direct");
  CHECK(p->pointer.UNSAFE_unverified() == text.UNSAFE_unverified());
  CHECK(p->pointers[3].UNSAFE_unverified() == text.UNSAFE_unverified());
  CHECK(p->nested.value.UNSAFE_unverified() == -8);
  CHECK(p->several[1].value.UNSAFE_unverified() == 11);
  CHECK(p->flag.UNSAFE_unverified());
  tainted<everything, S> back(*p);
  CHECK(back.several[1].value.UNSAFE_unverified() == 11);
  CHECK(back.pointers[3].UNSAFE_unverified() == text.UNSAFE_unverified());
  const everything raw = back.UNSAFE_unverified();
  CHECK(raw.nested.value == -8 && raw.real == 2.5 && raw.pointer == text.UNSAFE_unverified());
  CHECK(p->UNSAFE_unverified().number == 3);
  CHECK(back.unverified_safe_because("a test").number == 3);
  auto layout = back.UNSAFE_sandboxed(sandbox);
  CHECK_TYPE(T_Layout, layout);
  CHECK(layout.number == 3 && layout.pointer != 0);
  auto from_memory = (*p).UNSAFE_sandboxed(sandbox);
  CHECK(std::memcmp(&layout, &from_memory, sizeof(layout)) == 0);  // padding as well
  back = *p;
  auto q = sandbox.malloc_in_sandbox<everything>();
  *q = *p;
  CHECK(q->nested.value.UNSAFE_unverified() == -8);
  value.number = 0x100000000;
  CHECK_FAILS(*p = value);
  CHECK(p->number.UNSAFE_unverified() == 3);
}

TEST_CASE_METHOD(fixture, "structs with const and volatile fields") {
  auto p = sandbox.malloc_in_sandbox<holds_constant>();
  p->inside[1].number = 7;
  p->inside[1].letters[2] = 'z';
  p->inside[1].changing = -3;
  CHECK(p->inside[1].number.UNSAFE_unverified() == 7);
  tainted<holds_constant, S> copy = *p;
  CHECK(copy.inside[1].letters[2].UNSAFE_unverified() == 'z');
  const holds_constant raw = copy.UNSAFE_unverified();
  CHECK(raw.inside[1].number == 7 && raw.inside[1].changing == -3);
  CHECK((*p).UNSAFE_unverified().inside[0].number == 0);
  copy.inside[0].number = 9;
  *p = copy;
  CHECK(p->inside[0].number.UNSAFE_unverified() == 9);
  CHECK(p->inside[1].copy_and_verify(
            [](tainted<constant, S> v) { return v.changing.UNSAFE_unverified(); }) == -3);
}

TEST_CASE_METHOD(fixture, "verification of structs") {
  auto p = sandbox.malloc_in_sandbox<everything>();
  p->number = 12ul;
  auto build = [](tainted<everything, S> v) {
    everything ret{};
    ret.number = v.number.copy_and_verify([](unsigned long n) { return n < 100 ? n : 0; });
    return ret;
  };
  CHECK((*p).copy_and_verify(build).number == 12);
  const tainted<everything, S> copy = *p;  // U4: const
  CHECK(copy.copy_and_verify(build).number == 12);
  std::function<everything(tainted<everything, S>)> function = build;
  CHECK(copy.copy_and_verify(function).number == 12);
  CHECK(copy.copy_and_verify([](tainted<everything, S>) { return 3; }) == 3);
  auto n = p.copy_and_verify([](std::unique_ptr<tainted<everything, S>> v) {
    return v ? v->number.UNSAFE_unverified() : 0;
  });
  CHECK(n == 12);
  tainted<everything*, S> null = nullptr;  // S5
  CHECK(
      null.copy_and_verify([](std::unique_ptr<tainted<everything, S>> v) { return v == nullptr; }));
  char* const end = sandbox.get_sandbox_impl()->heap_begin() + S::heap_size;
  auto past = sandbox.UNSAFE_accept_pointer(reinterpret_cast<everything*>(end - 16));
  CHECK_FAILS(past.copy_and_verify([](std::unique_ptr<tainted<everything, S>>) { return 0; }));
}

TEST_CASE_METHOD(fixture, "opaque structs") {
  tainted<everything, S> value{};
  value.number = 44;
  rlbox::tainted_opaque<everything, S> opaque = value.to_opaque();
  CHECK(from_opaque(opaque).number.UNSAFE_unverified() == 44);
  opaque.set_zero();
  CHECK(from_opaque(opaque).number.UNSAFE_unverified() == 0);
}

TEST_CASE_METHOD(fixture, "function pointers in structs") {
  auto p = sandbox.malloc_in_sandbox<everything>();
  auto callback = sandbox.register_callback(
      +[](Sandbox&, tainted<unsigned, S>, tainted<const char*, S>) { return tainted<int, S>(1); });
  p->callback = callback;
  CHECK(p->callback.UNSAFE_sandboxed(sandbox) == callback.UNSAFE_sandboxed(sandbox));
  tainted<everything, S> copy = *p;
  auto q = sandbox.malloc_in_sandbox<everything>();
  *q = copy;  // C5: survives reading and writing back
  CHECK(q->callback.UNSAFE_sandboxed(sandbox) == callback.UNSAFE_sandboxed(sandbox));
  p->callback = nullptr;
  CHECK(p->callback.UNSAFE_unverified() == nullptr);
}

TEST_CASE_METHOD(fixture, "several libraries") {
  auto p = sandbox.malloc_in_sandbox<other_library_struct>();
  p->a = 3;
  CHECK(p->a.UNSAFE_unverified() == 3);
}
