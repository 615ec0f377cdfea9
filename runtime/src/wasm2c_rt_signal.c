/* Faults: recognising the ones a guest caused, and passing all others on to whoever handled them
 * before. */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#if defined(__APPLE__) && !defined(_DARWIN_C_SOURCE)
#define _DARWIN_C_SOURCE
#endif

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "wasm2c_rt_internal.h"

#if !defined(MAP_ANONYMOUS) && defined(MAP_ANON)
#define MAP_ANONYMOUS MAP_ANON
#endif

#define SIGNAL_STACK_BYTES ((size_t)65536)
#define SMALLEST_SIGNAL_STACK ((size_t)16384)
/* A native stack overflow faults within this distance below the stack's end (frames are probed page
 * by page). */
#define STACK_GUARD_REACH UINT64_C(0x100000)

static pthread_once_t handlers_once = PTHREAD_ONCE_INIT;
static pthread_key_t signal_stack_key;
static struct sigaction previous_segv;
static struct sigaction previous_bus;

static __thread uintptr_t stack_end; /* lowest address of the thread's stack, 0 if unknown */
static __thread bool handling;       /* this thread is inside on_fault */

/* Hands the signal to the handler that was there before ours. */
static void chain(int number, siginfo_t* info, void* context) {
  const struct sigaction* previous = number == SIGBUS ? &previous_bus : &previous_segv;
  handling = false;
  if ((previous->sa_flags & SA_SIGINFO) != 0) {
    previous->sa_sigaction(number, info, context);
  } else if (previous->sa_handler == SIG_DFL || previous->sa_handler == SIG_IGN) {
    /* The instruction runs again on return and ends the process as if we had never been here. */
    struct sigaction standard;
    memset(&standard, 0, sizeof standard);
    standard.sa_handler = SIG_DFL;
    sigemptyset(&standard.sa_mask);
    sigaction(number, &standard, NULL);
    if (info->si_code <= 0) { /* sent by a process: there is no instruction to run again */
      raise(number);
    }
  } else {
    previous->sa_handler(number);
  }
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
  rlbox_wasm2c_append(text, "address ");
  rlbox_wasm2c_append_number(text, offset, 16);
  rlbox_wasm2c_append(text, ", its memory has ");
  rlbox_wasm2c_append_number(text, reservation->size, 10);
  rlbox_wasm2c_append(text, " bytes");
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
  rlbox_wasm2c_append(&text, ": out-of-bounds memory access by the application: address ");
  rlbox_wasm2c_append_number(&text, address - (uintptr_t)reservation->base, 16);
  rlbox_wasm2c_append(&text, ", its memory has ");
  rlbox_wasm2c_append_number(&text, reservation->size, 10);
  rlbox_wasm2c_append(&text, " bytes");
  rlbox_wasm2c_print(line);
}

static void on_fault(int number, siginfo_t* info, void* context) {
  const uintptr_t address = (uintptr_t)info->si_addr;
  const struct rlbox_wasm2c_record* record = rlbox_wasm2c_running();
  if (handling ||
      info->si_code <= 0) { /* a fault in this handler, or a signal that was sent and not a fault */
    chain(number, info, context);
    return;
  }
  handling = true;
  const struct rlbox_wasm2c_reservation* reservation = rlbox_wasm2c_find_reservation(info->si_addr);
  if (reservation != NULL) {
    if (record != NULL && reservation->record == record) {
      char detail[RLBOX_WASM2C_MESSAGE_SIZE];
      struct rlbox_wasm2c_text text = {detail, sizeof detail, 0};
      rlbox_wasm2c_trap_reason reason = describe_guest_fault(&text, reservation, address);
      handling = false;
      rlbox_wasm2c_raise(reason,
                         detail); /* guest code holds no lock, so flushing stdout is safe here */
    }
    report_host_fault(reservation, address);
  } else if (record != NULL && stack_end != 0 && address < stack_end + STACK_GUARD_REACH / 16 &&
             address + STACK_GUARD_REACH >= stack_end) {
    handling = false;
    rlbox_wasm2c_raise_fault(RLBOX_WASM2C_TRAP_STACK_EXHAUSTED,
                             "the thread's stack is full (recursion too deep?)");
  }
  chain(number, info, context);
  handling = false;
}

static void free_signal_stack(void* memory) {
  stack_t off;
  memset(&off, 0, sizeof off);
  off.ss_flags = SS_DISABLE;
  off.ss_size = SIGNAL_STACK_BYTES; /* macOS checks the size even here */
  stack_t now;
  if (sigaltstack(NULL, &now) == 0 && now.ss_sp == memory) {
    sigaltstack(&off, NULL);
  }
  munmap(memory, SIGNAL_STACK_BYTES);
  rlbox_wasm2c_active =
      NULL; /* a later use in another destructor of this thread sets it up again */
}

static void install_handlers(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = on_fault;
  /* Not blocking the signal lets a survived trap leave the handler by a jump that need not restore
   * the mask. */
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  sigemptyset(&action.sa_mask);
  if (pthread_key_create(&signal_stack_key, free_signal_stack) != 0 ||
      sigaction(SIGSEGV, NULL, &previous_segv) != 0 ||
      sigaction(SIGBUS, NULL, &previous_bus) != 0 || sigaction(SIGSEGV, &action, NULL) != 0 ||
      sigaction(SIGBUS, &action, NULL) != 0) {
    rlbox_wasm2c_print("rlbox: cannot install the handler for memory faults");
    abort();
  }
}

void rlbox_wasm2c_install_fault_handlers(void) { pthread_once(&handlers_once, install_handlers); }

static void find_stack_end(void) {
#if defined(__linux__)
  pthread_attr_t attributes;
  void* lowest = NULL;
  size_t bytes = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
    if (pthread_attr_getstack(&attributes, &lowest, &bytes) == 0) {
      stack_end = (uintptr_t)lowest;
    }
    pthread_attr_destroy(&attributes);
  }
#elif defined(__APPLE__)
  pthread_t self = pthread_self();
  stack_end = (uintptr_t)pthread_get_stackaddr_np(self) - pthread_get_stacksize_np(self);
#endif
}

void rlbox_wasm2c_prepare_thread_signals(void) {
  find_stack_end();
  stack_t now;
  if (sigaltstack(NULL, &now) == 0 && (now.ss_flags & SS_DISABLE) == 0 &&
      now.ss_size >= SMALLEST_SIGNAL_STACK) {
    return; /* a sanitizer or the application has provided one */
  }
  void* memory =
      mmap(NULL, SIGNAL_STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    return; /* faults are then handled on the thread's own stack; only a stack overflow goes
               unreported */
  }
  stack_t fresh;
  memset(&fresh, 0, sizeof fresh);
  fresh.ss_sp = memory;
  fresh.ss_size = SIGNAL_STACK_BYTES;
  if (sigaltstack(&fresh, NULL) != 0 || pthread_setspecific(signal_stack_key, memory) != 0) {
    munmap(memory, SIGNAL_STACK_BYTES);
  }
}
