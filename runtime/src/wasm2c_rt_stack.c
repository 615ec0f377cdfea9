/* The stacks that guest code runs on: where they end, and how much of them is left.
 *
 * A function of the host may have a frame that is larger than the guard area below the stack, and
 * its compiler need not probe it. So nothing of the host runs for a guest unless the sandbox's
 * reserve is left (invariant S12). Generated code probes its frames; what stops it is the guard
 * area.
 */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#if defined(__APPLE__) && !defined(_DARWIN_C_SOURCE)
#define _DARWIN_C_SOURCE
#endif

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/syscall.h>
#endif

#include "wasm2c_rt_internal.h"

/* What Linux keeps free below the main thread's stack at least, however large the stack may grow.
 */
#define MAIN_STACK_GAP ((size_t)128 << 20)

#define TOO_LOW                                                                          \
  "RLBox: a stack lies in the lowest gigabyte of the address space, where library code " \
  "cannot run. To fix: allocate the stack with mmap."

struct region {
  uintptr_t low;  /* lowest usable address */
  uintptr_t high; /* behind the highest one */
};

struct added_stack {
  struct region region;
  struct added_stack* next;
};

static __thread struct region own; /* the stack that the system gave the thread */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards `added` */
static struct added_stack* added;

static bool contains(const struct region* region, uintptr_t address) {
  return address >= region->low && address < region->high;
}

bool rlbox_wasm2c_is_readable(uintptr_t address) {
  const uintptr_t word = address & ~(uintptr_t)7;
#if defined(__linux__)
  /* Fails in any case: the system reads the set of signals, and then finds that it is to do nothing
   * that exists with it. Needs no descriptor, and is safe in signal handlers. */
  return syscall(SYS_rt_sigprocmask, -1, word, NULL, 8) != 0 && errno != EFAULT;
#else
  int ends[2];
  if (pipe(ends) != 0) {
    return false;
  }
  const bool readable = write(ends[1], (const void*)word, 1) == 1;
  close(ends[0]);
  close(ends[1]);
  return readable;
#endif
}

/* True if code that runs off the stack's lower end faults, now and later. Where nothing is mapped
 * below, something may be mapped soon: that is no guard. */
static bool is_guarded(const struct region* region) {
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  const uintptr_t below = (region->low - 1) / page * page;
  unsigned char unused;
  return !rlbox_wasm2c_is_readable(region->low) ||
         (!rlbox_wasm2c_is_readable(region->low - 1) &&
          mincore((void*)below, page, (void*)&unused) == 0);
}

#if defined(__linux__)
static bool is_main_thread(void) { return getpid() == (pid_t)syscall(SYS_gettid); }

static struct region find_own(size_t* guard) {
  struct region found = {0, 0};
  pthread_attr_t attributes;
  void* lowest = NULL;
  size_t bytes = 0;
  *guard = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
    if (pthread_attr_getstack(&attributes, &lowest, &bytes) == 0) {
      found.low = (uintptr_t)lowest;
      found.high = found.low + bytes;
      pthread_attr_getguardsize(&attributes, guard);
    }
    pthread_attr_destroy(&attributes);
  }
  if (is_main_thread()) {
    struct rlimit limit;
    if (bytes > MAIN_STACK_GAP &&
        (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)) {
      found.low = found.high - MAIN_STACK_GAP; /* what else is free may be mapped later */
    }
    *guard = 1; /* the kernel's */
  }
  return found;
}
#elif defined(__APPLE__)
static struct region find_own(size_t* guard) {
  pthread_t self = pthread_self();
  struct region found;
  found.high = (uintptr_t)pthread_get_stackaddr_np(self);
  found.low = found.high - pthread_get_stacksize_np(self);
  *guard = 1;
  return found;
}
#else
static struct region find_own(size_t* guard) {
  struct region found = {0, 0};
  *guard = 1;
  return found;
}
#endif

/* What is known of the thread's stack, all of one stack. A signal's handler may call a sandbox on a
 * stack of its own at any moment, and leaves what it found there. */
static struct rlbox_wasm2c_thread known_stack(void) {
  const volatile struct rlbox_wasm2c_thread* const from = &rlbox_wasm2c_thread;
  struct rlbox_wasm2c_thread known = {.active = NULL};
  do {
    known.stack_low = from->stack_low;
    known.stack_bytes = from->stack_bytes;
    known.roomy_low = from->roomy_low;
    known.roomy_bytes = from->roomy_bytes;
  } while (known.stack_low != from->stack_low || known.stack_bytes != from->stack_bytes ||
           known.roomy_low != from->roomy_low || known.roomy_bytes != from->roomy_bytes);
  return known;
}

