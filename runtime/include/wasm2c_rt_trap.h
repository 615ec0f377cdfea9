/*
 * Traps of wasm2c sandboxes: who is running, what happens when the guest fails, and how a fault is
 * recognised.
 *
 * Each thread knows the sandbox whose code it is running. A trap, whether raised by generated code
 * (wasm_rt_trap) or by the processor (an access behind a memory's end), is attributed to it. If the
 * sandbox has a jump target, the call is left through it, so the call fails and the host goes on;
 * otherwise the trap ends in the sandbox's `fail` function after a report that names the reason,
 * the sandbox, the module and the function.
 */
#ifndef RLBOX_WASM2C_RT_TRAP_H
#define RLBOX_WASM2C_RT_TRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wasm-rt.h"
#include "wasm2c_rt_mem.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Why a guest was stopped. */
typedef enum rlbox_wasm2c_trap_reason {
  RLBOX_WASM2C_TRAP_NONE = 0,
  RLBOX_WASM2C_TRAP_OUT_OF_BOUNDS,      /**< access outside the memory or a table */
  RLBOX_WASM2C_TRAP_INTEGER_OVERFLOW,   /**< overflow of a division or a conversion */
  RLBOX_WASM2C_TRAP_DIVISION_BY_ZERO,   /**< integer division by zero */
  RLBOX_WASM2C_TRAP_INVALID_CONVERSION, /**< not a number converted to an integer */
  RLBOX_WASM2C_TRAP_UNREACHABLE, /**< `unreachable`: abort(), a failed assertion, __builtin_trap()
                                  */
  RLBOX_WASM2C_TRAP_BAD_INDIRECT_CALL, /**< call through a null, stale or differently typed function
                                          pointer */
  RLBOX_WASM2C_TRAP_STACK_EXHAUSTED,   /**< the guest's stack or the thread's stack is full */
  RLBOX_WASM2C_TRAP_GUEST_EXIT,        /**< exit() in the guest */
  RLBOX_WASM2C_TRAP_MEMORY_LIMIT, /**< memory limit reached, where the sandbox asked for a trap */
  RLBOX_WASM2C_TRAP_NO_MEMORY,    /**< address space or memory could not be had from the system */
  RLBOX_WASM2C_TRAP_OTHER         /**< anything else wasm2c reports */
} rlbox_wasm2c_trap_reason;

/** One English phrase for a reason. */
const char* rlbox_wasm2c_trap_text(rlbox_wasm2c_trap_reason reason);

/** Length of a trap message, terminating zero included. */
#define RLBOX_WASM2C_MESSAGE_SIZE 320

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
  /** The generated function that runs now, or null. */
  wasm_rt_function_ptr_t function;
  /** Where a trap continues (a sigjmp_buf), or null if it ends in `fail`. */
  void* target;
  /** Largest number of pages the memory may grow to; 0: what the module says. */
  uint64_t max_pages;
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
};

/* Every call and callback reads it, so it is found at a fixed distance from the thread pointer
 * instead of through a function call, also in position-independent code. */
#if defined(__ELF__)
#define RLBOX_WASM2C_THREAD_LOCAL __thread __attribute__((tls_model("initial-exec")))
#else
#define RLBOX_WASM2C_THREAD_LOCAL __thread
#endif

/** The sandbox whose code the calling thread runs; null before rlbox_wasm2c_enter_thread. */
extern RLBOX_WASM2C_THREAD_LOCAL struct rlbox_wasm2c_record* rlbox_wasm2c_active;

/** Stands for the application's own code on a thread that runs no sandbox. */
extern struct rlbox_wasm2c_record rlbox_wasm2c_host;

/** Stands for the application's own code that a sandbox has called: a callback, or a function that
 * a stream was redirected to. */
extern struct rlbox_wasm2c_record rlbox_wasm2c_callback;

/**
 * Sets up what is needed once per process (fault handlers) and once per thread (alternate signal
 * stack), and returns the thread's active sandbox, which is then not null.
 */
struct rlbox_wasm2c_record* rlbox_wasm2c_enter_thread(void);

/**
 * Runs body(argument), with the calling thread's active sandbox being `record`; a trap inside makes
 * it return false. If body leaves by a C++ exception, the caller restores `target`.
 */
bool rlbox_wasm2c_guarded_call(struct rlbox_wasm2c_record* record, void (*body)(void*),
                               void* argument);

/** Stops the guest. `detail` (may be null) is appended to the reason's text. Does not return. */
WASM_RT_NO_RETURN void rlbox_wasm2c_raise(rlbox_wasm2c_trap_reason reason, const char* detail);

/** The handler that wasm_rt_trap calls (WASM_RT_TRAP_HANDLER). Does not return. */
WASM_RT_NO_RETURN void rlbox_wasm2c_trap(wasm_rt_trap_t code);

/*
 * Link-time check: the WASM_RT_* definitions change the layout and the checks of the generated
 * code, so a translation unit that sees other values than the runtime was compiled with refers to a
 * symbol that does not exist, and the linker names it.
 */
#define RLBOX_WASM2C_CONFIG_PASTE_(guard, elimination, signal, depth) \
  rlbox_wasm_rt_definitions_differ__guard_pages_##guard##__oob_read_elimination_##elimination##__signal_handler_##signal##__stack_depth_count_##depth
#define RLBOX_WASM2C_CONFIG_PASTE(guard, elimination, signal, depth) \
  RLBOX_WASM2C_CONFIG_PASTE_(guard, elimination, signal, depth)
#define RLBOX_WASM2C_CONFIG_SYMBOL                                            \
  RLBOX_WASM2C_CONFIG_PASTE(WASM_RT_MEMCHECK_GUARD_PAGES,                     \
                            WASM_RT_NONCONFORMING_ALLOW_OOB_READ_ELIMINATION, \
                            WASM_RT_INSTALL_SIGNAL_HANDLER, WASM_RT_STACK_DEPTH_COUNT)
/** Defined by the runtime under a name that spells its WASM_RT_* definitions. */
extern const char RLBOX_WASM2C_CONFIG_SYMBOL;

#ifdef __cplusplus
}
#endif

#endif /* RLBOX_WASM2C_RT_TRAP_H */
