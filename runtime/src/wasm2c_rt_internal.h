/*
 * Shared by the C sources of the wasm2c runtime; not installed.
 *
 * The sources form layers. A file calls files of the layers below its own, and no others; the test
 * //tests/runtime/link:layers_test reads this drawing and compares the object files with it.
 *
 *   layer 6: mem table exceptions minwasi minwasi_denied files   what generated code calls
 *   layer 5: enter interrupt                    threads come and go; calls are stopped
 *   layer 4: signal                             faults, and the handlers of signals
 *   layer 3: stack                              where stacks end, what is left of them
 *   layer 2: trap                               reports, and the jump out of a call
 *   layer 1: text threads reserve tree          words, the list of threads, address space, files
 *
 * What follows is in that order, from the lowest layer up. Files of layer 6 offer nothing here:
 * their functions are those of wasm-rt.h, wasm2c_rt_mem.h, wasm2c_rt_minwasi.h and
 * wasm2c_rt_files.h. Those of the tree are in wasm2c_rt_tree.h.
 */
#ifndef RLBOX_WASM2C_RT_INTERNAL_H
#define RLBOX_WASM2C_RT_INTERNAL_H

#include <signal.h>
#include <sys/mman.h>

/* Systems differ in these names. */
#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0
#endif
#if !defined(MAP_ANONYMOUS) && defined(MAP_ANON)
#define MAP_ANONYMOUS MAP_ANON
#endif

#include "rlbox_internal/wasm2c/trap.h"

/* ---- text ---------------------------------------------------------------------------------- */

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

/** Writes a line to stderr with write(2). It begins a new line there, also after what a library has
 * written without one at its end. */
void rlbox_wasm2c_print(const char* line);

/** Notes the last byte that a library has written to the process's own stdout (1) or stderr (2). */
void rlbox_wasm2c_note_output(uint32_t fd, uint8_t last);

/* ---- threads ------------------------------------------------------------------------------- */

/** The signal that makes a thread look whether its library is to stop. */
#define RLBOX_WASM2C_STOP_SIGNAL SIGURG

/** Stands for an unknown set of signals: nobody can block SIGKILL. */
#define RLBOX_WASM2C_NO_MASK UINT64_MAX

/** The signals that the calling thread has blocked since its call with a time limit began; outside
 * of such a call RLBOX_WASM2C_NO_MASK. Safe in signal handlers. */
extern RLBOX_WASM2C_THREAD_LOCAL uint64_t rlbox_wasm2c_watched_mask;

/** The sandbox whose code the thread runs, or null. */
static inline struct rlbox_wasm2c_record* rlbox_wasm2c_running(void) {
  struct rlbox_wasm2c_record* record = rlbox_wasm2c_get_active();
  return record != &rlbox_wasm2c_host && record != &rlbox_wasm2c_callback ? record : NULL;
}

/** Makes the list of threads ready for forks. Any number of calls. Whoever takes a lock of its own
 * around the functions below registers its handlers for forks after this call. */
void rlbox_wasm2c_prepare_threads(void);

/** Enters the calling thread into the list of threads that run sandboxes. */
void rlbox_wasm2c_add_thread(void);

/** Takes the calling thread out of the list; the thread ends. */
void rlbox_wasm2c_remove_thread(void);

/** Sets whether the calling thread blocks RLBOX_WASM2C_STOP_SIGNAL; true if that changed something.
 * `mask` gets the signals that the thread blocks afterwards. */
bool rlbox_wasm2c_block_stop_signal(bool blocked, uint64_t* mask);

/** Sends RLBOX_WASM2C_STOP_SIGNAL to each thread that runs the sandbox's library now; how many
 * there are. */
unsigned rlbox_wasm2c_signal_threads(const struct rlbox_wasm2c_record* record);

/** True for a signal that rlbox_wasm2c_signal_threads sent, where the system can tell. */
bool rlbox_wasm2c_is_own_signal(const siginfo_t* info);

/** Makes every thread look again at the stack with this lowest address before it relies on its end.
 */
void rlbox_wasm2c_forget_stack(uintptr_t lowest);

/** Notes that a sandbox's library is to be stopped: no call begins, and the library cannot call the
 * host. Safe in signal handlers and from any thread. */
void rlbox_wasm2c_request_stop(struct rlbox_wasm2c_record* record, rlbox_wasm2c_trap_reason reason);

/* ---- reserve ------------------------------------------------------------------------------- */

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

/* ---- trap ---------------------------------------------------------------------------------- */

/** Stops the guest like rlbox_wasm2c_raise, where the C library must not be called: a fault whose
 * place is not known to be the library's memory. */
WASM_RT_NO_RETURN void rlbox_wasm2c_raise_fault(rlbox_wasm2c_trap_reason reason,
                                                const char* detail);

/* ---- stack --------------------------------------------------------------------------------- */

/** Finds out where the calling thread's own stack lies. Ends the process if nothing guards its end.
 */
void rlbox_wasm2c_find_own_stack(void);

/** True if the aligned 8 bytes that hold `address` can be read. Changes errno. Safe in signal
 * handlers. */
bool rlbox_wasm2c_is_readable(uintptr_t address);

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

/* ---- signal -------------------------------------------------------------------------------- */

/** Installs the fault handlers. To be called once per process. */
void rlbox_wasm2c_install_fault_handlers(void);

/** Gives the calling thread an alternate signal stack, unless it has one. */
void rlbox_wasm2c_prepare_thread_signals(void);

/** Takes the calling thread's alternate signal stack back, if it is the runtime's. */
void rlbox_wasm2c_release_thread_signals(void);

/** A handler of one signal, and who handled it before. */
struct rlbox_wasm2c_handler {
  int number;
  struct sigaction previous;
};

/** Installs a handler that may leave by a jump; `previous` is who handled the signal before. False
 * if the system refuses. */
bool rlbox_wasm2c_install_handler(struct rlbox_wasm2c_handler* handler,
                                  void (*function)(int, siginfo_t*, void*), int flags);

/** Hands a signal on to whoever handled it before. */
void rlbox_wasm2c_chain(const struct rlbox_wasm2c_handler* handler, siginfo_t* info, void* context);

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

#endif /* RLBOX_WASM2C_RT_INTERNAL_H */
