#include "checksum.rlbox.h"

#include <cstdio>

int main() {
  rlbox_sandbox_checksum sandbox;
  sandbox.create_sandbox();
  const char text[] = "abc";
  auto copy = sandbox.malloc_in_sandbox<char>(sizeof(text));
  rlbox::memcpy(sandbox, copy, text, sizeof(text));
  const unsigned sum =
      sandbox.invoke_sandbox_function(checksum, copy).copy_and_verify([](unsigned value) {
        return value;
      });
  std::printf("checksum: %u\n", sum);
  sandbox.free_in_sandbox(copy);
  sandbox.destroy_sandbox();
  return 0;
}
