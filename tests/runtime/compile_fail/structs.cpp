// Descriptions of structs
#include "tests/runtime/compile_fail/host.hpp"

// The lists of fields, one a line.
// clang-format off

struct pair {
  int first;
  long second;
};

// expect: RLBox: field second: its type or position in sandbox_fields_reflection differs from the
// expect: struct's definition.
#ifdef MISUSE_fields_in_other_order
#define sandbox_fields_reflection_pairs_class_pair(f, g, ...) \
  f(long, second, FIELD_NORMAL, ##__VA_ARGS__) g()            \
  f(int, first, FIELD_NORMAL, ##__VA_ARGS__) g()
#else
#define sandbox_fields_reflection_pairs_class_pair(f, g, ...) \
  f(int, first, FIELD_NORMAL, ##__VA_ARGS__) g()              \
  f(long, second, FIELD_NORMAL, ##__VA_ARGS__) g()
#endif
#define sandbox_fields_reflection_pairs_allClasses(f, ...) f(pair, pairs, ##__VA_ARGS__)
rlbox_load_structs_from_library(pairs);

struct sizes {
  int width;
  int height;
};

// expect: RLBox: field width: its type or position in sandbox_fields_reflection differs from the
// expect: struct's definition.
#ifdef MISUSE_field_of_other_type
#define sandbox_fields_reflection_sizeslib_class_sizes(f, g, ...) \
  f(short, width, FIELD_NORMAL, ##__VA_ARGS__) g()                \
  f(int, height, FIELD_NORMAL, ##__VA_ARGS__) g()
#else
#define sandbox_fields_reflection_sizeslib_class_sizes(f, g, ...) \
  f(int, width, FIELD_NORMAL, ##__VA_ARGS__) g()                  \
  f(int, height, FIELD_NORMAL, ##__VA_ARGS__) g()
#endif
#define sandbox_fields_reflection_sizeslib_allClasses(f, ...) f(sizes, sizeslib, ##__VA_ARGS__)
rlbox_load_structs_from_library(sizeslib);

struct triple {
  int a;
  int b;
  int c;
};

// expect: RLBox: struct triple: fields are missing from sandbox_fields_reflection.
#ifdef MISUSE_missing_field
#define sandbox_fields_reflection_triples_class_triple(f, g, ...) \
  f(int, a, FIELD_NORMAL, ##__VA_ARGS__) g()                      \
  f(int, b, FIELD_NORMAL, ##__VA_ARGS__) g()
#else
#define sandbox_fields_reflection_triples_class_triple(f, g, ...) \
  f(int, a, FIELD_NORMAL, ##__VA_ARGS__) g()                      \
  f(int, b, FIELD_NORMAL, ##__VA_ARGS__) g()                      \
  f(int, c, FIELD_NORMAL, ##__VA_ARGS__) g()
#endif
#define sandbox_fields_reflection_triples_allClasses(f, ...) f(triple, triples, ##__VA_ARGS__)
rlbox_load_structs_from_library(triples);

struct state {
  volatile int ready;
};

// Access to sandbox memory is volatile without being asked.
// expect: RLBox: pointers to volatile are not supported; remove volatile from the pointee. Access
// expect: to sandbox memory is volatile anyway.
#ifdef MISUSE_volatile_field
#define sandbox_fields_reflection_states_class_state(f, g, ...) \
  f(volatile int, ready, FIELD_NORMAL, ##__VA_ARGS__) g()
#else
#define sandbox_fields_reflection_states_class_state(f, g, ...) \
  f(int, ready, FIELD_NORMAL, ##__VA_ARGS__) g()
#endif
#define sandbox_fields_reflection_states_allClasses(f, ...) f(state, states, ##__VA_ARGS__)
rlbox_load_structs_from_library(states);
void make_ready(tainted_other<state*> p) { p->ready = 1; }

struct nested {
  int value;
};
#define sandbox_fields_reflection_nestedlib_class_nested(f, g, ...) \
  f(int, value, FIELD_NORMAL, ##__VA_ARGS__) g()
#define sandbox_fields_reflection_nestedlib_allClasses(f, ...) f(nested, nestedlib, ##__VA_ARGS__)

// The framework's templates are specialised for the struct, which is only possible there.
// expect: RLBox: rlbox_load_structs_from_library(nestedlib) must be at global scope, outside of all
// expect: namespaces, classes and functions.
#ifdef MISUSE_load_in_namespace
namespace application {
rlbox_load_structs_from_library(nestedlib);
}
#else
rlbox_load_structs_from_library(nestedlib);
#endif

// clang-format on

// The verifier of a struct gets a tainted copy, whose fields it verifies.
// expect: RLBox: the verifier cannot be called with the copy that it gets
void verify_struct_with_plain_verifier(tainted_app<point> p) {
#ifdef MISUSE_verify_struct_with_plain_verifier
  p.copy_and_verify([](point copy) { return copy.x; });
#else
  p.copy_and_verify([](tainted_app<point> copy) { return copy.x.copy_and_verify(below_100); });
#endif
}

// expect gcc: a_tainted_struct_is_not_a_plain_one_and_needs_copy_and_verify
// expect clang: RLBox: a tainted struct is not a plain one. Verify its fields (copy_and_verify), or
// expect clang: state why that is not needed (unverified_safe_because("reason")).
void copy_struct(tainted_app<point*> p) {
#ifdef MISUSE_copy_struct
  const point copy = *p;
#else
  const point copy = (*p).unverified_safe_because("only shown to the user");
#endif
  use(copy.x);
}
