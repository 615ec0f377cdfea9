/* What a thread needs before it runs a sandbox, and gives back when it ends. */
#include <pthread.h>
#include <stdlib.h>

#include "wasm2c_rt_internal.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t thread_key;

/* A later use, in another destructor of the thread, sets it all up again. */
static void leave_thread(void* unused) {
  (void)unused;
  rlbox_wasm2c_thread.roomy_bytes = 0; /* no call is a plain one */
  rlbox_wasm2c_remove_thread();
  rlbox_wasm2c_release_thread_signals();
  rlbox_wasm2c_set_active(NULL);
}

static void prepare(void) {
  if (pthread_key_create(&thread_key, leave_thread) != 0) {
    rlbox_wasm2c_print("rlbox: cannot make the key that tells when a thread ends");
    abort();
  }
  rlbox_wasm2c_install_fault_handlers();
}

struct rlbox_wasm2c_record* rlbox_wasm2c_enter_thread(void) {
  if (rlbox_wasm2c_get_active() == NULL) {
    pthread_once(&once, prepare);
    rlbox_wasm2c_find_own_stack();
    pthread_setspecific(thread_key, &thread_key); /* anything but null: leave_thread is called */
    rlbox_wasm2c_prepare_thread_signals();
    rlbox_wasm2c_add_thread();
    rlbox_wasm2c_set_active(&rlbox_wasm2c_host);
  }
  return rlbox_wasm2c_get_active();
}
