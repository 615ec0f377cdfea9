#include "tests/rules/flags/unfriendly.h"

#include <string.h>

#include "tests/rules/flags/below.h"
#include "tests/rules/flags/cpu.h"

int sum(const struct elements* elements) {
  int total = elements->last;
  for (int i = 0; i < ELEMENTS; i++) total += elements->first[i];
  return total;
}

int below_and_above(int x) { return below(x) + 1; }

int on_linux(void) {
#ifdef ON_LINUX
  return 1;
#else
  return 0;
#endif
}

int cpu_is_wasm32(void) {
  return !strcmp(CPU_OF_BAZEL, "wasm32") && !strcmp(CPU_OF_MAKE, "wasm32");
}
