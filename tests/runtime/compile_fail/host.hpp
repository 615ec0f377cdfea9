#ifndef RLBOX_TESTS_COMPILE_FAIL_HOST_HPP_
#define RLBOX_TESTS_COMPILE_FAIL_HOST_HPP_
// What the misuses use: a library `app` without isolation, and a second sandbox type `other` whose
// long and pointers have 32 bits. Precompiled once for each compiler.

#define RLBOX_USE_STATIC_CALLS() rlbox_noop_sandbox_lookup_symbol
#include "rlbox_noop_sandbox.hpp"
#include "tests/runtime/framework/test_backend.hpp"
#include "rlbox.hpp"

#include <functional>
#include <iostream>
#include <memory>
#include <string>

RLBOX_DEFINE_BASE_TYPES_FOR(app, noop);
RLBOX_DEFINE_BASE_TYPES_FOR(other, test);

enum color { red, green };

struct point {
  int x;
  int y;
  char name[8];
  int* data;
  int (*callback)(int);
};

// Not listed below.
struct stranger {
  int x;
};

extern "C" {
int add(int a, int b);
void take_buffer(char* buffer, int size);
void take_const(const char* text);
void take_point(point p);
void take_color(color c);
void take_handler(int (*handler)(int));
int log_message(const char* format, ...);
}

#define sandbox_fields_reflection_applib_class_point(f, g, ...)                                    \
  f(int, x, FIELD_NORMAL, ##__VA_ARGS__) g() f(int, y, FIELD_NORMAL, ##__VA_ARGS__) g()            \
      f(char[8], name, FIELD_NORMAL, ##__VA_ARGS__) g() f(int*, data, FIELD_NORMAL, ##__VA_ARGS__) \
          g() f(int (*)(int), callback, FIELD_NORMAL, ##__VA_ARGS__) g()
#define sandbox_fields_reflection_applib_allClasses(f, ...) f(point, applib, ##__VA_ARGS__)
rlbox_load_structs_from_library(applib);

using app = rlbox_sandbox_app;
using other = rlbox_sandbox_other;

// The application, which takes plain values only.
void act();
void use(int value);

// Verifiers and registered functions.
inline int below_100(int value) { return value < 100 ? value : 0; }
inline tainted_app<int> double_it(app&, tainted_app<int> value) { return value + value; }

#endif  // RLBOX_TESTS_COMPILE_FAIL_HOST_HPP_
