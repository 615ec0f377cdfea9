/* Stopping a library from outside: interrupts and time limits.
 *
 * A request to stop is written into the sandbox's record first. The thread that runs the sandbox
 * sees the request when host code returns to the library, and when a call begins; while library
 * code runs, a signal makes the thread look. The signal's handler leaves the library by the same
 * jump as any other trap, and only while the sandbox is active (invariant S15), so host code is
 * never left.
 *
 * Signals of this runtime carry a value of their own; all others go to whoever handled the signal
 * before.
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
#include <string.h>
#include <time.h>

#include "wasm2c_rt_internal.h"

#define NANOSECONDS UINT64_C(1000000000)
#define FIRST_PAUSE UINT64_C(1000000)    /* nanoseconds until the signal is sent again */
#define LONGEST_PAUSE UINT64_C(16000000) /* while the library is not found running */
#define RETRIES 100

static pthread_mutex_t watch_lock = PTHREAD_MUTEX_INITIALIZER; /* guards what follows */
static pthread_cond_t watch_changed;
static struct rlbox_wasm2c_watch* watches;
static uint64_t wakes_at;     /* when the watching thread wakes by itself; 0: it does not */
static bool watcher_is_there; /* the thread runs */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct rlbox_wasm2c_handler handler = {.number = RLBOX_WASM2C_STOP_SIGNAL};
static bool ready;

static void on_signal(int number, siginfo_t* info, void* context) {
  (void)number;
  const int error = errno;
  struct rlbox_wasm2c_record* record = rlbox_wasm2c_running();
  if (record != NULL && __atomic_load_n(&record->stop, __ATOMIC_RELAXED) != 0 &&
      !rlbox_wasm2c_is_in_handler(record, context, __builtin_return_address(0))) {
    rlbox_wasm2c_stop_now(record); /* library code holds no lock, so flushing stdout is safe */
  }
  const bool ignored =
      (handler.previous.sa_flags & SA_SIGINFO) == 0 &&
      (handler.previous.sa_handler == SIG_DFL || handler.previous.sa_handler == SIG_IGN);
  errno = error;
  if (!rlbox_wasm2c_is_own_signal(info) &&
      !ignored) { /* what SIGURG does by default is nothing, too */
    rlbox_wasm2c_chain(&handler, info, context);
  }
}

/* ---- one-time preparation ------------------------------------------------------------------ */

static void watch_from(struct rlbox_wasm2c_watch* watch, struct rlbox_wasm2c_record* record,
                       rlbox_wasm2c_trap_reason reason, uint64_t deadline);

static bool make_condition(void) {
#if defined(__APPLE__)
  return pthread_cond_init(&watch_changed, NULL) == 0;
#else
  pthread_condattr_t attributes;
  return pthread_condattr_init(&attributes) == 0 &&
         pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
         pthread_cond_init(&watch_changed, &attributes) == 0;
#endif
}

static void before_fork(void) { pthread_mutex_lock(&watch_lock); }
static void after_fork_in_parent(void) { pthread_mutex_unlock(&watch_lock); }

/* The child has the calls of the thread that called fork, and no others. The condition's state
 * speaks of a thread that the child does not have, so it is made anew. */
static void after_fork_in_child(void) {
  struct rlbox_wasm2c_watch* kept = NULL;
  for (struct rlbox_wasm2c_watch *watch = watches, *next; watch != NULL; watch = next) {
    next = watch->next;
    watch->link = NULL;
    if (pthread_equal(watch->thread, pthread_self())) {
      watch->next = kept;
      kept = watch;
    }
  }
  watches = NULL;
  wakes_at = 0;
  watcher_is_there = false;
  memset(&watch_changed, 0, sizeof watch_changed);
  make_condition();
  pthread_mutex_unlock(&watch_lock);
  for (struct rlbox_wasm2c_watch *watch = kept, *next; watch != NULL; watch = next) {
    next = watch->next;
    watch_from(watch, watch->record, watch->reason, watch->deadline);
  }
}

static void prepare(void) {
  /* The watching thread takes `watch_lock` first and the lock of the list of threads second, and so
   * must fork: it runs the handlers that were registered last first. */
  rlbox_wasm2c_prepare_threads();
  pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
  ready = make_condition() && rlbox_wasm2c_install_handler(&handler, on_signal, SA_RESTART);
}

static bool is_ready(void) {
  pthread_once(&once, prepare);
  return ready;
}

/* ---- time limits --------------------------------------------------------------------------- */

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * NANOSECONDS + (uint64_t)time.tv_nsec;
}

/* Waits for a change, or until `deadline` (0: for a change only); called with `watch_lock` held. */
static void wait_until(uint64_t deadline) {
  wakes_at = deadline;
  if (deadline == 0) {
    pthread_cond_wait(&watch_changed, &watch_lock);
    return;
  }
#if defined(__APPLE__)
  const uint64_t at = now();
  const uint64_t left = deadline > at ? deadline - at : 0;
  const struct timespec time = {(time_t)(left / NANOSECONDS), (long)(left % NANOSECONDS)};
  pthread_cond_timedwait_relative_np(&watch_changed, &watch_lock, &time);
#else
  const struct timespec time = {(time_t)(deadline / NANOSECONDS), (long)(deadline % NANOSECONDS)};
  pthread_cond_timedwait(&watch_changed, &watch_lock, &time);
#endif
}

