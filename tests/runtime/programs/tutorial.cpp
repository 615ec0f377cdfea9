// The program of a tutorial: what a newcomer writes, with `using namespace` for all of it.
#include "program.hpp"

using namespace std;
using namespace rlbox;

// The library calls this with a message.
static void on_message(rlbox_sandbox_proglib&, tainted_proglib<const char*> message) {
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
  rlbox_sandbox_proglib sandbox;
  CREATE_SANDBOX(sandbox);

  sandbox.invoke_sandbox_function(hello);

  tainted_proglib<unsigned> sum = sandbox.invoke_sandbox_function(add, 20, 22);
  unsigned checked = sum.copy_and_verify([](unsigned value) { return value == 42 ? value : 0; });
  printf("sum: %u\n", checked);

  const char* text = "a text of the application";
  size_t size = strlen(text) + 1;
  tainted_proglib<char*> copy = sandbox.malloc_in_sandbox<char>(size);
  strncpy(copy.unverified_safe_pointer_because(size, "only written to"), text, size);
  sandbox.invoke_sandbox_function(echo, copy);
  sandbox.free_in_sandbox(copy);

  auto callback = sandbox.register_callback(on_message);
  sandbox.invoke_sandbox_function(call_cb, callback);
  callback.unregister();

  sandbox.destroy_sandbox();
  return 0;
}
