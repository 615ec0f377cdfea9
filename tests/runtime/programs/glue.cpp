// One body for every backend: each section is a row of docs/maintainers/api_coverage.md. Values
// are checked and printed, so that runs can be compared.
#define RLBOX_USE_EXCEPTIONS
#define RLBOX_ENABLE_DEBUG_ASSERTIONS
#include "program.hpp"
#include "proglib_structs.h"

using namespace std;
using namespace rlbox;

rlbox_load_structs_from_library(proglib);

template <typename T>
using t = tainted_proglib<T>;
using sandbox_type = rlbox_sandbox_proglib;

static int failures = 0;

static void check_at(int line, bool ok, const char* what) {
  printf("%s: %s\n", what, ok ? "yes" : "NO");
  if (!ok) {
    fprintf(stderr, "glue.cpp:%d: failed: %s\n", line, what);
    failures++;
  }
}
#define CHECK(...) check_at(__LINE__, (__VA_ARGS__), #__VA_ARGS__)

template <typename T>
static T as_is(t<T> value) {
  return value.copy_and_verify([](T v) { return v; });
}

static t<char*> text_in(sandbox_type& sandbox, const char* text) {
  const size_t size = strlen(text) + 1;
  t<char*> copy = sandbox.malloc_in_sandbox<char>(size);
  rlbox::memcpy(sandbox, copy, text, size);
  return copy;
}

static string text_of(t<char*> text) {
  return text.copy_and_verify_string([](string value) { return value; });
}

// ---- simple invocation, with print, many parameters, narrower arguments

static void simple_invocation(sandbox_type& sandbox) {
  printf("simple invocation\n");
  CHECK(as_is(sandbox.invoke_sandbox_function(add_ints, 2, 3)) == 5);
  CHECK(as_is(sandbox.invoke_sandbox_function(add_and_print, -2, 3)) == 1);
  const int a = 2;
  short narrow = -3;
  CHECK(as_is(sandbox.invoke_sandbox_function(add_ints, a, narrow)) == -1);
  CHECK(as_is(sandbox.invoke_sandbox_function(add_ulongs, 1UL, 2UL, 3UL, 4UL, 5UL, 6UL)) == 21);
  CHECK(as_is(sandbox.invoke_sandbox_function(add_ulongs, 1, 2U, static_cast<unsigned char>(3), 4UL,
                                              true, 6UL)) == 17);
  CHECK(as_is(sandbox.invoke_sandbox_function(add_many, 1ULL << 40, 2ULL, 3ULL, 4ULL, 5ULL, 6ULL,
                                              7ULL, 8ULL, 9ULL, 10ULL, 11)) == (1ULL << 40) + 65);
}

// ---- verification, pointer verification

static void verification(sandbox_type& sandbox) {
  printf("verification\n");
  auto sum = sandbox.invoke_sandbox_function(add_ints, 2, 3);
  CHECK(sum.copy_and_verify([](int value) { return value > 5 ? -1 : value; }) == 5);
  CHECK(sum.copy_and_verify([](int value) { return value > 4 ? -1 : value; }) == -1);
  CHECK(sum.unverified_safe_because("a test") == 5);

  t<int*> numbers = sandbox.malloc_in_sandbox<int>(3);
  for (int i = 0; i < 3; i++) {
    numbers[i] = 10 * i;
  }
  auto found = sandbox.invoke_sandbox_function(find_int, numbers, 3, 20);
  CHECK(found.copy_and_verify([](unique_ptr<const int> value) { return value ? *value : -1; }) ==
        20);
  auto missing = sandbox.invoke_sandbox_function(find_int, numbers, 3, 5);
  CHECK(missing.copy_and_verify([](unique_ptr<const int> value) { return value ? *value : -1; }) ==
        -1);
  CHECK(numbers.copy_and_verify_range([](unique_ptr<int[]> all) { return all[1] + all[2]; }, 3) ==
        30);
  sandbox.free_in_sandbox(numbers);
}

// ---- echo and where pointers are