/* Stops what is due; when to look again, 0 if nothing is watched. */
static uint64_t look(void) {
  const uint64_t time = now();
  uint64_t next = 0;
  for (struct rlbox_wasm2c_watch* watch = watches; watch != NULL; watch = watch->next) {
    if (watch->deadline <= time) {
      rlbox_wasm2c_request_stop(watch->record, watch->reason);
      if (rlbox_wasm2c_signal_threads(watch->record) != 0) {
        watch->pause = FIRST_PAUSE;
      } else if (watch->pause < LONGEST_PAUSE) {
        watch->pause *= 2; /* the host runs, or nobody does */
      }
      watch->deadline = time + watch->pause;
    }
    next = next == 0 || watch->deadline < next ? watch->deadline : next;
  }
  return next;
}

static void* watch_calls(void* unused) {
  (void)unused;
  pthread_mutex_lock(&watch_lock);
  for (;;) {
    wait_until(look());
  }
  return NULL;
}

/* Called with `watch_lock` held. */
static bool start_watcher(void) {
  pthread_t thread;
  pthread_attr_t attributes;
  sigset_t all;
  sigset_t before;
  if (watcher_is_there) {
    return true;
  }
  sigfillset(&all);
  if (pthread_attr_init(&attributes) != 0) {
    return false;
  }
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_sigmask(SIG_SETMASK, &all, &before); /* the application's signals are not for it */
  watcher_is_there = pthread_create(&thread, &attributes, watch_calls, NULL) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  return watcher_is_there;
}

bool rlbox_wasm2c_prepare_watch(void) {
  if (!is_ready()) {
    return false;
  }
  pthread_mutex_lock(&watch_lock);
  const bool started = start_watcher();
  pthread_mutex_unlock(&watch_lock);
  return started;
}

/* Enters a watch into the list. */
static void watch_from(struct rlbox_wasm2c_watch* watch, struct rlbox_wasm2c_record* record,
                       rlbox_wasm2c_trap_reason reason, uint64_t deadline) {
  pthread_mutex_lock(&watch_lock);
  start_watcher(); /* again after a fork */
  if (watch->link == NULL) {
    watch->record = record;
    watch->reason = reason;
    watch->deadline = deadline;
    watch->pause = FIRST_PAUSE;
    watch->thread = pthread_self();
    watch->next = watches;
    watch->link = &watches;
    if (watches != NULL) {
      watches->link = &watch->next;
    }
    watches = watch;
    if (wakes_at == 0 || deadline < wakes_at) {
      pthread_cond_signal(&watch_changed);
    }
  }
  pthread_mutex_unlock(&watch_lock);
}

/* Takes a watch out of the list. After a fork the list is empty, and so knows nothing of it. */
static void end_watch(struct rlbox_wasm2c_watch* watch) {
  pthread_mutex_lock(&watch_lock);
  bool listed = false;
  for (const struct rlbox_wasm2c_watch* at = watches; at != NULL && !listed; at = at->next) {
    listed = at == watch;
  }
  if (listed) {
    *watch->link = watch->next;
    if (watch->next != NULL) {
      watch->next->link = watch->link;
    }
  }
  watch->link = NULL;
  pthread_mutex_unlock(&watch_lock);
}

void rlbox_wasm2c_begin_watch(struct rlbox_wasm2c_watch* watch, struct rlbox_wasm2c_record* record,
                              uint64_t nanoseconds) {
  const uint64_t start = now();
  uint64_t mask;
  watch->unblocked = rlbox_wasm2c_block_stop_signal(false, &mask);
  watch->outer_mask = rlbox_wasm2c_watched_mask;
  rlbox_wasm2c_watched_mask = mask;
  watch_from(watch, record, RLBOX_WASM2C_TRAP_TIME_LIMIT,
             nanoseconds < UINT64_MAX - start ? start + nanoseconds : UINT64_MAX);
}

void rlbox_wasm2c_end_watch(struct rlbox_wasm2c_watch* watch) {
  end_watch(watch);
  rlbox_wasm2c_watched_mask = watch->outer_mask;
  if (watch->unblocked) {
    uint64_t unused;
    rlbox_wasm2c_block_stop_signal(true, &unused);
  }
}

/* ---- interrupts ---------------------------------------------------------------------------- */

bool rlbox_wasm2c_interrupt(struct rlbox_wasm2c_record* record, rlbox_wasm2c_trap_reason reason) {
  rlbox_wasm2c_request_stop(record, reason);
  if (!is_ready()) {
    return false; /* the library stops when it calls the host, and no call begins */
  }
  /* Again and again, until the sandbox is destroyed: a thread may run host code now, or have begun
   * a call without seeing the request. */
  watch_from(&record->interrupt, record, reason, now());
  const struct timespec pause = {0, (long)FIRST_PAUSE};
  for (int i = 0; i < RETRIES; i++) {
    if (rlbox_wasm2c_signal_threads(record) == 0) {
      return true;
    }
    nanosleep(&pause, NULL);
  }
  return false;
}

void rlbox_wasm2c_forget_interrupt(struct rlbox_wasm2c_record* record) {
  if (__atomic_load_n(&record->stop, __ATOMIC_RELAXED) != RLBOX_WASM2C_TRAP_NONE && is_ready()) {
    end_watch(&record->interrupt);
  }
}
