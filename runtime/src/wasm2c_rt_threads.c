/* The threads that run sandboxes: whose code each one runs, and how one thread makes another look
 * whether its library is to stop.
 *
 * The signal for that is SIGURG: by default it is ignored, debuggers pass it on, and the C library
 * does not use it. Signals of this runtime carry a value of their own.
 */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#if defined(__APPLE__) && !defined(_DARWIN_C_SOURCE)
#define _DARWIN_C_SOURCE
#endif

#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "wasm2c_rt_internal.h"

RLBOX_WASM2C_THREAD_LOCAL struct rlbox_wasm2c_thread rlbox_wasm2c_thread;
struct rlbox_wasm2c_record rlbox_wasm2c_host;
struct rlbox_wasm2c_record rlbox_wasm2c_callback;
struct rlbox_wasm2c_record rlbox_wasm2c_unregistered = {.stack_limit = RLBOX_WASM2C_NO_STACK};
RLBOX_WASM2C_THREAD_LOCAL uint64_t rlbox_wasm2c_watched_mask = RLBOX_WASM2C_NO_MASK;

/* A thread that runs sandboxes. */
struct thread {
  pthread_t id;
  struct rlbox_wasm2c_thread* state;
  struct thread* next;
  struct thread** link;
};

static __thread struct thread self;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards `threads` */
static struct thread* threads;

static const char own_value = 0; /* its address is what our signals carry */

bool rlbox_wasm2c_block_stop_signal(bool blocked, uint64_t* mask) {
  sigset_t signal_set;
  sigset_t set;
  sigemptyset(&signal_set);
  sigaddset(&signal_set, RLBOX_WASM2C_STOP_SIGNAL);
  *mask = 0;
  if (pthread_sigmask(blocked ? SIG_BLOCK : SIG_UNBLOCK, &signal_set, &set) != 0) {
    return false;
  }
  const bool changed = (sigismember(&set, RLBOX_WASM2C_STOP_SIGNAL) == 1) != blocked;
  (blocked ? sigaddset : sigdelset)(&set, RLBOX_WASM2C_STOP_SIGNAL);
  memcpy(mask, &set, sizeof set < sizeof *mask ? sizeof set : sizeof *mask);
  return changed;
}

static void send_signal(pthread_t thread) {
#if defined(__GLIBC__)
  pthread_sigqueue(thread, RLBOX_WASM2C_STOP_SIGNAL,
                   (union sigval){.sival_ptr = (void*)&own_value});
#else
  pthread_kill(thread, RLBOX_WASM2C_STOP_SIGNAL);
#endif
}

bool rlbox_wasm2c_is_own_signal(const siginfo_t* info) {
  return info->si_code == SI_QUEUE && info->si_value.sival_ptr == &own_value;
}

unsigned rlbox_wasm2c_signal_threads(const struct rlbox_wasm2c_record* record) {
  unsigned count = 0;
  pthread_mutex_lock(&lock);
  for (const struct thread* thread = threads; thread != NULL; thread = thread->next) {
    if (__atomic_load_n(&thread->state->active, __ATOMIC_RELAXED) == record) {
      send_signal(thread->id);
      count++;
    }
  }
  pthread_mutex_unlock(&lock);
  return count;
}

void rlbox_wasm2c_forget_stack(uintptr_t lowest) {
  pthread_mutex_lock(&lock);
  for (const struct thread* thread = threads; thread != NULL; thread = thread->next) {
    if (__atomic_load_n(&thread->state->stack_low, __ATOMIC_RELAXED) == lowest) {
      __atomic_store_n(&thread->state->stack_bytes, 0, __ATOMIC_RELAXED);
      __atomic_store_n(&thread->state->roomy_bytes, 0, __ATOMIC_RELAXED);
    }
  }
  pthread_mutex_unlock(&lock);
}

void rlbox_wasm2c_request_stop(struct rlbox_wasm2c_record* record,
                               rlbox_wasm2c_trap_reason reason) {
  uint32_t none = RLBOX_WASM2C_TRAP_NONE;
  __atomic_compare_exchange_n(&record->stop, &none, (uint32_t)reason, false, __ATOMIC_SEQ_CST,
                              __ATOMIC_SEQ_CST);
  __atomic_store_n(&record->stack_limit, RLBOX_WASM2C_NO_STACK, __ATOMIC_SEQ_CST);
}

/* ---- the list ------------------------------------------------------------------------------ */

static void enter_list(void) {
  pthread_mutex_lock(&lock);
  self.next = threads;
  self.link = &threads;
  if (threads != NULL) {
    threads->link = &self.next;
  }
  threads = &self;
  pthread_mutex_unlock(&lock);
}

static void before_fork(void) { pthread_mutex_lock(&lock); }
static void after_fork_in_parent(void) { pthread_mutex_unlock(&lock); }

/* Of all threads, the child has the one that called fork. */
static void after_fork_in_child(void) {
  threads = NULL;
  pthread_mutex_unlock(&lock);
  if (self.link != NULL) {
    self.id = pthread_self();
    enter_list();
  }
}

static void register_fork_handlers(void) {
  pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

void rlbox_wasm2c_prepare_threads(void) {
  static pthread_once_t forks = PTHREAD_ONCE_INIT;
  pthread_once(&forks, register_fork_handlers);
}

void rlbox_wasm2c_add_thread(void) {
  uint64_t unused;
  rlbox_wasm2c_prepare_threads();
  rlbox_wasm2c_block_stop_signal(false, &unused);
  self.id = pthread_self();
  self.state = &rlbox_wasm2c_thread;
  enter_list();
}

void rlbox_wasm2c_remove_thread(void) {
  pthread_mutex_lock(&lock);
  if (self.link != NULL) {
    *self.link = self.next;
    if (self.next != NULL) {
      self.next->link = self.link;
    }
    self.link = NULL;
  }
  pthread_mutex_unlock(&lock);
}