static void echo_and_locations(sandbox_type& sandbox) {
  printf("echo and pointer locations\n");
  t<char*> text = text_in(sandbox, "hello");
  t<char*> same = sandbox.invoke_sandbox_function(same_text, text);
  int local = 0;
  CHECK(sandbox.is_pointer_in_sandbox_memory(text.UNSAFE_unverified()));
  CHECK(sandbox.is_pointer_in_sandbox_memory(same.UNSAFE_unverified()));
  CHECK(sandbox.is_pointer_in_app_memory(&local));
  CHECK(text.UNSAFE_unverified() == same.UNSAFE_unverified());
  CHECK(text_of(same) == "hello");
  *text = 'j';
  CHECK(text_of(same) == "jello");
  sandbox.invoke_sandbox_function(make_loud, same);
  CHECK(text_of(text) == "JELLO");
  CHECK(as_is(sandbox.invoke_sandbox_function(text_length, text)) == 5);
  sandbox.free_in_sandbox(text);
}

// ---- floating point, values added through pointers

static void floating_point(sandbox_type& sandbox) {
  printf("floating point\n");
  CHECK(as_is(sandbox.invoke_sandbox_function(add_floats, 1.25F, 2.5F)) == 3.75F);
  CHECK(as_is(sandbox.invoke_sandbox_function(add_floats, 1.25F, 2)) == 3.25F);
  CHECK(as_is(sandbox.invoke_sandbox_function(add_mixed, 0.5, 0.25F, 3, 4.0)) == 7.75);
  t<double*> a = sandbox.malloc_in_sandbox<double>();
  t<float*> b = sandbox.malloc_in_sandbox<float>();
  *a = 1.5;
  *b = 2.25F;
  CHECK(as_is(sandbox.invoke_sandbox_function(add_pointed, a, b)) == 3.75);
  sandbox.free_in_sandbox(a);
  sandbox.free_in_sandbox(b);
}

// ---- structs by value and by pointer

static void structs(sandbox_type& sandbox) {
  printf("structs\n");
  t<record> made = sandbox.invoke_sandbox_function(make_record, 9, 3.5);
  record host = made.copy_and_verify([](t<record> unsafe) {
    record safe = {};
    safe.id = unsafe.id.UNSAFE_unverified();
    safe.size.height = unsafe.size.height.UNSAFE_unverified();
    safe.weight = unsafe.weight.UNSAFE_unverified();
    return safe;
  });
  CHECK(host.id == 9 && host.size.height == -4 && host.weight == 3.5);
  CHECK(as_is(sandbox.invoke_sandbox_function(check_record, made)) == 9 + 30 - 4 + 3 + 4);
  t<size2> turned = sandbox.invoke_sandbox_function(turn, made.size);
  CHECK(turned.width.UNSAFE_unverified() == -4 && turned.height.UNSAFE_unverified() == 3);

  t<char*> text = text_in(sandbox, "released");
  t<record*> r = sandbox.malloc_in_sandbox<record>();
  sandbox.invoke_sandbox_function(fill_record, r, text);
  CHECK(as_is(t<unsigned long>(r->id)) == 77);
  r->id = 78UL;
  (*&r->weight) = 4.5;
  CHECK((*&r->weight).copy_and_verify([](double value) { return value; }) == 4.5);
  CHECK(as_is(sandbox.invoke_sandbox_function(check_record, *r)) == 78 + 30 - 4 + 4 + 4);
  // A copy that the verifier releases is the application's to delete.
  const char* released =
      r->text.copy_and_verify_string([](unique_ptr<char[]> copy) { return copy.release(); });
  CHECK(strcmp(released, "released") == 0);
  delete[] released;
  CHECK(r->name[0].copy_and_verify([](char c) { return c; }) == 'm');
  sandbox.free_in_sandbox(r->text);
  sandbox.free_in_sandbox(r);
}

// ---- pointers in structs, single elements at the edges of 32 bits

