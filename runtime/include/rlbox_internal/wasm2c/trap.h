/*
 * Traps of wasm2c sandboxes: who is running, what happens when the guest fails, and how a fault is
 * recognised.
 *
 * Each thread knows whose code it is running: `rlbox_wasm2c_thread.active` is the record of a
 * sandbox while the thread runs code of that sandbox's library, and another record while it runs
 * code of the host. A trap, whether raised by generated code (wasm_rt_trap), by the processor (an
 * access behind a memory's end) or from outside (a time limit), is attributed to the active
 * sandbox. If the sandbox has a jump target, the call is left through it, so the call fails and the
 * host goes on; otherwise the trap ends in the sandbox's `fail` function after a report that names
 * the reason, the sandbox, the module and the function.
 *
 * Invariant S15: a jump to a target leaves frames of generated code only. Two rules keep it:
 *   1. While a sandbox is active, its target belongs to the innermost call into it on this thread:
 *      rlbox_wasm2c_guarded_call sets the target first and the active sandbox second, and takes
 * both back in the opposite order.
 *   2. Host code that the guest calls (callbacks, WASI functions, the functions of wasm-rt.h that
 *      allocate) runs while another record than the sandbox's is the active one, or does nothing
 *      that a jump could leave half done: it takes no lock, allocates nothing and calls no libc
 *      function that does.
 *
 * Invariant S12: before host code runs on behalf of the guest, the thread's stack has at least
 * `stack_reserve` bytes left (rlbox_wasm2c_need_stack).
 */
#ifndef RLBOX_INTERNAL_WASM2C_TRAP_H
#define RLBOX_INTERNAL_WASM2C_TRAP_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wasm-rt.h"
#include "wasm2c_rt_mem.h"
#include "rlbox_internal/wasm2c/reasons.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Length of a trap message, terminating zero included. */
#define RLBOX_WASM2C_MESSAGE_SIZE 320

struct rlbox_wasm2c_record;

/** A sandbox that is to be stopped at a time. The fields are the C runtime's. */
struct rlbox_wasm2c_watch {
  struct rlbox_wasm2c_record* record;
  rlbox_wasm2c_trap_reason reason;
  uint64_t deadline;   /* nanoseconds of the monotonic clock */
  uint64_t pause;      /* until the next attempt, if the first was in vain */
  bool unblocked;      /* the thread had blocked the signal that stops it */
  uint64_t outer_mask; /* the signals that the thread blocks in the call around this one */
  pthread_t thread;    /* whose call it is */
  struct rlbox_wasm2c_watch* next;
  struct rlbox_wasm2c_watch** link; /* null: not watched */
};

/** No stack begins below this address (rlbox_wasm2c_find_stack refuses such a stack), and no
 * `roomy_bytes` is larger. */
#define RLBOX_WASM2C_LOWEST_STACK (1U << 30)

/** A `stack_limit` that no stack pointer reaches. */
#define RLBOX_WASM2C_NO_STACK UINTPTR_MAX

/** The `frame` of a sandbox while a verifier looks at the sandbox's memory in place (invariant
 * S20): in use, and on no stack, so that no call can begin. */
#define RLBOX_WASM2C_VIEWED UINTPTR_MAX

/** A try block of the library that is entered: rlbox_internal/wasm2c/exceptions.h. It lies in the
 * frame of the generated function, where the library cannot write. */
struct rlbox_wasm2c_try {
  /** Which call into the sandbox it belongs to: rlbox_wasm2c_record.frame at that time. */
  uintptr_t call;
  /** The innermost try block when that call began: one of a call around it, or null. */
  struct rlbox_wasm2c_try* outer_call;
  /** Where a throw continues. */
  sigjmp_buf buffer;
};

/** What a library has thrown. */
struct rlbox_wasm2c_exception {
  /** Identifies the kind; only compared. */
  const void* tag;
  /** Bytes in `values`. */
  uint32_t size;
  /** Room for each type of tag that a module may have. */
  uint64_t values[16];
};

