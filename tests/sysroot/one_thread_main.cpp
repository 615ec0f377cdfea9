// Calls the library's functions that behave the same natively and in a sandbox.

#ifdef RLBOX_DIFFERENTIAL_NATIVE

#include "tests/sysroot/one_thread.h"
#define CALL(function) function()

int main() {
#else

#include "one_thread.rlbox.h"
#define CALL(function) sandbox.invoke_sandbox_function(function)

int main() {
  rlbox_sandbox_one_thread sandbox;
  sandbox.create_sandbox();

#endif

  CALL(use_mutexes);
  CALL(use_conditions);
  CALL(use_once);
  CALL(use_shared_mutex);
  CALL(use_thread_local);
  CALL(use_dynamic_cast);
  CALL(use_memory);

#ifndef RLBOX_DIFFERENTIAL_NATIVE
  sandbox.destroy_sandbox();
#endif
  return 0;
}
