/*
 * What a `throw` in a C++ library calls. Libraries are compiled with -fignore-exceptions: their
 * catch blocks are gone, and a throw ends the call as a trap that names the exception's type.
 *
 * The name leaves the module as the exception itself: a tag with room for 128 bytes, which nothing
 * in the module catches. The runtime takes it for what it is, text of the library's choice.
 *
 * Linked into a module only if something in it throws.
 */
#include "type_name.h"

void* malloc(rlbox_size bytes);
void free(void* memory);

void* __cxa_allocate_exception(rlbox_size bytes);
void __cxa_free_exception(void* object);
_Noreturn void __cxa_throw(void* object, const rlbox_type_info* type, void (*destructor)(void*));
_Noreturn void __cxa_rethrow(void);

void* __cxa_allocate_exception(rlbox_size bytes) {
  void* const object = malloc(bytes);
  if (object == 0) {
    __builtin_trap();
  }
  return object;
}

void __cxa_free_exception(void* object) { free(object); }

_Noreturn void __cxa_throw(void* object, const rlbox_type_info* type, void (*destructor)(void*)) {
  (void)object;
  (void)destructor;
  rlbox_name readable = {{0}, 0};
  __rlbox_append_type(&readable, type);
  __rlbox_throw_name(readable.text);
}

_Noreturn void __cxa_rethrow(void) {
  static const char text[RLBOX_NAME_BYTES] = "unknown (thrown again)";
  __rlbox_throw_name(text);
}
