/* Shared by the C sources of the wasm2c runtime; not installed. */
#ifndef RLBOX_WASM2C_RT_INTERNAL_H
#define RLBOX_WASM2C_RT_INTERNAL_H

#include <signal.h>

#include "rlbox_internal/wasm2c/trap.h"

/** The sandbox whose code the thread runs, or null. */
static inline struct rlbox_wasm2c_record* rlbox_wasm2c_running(void) {
  struct rlbox_wasm2c_record* record = rlbox_wasm2c_get_active();
  return record != &rlbox_wasm2c_host && record != &rlbox_wasm2c_callback ? record : NULL;
}

/**
 * Begins a part of the runtime that must run to its end: it may take locks and call libc. Returns
 * what rlbox_wasm2c_leave_host wants, null if no guest is active. The thread's stack has at least
 * the guest's reserve left, or the guest is stopped here.
 */
static inline struct rlbox_wasm2c_record* rlbox_wasm2c_enter_host(void) {
  struct rlbox_wasm2c_record* guest = rlbox_wasm2c_running();
  if (guest != NULL) {
    rlbox_wasm2c_need_stack(guest);
    rlbox_wasm2c_set_active(&rlbox_wasm2c_callback);
  }
  return guest;
}

/** Ends it. `guest` may be null. */
static inline void rlbox_wasm2c_return_to(struct rlbox_wasm2c_record* guest) {
  if (guest != NULL) {
    rlbox_wasm2c_leave_host(guest);
  }
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

/** Makes pages of a reservation accessible from the one that holds `address` on, behind the
 * memory's end: zeroes for a host that follows a wild pointer. False if the system refuses. Safe in
 * signal handlers. */
bool rlbox_wasm2c_patch(struct rlbox_wasm2c_reservation* reservation, uintptr_t address);

/** Notes that a sandbox's library is to be stopped: no call begins, and the library cannot call the
 * host. Safe in signal handlers and from any thread. */
void rlbox_wasm2c_request_stop(struct rlbox_wasm2c_record* record, rlbox_wasm2c_trap_reason reason);

/** Installs the fault handlers, once per process. */
void rlbox_wasm2c_install_fault_handlers(void);

/** Gives the calling thread an alternate signal stack, unless it has one. */
void rlbox_wasm2c_prepare_thread_signals(void);

/** Finds out where the calling thread's own stack lies. Ends the process if nothing guards its end.
 */
void rlbox_wasm2c_find_own_stack(void);

/** True if the aligned 8 bytes that hold `address` can be read. Changes errno. Safe in signal
 * handlers. */
bool rlbox_wasm2c_is_readable(uintptr_t address);

/** Makes every thread look again at the stack with this lowest address before it relies on its end.
 */
void rlbox_wasm2c_forget_stack(uintptr_t lowest);

/** Bytes that are left of the stack that the thread runs on, as far as it is known; 0 if not. */
size_t rlbox_wasm2c_stack_left(void);

/** Enters the calling thread into the list of threads that run sandboxes. */
void rlbox_wasm2c_add_thread(void);

/** Takes it out; the thread ends. */
void rlbox_wasm2c_remove_thread(void);

/** A handler of one signal, and who handled it before. */
struct rlbox_wasm2c_handler {
  int number;
  struct sigaction previous;
};

/** Installs a handler that may leave by a jump; `previous` is who handled the signal before. False
 * if the system refuses. */
bool rlbox_wasm2c_install_handler(struct rlbox_wasm2c_handler* handler,
                                  void (*function)(int, siginfo_t*, void*), int flags);

/** Stands for an unknown set of signals: nobody can block SIGKILL. */
#define RLBOX_WASM2C_NO_MASK UINT64_MAX

/** The signals that the calling thread has blocked since its call with a time limit began; outside
 * of such a call RLBOX_WASM2C_NO_MASK. Safe in signal handlers. */
uint64_t rlbox_wasm2c_watched_mask(void);

/**
 * True if a signal that came while `record` was active has not interrupted the library's code but a
 * handler of another signal, which in turn has interrupted the library: code of the host, which no
 * trap may leave.
 *
 * @param context what the handler of the signal got.
 * @param restorer the address to which that handler returns.
 */
bool rlbox_wasm2c_is_in_handler(const struct rlbox_wasm2c_record* record, const void* context,
                                const void* restorer);

/** Hands a signal on to whoever handled it before. */
void rlbox_wasm2c_chain(const struct rlbox_wasm2c_handler* handler, siginfo_t* info, void* context);

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
