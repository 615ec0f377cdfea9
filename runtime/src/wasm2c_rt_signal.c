/* Faults: recognising the ones a guest caused, and passing all others on to whoever handled them
 * before. */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#if defined(__APPLE__) && !defined(_DARWIN_C_SOURCE)
#define _DARWIN_C_SOURCE
#endif

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "wasm2c_rt_internal.h"

#define SIGNAL_STACK_BYTES ((size_t)65536)
#define SMALLEST_SIGNAL_STACK ((size_t)16384)
#define GUARD_BYTES ((size_t)65536) /* below it; a multiple of any system's page size */
#define SMALLEST_PAGE ((uintptr_t)4096)
/* An overflow of the thread's stack faults within this distance of the stack pointer. */
#define STACK_REACH ((uintptr_t)0x10000)

static struct rlbox_wasm2c_handler segv_handler = {.number = SIGSEGV};
static struct rlbox_wasm2c_handler bus_handler = {.number = SIGBUS};

static __thread void* signal_stack; /* the alternate stack, if it is ours */
static __thread bool handling;      /* this thread is inside on_fault */

bool rlbox_wasm2c_install_handler(struct rlbox_wasm2c_handler* handler,
                                  void (*function)(int, siginfo_t*, void*), int flags) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = function;
  /* Not blocking the signal lets a survived trap leave the handler by a jump that need not restore
   * the mask. */
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | flags;
  sigemptyset(&action.sa_mask);
  return sigaction(handler->number, NULL, &handler->previous) == 0 &&
         sigaction(handler->number, &action, NULL) == 0;
}

void rlbox_wasm2c_chain(const struct rlbox_wasm2c_handler* handler, siginfo_t* info,
                        void* context) {
  const struct sigaction* previous = &handler->previous;
  const bool sent = info->si_code <= 0; /* by a process: there is no instruction to run again */
  if ((previous->sa_flags & SA_SIGINFO) != 0) {
    previous->sa_sigaction(handler->number, info, context);
  } else if (previous->sa_handler == SIG_IGN && sent) {
    return;
  } else if (previous->sa_handler == SIG_DFL || previous->sa_handler == SIG_IGN) {
    /* The instruction runs again on return and ends the process as if we had never been here. */
    struct sigaction standard;
    memset(&standard, 0, sizeof standard);
    standard.sa_handler = SIG_DFL;
    sigemptyset(&standard.sa_mask);
    sigaction(handler->number, &standard, NULL);
    if (sent) {
      raise(handler->number);
    }
  } else {
    previous->sa_handler(handler->number);
  }
}

/* The stack pointer of the code that a signal has interrupted; 0 if this system's way to say it is
 * not known here. */
static uintptr_t stack_pointer_of(const void* context) {
  const ucontext_t* const machine = context;
#if defined(__linux__) && defined(__x86_64__)
  return (uintptr_t)machine->uc_mcontext.gregs[REG_RSP];
#elif defined(__linux__) && defined(__aarch64__)
  return (uintptr_t)machine->uc_mcontext.sp;
#elif defined(__APPLE__) && defined(__x86_64__)
  return (uintptr_t)machine->uc_mcontext->__ss.__rsp;
#elif defined(__APPLE__) && defined(__aarch64__)
  return (uintptr_t)machine->uc_mcontext->__ss.__sp;
#else
  (void)machine;
  return 0;
#endif
}

/* The address in a word that a function has saved as its return address. Code for arm64 may sign
 * what it saves: in the bits above those of an address. */
static uintptr_t without_signature(uintptr_t word) {
#if defined(__aarch64__)
  return word & ((UINT64_C(1) << 48) - 1);
#else
  return word;
#endif
}

/* True if the word at `address` is the beginning of what the system has put on the stack for a
 * handler that has not returned: the address to which handlers return, and behind it (on x86) the
 * context of the interrupted code. While the handler runs, its signal is blocked besides those that
 * were blocked before. What is left on the stack of a handler that has returned says otherwise,
 * unless the application has blocked more signals since. */
