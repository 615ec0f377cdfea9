/* Traps: the frame that a call is left to, reports, and the jump. */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif

#include <fenv.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "wasm2c_rt_internal.h"

/* The signal mask is not saved (that would be a system call): the fault handler runs with it
 * unchanged, except under ThreadSanitizer, which masks every signal in handlers. */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SAVE_SIGNAL_MASK 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define SAVE_SIGNAL_MASK 1
#endif
#if !defined(SAVE_SIGNAL_MASK)
#define SAVE_SIGNAL_MASK 0
#endif

/* How floating-point numbers are computed. Handlers of signals begin with the system's defaults,
 * and a jump out of one would leave those in force. */
struct arithmetic {
#if defined(__x86_64__)
  unsigned mxcsr;
  unsigned short x87;
#else
  fenv_t all;
#endif
};

__attribute__((always_inline)) static inline void save_arithmetic(struct arithmetic* to) {
#if defined(__x86_64__)
  __asm__ volatile("stmxcsr %0" : "=m"(to->mxcsr));
  __asm__ volatile("fnstcw %0" : "=m"(to->x87));
#else
  fegetenv(&to->all);
#endif
}

static void restore_arithmetic(const struct arithmetic* from) {
#if defined(__x86_64__)
  __asm__ volatile("ldmxcsr %0" : : "m"(from->mxcsr));
  __asm__ volatile("fldcw %0" : : "m"(from->x87));
#else
  fesetenv(&from->all);
#endif
}

bool rlbox_wasm2c_guarded_call(struct rlbox_wasm2c_record* record, void (*body)(void*),
                               void* argument) {
  struct arithmetic arithmetic;
  save_arithmetic(&arithmetic);
  struct rlbox_wasm2c_record* volatile entered = record;
  struct rlbox_wasm2c_record* volatile before = rlbox_wasm2c_get_active();
  void* volatile outer = record->target;
  struct rlbox_wasm2c_try* volatile outer_try = record->innermost;
  sigjmp_buf target;
  if (sigsetjmp(target, SAVE_SIGNAL_MASK) != 0) {
    rlbox_wasm2c_set_active(before);
    entered->target = outer;
    entered->innermost = outer_try;
    restore_arithmetic(&arithmetic);
    return false;
  }
  record->target = &target;
  rlbox_wasm2c_leave_host(record); /* a request to stop that came before goes to the target */
  body(argument);
  rlbox_wasm2c_set_active(before);
  record->target = outer;
  return true;
}

/* "sandbox NAME: REASON: DETAIL (module M, in a call of F)" */
static void describe(struct rlbox_wasm2c_text* text, const struct rlbox_wasm2c_record* record,
                     rlbox_wasm2c_trap_reason reason, const char* detail) {
  const char* module = record != NULL ? record->module : NULL;
  const char* name = record != NULL && record->name != NULL ? record->name : module;
  rlbox_wasm2c_append(text, "sandbox ");
  rlbox_wasm2c_append(text, name != NULL ? name : "(unknown)");
  rlbox_wasm2c_append(text, ": ");
  rlbox_wasm2c_append(text, rlbox_wasm2c_trap_text(reason));
  if (detail != NULL) {
    rlbox_wasm2c_append(text, ": ");
    rlbox_wasm2c_append(text, detail);
  }
  const char* function = NULL;
  if (record != NULL && record->function_name != NULL && rlbox_wasm2c_is_in_use(record) &&
      !rlbox_wasm2c_is_viewed(record)) {
    function = record->function_name(record->function);
  }
  if (module != NULL) {
    rlbox_wasm2c_append(text, " (module ");
    rlbox_wasm2c_append(text, module);
    if (function != NULL) {
      rlbox_wasm2c_append(text, ", in a call of ");
      rlbox_wasm2c_append(text, function);
    }
    rlbox_wasm2c_append(text, ")");
  }
  if (record != NULL && record->memory_limit_hits != 0 &&
      reason != RLBOX_WASM2C_TRAP_MEMORY_LIMIT) {
    rlbox_wasm2c_append(text, "; its memory limit had been reached before");
  }
}

void rlbox_wasm2c_note_trap(struct rlbox_wasm2c_record* record, rlbox_wasm2c_trap_reason reason,
                            const char* detail) {
  if (!record->trapped) {
    struct rlbox_wasm2c_text text = {record->message, RLBOX_WASM2C_MESSAGE_SIZE, 0};
    describe(&text, record, reason, detail);
    record->reason = reason;
    record->trapped = true;
  }
}

/* Bytes that are left of the stack that the thread runs on, as far as it is known; 0 if not. */
static size_t stack_left(void) {
  const uintptr_t here = rlbox_wasm2c_stack_pointer();
  const size_t left = here - rlbox_wasm2c_thread.stack_low;
  if (left < rlbox_wasm2c_thread.stack_bytes) {
    return left;
  }
  stack_t signals; /* in a handler of this runtime */
  if (sigaltstack(NULL, &signals) == 0 && here - (uintptr_t)signals.ss_sp < signals.ss_size) {
    return here - (uintptr_t)signals.ss_sp;
  }
  return 0;
}

