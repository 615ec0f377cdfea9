// What the framework needs to know about the structs of proglib.h.
#ifndef RLBOX_TESTS_PROGLIB_STRUCTS_H_
#define RLBOX_TESTS_PROGLIB_STRUCTS_H_

// clang-format off
#define sandbox_fields_reflection_proglib_class_size2(f, g, ...) \
  f(int,          width,  FIELD_NORMAL, ##__VA_ARGS__) g()       \
  f(int,          height, FIELD_NORMAL, ##__VA_ARGS__) g()

#define sandbox_fields_reflection_proglib_class_record(f, g, ...) \
  f(unsigned long, id,     FIELD_NORMAL, ##__VA_ARGS__) g()       \
  f(size2,         size,   FIELD_NORMAL, ##__VA_ARGS__) g()       \
  f(double,        weight, FIELD_NORMAL, ##__VA_ARGS__) g()       \
  f(char[8],       name,   FIELD_NORMAL, ##__VA_ARGS__) g()       \
  f(char*,         text,   FIELD_NORMAL, ##__VA_ARGS__) g()       \
  f(unsigned[4],   marks,  FIELD_NORMAL, ##__VA_ARGS__) g()       \
  f(char*[3],      words,  FIELD_NORMAL, ##__VA_ARGS__) g()       \
  f(int (*)(int),  apply,  FIELD_NORMAL, ##__VA_ARGS__) g()

#define sandbox_fields_reflection_proglib_allClasses(f, ...) \
  f(size2, proglib, ##__VA_ARGS__)                           \
  f(record, proglib, ##__VA_ARGS__)
// clang-format on

#endif
