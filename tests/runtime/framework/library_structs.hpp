#ifndef RLBOX_TESTS_LIBRARY_STRUCTS_HPP_
#define RLBOX_TESTS_LIBRARY_STRUCTS_HPP_
// The fields of library.h's structs, for rlbox_load_structs_from_library(host).
#define sandbox_fields_reflection_host_class_library_point(f, g, ...) \
  f(int, x, FIELD_NORMAL, __VA_ARGS__) g() f(long, y, FIELD_NORMAL, __VA_ARGS__) g()
#define sandbox_fields_reflection_host_allClasses(f, ...) f(library_point, host, __VA_ARGS__)
#endif  // RLBOX_TESTS_LIBRARY_STRUCTS_HPP_
