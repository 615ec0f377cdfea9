// Everything that an application can ask of a wasm2c sandbox compiles with the noop backend, too.
#define RLBOX_USE_EXCEPTIONS
#include "one_sandbox.rlbox.h"

#include <chrono>
#include <cstddef>
#include <cstdio>

int main() {
  rlbox::rlbox_wasm2c_options options;
  options.infallible = false;
  options.name = "one";
  options.max_memory = 16 << 20;
  options.trap_on_memory_limit = true;
  options.traps = rlbox::rlbox_wasm2c_trap_policy::survive;
  options.time_limit = std::chrono::milliseconds(60000);
  options.stack_reserve = 65536;
  options.max_callbacks = 8;
  options.max_table = 1000;
  options.max_output = 4096;
  options.arguments = {"one"};
  options.environment = {"COLOUR=green"};
  options.standard_input =
      rlbox::rlbox_wasm2c_stream::redirect_input([](char*, std::size_t) { return std::size_t{0}; });
  options.standard_output =
      rlbox::rlbox_wasm2c_stream::redirect_output([](const char*, std::size_t) { return true; });
  options.standard_error = rlbox::rlbox_wasm2c_stream::deny();
  options.files.add("/dict/en.aff", "SET UTF-8\n");
  options.files.add_view("/dict/en.dic", "0\n", 2);
  options.files.allow_scratch("/tmp", 1 << 20);

  rlbox_sandbox_one_sandbox sandbox;
  if (!sandbox.create_sandbox(options)) {
    return 1;
  }
  try {
    const int result =
        sandbox.invoke_sandbox_function(one, 41).copy_and_verify([](int value) { return value; });
    std::printf("%d\n", result);
  } catch (const rlbox::rlbox_wasm2c_trap_error& error) {
    std::printf("%d: %s\n", static_cast<int>(error.reason()), error.what());
  }
  auto* const backend = sandbox.get_sandbox_impl();
  std::printf("trapped: %d, %d, \"%s\", %u times\n", backend->has_trapped(),
              backend->trap_reason() == RLBOX_WASM2C_TRAP_NONE, backend->trap_message(),
              static_cast<unsigned>(backend->memory_limit_hits()));
  backend->interrupt();
  sandbox.destroy_sandbox();
  return 0;
}
