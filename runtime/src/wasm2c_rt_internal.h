/* Shared by the C sources of the wasm2c runtime; not installed. */
#ifndef RLBOX_WASM2C_RT_INTERNAL_H
#define RLBOX_WASM2C_RT_INTERNAL_H

#include "wasm2c_rt_trap.h"

/** The sandbox whose code the thread runs, or null. */
static inline struct rlbox_wasm2c_record* rlbox_wasm2c_running(void) {
  struct rlbox_wasm2c_record* record = rlbox_wasm2c_active;
  return record != &rlbox_wasm2c_host && record != &rlbox_wasm2c_callback ? record : NULL;
}

/**
 * Reserves address space for one memory and registers it for `record` (may be null). Nothing is
 * accessible yet. Null if the system refuses; errno says why.
 */
struct rlbox_wasm2c_reservation* rlbox_wasm2c_reserve(struct rlbox_wasm2c_record* record);

/** Makes the first `size` bytes accessible; `size` never shrinks. False if the system refuses. */
bool rlbox_wasm2c_commit(struct rlbox_wasm2c_reservation* reservation, uint64_t size);

/** Gives a reservation back; its address space becomes free. */
void rlbox_wasm2c_release(struct rlbox_wasm2c_reservation* reservation);

/** Shows `name` for the reservation in /proc/self/maps, where the system can do that. */
void rlbox_wasm2c_name_mapping(struct rlbox_wasm2c_reservation* reservation, const char* name);

/** Installs the fault handlers, once per process. */
void rlbox_wasm2c_install_fault_handlers(void);

/** Gives the calling thread an alternate signal stack, unless it has one. */
void rlbox_wasm2c_prepare_thread_signals(void);

/** Stops the guest like rlbox_wasm2c_raise, for a fault at `address`. */
WASM_RT_NO_RETURN void rlbox_wasm2c_raise_fault(rlbox_wasm2c_trap_reason reason,
                                                const char* detail);

/** A message under construction, for places where printf is not allowed. Always zero-terminated. */
struct rlbox_wasm2c_text {
  char* data;
  size_t capacity;
  size_t length;
};

/** Appends a string; null appends nothing. Text that does not fit is cut. */
void rlbox_wasm2c_append(struct rlbox_wasm2c_text* text, const char* piece);

/** Appends an unsigned number in decimal or hexadecimal (with 0x). */
void rlbox_wasm2c_append_number(struct rlbox_wasm2c_text* text, uint64_t number, unsigned base);

/** Writes a line to stderr with write(2). */
void rlbox_wasm2c_print(const char* line);

#endif /* RLBOX_WASM2C_RT_INTERNAL_H */