__attribute__((no_sanitize_address, no_sanitize_thread)) static bool is_handlers_frame(
    uintptr_t address, uintptr_t end, const ucontext_t* now, const void* restorer) {
  if (without_signature(*(const uintptr_t*)address) != without_signature((uintptr_t)restorer)) {
    return false;
  }
#if defined(__linux__) && defined(__x86_64__)
  const uintptr_t context = address + sizeof(uintptr_t);
  if (context + offsetof(ucontext_t, uc_sigmask) + sizeof(uint64_t) > end) {
    return false;
  }
  const ucontext_t* const before = (const ucontext_t*)context;
  const uintptr_t interrupted = (uintptr_t)before->uc_mcontext.gregs[REG_RSP];
  const uint64_t blocked_before = *(const uint64_t*)&before->uc_sigmask;
  const uint64_t blocked_now = *(const uint64_t*)&now->uc_sigmask;
  return interrupted > address && interrupted <= end && blocked_now != blocked_before &&
         (blocked_now & blocked_before) == blocked_before;
#else
  (void)end;
  (void)now;
  return true;
#endif
}

/* The first word of the stack that can be read, from `from` on: at an overflow the stack pointer is
 * in the guard area. */
static uintptr_t lowest_readable(uintptr_t from, uintptr_t end) {
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  const int error = errno;
  uintptr_t word = from & ~(sizeof(uintptr_t) - 1);
  while (word < end && !rlbox_wasm2c_is_readable(word)) {
    word = (word / page + 1) * page;
  }
  errno = error;
  return word;
}

/* Reads the stack word by word, frames of others included. */
__attribute__((no_sanitize_address, no_sanitize_thread)) bool rlbox_wasm2c_is_in_handler(
    const struct rlbox_wasm2c_record* record, const void* context, const void* restorer) {
  const uintptr_t at = stack_pointer_of(context);
  if (at == 0 || !rlbox_wasm2c_is_in_use(record)) {
    return false; /* not known */
  }
#if defined(__linux__) && defined(__x86_64__)
  /* On the way back from a handler: its frame has been taken off, its mask not yet. */
  const ucontext_t* const machine = context;
  if ((uintptr_t)machine->uc_mcontext.gregs[REG_RIP] - (uintptr_t)restorer < 16) {
    return true;
  }
#endif
  /* A handler on an alternate stack. (The call itself may have begun there.) */
  stack_t signals;
  if (sigaltstack(NULL, &signals) == 0) {
    const uintptr_t low = (uintptr_t)signals.ss_sp;
    if (at - low < signals.ss_size && record->frame - low >= signals.ss_size) {
      return true;
    }
  }
#if defined(__linux__)
  /* No signal is blocked that was not when the call began. What looks like a handler's frame is
   * what a handler has left behind that has returned; the library can keep that in a frame that it
   * does not fill. */
  if (*(const uint64_t*)&((const ucontext_t*)context)->uc_sigmask == rlbox_wasm2c_watched_mask) {
    return false;
  }
#endif
  /* A handler on the same stack, whose frame lies between the library's frames and its own. The
   * library knows no address of the host's (S17), so it cannot make up such a frame. */
  for (uintptr_t word = lowest_readable(at, record->frame); word < record->frame;
       word += sizeof(uintptr_t)) {
    /* Code for arm64 probes its frames above the stack pointer, which can be below the guard area
     * already: the guard area is then further up. No page is smaller than this. */
    if ((word & (SMALLEST_PAGE - 1)) == 0) {
      word = lowest_readable(word, record->frame);
      if (word >= record->frame) {
        break;
      }
    }
    if (is_handlers_frame(word, record->frame, context, restorer)) {
      return true;
    }
  }
  return false;
}

/* True for a fault of guest code at the end of the stack that the code runs on. Generated code
 * probes its frames page by page, so the fault is next to the stack pointer. The system says the
 * same, without an address, if it finds no room on the stack for the handler of another signal. */
static bool is_stack_overflow(const siginfo_t* info, const void* context) {
  const uintptr_t at = stack_pointer_of(context);
  const uintptr_t end = rlbox_wasm2c_thread.stack_low;
#if defined(SI_KERNEL)
  if (info->si_code == SI_KERNEL && info->si_addr == NULL) {
    return at != 0 && at - end < STACK_REACH;
  }
#endif
  const uintptr_t address = (uintptr_t)info->si_addr;
  const uintptr_t from = at != 0 ? at : end;
  return from != 0 && address < from + STACK_REACH && address + STACK_REACH >= from;
}

