/* Sandboxes of targets with unusual names are sandboxes like others. */
#include <cstdio>

#include "named_0.rlbox.h"
#include "named_1.rlbox.h"
#include "named_2.rlbox.h"
#include "named_3.rlbox.h"

/* The answer of one of them. */
#define ANSWER_OF(sandbox_type)                                                                   \
  [] {                                                                                            \
    sandbox_type sandbox;                                                                         \
    sandbox.create_sandbox();                                                                     \
    const int answered =                                                                          \
        sandbox.invoke_sandbox_function(answer).copy_and_verify([](int value) { return value; }); \
    sandbox.destroy_sandbox();                                                                    \
    return answered;                                                                              \
  }()

int main() {
  const int answers[] = {ANSWER_OF(rlbox_sandbox_named_0), ANSWER_OF(rlbox_sandbox_named_1),
                         ANSWER_OF(rlbox_sandbox_named_2), ANSWER_OF(rlbox_sandbox_named_3)};
  for (const int answered : answers) {
    if (answered != 42) {
      std::printf("a sandbox answered %d\n", answered);
      return 1;
    }
  }
  return 0;
}