static void set_stack(const struct region* region) {
  volatile struct rlbox_wasm2c_thread* const to = &rlbox_wasm2c_thread;
  const size_t bytes = region->high - region->low;
  size_t roomy = bytes > RLBOX_WASM2C_USUAL_RESERVE ? bytes - RLBOX_WASM2C_USUAL_RESERVE : 0;
  if (roomy > RLBOX_WASM2C_LOWEST_STACK) {
    roomy = RLBOX_WASM2C_LOWEST_STACK;
  }
  const uintptr_t roomy_low = region->high - roomy;
  do { /* a handler in between would leave a part of each stack */
    to->stack_low = region->low;
    to->stack_bytes = bytes;
    to->roomy_low = roomy_low;
    to->roomy_bytes = roomy;
  } while (to->stack_low != region->low || to->stack_bytes != bytes || to->roomy_low != roomy_low ||
           to->roomy_bytes != roomy);
}

void rlbox_wasm2c_find_own_stack(void) {
  size_t guard = 0;
  own = find_own(&guard);
  if (own.low != 0 && guard == 0 && !is_guarded(&own)) {
    rlbox_wasm2c_print(
        "rlbox: a thread without a guard area below its stack called a sandbox; a library's "
        "recursion would overwrite the memory there. To fix: give the thread one "
        "(pthread_attr_setguardsize), or make the page below its stack inaccessible.");
    abort();
  }
  /* A stack below stays unknown, and rlbox_wasm2c_find_stack refuses it. */
  if (own.low >= RLBOX_WASM2C_LOWEST_STACK) {
    set_stack(&own);
  }
}

/* A process that forks while another thread holds the lock has a child that can use it. */
static void before_fork(void) { pthread_mutex_lock(&lock); }
static void after_fork(void) { pthread_mutex_unlock(&lock); }
static void prepare_for_forks(void) { pthread_atfork(before_fork, after_fork, after_fork); }

const char* rlbox_wasm2c_add_stack(const void* lowest, size_t bytes) {
  static pthread_once_t forks = PTHREAD_ONCE_INIT;
  const struct region region = {(uintptr_t)lowest, (uintptr_t)lowest + bytes};
  if (lowest == NULL || bytes == 0 || region.high < region.low) {
    return "RLBox: a stack was described by a null address or an impossible size";
  }
  if (region.low < RLBOX_WASM2C_LOWEST_STACK) {
    return TOO_LOW;
  }
  if (!is_guarded(&region)) {
    return "RLBox: a stack has no guard page, so a library's recursion would overwrite the memory "
           "below it. To fix: make its lowest page inaccessible (mprotect with PROT_NONE).";
  }
  struct added_stack* stack = calloc(1, sizeof *stack);
  if (stack == NULL) {
    return "RLBox: no memory to note a stack";
  }
  stack->region = region;
  pthread_once(&forks, prepare_for_forks);
  pthread_mutex_lock(&lock);
  stack->next = added;
  added = stack;
  pthread_mutex_unlock(&lock);
  return NULL;
}

void rlbox_wasm2c_remove_stack(const void* lowest) {
  struct added_stack* found = NULL;
  pthread_mutex_lock(&lock);
  for (struct added_stack** at = &added; *at != NULL; at = &(*at)->next) {
    if ((*at)->region.low == (uintptr_t)lowest) {
      found = *at;
      *at = found->next;
      break;
    }
  }
  pthread_mutex_unlock(&lock);
  free(found);
  rlbox_wasm2c_forget_stack((uintptr_t)lowest);
}

/* The stack that `address` lies in. Null, or why library code must not run there. */
static const char* find_region(uintptr_t address, struct region* found) {
  stack_t signals;
  if (sigaltstack(NULL, &signals) == 0 && (signals.ss_flags & SS_ONSTACK) != 0) {
    found->low = (uintptr_t)signals.ss_sp;
    found->high = found->low + signals.ss_size;
    if (contains(found, address)) {
      return is_guarded(found) ? NULL
                               : "RLBox: a signal handler called a sandbox on an alternate stack "
                                 "without a guard page, and a library's recursion would overwrite "
                                 "the memory below. To fix: make the lowest page of the stack "
                                 "inaccessible (mprotect with PROT_NONE).";
    }
  }
  if (contains(&own, address)) {
    *found = own;
    return NULL;
  }
  bool known = false;
  pthread_mutex_lock(&lock);
  for (const struct added_stack* stack = added; stack != NULL && !known; stack = stack->next) {
    if (contains(&stack->region, address)) {
      *found = stack->region;
      known = true;
    }
  }
  pthread_mutex_unlock(&lock);
  return known
             ? NULL
             : "RLBox: the thread runs on a stack that the runtime does not know the end of; name "
               "the stack with rlbox_wasm2c_stack";
}

