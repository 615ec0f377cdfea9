/* Functions of <pthread.h> where zig's ones for a single thread do something else than POSIX says:
 * recursive mutexes, which could not be locked twice, and waits that no thread can end, which were
 * traps without a reason.
 *
 * They take the place of the members of libc.a that define them; everything else of <pthread.h> is
 * wasi-libc's. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wasi/api.h>

/* Where pthread_mutex_init puts the type, and a field that PTHREAD_MUTEX_INITIALIZER makes 0: how
 * often it is locked. */
static int type_of(const pthread_mutex_t* mutex) { return mutex->__u.__i[0] & 3; }
static int* locks(pthread_mutex_t* mutex) { return &mutex->__u.__i[5]; }

static int lock(pthread_mutex_t* mutex, int if_locked) {
  int* count = locks(mutex);
  if (*count != 0 && type_of(mutex) != PTHREAD_MUTEX_RECURSIVE) {
    return if_locked;
  }
  if (*count == INT_MAX) {
    return EAGAIN;
  }
  ++*count;
  return 0;
}

/* A thread that locks a mutex which it has would wait for itself. */
int pthread_mutex_lock(pthread_mutex_t* mutex) { return lock(mutex, EDEADLK); }
int pthread_mutex_trylock(pthread_mutex_t* mutex) { return lock(mutex, EBUSY); }

int pthread_mutex_timedlock(pthread_mutex_t* restrict mutex,
                            const struct timespec* restrict until) {
  (void)until;
  return lock(mutex, ETIMEDOUT);
}

int pthread_mutex_unlock(pthread_mutex_t* mutex) {
  if (*locks(mutex) == 0) {
    return EPERM;
  }
  --*locks(mutex);
  return 0;
}

/* Keys: wasi-libc's pthread_key_delete walks a list of threads that has none, and never ends. A
 * destructor of a key is for the end of a thread that is not the main one, so none is ever called.
 */
static const void* values[PTHREAD_KEYS_MAX];
static unsigned char taken[PTHREAD_KEYS_MAX];

int pthread_key_create(pthread_key_t* key, void (*destroy)(void*)) {
  (void)destroy;
  for (pthread_key_t i = 0; i < PTHREAD_KEYS_MAX; ++i) {
    if (!taken[i]) {
      taken[i] = 1;
      values[i] = NULL;
      *key = i;
      return 0;
    }
  }
  return EAGAIN;
}

int pthread_key_delete(pthread_key_t key) {
  if (key >= PTHREAD_KEYS_MAX || !taken[key]) {
    return EINVAL;
  }
  taken[key] = 0;
  return 0;
}

int pthread_setspecific(pthread_key_t key, const void* value) {
  if (key >= PTHREAD_KEYS_MAX || !taken[key]) {
    return EINVAL;
  }
  values[key] = value;
  return 0;
}

void*(pthread_getspecific)(pthread_key_t key) {
  return key < PTHREAD_KEYS_MAX && taken[key] ? (void*)(size_t)values[key] : NULL;
}

_Noreturn static void for_ever(const char* message) {
  write(STDERR_FILENO, message, strlen(message)); /* the trap follows, whether this works or not */
  __builtin_trap();
}

int pthread_cond_wait(pthread_cond_t* restrict condition, pthread_mutex_t* restrict mutex) {
  (void)condition;
  (void)mutex;
  for_ever("pthread_cond_wait: a sandbox has one thread, so nothing can end this wait\n");
}

/* wasi-libc's forgets the clock. 0, of a condition without a call of this function, is
 * CLOCK_REALTIME. */
int pthread_cond_init(pthread_cond_t* restrict condition,
                      const pthread_condattr_t* restrict attributes) {
  *condition = (pthread_cond_t){0};
  condition->__u.__i[0] = attributes == NULL ? 0 : (int)(attributes->__attr & INT_MAX);
  return 0;
}

/* Nothing can end this wait but time. */
int pthread_cond_timedwait(pthread_cond_t* restrict condition, pthread_mutex_t* restrict mutex,
                           const struct timespec* restrict until) {
  if (*locks(mutex) == 0) {
    return EPERM;
  }
  clockid_t clock =
      condition->__u.__i[0] == __WASI_CLOCKID_MONOTONIC ? CLOCK_MONOTONIC : CLOCK_REALTIME;
  struct timespec now;
  do {
    clock_gettime(clock, &now);
  } while (now.tv_sec < until->tv_sec ||
           (now.tv_sec == until->tv_sec && now.tv_nsec < until->tv_nsec));
  return ETIMEDOUT;
}

int pthread_barrier_wait(pthread_barrier_t* barrier) {
  if (barrier->__u.__i[2] == 0) { /* where pthread_barrier_init puts the number of other threads */
    return PTHREAD_BARRIER_SERIAL_THREAD;
  }
  for_ever("pthread_barrier_wait: a sandbox has one thread, so nothing can end this wait\n");
}
