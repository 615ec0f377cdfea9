// Prints the runs in what it reads: through the sandbox, or (with RLBOX_DIFFERENTIAL_NATIVE) by
// calling the library.

#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <string>

static void show(int byte, int length) {
  std::printf("%02x x %d\n", static_cast<unsigned>(byte), length);
}

#ifdef RLBOX_DIFFERENTIAL_NATIVE

#include "tests/differential/runs.h"

static void find(const std::string& text) { find_runs(text.c_str(), show); }

#else

#include "runs.rlbox.h"

static void on_run(rlbox_sandbox_runs&, tainted_runs<int> byte, tainted_runs<int> length) {
  show(byte.copy_and_verify([](int value) { return value & 0xff; }), length.UNSAFE_unverified());
}

static void find(const std::string& text) {
  rlbox_sandbox_runs sandbox;
  sandbox.create_sandbox();
  auto copy = sandbox.malloc_in_sandbox<char>(static_cast<uint32_t>(text.size() + 1));
  rlbox::memcpy(sandbox, copy, text.c_str(), static_cast<uint32_t>(text.size() + 1));
  auto callback = sandbox.register_callback(on_run);
  sandbox.invoke_sandbox_function(find_runs, copy, callback);
  callback.unregister();
  sandbox.free_in_sandbox(copy);
  sandbox.destroy_sandbox();
}

#endif

int main(int count, char** words) {
  std::string text = count > 1 ? words[1] : "";
  for (int c = std::getchar(); c != EOF; c = std::getchar()) {
    text += static_cast<char>(c);
  }
  // What is not the same in two runs, for a test that ignores it.
  std::fprintf(stderr, "process %ld says \"hello\"\n", static_cast<long>(getpid()));
  find(text);
  return 0;
}