/* "address A, its memory has N bytes" */
static void append_place(struct rlbox_wasm2c_text* text,
                         const struct rlbox_wasm2c_reservation* reservation, uintptr_t address) {
  rlbox_wasm2c_append(text, "address ");
  rlbox_wasm2c_append_number(text, address - (uintptr_t)reservation->base, 16);
  rlbox_wasm2c_append(text, ", its memory has ");
  rlbox_wasm2c_append_number(text, reservation->size, 10);
  rlbox_wasm2c_append(text, " bytes");
}

/* Where in its memory a guest went wrong, as the detail of a report. */
static rlbox_wasm2c_trap_reason describe_guest_fault(
    struct rlbox_wasm2c_text* text, const struct rlbox_wasm2c_reservation* reservation,
    uintptr_t address) {
  uint64_t offset = address - (uintptr_t)reservation->base;
  /* The stack lies at the bottom of the memory and grows down, so an overflow wraps to the top of
   * 32 bits. */
  const uint64_t wrapped_stack = UINT64_C(0x100000000) - UINT64_C(0x4000000);
  if (offset >= wrapped_stack && offset < UINT64_C(0x100000000) && offset >= reservation->size) {
    rlbox_wasm2c_append(
        text, "the library's stack ran below address 0 (or a negative index was used), address ");
    rlbox_wasm2c_append_number(text, offset, 16);
    return RLBOX_WASM2C_TRAP_STACK_EXHAUSTED;
  }
  append_place(text, reservation, address);
  return RLBOX_WASM2C_TRAP_OUT_OF_BOUNDS;
}

static void report_host_fault(const struct rlbox_wasm2c_reservation* reservation,
                              uintptr_t address) {
  const struct rlbox_wasm2c_record* record = reservation->record;
  const char* name = record == NULL ? NULL : record->name != NULL ? record->name : record->module;
  char line[RLBOX_WASM2C_MESSAGE_SIZE];
  struct rlbox_wasm2c_text text = {line, sizeof line, 0};
  rlbox_wasm2c_append(&text, "sandbox ");
  rlbox_wasm2c_append(&text, name != NULL ? name : "(unknown)");
  rlbox_wasm2c_append(&text, ": out-of-bounds memory access by the application: ");
  append_place(&text, reservation, address);
  rlbox_wasm2c_print(line);
}

bool rlbox_wasm2c_note_wild_pointer(const void* pointer) {
  const struct rlbox_wasm2c_reservation* reservation = rlbox_wasm2c_find_reservation(pointer);
  struct rlbox_wasm2c_record* record = reservation != NULL ? reservation->record : NULL;
  if (record == NULL || !record->survives) {
    return false;
  }
  char detail[RLBOX_WASM2C_MESSAGE_SIZE];
  struct rlbox_wasm2c_text text = {detail, sizeof detail, 0};
  rlbox_wasm2c_append(&text, "by the application, through a pointer of the library's: ");
  append_place(&text, reservation, (uintptr_t)pointer);
  rlbox_wasm2c_note_trap(record, RLBOX_WASM2C_TRAP_OUT_OF_BOUNDS, detail);
  rlbox_wasm2c_request_stop(record, RLBOX_WASM2C_TRAP_OUT_OF_BOUNDS);
  return true;
}

/* The application has followed a pointer of the library's to a place where the library has no
 * memory. If the sandbox survives traps, the application finds zeroes there. */
static bool survive_host_fault(struct rlbox_wasm2c_reservation* reservation, uintptr_t address) {
  return rlbox_wasm2c_note_wild_pointer((const void*)address) &&
         rlbox_wasm2c_patch(reservation, address);
}

/* Raises the trap of a fault that `record`'s library caused at `address`; returns if it is not
 * known to have done so. */
