// Buffers between application and library: handed over where the backend can do that, copied where
// it cannot.
#include "program.hpp"

using namespace std;
using namespace rlbox;

int main() {
  rlbox_sandbox_proglib sandbox;
  CREATE_SANDBOX(sandbox);

  // Into the library.
  auto* floats = static_cast<float*>(malloc(2 * sizeof(float)));
  floats[0] = 1.5F;
  floats[1] = 40.5F;
  bool copied = false;
  tainted_proglib<float*> numbers = copy_memory_or_grant_access(sandbox, floats, 2, false, copied);
  printf("sum %d\n", sandbox.invoke_sandbox_function(sum_floats, numbers, 2).UNSAFE_unverified());

  // Out of the library.
  bool taken_copied = false;
  float* taken = copy_memory_or_deny_access(sandbox, numbers, 2, false, taken_copied);
  printf("taken %g %g\n", static_cast<double>(taken[0]), static_cast<double>(taken[1]));
  printf("the same way back: %d\n", copied == taken_copied ? 1 : 0);
  if (copied) {
    free(taken);
    sandbox.free_in_sandbox(numbers);
  }
  free(floats);

  // The source given up at once.
  auto* byte = static_cast<unsigned char*>(malloc(1));
  *byte = 200;
  bool byte_copied = false;
  tainted_proglib<unsigned char*> in_sandbox =
      copy_memory_or_grant_access(sandbox, byte, 1, true, byte_copied);
  printf("byte %u\n",
         static_cast<unsigned>(
             sandbox.invoke_sandbox_function(sum_bytes, in_sandbox, 1).UNSAFE_unverified()));
  unsigned char* back = copy_memory_or_deny_access(sandbox, in_sandbox, 1, true, byte_copied);
  printf("back %u\n", static_cast<unsigned>(*back));
  free(back);

  // The helpers named after the C library's.
  auto buffer = sandbox.malloc_in_sandbox<char>(16);
  rlbox::memset(sandbox, buffer, 0, 16);
  rlbox::strncpy(sandbox, buffer, "transfer", 16);
  sandbox.invoke_sandbox_function(make_loud, buffer);
  printf("%s\n", buffer.copy_and_verify_string([](string value) { return value; }).c_str());
  auto same = rlbox::memcmp(sandbox, buffer, "TRANSFER", 9);
  printf("memcmp %d\n", same.unverified_safe_because("only printed"));
  sandbox.free_in_sandbox(buffer);

  sandbox.destroy_sandbox();
  return 0;
}