/* What `stdout` holds belongs before a report, and abort() would lose it. */
static void flush_output(void) {
  const size_t needed = 16384; /* bytes of stack */
  if (stack_left() >= needed) {
    fflush(stdout);
  }
}

/* Ends the process, or does what the embedder does instead if there is room on the stack for that.
 */
WASM_RT_NO_RETURN static void fail_with(const struct rlbox_wasm2c_record* record,
                                        const char* message) {
  const size_t needed = 32768; /* bytes of stack: half of the runtime's alternate one */
  if (record != NULL && record->fail != NULL && stack_left() >= needed) {
    record->fail(message);
  } else {
    rlbox_wasm2c_print(message);
  }
  abort();
}

void rlbox_wasm2c_abort(const char* message) { fail_with(NULL, message); }

static void raise_trap(rlbox_wasm2c_trap_reason reason, const char* detail, bool may_flush) {
  struct rlbox_wasm2c_record* record = rlbox_wasm2c_running();
  char message[RLBOX_WASM2C_MESSAGE_SIZE];
  if (record != NULL) {
    rlbox_wasm2c_note_trap(record, reason, detail);
    if (record->target != NULL) {
      siglongjmp(*(sigjmp_buf*)record->target, 1);
    }
    /* What follows is the host's: nothing may jump out of it. The application's own `fail` may
     * leave the frames of the call all the same (S18). */
    rlbox_wasm2c_set_active(&rlbox_wasm2c_callback);
    rlbox_wasm2c_leave_try_blocks(record);
  } else {
    struct rlbox_wasm2c_text text = {message, sizeof message, 0};
    describe(&text, NULL, reason, detail);
  }
  if (may_flush) {
    flush_output();
  }
  fail_with(record, record != NULL ? record->message : message);
}

void rlbox_wasm2c_raise_fault(rlbox_wasm2c_trap_reason reason, const char* detail) {
  raise_trap(reason, detail, false);
  abort();
}

void rlbox_wasm2c_raise(rlbox_wasm2c_trap_reason reason, const char* detail) {
  raise_trap(reason, detail, true);
  abort();
}

void rlbox_wasm2c_stop_now(struct rlbox_wasm2c_record* record) {
  rlbox_wasm2c_raise((rlbox_wasm2c_trap_reason)__atomic_load_n(&record->stop, __ATOMIC_RELAXED),
                     NULL);
}

/* The name that wasm-ld gives to its function, as wasm2c writes it in C. A number may follow. */
static const char mismatch[] = "_signature_mismatch0x3A";

void rlbox_wasm2c_trap_unreachable(const char* function) {
  const char* found = strstr(function, mismatch);
  if (found == NULL) {
    rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_UNREACHABLE, NULL);
  }
  char name[128];
  struct rlbox_wasm2c_text text = {name, sizeof name, 0};
  rlbox_wasm2c_append(&text, found + sizeof mismatch - 1);
  char* number = strstr(name, "0x2E");
  if (number != NULL) {
    *number = '\0';
  }
  char detail[256];
  text = (struct rlbox_wasm2c_text){detail, sizeof detail, 0};
  rlbox_wasm2c_append(&text, "a call of '");
  rlbox_wasm2c_append(&text, name);
  rlbox_wasm2c_append(&text, "' with another prototype than it is defined with");
  rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_UNREACHABLE, detail);
}

/* ---- wabt's interface ---------------------------------------------------------------------- */

void wasm_rt_trap(wasm_rt_trap_t code) {
  switch (code) {
    case WASM_RT_TRAP_OOB:
      rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_OUT_OF_BOUNDS,
                         "bulk memory, table or data segment operation");
    case WASM_RT_TRAP_INT_OVERFLOW:
      rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_INTEGER_OVERFLOW, NULL);
    case WASM_RT_TRAP_DIV_BY_ZERO:
      rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_DIVISION_BY_ZERO, NULL);
    case WASM_RT_TRAP_INVALID_CONVERSION:
      rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_INVALID_CONVERSION, NULL);
    case WASM_RT_TRAP_UNREACHABLE:
      rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_UNREACHABLE, NULL);
    case WASM_RT_TRAP_CALL_INDIRECT:
    case WASM_RT_TRAP_NULL_REF:
      rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_BAD_INDIRECT_CALL, NULL);
#if !WASM_RT_MERGED_OOB_AND_EXHAUSTION_TRAPS
    case WASM_RT_TRAP_EXHAUSTION:
      rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_STACK_EXHAUSTED, NULL);
#endif
    default:
      rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_OTHER, NULL);
  }
}

/* This runtime needs no set-up per process or per thread but that of rlbox_wasm2c_enter_thread. */
void wasm_rt_init(void) {}
bool wasm_rt_is_initialized(void) { return true; }
void wasm_rt_free(void) {}
void wasm_rt_init_thread(void) {}
void wasm_rt_free_thread(void) {}
