/* The words of reports, for places where printf is not allowed. */
#include <stdio.h>
#if defined(__linux__)
#include <stdio_ext.h>
#endif
#include <sys/stat.h>
#include <unistd.h>

#include "wasm2c_rt_internal.h"

const char* rlbox_wasm2c_trap_text(rlbox_wasm2c_trap_reason reason) {
  switch (reason) {
    case RLBOX_WASM2C_TRAP_NONE:
      return "no trap";
    case RLBOX_WASM2C_TRAP_OUT_OF_BOUNDS:
      return "out-of-bounds memory access";
    case RLBOX_WASM2C_TRAP_INTEGER_OVERFLOW:
      return "integer overflow";
    case RLBOX_WASM2C_TRAP_DIVISION_BY_ZERO:
      return "integer division by zero";
    case RLBOX_WASM2C_TRAP_INVALID_CONVERSION:
      return "conversion of a floating-point NaN to an integer";
    case RLBOX_WASM2C_TRAP_UNREACHABLE:
      return "unreachable code reached (abort, failed assertion or undefined behaviour)";
    case RLBOX_WASM2C_TRAP_BAD_INDIRECT_CALL:
      return "call through a function pointer that is null, unregistered or of another type";
    case RLBOX_WASM2C_TRAP_STACK_EXHAUSTED:
      return "stack exhausted";
    case RLBOX_WASM2C_TRAP_GUEST_EXIT:
      return "the library called exit";
    case RLBOX_WASM2C_TRAP_MEMORY_LIMIT:
      return "memory limit reached";
    case RLBOX_WASM2C_TRAP_NO_MEMORY:
      return "memory cannot be set up";
    case RLBOX_WASM2C_TRAP_TIME_LIMIT:
      return "time limit reached";
    case RLBOX_WASM2C_TRAP_INTERRUPTED:
      return "interrupted by the application";
    case RLBOX_WASM2C_TRAP_UNCAUGHT_EXCEPTION:
      return "uncaught exception";
    case RLBOX_WASM2C_TRAP_OTHER:
      break;
  }
  return "trap";
}

void rlbox_wasm2c_append(struct rlbox_wasm2c_text* text, const char* piece) {
  if (piece != NULL) {
    while (*piece != '\0' && text->length + 1 < text->capacity) {
      text->data[text->length++] = *piece++;
    }
  }
  text->data[text->length] = '\0';
}

void rlbox_wasm2c_append_number(struct rlbox_wasm2c_text* text, uint64_t number, unsigned base) {
  char digits[24];
  size_t at = sizeof digits;
  digits[--at] = '\0';
  do {
    digits[--at] = "0123456789abcdef"[number % base];
    number /= base;
  } while (number != 0);
  rlbox_wasm2c_append(text, base == 16 ? "0x" : "");
  rlbox_wasm2c_append(text, digits + at);
}

/* Whether what libraries wrote last to stdout and stderr lacks the end of its line. Streams are the
 * process's, so all sandboxes share this. */
static uint8_t unfinished[2];

void rlbox_wasm2c_note_output(uint32_t fd, uint8_t last) {
  __atomic_store_n(&unfinished[fd - 1], last != '\n', __ATOMIC_RELAXED);
}

/* True if stdout has reached the file that stderr writes to, as on a terminal. */
static bool stdout_is_there(void) {
#if defined(__linux__)
  if (__fpending(stdout) != 0) {
    return false;
  }
#endif
  struct stat out, error;
  return fstat(STDOUT_FILENO, &out) == 0 && fstat(STDERR_FILENO, &error) == 0 &&
         out.st_dev == error.st_dev && out.st_ino == error.st_ino;
}

/* True if a report would go on with a line of a library's; forgets that line. */
static bool ends_a_line(void) {
  const bool errors = __atomic_exchange_n(&unfinished[1], 0, __ATOMIC_RELAXED) != 0;
  if (__atomic_load_n(&unfinished[0], __ATOMIC_RELAXED) == 0 || !stdout_is_there()) {
    return errors;
  }
  __atomic_store_n(&unfinished[0], 0, __ATOMIC_RELAXED);
  return true;
}

void rlbox_wasm2c_print(const char* line) {
  char copy[RLBOX_WASM2C_MESSAGE_SIZE + 2];
  struct rlbox_wasm2c_text text = {copy, sizeof copy - 1, 0};
  rlbox_wasm2c_append(&text, ends_a_line() ? "\n" : "");
  rlbox_wasm2c_append(&text, line);
  copy[text.length++] = '\n';
  size_t done = 0;
  while (done < text.length) {
    ssize_t written = write(STDERR_FILENO, copy + done, text.length - done);
    if (written <= 0) {
      break;
    }
    done += (size_t)written;
  }
}
