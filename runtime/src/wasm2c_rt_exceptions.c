/* Exceptions of WebAssembly: rlbox_internal/wasm2c/exceptions.h says what keeps them inside (S18).
 */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif

#include "rlbox_internal/wasm2c/exceptions.h"

#include <setjmp.h>
#include <string.h>

#include "wasm2c_rt_internal.h"

/* The sandbox whose code throws or enters a try block. */
static struct rlbox_wasm2c_record* running(void) {
  struct rlbox_wasm2c_record* record = rlbox_wasm2c_running();
  if (record == NULL) {
    rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_OTHER, "a library runs outside of its sandbox");
  }
  return record;
}

void rlbox_wasm2c_begin_try(struct rlbox_wasm2c_try* block) {
  const struct rlbox_wasm2c_record* record = running();
  block->call = record->frame;
  block->outer_call = rlbox_wasm2c_outer_try(record);
}

struct rlbox_wasm2c_try* rlbox_wasm2c_innermost_try(void) { return running()->innermost; }

void rlbox_wasm2c_set_innermost_try(struct rlbox_wasm2c_try* block) {
  running()->innermost = block;
}

void rlbox_wasm2c_load_exception(wasm_rt_tag_t tag, uint32_t size, const void* values) {
  struct rlbox_wasm2c_exception* exception = &running()->exception;
  if (size > sizeof exception->values) {
    rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_OTHER, "an exception has more values than any may have");
  }
  exception->tag = tag;
  exception->size = size;
  if (size != 0) {
    memcpy(exception->values, values, size);
  }
}

wasm_rt_tag_t rlbox_wasm2c_exception_tag(void) { return running()->exception.tag; }
uint32_t rlbox_wasm2c_exception_size(void) { return running()->exception.size; }
void* rlbox_wasm2c_exception_values(void) { return running()->exception.values; }

/* A text of the library's own choice: whatever it is, a part of one short line without `quote`. */
static void append_quoted(struct rlbox_wasm2c_text* text, char* from, char quote) {
  const char around[] = {quote, '\0'};
  for (char* c = from; *c != '\0'; c++) {
    if (*c < ' ' || *c > '~' || *c == quote) {
      *c = '?';
    }
  }
  rlbox_wasm2c_append(text, around);
  rlbox_wasm2c_append(text, from);
  rlbox_wasm2c_append(text, around);
}

/* What the library's own code says about an exception: the name of its type
 * (runtime/guest/throw.c); or, where exceptions are on, that and the words of what(), a byte 1
 * before each (runtime/guest/exceptions/uncaught.cc). */
static void append_description(struct rlbox_wasm2c_text* text,
                               const struct rlbox_wasm2c_exception* from) {
  const char mark = '\1';
  char copy[sizeof from->values + 1];
  memcpy(copy, from->values, sizeof from->values);
  copy[sizeof from->values] = '\0';
  rlbox_wasm2c_append(text, "C++ exception of type ");
  if (copy[0] != mark) {
    append_quoted(text, copy, '\'');
    rlbox_wasm2c_append(text, " thrown; C++ exceptions are off: exceptions = True turns them on");
    return;
  }
  char* what = strchr(copy + 1, mark);
  if (what != NULL) {
    *what++ = '\0';
  }
  append_quoted(text, copy + 1, '\'');
  rlbox_wasm2c_append(text, " thrown and not caught");
  if (what != NULL) {
    rlbox_wasm2c_append(text, ", what() is ");
    append_quoted(text, what, '"');
  }
}

WASM_RT_NO_RETURN static void raise_uncaught(struct rlbox_wasm2c_record* record) {
  const struct rlbox_wasm2c_exception* exception = &record->exception;
  uint32_t thrown;
  if (exception->size == sizeof thrown && record->describe != NULL && !record->described) {
    /* Code of the library, as the code that threw: it runs in the same call, and whatever ends it
     * is a trap. It throws in its turn, and comes here again. */
    record->described = true;
    memcpy(&thrown, exception->values, sizeof thrown);
    record->describe(record->guest, thrown);
  }
  char detail[256];
  struct rlbox_wasm2c_text text = {detail, sizeof detail, 0};
  if (exception->size == sizeof exception->values) {
    append_description(&text, exception);
  } else {
    rlbox_wasm2c_append(&text,
                        "longjmp to a function that has returned or that belongs to another call");
  }
  rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_UNCAUGHT_EXCEPTION, detail);
}

void rlbox_wasm2c_throw(void) {
  struct rlbox_wasm2c_record* record = running();
  struct rlbox_wasm2c_try* block = record->innermost;
  if (block == NULL || block->call != record->frame) {
    raise_uncaught(record);
  }
  siglongjmp(block->buffer, 1);
}
