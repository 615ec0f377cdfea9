/* Each sandbox runs the library's constructor exactly once, whoever has linked its module. */
#include <cstdio>

#include "linked.rlbox.h"
#include "prebuilt.rlbox.h"
#include "tests/rules/constructors/constructed.h"

template <typename T_Sandbox>
int constructions_in() {
  T_Sandbox sandbox;
  sandbox.create_sandbox();
  const int count = sandbox.invoke_sandbox_function(constructions).copy_and_verify([](int value) {
    return value;
  });
  sandbox.destroy_sandbox();
  return count;
}

int main() {
  const int linked = constructions_in<rlbox_sandbox_linked>();
  const int prebuilt = constructions_in<rlbox_sandbox_prebuilt>();
  std::printf("constructions: linked %d, prebuilt %d\n", linked, prebuilt);
  return linked == 1 && prebuilt == 1 ? 0 : 1;
}