/** What the C runtime knows about a sandbox. Zero-initialised is valid. */
struct rlbox_wasm2c_record {
  /** Name of this sandbox, for reports; null: the module's name. */
  const char* name;
  /** Name of the module; may be null. */
  const char* module;
  /** The embedder's object for this sandbox; not used by the C runtime. */
  void* owner;
  /** Identifies the type of `owner`; not used by the C runtime. */
  const void* owner_type;
  /** Name of the exported function with this address, or null. May be null. */
  const char* (*function_name)(wasm_rt_function_ptr_t function);
  /** Called with the report when a trap is not survived; must not return. Null: print to stderr and
   * abort. */
  void (*fail)(const char* message);
  /** Where on the stack the call began that the application has made and that has not returned yet;
   * 0 while no thread runs code of the sandbox. At least RLBOX_WASM2C_LOWEST_STACK otherwise:
   * RLBOX_WASM2C_VIEWED while no call may begin. */
  uintptr_t frame;
  /** The generated function that was called, or the last one. */
  wasm_rt_function_ptr_t function;
  /** Where a trap continues (a sigjmp_buf), or null if it ends in `fail`. */
  void* target;
  /** Host code may run for the guest without further ado while the stack pointer is not below this
   * address. It belongs to the stack that the sandbox was last called on (rlbox_wasm2c_note_limit):
   * the library runs on no other. RLBOX_WASM2C_NO_STACK, so that rlbox_wasm2c_check_stack decides,
   * if the guest is to be stopped, and before the first call. Atomic: another thread sets it. */
  uintptr_t stack_limit;
  /** Calls may go straight into the generated code: a trap ends the program, and no call has a
   * time limit. Atomic. */
  bool plain;
  /** Bytes of the thread's stack that must be left before host code runs for the guest. */
  size_t stack_reserve;
  /** A trap reason if the guest is to be stopped, otherwise RLBOX_WASM2C_TRAP_NONE. Atomic: another
   * thread sets it. */
  uint32_t stop;
  /** An interrupt that has not been heard yet. */
  struct rlbox_wasm2c_watch interrupt;
  /** Calls fail instead of ending in `fail`: `target` is set whenever the guest runs. */
  bool survives;
  /** Largest number of pages the memory may grow to; 0: what the module says. */
  uint64_t max_pages;
  /** Most entries that the module may ask for in its table. */
  uint32_t max_table;
  /** Entries for functions of the host that the table has besides the module's own. */
  uint32_t spare_entries;
  /** Raise a trap when the guest asks for more memory than the limit, instead of refusing the
   * request. */
  bool trap_on_memory_limit;
  /** Report the first refused request on stderr. */
  bool report_memory_limit;
  /** The guest trapped; its state is undefined and it must not be entered again. */
  bool trapped;
  /** How often the guest asked for more memory than the limit. */
  uint32_t memory_limit_hits;
  /** Why, if `trapped`. */
  rlbox_wasm2c_trap_reason reason;
  /** The report, if `trapped`. */
  char message[RLBOX_WASM2C_MESSAGE_SIZE];
  /** The library's innermost try block, or null. It counts for throws of the call that it belongs
   * to. */
  struct rlbox_wasm2c_try* innermost;
  /** What the library has thrown last. */
  struct rlbox_wasm2c_exception exception;
  /** Code of the library that throws a description of an exception which nothing catches, given
   * `guest` and the exception's address; it returns if it does not know the exception. Null: there
   * is none. */
  void (*describe)(void* guest, uint32_t thrown);
  /** The library's instance, for `describe`. */
  void* guest;
  /** `describe` has been called. */
  bool described;
};

/* Every call and callback reads it, so it is found at a fixed distance from the thread pointer
 * instead of through a function call, also in position-independent code. */
#if defined(__ELF__)
#define RLBOX_WASM2C_THREAD_LOCAL __thread __attribute__((tls_model("initial-exec")))
#else
#define RLBOX_WASM2C_THREAD_LOCAL __thread
#endif

