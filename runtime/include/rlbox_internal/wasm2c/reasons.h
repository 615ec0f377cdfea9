/*
 * What applications see of traps. Needs nothing of wasm2c, so that a program for the noop backend
 * compiles with it.
 */
#ifndef RLBOX_INTERNAL_WASM2C_REASONS_H
#define RLBOX_INTERNAL_WASM2C_REASONS_H

#include <stddef.h>

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
  RLBOX_WASM2C_TRAP_TIME_LIMIT,   /**< a call took longer than the sandbox's time limit */
  RLBOX_WASM2C_TRAP_INTERRUPTED,  /**< another thread of the application stopped the library */
  RLBOX_WASM2C_TRAP_UNCAUGHT_EXCEPTION, /**< longjmp to a function that has returned, or a C++
                                           exception */
  RLBOX_WASM2C_TRAP_OTHER               /**< anything else wasm2c reports */
} rlbox_wasm2c_trap_reason;

/** One English phrase for a reason. */
const char* rlbox_wasm2c_trap_text(rlbox_wasm2c_trap_reason reason);

/** The default of `stack_reserve`, in bytes: the reserve that the short checks of the stack work
 * with. */
#define RLBOX_WASM2C_USUAL_RESERVE 65536U

#ifdef __cplusplus
}
#endif

#endif /* RLBOX_INTERNAL_WASM2C_REASONS_H */
