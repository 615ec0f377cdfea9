// Options, a library that can read files, and no files.
#include "reader.rlbox.h"

int main() {
  rlbox::rlbox_wasm2c_options options;
  options.traps = rlbox::rlbox_wasm2c_trap_policy::survive;
  rlbox_sandbox_reader sandbox;
  sandbox.create_sandbox(options);
  auto path = sandbox.malloc_in_sandbox<char>(8);
  rlbox::memcpy(sandbox, path, "/etc", 5);
  sandbox.invoke_sandbox_function(use_stdio, path);
  sandbox.destroy_sandbox();
  return 0;
}
