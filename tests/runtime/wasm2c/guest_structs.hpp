#ifndef RLBOX_TESTS_GUEST_STRUCTS_HPP_
#define RLBOX_TESTS_GUEST_STRUCTS_HPP_
// The structs of guest.h for the framework.

#define sandbox_fields_reflection_guest_class_point(f, g, ...)                           \
  f(int, x, FIELD_NORMAL, ##__VA_ARGS__) g() f(long, y, FIELD_NORMAL, ##__VA_ARGS__) g() \
      f(double, z, FIELD_NORMAL, ##__VA_ARGS__) g()
#define sandbox_fields_reflection_guest_class_only_int(f, g, ...) \
  f(int, value, FIELD_NORMAL, ##__VA_ARGS__) g()
#define sandbox_fields_reflection_guest_class_only_double(f, g, ...) \
  f(double, value, FIELD_NORMAL, ##__VA_ARGS__) g()
#define sandbox_fields_reflection_guest_class_only_nested(f, g, ...) \
  f(only_int, inner, FIELD_NORMAL, ##__VA_ARGS__) g()
#define sandbox_fields_reflection_guest_class_operations(f, g, ...) \
  f(number_function, call, FIELD_NORMAL, ##__VA_ARGS__) g()         \
      f(uint32_t, argument, FIELD_NORMAL, ##__VA_ARGS__) g()
#define sandbox_fields_reflection_guest_allClasses(f, ...)                      \
  f(point, guest, ##__VA_ARGS__) f(only_int, guest, ##__VA_ARGS__)              \
      f(only_double, guest, ##__VA_ARGS__) f(only_nested, guest, ##__VA_ARGS__) \
          f(operations, guest, ##__VA_ARGS__)

rlbox_load_structs_from_library(guest);

#endif