static void trap_of_fault(struct rlbox_wasm2c_record* record,
                          const struct rlbox_wasm2c_reservation* reservation, const siginfo_t* info,
                          const void* context) {
  char detail[RLBOX_WASM2C_MESSAGE_SIZE] = "the thread's stack is full (recursion too deep?)";
  rlbox_wasm2c_trap_reason reason = RLBOX_WASM2C_TRAP_STACK_EXHAUSTED;
  const bool in_memory = reservation != NULL && reservation->record == record;
  if (in_memory) {
    struct rlbox_wasm2c_text text = {detail, sizeof detail, 0};
    reason = describe_guest_fault(&text, reservation, (uintptr_t)info->si_addr);
  } else if (reservation != NULL || !is_stack_overflow(info, context)) {
    return;
  }
  handling = false;
  rlbox_wasm2c_set_active(record);
  if (in_memory) {
    rlbox_wasm2c_raise(reason, detail); /* guest code holds no lock: flushing stdout is safe here */
  }
  rlbox_wasm2c_raise_fault(reason, detail);
}

static void on_fault(int number, siginfo_t* info, void* context) {
  const struct rlbox_wasm2c_handler* handler = number == SIGBUS ? &bus_handler : &segv_handler;
  const int error = errno;
  /* A fault in this handler, or a signal that was sent and is no fault. */
  if (handling || info->si_code <= 0) {
    handling = false;
    rlbox_wasm2c_chain(handler, info, context);
    return;
  }
  handling = true;
  struct rlbox_wasm2c_record* const active = rlbox_wasm2c_get_active();
  struct rlbox_wasm2c_record* record = rlbox_wasm2c_running();
  if (record != NULL) {
    rlbox_wasm2c_set_active(&rlbox_wasm2c_callback); /* no other signal jumps out of here */
    if (rlbox_wasm2c_is_in_handler(record, context, __builtin_return_address(0))) {
      record = NULL;
    }
  }
  struct rlbox_wasm2c_reservation* reservation = rlbox_wasm2c_find_reservation(info->si_addr);
  if (record != NULL) {
    trap_of_fault(record, reservation, info, context);
  }
  rlbox_wasm2c_set_active(active);
  const bool survived =
      reservation != NULL && survive_host_fault(reservation, (uintptr_t)info->si_addr);
  if (reservation != NULL && !survived) {
    report_host_fault(reservation, (uintptr_t)info->si_addr);
  }
  handling = false;
  errno = error;
  if (!survived) {
    rlbox_wasm2c_chain(handler, info, context);
  }
}

void rlbox_wasm2c_install_fault_handlers(void) {
  if (!rlbox_wasm2c_install_handler(&segv_handler, on_fault, 0) ||
      !rlbox_wasm2c_install_handler(&bus_handler, on_fault, 0)) {
    rlbox_wasm2c_print("rlbox: cannot install the handler for memory faults");
    abort();
  }
}

void rlbox_wasm2c_prepare_thread_signals(void) {
  stack_t now;
  if (sigaltstack(NULL, &now) == 0 && (now.ss_flags & SS_DISABLE) == 0 &&
      now.ss_size >= SMALLEST_SIGNAL_STACK) {
    return; /* a sanitizer or the application has provided one */
  }
  void* mapping = mmap(NULL, GUARD_BYTES + SIGNAL_STACK_BYTES, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping == MAP_FAILED) {
    return; /* faults are then handled on the thread's own stack; only a stack overflow goes
               unreported */
  }
  stack_t fresh;
  memset(&fresh, 0, sizeof fresh);
  fresh.ss_sp = (char*)mapping + GUARD_BYTES;
  fresh.ss_size = SIGNAL_STACK_BYTES;
  if (mprotect(mapping, GUARD_BYTES, PROT_NONE) != 0 || sigaltstack(&fresh, NULL) != 0) {
    munmap(mapping, GUARD_BYTES + SIGNAL_STACK_BYTES);
  } else {
    signal_stack = fresh.ss_sp;
  }
}

void rlbox_wasm2c_release_thread_signals(void) {
  if (signal_stack != NULL) {
    stack_t now;
    if (sigaltstack(NULL, &now) == 0 && now.ss_sp == signal_stack) {
      stack_t off;
      memset(&off, 0, sizeof off);
      off.ss_flags = SS_DISABLE;
      off.ss_size = SIGNAL_STACK_BYTES; /* macOS checks the size even here */
      sigaltstack(&off, NULL);
    }
    munmap((char*)signal_stack - GUARD_BYTES, GUARD_BYTES + SIGNAL_STACK_BYTES);
    signal_stack = NULL;
  }
}
