// Uses mylib in a sandbox: calls it, checks what comes back, and lets it call us. The calls have
// RLBox's own spelling, which every RLBox has; wordapp.cpp calls functions by name.
#include "mylib.rlbox.h"

#include <cstdio>
#include <cstring>
#include <memory>

namespace {

// Called by the library. What it passes is tainted: it could be anything.
void print_message(rlbox_sandbox_mylib& /*sandbox*/, tainted_mylib<const char*> message) {
  std::unique_ptr<char[]> text = message.copy_and_verify_string([](std::unique_ptr<char[]> copy) {
    const bool fits = copy != nullptr && std::strlen(copy.get()) < 1024;
    return fits ? std::move(copy) : nullptr;
  });
  std::printf("callback: %s\n", text ? text.get() : "(no message, or too long)");
}

}  // namespace

int main() {
  rlbox_sandbox_mylib sandbox;
  sandbox.create_sandbox();

  sandbox.invoke_sandbox_function(hello);

  // The result is tainted until we say what we accept.
  const unsigned sum = sandbox.invoke_sandbox_function(add, 3, 4).copy_and_verify(
      [](unsigned value) { return value <= 100 ? value : 0; });
  std::printf("3 + 4 = %u\n", sum);

  // The library sees only memory of its own: what it is to read is copied there.
  const char text[] = "hello sandbox!";
  tainted_mylib<char*> copy = sandbox.malloc_in_sandbox<char>(sizeof(text));
  rlbox::memcpy(sandbox, copy, text, sizeof(text));
  sandbox.invoke_sandbox_function(echo, copy);
  sandbox.free_in_sandbox(copy);

  auto callback = sandbox.register_callback(print_message);
  sandbox.invoke_sandbox_function(call_cb, callback);
  callback.unregister();

  sandbox.destroy_sandbox();
  return 0;
}
