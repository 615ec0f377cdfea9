/* A library with something of what clang makes of C, to be mutated once it is linked. */
#include "tests/fuzz/numbers.h"

#include <string.h>

static int twice(int value) { return 2 * value; }
static int square(int value) { return value * value; }

static int (*const kOperations[])(int) = {twice, square};

int apply(unsigned operation, int value) {
  return operation < 2 ? kOperations[operation](value) : -1;
}

int classify(int value) {
  switch (value) {
    case 0:
      return 7;
    case 1:
      return -3;
    case 2:
      return 11;
    case 3:
      return 1 << 20;
    case 4:
      return 5;
    default:
      return value > 100 ? 1 : 0;
  }
}

int64_t mix(int64_t left, double right) { return left ^ (int64_t)(right * 1e3 + (float)left); }

void spread(char* to, const char* from, uint32_t size) {
  memset(to, 0, 2 * (size_t)size);
  memcpy(to, from, size);
}

void add_all(float* to, const float* from, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    to[i] += from[i];
  }
}