/** Stands in place of the sandbox in a callback that is not registered: nothing of the host runs
 * for it. */
extern struct rlbox_wasm2c_record rlbox_wasm2c_unregistered;

/** What the runtime knows about the calling thread. */
struct rlbox_wasm2c_thread {
  /** The sandbox whose code the thread runs; null before rlbox_wasm2c_enter_thread. Read it and
   * write it with rlbox_wasm2c_get_active and rlbox_wasm2c_set_active. */
  struct rlbox_wasm2c_record* active;
  /** The stack that the thread was last seen on: its lowest usable address, and its size in bytes.
   * Both 0: unknown. */
  uintptr_t stack_low;
  size_t stack_bytes;
  /** The part of it with more than RLBOX_WASM2C_USUAL_RESERVE left, for the short checks: its
   * lowest address, and its size. */
  uintptr_t roomy_low;
  size_t roomy_bytes;
};
extern RLBOX_WASM2C_THREAD_LOCAL struct rlbox_wasm2c_thread rlbox_wasm2c_thread;

/** Stands for the application's own code on a thread that runs no sandbox. */
extern struct rlbox_wasm2c_record rlbox_wasm2c_host;

/** Stands for the application's own code that a sandbox has called: a callback, a function that
 * a stream was redirected to, or a part of this runtime that must run to its end. */
extern struct rlbox_wasm2c_record rlbox_wasm2c_callback;

/* Small functions that every call runs: also inlined in builds without optimisation. */
#define RLBOX_WASM2C_INLINE __attribute__((always_inline)) static inline

/** The sandbox whose code the calling thread runs. */
RLBOX_WASM2C_INLINE struct rlbox_wasm2c_record* rlbox_wasm2c_get_active(void) {
  return __atomic_load_n(&rlbox_wasm2c_thread.active, __ATOMIC_RELAXED);
}

/** Sets it. Signal handlers of this thread see what was written before, and no
 * access moves from one side of the call to the other. */