static void pointers_in_structs(sandbox_type& sandbox) {
  printf("pointers in structs\n");
  t<char*> text = text_in(sandbox, "ab");
  t<record*> r = sandbox.malloc_in_sandbox<record>();
  sandbox.invoke_sandbox_function(fill_record, r, text);
  CHECK(text_of(r->words[0]) == "ab");
  CHECK(text_of(r->words[1]) == "b");
  t<char**> place = &(r->words[2]);
  *place = text;
  CHECK(text_of(r->words[2]) == "ab");
  CHECK(text_of(r->words[1]) == "b");
  // The neighbours of an element that is written stay as they are.
  r->words[1] = nullptr;
  CHECK(text_of(r->words[0]) == "ab" && text_of(r->words[2]) == "ab");
  CHECK(as_is(t<unsigned>(r->marks[3])) == 4000000000U);
  r->marks[3] = 0xffffffffU;
  CHECK(as_is(t<unsigned>(r->marks[2])) == 3000000000U);
  CHECK(as_is(t<unsigned>(r->marks[3])) == 0xffffffffU);
  CHECK(sandbox.invoke_sandbox_function(has_function, r).UNSAFE_unverified() == 1);
  sandbox.free_in_sandbox(text);
  sandbox.free_in_sandbox(r);
}

// ---- transfer of one byte, app pointers of type void*

static void transfer(sandbox_type& sandbox) {
  printf("transfer and app pointers\n");
  auto* byte = static_cast<char*>(malloc(1));
  *byte = 'x';
  bool copied = false;
  t<char*> there = copy_memory_or_grant_access(sandbox, byte, 1, false, copied);
  CHECK(there != nullptr);
  CHECK(there->UNSAFE_unverified() == 'x');
  bool copied_back = false;
  char* back = copy_memory_or_deny_access(sandbox, there, 1, false, copied_back);
  CHECK(*back == 'x' && copied == copied_back);
  if (copied) {
    free(back);
    sandbox.free_in_sandbox(there);
  }
  free(byte);

  int object = 7;
  auto token = sandbox.get_app_pointer(static_cast<void*>(&object));
  t<void*> returned = sandbox.invoke_sandbox_function(same_pointer, token.to_tainted());
  CHECK(sandbox.lookup_app_ptr(returned) == &object);
  token.unregister();
  bool refused = false;
  try {
    sandbox.lookup_app_ptr(returned);
  } catch (const runtime_error&) {
    refused = true;
  }
  CHECK(refused);
}

// ---- callbacks

static int seen = 0;

static t<int> reentrant(sandbox_type& sandbox, t<int> value) {
  auto memory = sandbox.malloc_in_sandbox<int>();
  *memory = value;
  seen = memory->UNSAFE_unverified();
  sandbox.free_in_sandbox(memory);
  return value + 100;
}

static t<int> six_parameters(sandbox_type&, t<unsigned> a, t<const char*> b, t<float> c,
                             t<double> d, t<long long> e, t<int> f) {
  const bool text = b.copy_and_verify_string([](string value) { return value == "six"; });
  return text && a.UNSAFE_unverified() == 7 && c.UNSAFE_unverified() == 1.5F &&
                 d.UNSAFE_unverified() == 2.25 && e.UNSAFE_unverified() == (1LL << 40) &&
                 f.UNSAFE_unverified() == -6
             ? 1
             : 0;
}

static t<int> add_one(sandbox_type&, t<int> value) { return value + 1; }
static t<int> add_two(sandbox_type&, t<int> value) { return value + 2; }
static int native_add_one(int value) { return value + 1; }

static void callbacks(sandbox_type& sandbox) {
  printf("callbacks\n");
  auto one = sandbox.register_callback(reentrant);
  CHECK(as_is(sandbox.invoke_sandbox_function(call_int, one, 5)) == 105);
  CHECK(seen == 5);
  auto six = sandbox.register_callback(six_parameters);
  CHECK(as_is(sandbox.invoke_sandbox_function(call_six, six)) == 1);
  auto f = sandbox.register_callback(+[](sandbox_type&, t<float> value) { return value + 1.0F; });
  CHECK(as_is(sandbox.invoke_sandbox_function(call_float, f)) == 2.5F);
  auto d =
      sandbox.register_callback(+[](sandbox_type&, t<double> a, t<double> b) { return a * b; });
  CHECK(as_is(sandbox.invoke_sandbox_function(call_double, d)) == 2.0);
  auto ll =
      sandbox.register_callback(+[](sandbox_type&, t<long long> value) { return value * 3LL; });
  CHECK(as_is(sandbox.invoke_sandbox_function(call_longlong, ll)) == 3 * (1LL << 33) + 1);
}

// ---- a function of the library as function pointer

