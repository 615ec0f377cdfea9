/*
 * The text of a report about a C++ exception: the name of a type as people write it, and what else
 * is known. Bounded, and read from the library's memory only: a pointer may be anything.
 */
#ifndef RLBOX_GUEST_TYPE_NAME_H_
#define RLBOX_GUEST_TYPE_NAME_H_

#ifdef __cplusplus
extern "C" {
#endif

typedef __SIZE_TYPE__ rlbox_size;

/* std::type_info, as the C++ ABI has it. */
typedef struct {
  const void* functions;
  const char* name;
} rlbox_type_info;

enum { RLBOX_NAME_BYTES = 128 };

typedef struct {
  char text[RLBOX_NAME_BYTES];
  rlbox_size length;
} rlbox_name;

/* Appends at most `length` characters of a string; what does not fit is cut. */
void __rlbox_append(rlbox_name* to, const char* text, rlbox_size length);

/* Appends "ns::type" for the type, or its mangled name where that is not simple. */
void __rlbox_append_type(rlbox_name* to, const rlbox_type_info* type);

/* In throw_name.s: throws 16 times 8 bytes. */
__attribute__((__noreturn__)) void __rlbox_throw_name(const char* text);

#ifdef __cplusplus
}
#endif

#endif /* RLBOX_GUEST_TYPE_NAME_H_ */