const char* rlbox_wasm2c_find_stack(void) {
  struct region found = {0, 0};
  const char* problem = find_region(rlbox_wasm2c_stack_pointer(), &found);
  if (problem == NULL && found.low < RLBOX_WASM2C_LOWEST_STACK) {
    problem = TOO_LOW;
  }
  if (problem == NULL) {
    set_stack(&found);
  }
  return problem;
}

void rlbox_wasm2c_note_limit(struct rlbox_wasm2c_record* record) {
  const struct rlbox_wasm2c_thread known = known_stack();
  uintptr_t limit = known.roomy_low;
  if (record->stack_reserve > RLBOX_WASM2C_USUAL_RESERVE) {
    limit = known.stack_low + record->stack_reserve;
  }
  if (limit == known.roomy_low && !__atomic_load_n(&record->plain, __ATOMIC_RELAXED)) {
    limit++; /* for rlbox_wasm2c_is_free */
  }
  if (rlbox_wasm2c_stack_pointer() - known.stack_low >= known.stack_bytes) {
    limit = RLBOX_WASM2C_NO_STACK; /* since the caller looked, a handler has run on its own stack */
  }
  if (__atomic_load_n(&record->stack_limit, __ATOMIC_RELAXED) != limit) {
    /* Either this thread sees a request to stop, or the request's own limit comes after this one.
     */
    __atomic_store_n(&record->stack_limit, limit, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&record->stop, __ATOMIC_SEQ_CST) != RLBOX_WASM2C_TRAP_NONE) {
      __atomic_store_n(&record->stack_limit, RLBOX_WASM2C_NO_STACK, __ATOMIC_RELAXED);
    }
  }
}

bool rlbox_wasm2c_is_nested(const struct rlbox_wasm2c_record* record) {
  const uintptr_t here = rlbox_wasm2c_stack_pointer();
  return record->frame >= here &&
         record->frame - rlbox_wasm2c_thread.stack_low < rlbox_wasm2c_thread.stack_bytes;
}

void rlbox_wasm2c_check_stack(const struct rlbox_wasm2c_record* record) {
  const uintptr_t here = rlbox_wasm2c_stack_pointer();
  if (record == &rlbox_wasm2c_unregistered) {
    rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_BAD_INDIRECT_CALL,
                       "a callback that is not registered any more");
  }
  const uint32_t stop = __atomic_load_n(&record->stop, __ATOMIC_RELAXED);
  if (stop != RLBOX_WASM2C_TRAP_NONE) {
    rlbox_wasm2c_raise((rlbox_wasm2c_trap_reason)stop, NULL);
  }
  struct rlbox_wasm2c_thread known = known_stack();
  while (here - known.stack_low >= known.stack_bytes) { /* a call on another stack has been made */
    struct rlbox_wasm2c_record* const active = rlbox_wasm2c_get_active();
    rlbox_wasm2c_set_active(&rlbox_wasm2c_callback); /* locks are taken */
    const char* const problem = rlbox_wasm2c_find_stack();
    rlbox_wasm2c_set_active(active);
    if (problem != NULL) {
      rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_STACK_EXHAUSTED, problem);
    }
    known = known_stack();
  }
  const size_t left = here - known.stack_low;
  const size_t reserve = record->stack_reserve;
  if (left < reserve) {
    char detail[RLBOX_WASM2C_MESSAGE_SIZE];
    struct rlbox_wasm2c_text text = {detail, sizeof detail, 0};
    rlbox_wasm2c_append_number(&text, left, 10);
    rlbox_wasm2c_append(&text,
                        " bytes of the thread's stack are left, and code of the application "
                        "runs with no less than ");
    rlbox_wasm2c_append_number(&text, reserve, 10);
    rlbox_wasm2c_raise(RLBOX_WASM2C_TRAP_STACK_EXHAUSTED, detail);
  }
}