RLBOX_WASM2C_INLINE void rlbox_wasm2c_set_active(struct rlbox_wasm2c_record* record) {
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  __atomic_store_n(&rlbox_wasm2c_thread.active, record, __ATOMIC_RELAXED);
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/**
 * Sets up what is needed once per process (fault handlers) and once per thread (alternate signal
 * stack), and returns the thread's active sandbox, which is then not null.
 */
struct rlbox_wasm2c_record* rlbox_wasm2c_enter_thread(void);

/**
 * Runs body(argument) with `record` as the calling thread's active sandbox; a trap inside makes it
 * return false. The active sandbox is afterwards what it was before. If body leaves by a C++
 * exception, the caller restores the active sandbox first and `target` second.
 */
bool rlbox_wasm2c_guarded_call(struct rlbox_wasm2c_record* record, void (*body)(void*),
                               void* argument);

/** Stops the guest. `detail` (may be null) is appended to the reason's text. Does not return. */
WASM_RT_NO_RETURN void rlbox_wasm2c_raise(rlbox_wasm2c_trap_reason reason, const char* detail);

/** What `unreachable` calls in the generated function of that name. A function that the linker has
 * put in place of one of another type is reported with the name of the function that was meant. */
WASM_RT_NO_RETURN void rlbox_wasm2c_trap_unreachable(const char* function);

/** Prints a line on stderr and aborts: for destructors that find a use that cannot go on. */
WASM_RT_NO_RETURN void rlbox_wasm2c_abort(const char* message);

/** Notes a trap that host code found out about, without leaving the host code. A sandbox that has
 * trapped already keeps its first report. */
void rlbox_wasm2c_note_trap(struct rlbox_wasm2c_record* record, rlbox_wasm2c_trap_reason reason,
                            const char* detail);

/** Notes as a trap that host code follows a wild pointer into a sandbox that survives traps, and
 * stops the library. False if the pointer is into no such sandbox. Safe in signal handlers. */
bool rlbox_wasm2c_note_wild_pointer(const void* pointer);

/** Stops the active guest for the reason in `record->stop`. Does not return. */
WASM_RT_NO_RETURN void rlbox_wasm2c_stop_now(struct rlbox_wasm2c_record* record);

/**
 * Finds out on which stack the calling thread runs. Null if library code may run there; otherwise
 * why not: nothing guards the stack's end, or the runtime does not know the stack. To be called
 * while the host is active.
 */
const char* rlbox_wasm2c_find_stack(void);

/**
 * True if a new call into the sandbox would be one inside the last call that has not returned: on
 * the same stack, and made by a callback of that call or of one inside it.
 */
bool rlbox_wasm2c_is_nested(const struct rlbox_wasm2c_record* record);

/** What rlbox_wasm2c_need_stack does if the short check does not let host code run: finds out on
 * which stack the thread is, and raises a trap if it must. */
void rlbox_wasm2c_check_stack(const struct rlbox_wasm2c_record* record);

/** The stack pointer, or an address close above it. */
RLBOX_WASM2C_INLINE uintptr_t rlbox_wasm2c_stack_pointer(void) {
  uintptr_t here;
#if defined(__x86_64__)
  /* Volatile: a coroutine can go on on another stack, so each place reads it anew. */
  __asm__ volatile("mov %%rsp, %0" : "=r"(here));
#elif defined(__aarch64__)
  __asm__ volatile("mov %0, sp" : "=r"(here));
#else
  here = (uintptr_t)__builtin_frame_address(0);
#endif
  return here;
}

/** Notes where a call into the sandbox begins: `here` is the stack pointer. */
RLBOX_WASM2C_INLINE void rlbox_wasm2c_note_frame(struct rlbox_wasm2c_record* record,
                                                 uintptr_t here) {
  record->frame = here;
}

/** Notes how far down the stack host code may start for the guest, on the stack that the thread is
 * known to run on. For calls while the sandbox runs nothing. */
void rlbox_wasm2c_note_limit(struct rlbox_wasm2c_record* record);

/** True if a call into the sandbox has not returned, or a verifier looks at the sandbox's memory.
 */
RLBOX_WASM2C_INLINE bool rlbox_wasm2c_is_in_use(const struct rlbox_wasm2c_record* record) {
  return record->frame != 0;
}

/** True while a verifier looks at the sandbox's memory in place. */
RLBOX_WASM2C_INLINE bool rlbox_wasm2c_is_viewed(const struct rlbox_wasm2c_record* record) {
  return record->frame == RLBOX_WASM2C_VIEWED;
}

/** True if the calling thread is on the stack that it was last seen on. */
RLBOX_WASM2C_INLINE bool rlbox_wasm2c_knows_stack(void) {
  return __builtin_expect(rlbox_wasm2c_stack_pointer() - rlbox_wasm2c_thread.stack_low <
                              rlbox_wasm2c_thread.stack_bytes,
                          1);
}

/** True if a call may go straight into the generated code: the sandbox runs nothing, the calling
 * thread is on the stack that it was last seen on, with the usual reserve left, and
 * rlbox_wasm2c_note_limit has noted for that stack that the sandbox is plain, is not to be stopped
 * and needs no larger reserve. `here` is the stack pointer. What a `frame` in use sets lies above
 * all that `roomy_bytes` can be. */
RLBOX_WASM2C_INLINE bool rlbox_wasm2c_is_free(const struct rlbox_wasm2c_record* record,
                                              uintptr_t here) {
  const uintptr_t low = rlbox_wasm2c_thread.roomy_low;
  return __builtin_expect(((here - low) | record->frame) < rlbox_wasm2c_thread.roomy_bytes, 1) &&
         __builtin_expect(__atomic_load_n(&record->stack_limit, __ATOMIC_RELAXED) == low, 1);
}

/** True if host code may run for the guest without further ado: the stack that the guest was called
 * on has the reserve left, and nobody has asked to stop the guest. */
RLBOX_WASM2C_INLINE bool rlbox_wasm2c_has_stack(const struct rlbox_wasm2c_record* record) {
  bool has;
#if defined(__x86_64__)
  /* By way of no register. */
  __asm__ volatile("cmp %1, %%rsp" : "=@ccae"(has) : "m"(record->stack_limit));
#else
  has = rlbox_wasm2c_stack_pointer() >= __atomic_load_n(&record->stack_limit, __ATOMIC_RELAXED);
#endif
  return __builtin_expect(has, 1);
}

/**
 * Raises a trap unless host code may run for the guest: nobody has asked to stop the guest, and at
 * least `record->stack_reserve` bytes of the stack that the calling thread runs on are left. To be
 * called while the guest is active.
 */
RLBOX_WASM2C_INLINE void rlbox_wasm2c_need_stack(const struct rlbox_wasm2c_record* record) {
  if (!rlbox_wasm2c_has_stack(record)) {
    rlbox_wasm2c_check_stack(record);
  }
}

/** The innermost try block when the innermost call into the sandbox began; null if there was none.
 */
RLBOX_WASM2C_INLINE struct rlbox_wasm2c_try* rlbox_wasm2c_outer_try(
    const struct rlbox_wasm2c_record* record) {
  struct rlbox_wasm2c_try* const block = record->innermost;
  return block != NULL && block->call == record->frame ? block->outer_call : block;
}

/** Takes back the try blocks of the innermost call into `guest`, whose frames are about to be left
 * by an exception of the application that leaves a callback, or may be by `fail`. */
RLBOX_WASM2C_INLINE void rlbox_wasm2c_leave_try_blocks(struct rlbox_wasm2c_record* guest) {
  guest->innermost = rlbox_wasm2c_outer_try(guest);
}

/** Ends a part that host code has run for `guest`: the guest is active again, and stops here if
 * somebody asked for that in the meantime. */
RLBOX_WASM2C_INLINE void rlbox_wasm2c_leave_host(struct rlbox_wasm2c_record* guest) {
  rlbox_wasm2c_set_active(guest);
  if (__builtin_expect(__atomic_load_n(&guest->stop, __ATOMIC_RELAXED) != 0, 0)) {
    rlbox_wasm2c_stop_now(guest);
  }
}

/**
 * Stops the library of a sandbox with `reason`, from any thread: a call that runs now fails, and so
 * does each later one. Code of the host that the library has called runs to its end first; the
 * library then stops within about a millisecond, or when it calls the host again. Waits until no
 * thread runs the library, at most a tenth of a second; false if one still does.
 */
bool rlbox_wasm2c_interrupt(struct rlbox_wasm2c_record* record, rlbox_wasm2c_trap_reason reason);

/** Forgets an interrupt; the sandbox goes away. */
void rlbox_wasm2c_forget_interrupt(struct rlbox_wasm2c_record* record);

/** Makes what time limits need; false if the system refuses it. Any number of calls. */
bool rlbox_wasm2c_prepare_watch(void);

/** From now on, the calling thread's call into the sandbox is stopped after so many nanoseconds. */
void rlbox_wasm2c_begin_watch(struct rlbox_wasm2c_watch* watch, struct rlbox_wasm2c_record* record,
                              uint64_t nanoseconds);

/** The call is over. */
void rlbox_wasm2c_end_watch(struct rlbox_wasm2c_watch* watch);

/**
 * Tells the runtime of a stack that is not a thread's own, such as a coroutine's: `bytes` bytes
 * from `lowest` on. The page below it, or the lowest one, must be inaccessible. Null, or why the
 * stack cannot be used.
 */
const char* rlbox_wasm2c_add_stack(const void* lowest, size_t bytes);

/** The stack that was added with this lowest address is no longer used. */
void rlbox_wasm2c_remove_stack(const void* lowest);

#ifdef __cplusplus
}
#endif

#endif /* RLBOX_INTERNAL_WASM2C_TRAP_H */
