#include "reverse.rlbox.h"

#include <cstdio>
#include <string>

int main() {
  rlbox_sandbox_reverse sandbox;
  sandbox.create_sandbox();
  const char text[] = "dessert";
  auto copy = sandbox.malloc_in_sandbox<char>(sizeof(text));
  rlbox::memcpy(sandbox, copy, text, sizeof(text));
  sandbox.invoke_sandbox_function(reverse, copy);
  const std::string result = copy.copy_and_verify_string([](std::string value) { return value; });
  std::printf("%s -> %s\n", text, result.c_str());
  sandbox.free_in_sandbox(copy);
  sandbox.destroy_sandbox();
  return 0;
}
