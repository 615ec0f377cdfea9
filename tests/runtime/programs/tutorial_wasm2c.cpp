// The second program of a tutorial: the library in a wasm2c sandbox.
#define RLBOX_SINGLE_THREADED_INVOCATIONS
#define RLBOX_USE_STATIC_CALLS() rlbox_wasm2c_sandbox_lookup_symbol
#define RLBOX_WASM2C_MODULE_NAME proglib

#include <stdio.h>

#include "proglib.h"
#include "proglib.wasm.h"
#include "rlbox.hpp"
#include "rlbox_wasm2c_sandbox.hpp"

using namespace std;
using namespace rlbox;

RLBOX_DEFINE_BASE_TYPES_FOR(mylib, wasm2c);

// The library calls this with a message.
static void on_message(rlbox_sandbox_mylib&, tainted_mylib<const char*> message) {
  unique_ptr<char[]> text = message.copy_and_verify_string([](unique_ptr<char[]> copy) {
    if (copy == nullptr || strlen(copy.get()) > 80) {
      return unique_ptr<char[]>();
    }
    return copy;
  });
  if (text) {
    printf("message: %s\n", text.get());
  }
}

int main() {
  rlbox_sandbox_mylib sandbox;
  sandbox.create_sandbox();

  sandbox.invoke_sandbox_function(hello);

  tainted_mylib<unsigned> sum = sandbox.invoke_sandbox_function(add, 20, 22);
  unsigned checked = sum.copy_and_verify([](unsigned value) { return value == 42 ? value : 0; });
  printf("sum: %u\n", checked);

  const char* text = "a text of the application";
  size_t size = strlen(text) + 1;
  tainted_mylib<char*> copy = sandbox.malloc_in_sandbox<char>(size);
  strncpy(copy.unverified_safe_pointer_because(size, "only written to"), text, size);
  sandbox.invoke_sandbox_function(echo, copy);
  sandbox.free_in_sandbox(copy);

  auto callback = sandbox.register_callback(on_message);
  sandbox.invoke_sandbox_function(call_cb, callback);
  callback.unregister();

  sandbox.destroy_sandbox();
  return 0;
}
