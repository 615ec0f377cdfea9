// What is not the same with and without a sandbox: `size` prints the size of long, `trap` reads
// where there is nothing.

#include "runs.rlbox.h"

#include <cstdio>
#include <cstring>

int main(int count, char** words) {
  rlbox_sandbox_runs sandbox;
  sandbox.create_sandbox();
  if (count > 1 && std::strcmp(words[1], "trap") == 0) {
    sandbox.invoke_sandbox_function(read_far_away);
  }
  std::puts("the size of long is");
  std::printf("%d\n", sandbox.invoke_sandbox_function(size_of_long).UNSAFE_unverified());
  sandbox.destroy_sandbox();
  return 0;
}