static void internal_function(sandbox_type& sandbox) {
  printf("a function of the library as callback\n");
  auto address = sandbox.get_sandbox_function_address(twice);
  CHECK(as_is(sandbox.invoke_sandbox_function(call_int, address, 4)) == 8);
  t<record*> r = sandbox.malloc_in_sandbox<record>();
  rlbox::memset(sandbox, r, 0, sizeof(tainted_volatile_proglib<record>));
  r->apply = address;
  CHECK(as_is(sandbox.invoke_sandbox_function(run_record, r, 5)) == 10);
  sandbox.free_in_sandbox(r);
}

// ---- registration in a loop, by move assignment

static void registration_loop(sandbox_type& sandbox) {
  printf("registration loop\n");
  sandbox_callback_proglib<int_function> first;
  sandbox_callback_proglib<int_function> second;
  long sum = 0;
  for (int i = 0; i < 1024; i++) {
    first.unregister();
    second.unregister();
    first = sandbox.register_callback(add_one);
    second = sandbox.register_callback(add_two);
    sum += as_is(sandbox.invoke_sandbox_function(call_int, first, i)) -
           as_is(sandbox.invoke_sandbox_function(call_int, second, i));
  }
  CHECK(sum == -1024);
}

// ---- many calls and callbacks, compared with the same in C

static void loops(sandbox_type& sandbox) {
  printf("loops\n");
  constexpr int times = 100000;
  unsigned here = 0;
  unsigned there = 0;
  for (int i = 0; i < times; i++) {
    there = sandbox.invoke_sandbox_function(add, there, i).UNSAFE_unverified();
    here += static_cast<unsigned>(i);
  }
  CHECK(here == there);
  int value = 0;
  for (int i = 0; i < times; i++) {
    value = native_add_one(value);
  }
  auto callback = sandbox.register_callback(add_one);
  CHECK(as_is(sandbox.invoke_sandbox_function(call_often, callback, times)) == value);
}

// ---- what the reference's own tests leave out, because the reference fails

#if !defined(PROGRAM_UPSTREAM)
static void beyond_the_reference(sandbox_type& sandbox) {
  printf("64-bit results, narrow parameters, function pointers in structs\n");
  CHECK(
      as_is(sandbox.invoke_sandbox_function(mix_u64, uint64_t{5}, uint64_t{0xffffffff00000001})) ==
      ((uint64_t{5} << 32) ^ 0xffffffff00000001));
  CHECK(as_is(sandbox.invoke_sandbox_function(negate_i64, int64_t{1} << 40)) ==
        -(int64_t{1} << 40));
  CHECK(as_is(sandbox.invoke_sandbox_function(as_byte, static_cast<unsigned char>(255))) == 255);
  CHECK(as_is(sandbox.invoke_sandbox_function(as_byte, 300)) == 300 - 256);

  t<char*> text = text_in(sandbox, "fn");
  t<record*> r = sandbox.malloc_in_sandbox<record>();
  sandbox.invoke_sandbox_function(fill_record, r, text);
  t<record> whole = *r;
  CHECK(whole.apply.UNSAFE_unverified() != nullptr);
  t<record*> other = sandbox.malloc_in_sandbox<record>();
  *other = whole;
  CHECK(as_is(sandbox.invoke_sandbox_function(run_record, other, 5)) == 10);
  t<int_function> none = nullptr;
  other->apply = none;
  CHECK(as_is(sandbox.invoke_sandbox_function(has_function, other)) == 0);
  sandbox.free_in_sandbox(r);
  sandbox.free_in_sandbox(other);
  sandbox.free_in_sandbox(text);
}
#endif

int main() {
  sandbox_type sandbox;
  CREATE_SANDBOX(sandbox);
  simple_invocation(sandbox);
  verification(sandbox);
  echo_and_locations(sandbox);
  floating_point(sandbox);
  structs(sandbox);
  pointers_in_structs(sandbox);
  transfer(sandbox);
  callbacks(sandbox);
  internal_function(sandbox);
  registration_loop(sandbox);
  loops(sandbox);
#if !defined(PROGRAM_UPSTREAM)
  beyond_the_reference(sandbox);
#endif
  sandbox.destroy_sandbox();
  return failures == 0 ? 0 : 1;
}
